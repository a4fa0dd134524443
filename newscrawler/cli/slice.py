"""``newscrawler slice``: a bounded crawl of archives that live in a depot."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click

from newscrawler import clock
from newscrawler.cli.common import SiteParameter, settings_option
from newscrawler.cli.crawl import report
from newscrawler.cli.fleet.common import depot_option, folder_option, new_option
from newscrawler.config import options
from newscrawler.exceptions import SettingError
from newscrawler.fleet.depot import Depot
from newscrawler.outcomes import worst
from newscrawler.sites import Site


@click.command("slice")
@click.argument("papers", metavar="SITE...", type=SiteParameter(), nargs=-1, required=True)
@depot_option
@new_option
@folder_option
@click.option(
    "--minutes", type=float, required=True, metavar="M", help="Send nothing after M minutes."
)
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print the summaries as JSON.")
def command(
    papers: tuple[Site, ...],
    depot_url: str,
    new: bool,
    folder: Path,
    minutes: float,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """A bounded crawl of papers whose archives live in a depot.

    Leases the papers' lanes, fetches what is stale, catches up in one process
    until the minutes are over, ships the pages that changed and gives the
    lanes back. Any scheduler may start it; of two machines that start it for
    one paper, one is turned away before it sends a request.

    \b
    Exit codes as those of `newscrawler crawl`, the gravest of all papers, and:
      5  leased to another machine, or the lease had left when this was shipped
      6  the depot or the copy cannot be written

    \b
    newscrawler slice amenews --depot s3://papers/depot --minutes 30 --new
    newscrawler slice amenews krnews21 --depot /mnt/depot --minutes 10 --json
    """
    if minutes <= 0:
        raise SettingError(f"--minutes must be more than 0, not {minutes:g}")
    end = clock.process_started() + timedelta(minutes=options.MAX_MINUTES.parse(minutes))
    depot = Depot.open(depot_url, new=new)
    from newscrawler import crawler
    from newscrawler.fleet.slice import Slice

    settings = crawler.settings_from(assignments)
    summaries = Slice(depot, folder, end).run([(site, settings.copy()) for site in papers])
    report(summaries, as_json)
    sys.exit(worst(summary["exit_code"] for summary in summaries))
