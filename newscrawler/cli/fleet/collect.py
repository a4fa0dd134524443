"""``newscrawler fleet collect``: all papers as one dataset."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newscrawler.cli.fleet.common import depot_option, words_argument
from newscrawler.cli.fleet.papers import chosen
from newscrawler.exceptions import DamagedError, MissingLibraryError
from newscrawler.fleet.depot import Depot
from newscrawler.outcomes import EXIT_OK

if TYPE_CHECKING:
    from newscrawler.fleet.lake import Lake


@click.command("collect")
@words_argument
@depot_option
@click.option("--lake", required=True, metavar="URL", help="A folder, or s3://BUCKET/PREFIX.")
@click.option(
    "--all", "everything", is_flag=True, help="Also versions that the tables already hold."
)
def collect(words: tuple[str, ...], depot_url: str, lake: str, everything: bool) -> None:
    """Write all papers to Delta tables.

    The tables are articles, reporters, revisions and ledger. Only papers with a
    newer version than the tables hold are read. DuckDB, pandas, Polars and Spark
    read the tables; docs/fleet.md shows how. A paper whose archive is damaged is
    named and left out (exit code 6).

    \b
    newscrawler fleet collect --depot s3://papers/depot --lake s3://papers/lake
    newscrawler fleet collect amenews --depot /mnt/depot --lake /mnt/lake
    """
    try:
        from newscrawler.fleet.lake import Lake
    except ImportError as error:
        raise MissingLibraryError(
            "collect needs deltalake and pyarrow: pip install '.[lake]' in newscrawler's folder"
        ) from error
    depot, tables = Depot.open(depot_url, write=False), Lake(lake)
    worst = EXIT_OK
    for name in chosen(words, depot):
        try:
            _collect(name, depot, tables, everything=everything)
        except DamagedError as error:  # the other papers can still be collected
            click.echo(f"newscrawler: {error}", err=True)
            worst = error.exit_code
    sys.exit(worst)


def _collect(name: str, depot: Depot, tables: Lake, *, everything: bool) -> None:
    head = depot.head(name)
    if head is None or (not everything and tables.version_of(name) == head.version):
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{name}.db"
        depot.fetch(head, archive)
        articles = tables.collect(archive, name, head.version)
    click.echo(f"{name}: version {head.version}, {articles} articles", err=True)
