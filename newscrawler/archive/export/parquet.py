"""Parquet for pandas, DuckDB and R: typed times and lists, one row per article."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

from newscrawler.archive.export import Format, library
from newscrawler.archive.export.records import NAMES, record
from newscrawler.archive.reader import StoredArticle

_GROUP = 2_000
"""Articles in memory at once, and in a row group of the file: some 10 MB of text."""

_NUMBERS = {"idx", "recommend_count", "id", "duplicate_of", "parser_version"}
_PAPER_TIMES = {"published_at", "modified_at"}
_CRAWL_TIMES = {"removed_at", "first_fetched_at", "last_fetched_at"}


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write the articles; the paper's times in Asia/Seoul, the crawl's in UTC.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """
    pyarrow = library("pyarrow", Format.PARQUET)
    parquet = library("pyarrow.parquet", Format.PARQUET)
    schema = pyarrow.schema([(name, _type(pyarrow, name)) for name in NAMES])
    remaining = iter(articles)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := [record(article) for article in islice(remaining, _GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def _type(pyarrow: Any, name: str) -> Any:
    if name in _NUMBERS:
        return pyarrow.int64()
    if name in _PAPER_TIMES:
        return pyarrow.timestamp("us", "Asia/Seoul")
    if name in _CRAWL_TIMES:
        return pyarrow.timestamp("us", "UTC")
    text = pyarrow.string()
    return {
        "reporters": pyarrow.list_(pyarrow.struct([("name", text), ("email", text)])),
        "images": pyarrow.list_(pyarrow.struct([("url", text), ("caption", text)])),
        "keywords": pyarrow.list_(text),
    }.get(name, text)
