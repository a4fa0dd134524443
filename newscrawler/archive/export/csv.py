"""CSV for spreadsheets: one row an article, opened right by Excel with Korean in it.

Excel takes a file for UTF-8 only if it begins with a byte order mark, and runs
a cell that begins with ``=`` or the like as a formula. The text of a web page
must not run on anybody's desk, so such a cell gets an apostrophe in front; who
needs the text to the letter takes JSON Lines or Parquet. Excel itself shows at
most 32,767 characters of a cell; the file holds all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from newscrawler.archive.export.records import NAMES, record, spelled
from newscrawler.archive.reader import StoredArticle

FORMULA = tuple("=+-@\t\r＝＋－＠")
"""What a formula begins with; the full-width signs do in Excel's East Asian editions
(OWASP, "CSV Injection")."""


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write a heading and the articles, several values in one cell joined by ``; ``.

    ``published_on`` is the day alone, which a spreadsheet takes for a date;
    ``reporters`` holds names, the e-mail addresses are in ``byline``.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    try:
        # RFC 4180: commas, CR LF, quotes where they are needed.
        rows = csv.writer(text)
        rows.writerow(columns(dict.fromkeys(NAMES, ())))
        for article in articles:
            rows.writerow(map(_cell, columns(record(article)).values()))
    finally:
        text.detach()  # or it would close the caller's file


def columns(values: dict[str, Any]) -> dict[str, Any]:
    """The record with its lists flat, and each new column beside the one that it comes from."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if name == "published_at":
            flat["published_on"] = value and value.date()
        if name == "images":
            flat["images"] = "; ".join(image["url"] for image in value)
            flat["captions"] = "; ".join(i["caption"] for i in value if i["caption"])
        elif name == "reporters":
            flat[name] = "; ".join(reporter["name"] for reporter in value)
        elif name == "keywords":
            flat[name] = "; ".join(value)
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> Any:
    return spelled(value) if isinstance(value, datetime) else guarded(value)


def guarded(value: Any) -> Any:
    """The value of a cell, with an apostrophe in front where Excel would run it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
