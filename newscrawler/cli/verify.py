"""``newscrawler verify``: check the archive for damage."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newscrawler.cli.common import db_option, held_site_argument
from newscrawler.cli.reader_options import archive_path, open_for_reading
from newscrawler.humanize import counted
from newscrawler.sites import Site


@click.command("verify")
@held_site_argument
@db_option
def command(site: Site, db: Path | None) -> None:
    """Check integrity, references, hashes, captures, ledger and search index.

    Exit code 0: no faults. Exit code 1: the faults are on stdout, one a line.

    \b
    newscrawler verify --db data/amenews.db
    """
    from newscrawler.archive.verify import problems

    path = archive_path(db, site.name)
    count = 0
    with open_for_reading(path) as archive:
        for problem in problems(archive.connection):
            click.echo(problem)
            count += 1
    if count:
        click.echo(f"newscrawler: {counted(count, 'fault')} in {path}", err=True)
        sys.exit(1)
    if sys.stderr.isatty():
        click.echo(f"no faults in {path}", err=True)
