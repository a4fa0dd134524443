"""CSV for spreadsheets: one row per article, in a form in which Excel shows Korean.

Excel reads a file as UTF-8 only if it begins with a byte order mark, and runs a cell that begins
with ``=`` or similar as a formula. Text of a web page must not be run, so such a cell begins with
an apostrophe; for the exact text use JSON Lines or Parquet. Excel itself shows at most 32,767
characters of a cell; the file has all of them.
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
"""Characters that begin a formula; the full-width ones do in Excel's East Asian editions
(OWASP, "CSV Injection")."""


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write a heading and the articles, several values in one cell joined by ``; ``.

    ``published_on`` is the day only, which a spreadsheet reads as a date; ``reporters`` has the
    names, the e-mail addresses are in ``byline``.
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
    """The record with its lists as text, and each new column after its source."""
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
    """The value of a cell, with an apostrophe before it if Excel would run it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
