"""Exports articles and raw answers to files, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from gzip import GzipFile
from importlib import import_module
from typing import Any, BinaryIO

from newscrawler.archive.export.left_out import left_out
from newscrawler.archive.filters import ALL, Filters
from newscrawler.archive.reader import Archive
from newscrawler.exceptions import MissingLibraryError, TooManyError
from newscrawler.humanize.language import tr


class Format(StrEnum):
    """Each is written by the module of its name, - in it written _."""

    CSV = "csv"
    """For Excel and other spreadsheets."""
    JSONL = "jsonl"
    """One JSON object per article, with all values."""
    PARQUET = "parquet"
    """For pandas, DuckDB, R: typed columns."""
    XLSX = "xlsx"
    """For Excel: real dates, no formulas."""
    WARC = "warc"
    """The raw answers of the site, as web archives keep them."""
    BIBTEX = "bibtex"
    """Citations, for LaTeX."""
    RIS = "ris"
    """Citations, for EndNote and Zotero."""
    CSL_JSON = "csl-json"
    """Citations, for Zotero and pandoc."""


ENDINGS = {
    Format.CSV: (".csv",),
    Format.JSONL: (".jsonl", ".ndjson"),
    Format.PARQUET: (".parquet",),
    Format.XLSX: (".xlsx",),
    Format.WARC: (".warc",),
    Format.BIBTEX: (".bib", ".bibtex"),
    Format.RIS: (".ris",),
    Format.CSL_JSON: (".json",),
}
"""The endings of the files of a format; .gz may follow."""

PACKED = {Format.PARQUET, Format.XLSX}
"""Formats with their own compression."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of an export."""

    rows: int
    """Articles, or answers of the site."""
    remarks: tuple[str, ...]
    """What was left out or shortened, in a few words each."""


def export(
    archive: Archive,
    form: Format,
    out: BinaryIO,
    filters: Filters = ALL,
    *,
    compress: bool = False,
    watch: Callable[[Iterator[Any], int], Iterator[Any]] | None = None,
) -> Summary:
    """Write what passes ``filters`` to ``out``, with constant memory.

    ``compress`` adds gzip; formats of :data:`PACKED` compress themselves. ``watch`` gets the rows
    and their number, and yields the rows.

    Raises:
        MissingLibraryError: before anything is written.
        TooManyError: likewise.
        search.SearchError: the search query is invalid.
        OSError: ``out`` cannot be written.
    """
    # Some formats bring libraries of which the others know nothing.
    write = import_module(f"{__name__}.{form.replace('-', '_')}").write
    rows: Iterator[Any]
    if form is Format.WARC:
        rows, total = archive.captures(filters), archive.count_captures(filters)
        # A web archive is packed record by record, so that each can be read alone.
        write = partial(write, gzip=compress)
    else:
        rows, total = archive.articles(filters), archive.count(filters)
    if form is Format.XLSX and total > XLSX_ROWS:
        told = tr(
            "a sheet of Excel holds {most:,} articles, not {total:,}: use csv or parquet",
            most=XLSX_ROWS,
            total=total,
        )
        raise TooManyError(told)
    counted = _Counted(watch(rows, total) if watch else rows)
    if compress and form is not Format.WARC:
        with GzipFile("", "wb", fileobj=out, mtime=0) as packed:
            remarks = write(counted, packed)
    else:
        remarks = write(counted, out)
    damaged = archive.damaged
    if damaged:
        told = tr("{count:,} damaged left out, first {first}", count=len(damaged), first=damaged[0])
        remarks = (*(remarks or ()), told)
    return Summary(counted.number, (*left_out(archive, filters), *(remarks or ())))


XLSX_ROWS = 1_048_575
"""Maximum rows of a sheet, besides the heading (Microsoft, "Excel specifications and limits")."""


class _Counted:
    """Rows, with a count of those that were read."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.number += 1
            yield row


def library(name: str, form: Format) -> Any:
    """Import a library of the extra ``research``.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        told = tr(
            "export {form} needs {library}: pip install '.[research]' in newscrawler's folder",
            form=form,
            library=name.partition(".")[0],
        )
        raise MissingLibraryError(told) from None
