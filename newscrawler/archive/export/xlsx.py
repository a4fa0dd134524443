"""A workbook for Excel: one row per article, with real dates and without formulas.

Every text is written as text, so no cell is a formula or a link.
Times of the paper are as printed, times of the crawl in UTC: Excel has no time zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from newscrawler.archive.export import Format, library
from newscrawler.archive.export.csv import columns
from newscrawler.archive.export.records import NAMES, record
from newscrawler.archive.reader import StoredArticle
from newscrawler.humanize.language import trn

CELL = 32_767
"""Maximum characters of a cell (Microsoft, "Excel specifications and limits")."""

MARK = "Written by newscrawler"
"""In the properties of the file."""

_WIDTHS = {"title": 50, "body": 60, "url": 40, "byline": 20, "published_on": 12, "published_at": 19}


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> Sequence[str]:
    """Write a heading and the articles; returns what was shortened, in words.

    Raises:
        MissingLibraryError: XlsxWriter is not installed.
        OSError: there is no room for it.
    """
    xlsxwriter = library("xlsxwriter", Format.XLSX)
    # A zip file is not written from front to back: it is made elsewhere.
    with TemporaryFile() as whole:
        try:
            remarks = _write(xlsxwriter, articles, whole)
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(*error.args[0].args) from None
        whole.seek(0)
        copyfileobj(whole, out)
    return remarks


def _write(xlsxwriter: Any, articles: Iterable[StoredArticle], out: BinaryIO) -> Sequence[str]:
    # Row by row into a temporary file: memory stays flat.
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True})
    book.set_properties({"comments": MARK})
    sheet = book.add_worksheet("articles")
    day, moment = (
        book.add_format({"num_format": shape}) for shape in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
    )
    names = list(columns(dict.fromkeys(NAMES, ())))
    for place, name in enumerate(names):
        sheet.set_column(place, place, _WIDTHS.get(name, 12))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    number, cut = 0, 0
    for number, article in enumerate(articles, 1):
        for place, value in enumerate(columns(record(article)).values()):
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            elif value:
                cut += len(value) > CELL
                sheet.write_string(number, place, value[:CELL])
    sheet.autofilter(0, 0, number, len(names) - 1)
    book.close()
    if not cut:
        return []
    return [
        trn(
            "{count:,} text shortened to {most:,} characters, the most that a cell can have",
            "{count:,} texts shortened to {most:,} characters, the most that a cell can have",
            cut,
            most=CELL,
        )
    ]
