"""``newscrawler export``: the archive, or a part of it, for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.progress import Progress

from newscrawler import clock
from newscrawler.archive.citation.names import paper
from newscrawler.archive.export import (
    ENDINGS,
    PACKED,
    Format,
    Summary,
    export,
)
from newscrawler.archive.export.data_package import NAME, describe
from newscrawler.archive.export.ownership import may_be_replaced
from newscrawler.archive.filters import Filters
from newscrawler.cli.common import OutputPath, db_option, lang_option
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reader_options import filter_options, open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize import size
from newscrawler.humanize.language import tr, trn
from newscrawler.outcomes import EXIT_STORAGE, EXIT_USAGE
from newscrawler.store.atomic_file import whole_file


@click.command("export", cls=TranslatedCommand)
@click.argument("form", metavar="FORMAT", type=click.Choice([form.value for form in Format]))
@click.option(
    "--output",
    "-o",
    required=True,
    type=OutputPath(),
    metavar="PATH",
    help="The file to write, or - for stdout. A name that ends in .gz is compressed.",
)
@click.option("--words", metavar="WORDS", help="Only articles that a search for WORDS finds.")
@click.option(
    "--package", is_flag=True, help="Also write datapackage.json, which describes the columns."
)
@click.option("--force", is_flag=True, help="Replace a file that newscrawler did not write.")
@filter_options
@db_option
@lang_option
def command(
    form: str,
    output: Path,
    words: str | None,
    package: bool,
    force: bool,
    filters: Filters,
    db: Path | None,
) -> None:
    """Write articles as csv, jsonl, parquet or xlsx, their citations, or raw answers.

    bibtex, ris and csl-json hold citations, warc the raw answers of the site. CSV
    and xlsx are for spreadsheets; JSON Lines and Parquet keep every field as it is.
    The file appears when it is complete, and replaces an older export; an
    interrupted export leaves no file. Parquet, xlsx and WARC need
    pip install '.[research]' in newscrawler's folder.

    \b
    newscrawler export csv --output hydrogen.csv --words 수소 --since 2015-01-01
    newscrawler export ris --output hydrogen.ris --words '수소 저장' --section 산업가스
    newscrawler export warc --output amenews.warc.gz
    """
    chosen = Format(form)
    to_stdout = str(output) == "-"
    if not to_stdout:
        _refuse_ending(output, chosen)
        for path in (output, output.with_name(NAME))[: 1 + package]:
            refuse_to_replace(path, force)
    elif package:
        raise click.UsageError(tr("--package needs a file: name one with --output"))
    console = SafeConsole(stderr=True)
    with (
        open_for_reading(db, filters.site) as archive,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):

        def watched(rows: Iterator[Any], total: int) -> Iterator[Any]:
            return iter(progress.track(rows, total=total, description=f"export {form}"))

        try:
            with _opened(output) as out:
                written = export(
                    archive,
                    chosen,
                    out,
                    replace(filters, words=words),
                    compress=output.suffix == ".gz",
                    watch=watched if console.is_terminal else None,
                )
            if package:
                papers = ", ".join(map(paper, archive.sites()))
                describe(output, chosen, written.rows, clock.now(), papers)
        except BrokenPipeError:
            raise
        except OSError as error:
            told = tr("cannot write {path}: {why}", path=output, why=error.strerror or error)
            raise Refusal(told, EXIT_STORAGE) from error
    click.echo(_told(written, chosen, output), err=True)


def refuse_to_replace(path: Path, force: bool) -> None:
    """Refuse to replace a file of another program without ``--force``.

    Raises:
        Refusal: ``path`` is such a file.
    """
    if not force and not may_be_replaced(path):
        told = tr("{path} was not written by newscrawler; add --force to replace it", path=path)
        raise Refusal(told, EXIT_USAGE)


def _refuse_ending(output: Path, form: Format) -> None:
    """Refuse a name whose ending belongs to another format."""
    if output.suffix == ".gz" and form in PACKED:
        told = tr("{form} is already compressed: leave out .gz", form=form)
        raise Refusal(told, EXIT_USAGE)
    named = output.with_suffix("") if output.suffix == ".gz" else output
    ending = named.suffix.lower()
    if any(ending in endings for endings in ENDINGS.values()) and ending not in ENDINGS[form]:
        fitting = named.with_suffix(ENDINGS[form][0]).name
        told = tr(
            "{name} is not a name for {form}: call it {fitting}",
            name=output.name,
            form=form,
            fitting=fitting,
        )
        raise Refusal(told, EXIT_USAGE)


def _told(written: Summary, form: Format, output: Path) -> str:
    rows = (
        trn("{count:,} answer", "{count:,} answers", written.rows)
        if form is Format.WARC
        else trn("{count:,} article", "{count:,} articles", written.rows)
    )
    if str(output) != "-":
        rows = tr("{rows} to {path}", rows=rows, path=output)
        if output.is_file():
            rows += f" ({size(output.stat().st_size)})"
    return "; ".join([rows, *written.remarks])


def _opened(output: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if str(output) == "-" else whole_file(output)
