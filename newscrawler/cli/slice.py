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
    "--minutes", type=float, required=True, metavar="M", help="Send no request after M minutes."
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
    """Crawl papers for some minutes, with their archives in a depot.

    Takes a lease for the papers' lanes, fetches archives that are older than
    those of the depot, catches up until the minutes are over, sends the changes
    to the depot and ends the lease. Any scheduler may start it: when two
    machines start it for one paper, one of them is refused before it sends a
    request.

    \b
    Exit codes: the worst of all papers, as `newscrawler crawl` has them, and:
      5  another machine has the lease, or this one lost it before it could send
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
    named = {site.name: (site, settings.copy()) for site in papers}
    summaries = Slice(depot, folder, end).run(list(named.values()))
    report(summaries, as_json)
    sys.exit(worst(summary["exit_code"] for summary in summaries))
