"""``newscrawler export``: the archive, or a part of it, for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import Progress

from newscrawler.archive.export import Format, export
from newscrawler.archive.export.whole import whole_file
from newscrawler.archive.filters import Filters
from newscrawler.cli.common import OutputPath, db_option
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reading import filter_options, open_for_reading
from newscrawler.outcomes import EXIT_STORAGE, EXIT_USAGE


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice([form.value for form in Format]))
@click.option(
    "--output",
    "-o",
    required=True,
    type=OutputPath(),
    metavar="PATH",
    help="The file to write, or - for stdout. A name that ends in .gz is compressed.",
)
@click.option("--words", metavar="WORDS", help="Only articles that search finds for these.")
@filter_options
@db_option
def command(form: str, output: Path, words: str | None, filters: Filters, db: Path | None) -> None:
    """Write articles as csv, jsonl or parquet, or the raw answers as warc.

    The file appears when it is complete, and replaces an older one; an
    interrupted export leaves nothing behind. CSV is for spreadsheets, JSON
    Lines and Parquet hold every field as it is. Parquet and WARC need
    pip install '.[research]'.

    \b
    newscrawler export csv --output hydrogen.csv --words 수소 --since 2015-01-01
    newscrawler export parquet --output amenews.parquet
    newscrawler export warc --output amenews.warc.gz
    """
    chosen = Format(form)
    compress = output.suffix == ".gz"
    if compress and chosen is Format.PARQUET:
        raise Refusal("parquet is compressed by itself: leave out .gz", EXIT_USAGE)
    console = Console(stderr=True)
    with (
        open_for_reading(db, filters.site) as archive,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):

        def watched(rows: Iterator[Any], total: int) -> Iterator[Any]:
            return iter(progress.track(rows, total=total, description=f"export {form}"))

        try:
            with _opened(output) as out:
                export(
                    archive,
                    chosen,
                    out,
                    replace(filters, words=words),
                    compress=compress,
                    watch=watched if console.is_terminal else None,
                )
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Refusal(
                f"cannot write {output}: {error.strerror or error}", EXIT_STORAGE
            ) from error


def _opened(output: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if str(output) == "-" else whole_file(output)
