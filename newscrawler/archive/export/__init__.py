"""Articles and raw answers as files for other programs, written as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from gzip import GzipFile
from importlib import import_module
from typing import Any, BinaryIO

from newscrawler.archive.filters import ALL, Filters
from newscrawler.archive.reader import Archive
from newscrawler.exceptions import MissingLibraryError


class Format(StrEnum):
    """Each is written by the module of its name, - in it written _."""

    CSV = "csv"
    """For Excel and other spreadsheets."""
    JSONL = "jsonl"
    """One JSON object an article, nothing lost."""
    PARQUET = "parquet"
    """For pandas, DuckDB, R: typed columns."""
    WARC = "warc"
    """The raw answers of the site, as web archives keep them."""
    BIBTEX = "bibtex"
    """Citations, for LaTeX."""
    RIS = "ris"
    """Citations, for EndNote and Zotero."""
    CSL_JSON = "csl-json"
    """Citations, for Zotero and pandoc."""


def export(
    archive: Archive,
    form: Format,
    out: BinaryIO,
    filters: Filters = ALL,
    *,
    compress: bool = False,
    watch: Callable[[Iterator[Any], int], Iterator[Any]] | None = None,
) -> None:
    """Write what passes ``filters`` to ``out``; memory stays flat however much it is.

    ``compress`` packs with gzip; Parquet does so by itself.
    ``watch`` is given the rows and their number, and yields them on.

    Raises:
        MissingLibraryError: before anything is written.
        search.SearchError: the words cannot be searched for.
        OSError: ``out`` cannot be written.
    """
    # Parquet and WARC bring libraries of which the other formats know nothing.
    write = import_module(f"{__name__}.{form.replace('-', '_')}").write
    rows: Iterator[Any]
    if form is Format.WARC:
        rows = archive.captures(filters)
        total = archive.count_captures(filters) if watch else 0
        # A web archive is packed record by record, so that each can be read alone.
        write = partial(write, gzip=compress)
    else:
        rows = archive.articles(filters)
        total = archive.count(filters) if watch else 0
    if watch:
        rows = watch(rows, total)
    if compress and form is not Format.WARC:
        with GzipFile("", "wb", fileobj=out, mtime=0) as packed:
            write(rows, packed)
    else:
        write(rows, out)


def library(name: str, form: Format) -> Any:
    """Import a library that only the extra ``research`` brings.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingLibraryError(
            f"export {form} needs {name.partition('.')[0]}:"
            " pip install '.[research]' in newscrawler's folder"
        ) from None
