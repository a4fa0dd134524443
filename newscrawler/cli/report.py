"""``newscrawler report``: one page about the archive, for people."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newscrawler import clock
from newscrawler.archive.report import report
from newscrawler.cli.common import OutputPath, db_option, held_site_argument, lang_option
from newscrawler.cli.errors import Refusal
from newscrawler.cli.export import refuse_to_replace
from newscrawler.cli.reader_options import archive_path, open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.humanize.language import tr
from newscrawler.outcomes import EXIT_STORAGE
from newscrawler.sites import Site
from newscrawler.store.atomic_file import whole_file


@click.command("report", cls=TranslatedCommand)
@held_site_argument
@db_option
@click.option(
    "--output",
    "-o",
    type=OutputPath(),
    metavar="PATH",
    help="The page to write, or - for stdout.  [default: demo-report.html beside demo.db]",
)
@click.option(
    "--words",
    "searches",
    multiple=True,
    metavar="WORDS",
    help="Draw how often a search finds something; may be given several times.",
)
@click.option("--force", is_flag=True, help="Replace a file that newscrawler did not write.")
@lang_option
def command(
    site: Site, db: Path | None, output: Path | None, searches: tuple[str, ...], force: bool
) -> None:
    """Write one HTML page: coverage, articles by month, edits, reporters, what is unsettled.

    The page needs no network and can be printed or sent by mail.

    \b
    newscrawler report
    newscrawler report --words 수소 --words 이차전지 --output coverage.html
    """
    path = archive_path(db, site.name)
    with open_for_reading(path) as archive:
        paper = f"-{site.name}" if len(archive.sites()) > 1 else ""
        target = output or path.with_name(f"{path.stem}{paper}-report.html")
        if str(target) != "-":
            refuse_to_replace(target, force)
        page = report(archive, site, clock.now(), searches).encode()
    if str(target) == "-":
        sys.stdout.buffer.write(page)
        return
    try:
        with whole_file(target) as out:
            out.write(page)
    except OSError as error:
        told = tr("cannot write {path}: {why}", path=target, why=error.strerror or error)
        raise Refusal(told, EXIT_STORAGE) from error
    click.echo(target)
