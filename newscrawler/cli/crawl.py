"""``newscrawler crawl``: the main job."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from newscrawler import clock, sites
from newscrawler.cli.common import (
    SiteParameter,
    complete_section,
    db_option,
    settings_option,
    with_db,
)
from newscrawler.cli.errors import Refusal
from newscrawler.cli.summaries import print_summary
from newscrawler.config import options, selection, sources
from newscrawler.exceptions import SettingError
from newscrawler.extensions.logs import CONSOLE
from newscrawler.outcomes import EXIT_USAGE, worst
from newscrawler.sites import Site


@click.command("crawl")
@click.argument("papers", metavar="[SITE]...", type=SiteParameter(), nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every paper that `newscrawler sites` lists.")
@db_option
@click.option("--range", "range_", metavar="A-B", help="A range of numbers: 1-500, 500- or -500.")
@click.option("--idx", multiple=True, metavar="N", help="This number or address; repeatable.")
@click.option(
    "--section",
    metavar="NAME",
    shell_complete=complete_section,
    help="The new articles in the list of a section. NAME or code: see `newscrawler sites SITE`.",
)
@click.option(
    "--sections",
    is_flag=True,
    help="Read the lists of all sections once, to store the section of each article.",
)
@click.option(
    "--unsettled", "--gaps", "gaps", is_flag=True, help="All unsettled numbers, due or not."
)
@click.option("--refresh", is_flag=True, help="Stored articles that are due to be fetched again.")
@click.option(
    "--new",
    is_flag=True,
    help="Begin a new archive under an unusual path. In an existing archive: catch up, but do not"
    " fetch older numbers that were never asked for.",
)
@click.option("--base-url", metavar="URL", help="Crawl a mirror of the site at this address.")
@click.option("--max-requests", type=int, metavar="N", help="Stop after N requests.")
@click.option("--max-minutes", type=float, metavar="M", help="Stop after M minutes.")
@click.option("--until", metavar="TIME", help="Stop at this time: 2026-07-04T03:30:00Z.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print the run's summary as JSON.")
def command(
    papers: tuple[Site, ...],
    every: bool,
    db: Path | None,
    range_: str | None,
    idx: tuple[str, ...],
    section: str | None,
    sections: bool,
    gaps: bool,
    refresh: bool,
    new: bool,
    base_url: str | None,
    max_requests: int | None,
    max_minutes: float | None,
    until: str | None,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Fetch what the archive lacks; without a selection, catch up.

    SITE is a name that `newscrawler sites` lists, or a site file of your own.
    Several papers are crawled at the same time, each at its own pace, into one
    archive (--db) or one archive each (data/SITE.db). The exit code is that of
    the worst run.

    To catch up means to fetch, in this order: what was published since the last
    crawl; unsettled numbers and stored articles that are due; and the numbers
    that were never asked for, newest first. A number is settled when it is known
    to be an article or a gap; the others are asked for again.

    \b
    Exit codes:
      0    every number asked for is settled
      1    a bug: please report it
      2    bad usage or settings
      3    done, but some numbers wait for another try
      4    the site blocks, is down, forbids or has changed its pages
      5    another crawl is writing the archive
      6    the archive cannot be written
      130  interrupted; the next crawl continues

    \b
    newscrawler crawl amenews -s CONTACT=you@example.org
    newscrawler crawl amenews --range 43000-43999 --max-minutes 60
    newscrawler crawl amenews --until 2026-07-04T03:30:00Z
    newscrawler crawl amenews --base-url http://127.0.0.1:8000 -s DOWNLOAD_DELAY=0
    newscrawler crawl amenews my-paper.toml --db data/papers.db
    """
    selected = {
        "range": range_,
        "idx": ",".join(idx) if idx else None,
        "section": section,
        "sections": sections or None,
        "gaps": gaps or None,
        "refresh": refresh or None,
        "new": new or None,
    }
    chosen = _chosen(papers, every)
    _check(chosen, selected, base_url)
    from newscrawler import crawler

    settings = crawler.settings_from(
        [*_bounds(max_requests, max_minutes, until), *with_db(db, assignments)]
    )
    jobs = [(site, settings.copy()) for site in chosen]
    summaries = crawler.crawl(jobs, {**selected, "base_url": base_url})
    report(summaries, as_json)
    codes = [summary["exit_code"] for summary in summaries]
    for error in sites.broken().values() if every else ():
        click.echo(f"newscrawler: not crawled: {error}", err=True)
        codes.append(error.exit_code)
    sys.exit(worst(codes))


def _check(papers: list[Site], selected: dict[str, Any], base_url: str | None) -> None:
    """Refuse invalid arguments before Scrapy is loaded, which takes long.

    Args:
        selected: the selection, as the spider takes it.

    Raises:
        SettingError, SelectionError, Refusal: what is wrong.
    """
    sources.check_base_url(base_url)
    if base_url and len(papers) > 1:
        raise Refusal("--base-url works with one paper: name that paper", EXIT_USAGE)
    mirror = (urlsplit(base_url).hostname or "",) if base_url else ()
    for site in papers:
        selection.parse(**selected, hosts=(*site.hosts, *mirror))


def _bounds(max_requests: int | None, max_minutes: float | None, until: str | None) -> list[str]:
    """The options that bound a run, as ``NAME=VALUE``."""
    given = {
        "MAX_REQUESTS": max_requests,
        "MAX_MINUTES": max_minutes,
        "UNTIL": _end(until, max_minutes),
    }
    return [f"{name}={value}" for name, value in given.items() if value is not None]


def _end(until: str | None, max_minutes: float | None) -> str | None:
    """The time after which no request is sent: the earlier of both, if any was given.

    Minutes count from the start of this process, so that loading takes none on top.
    """
    ends = []
    if until is not None:
        end = options.UNTIL.parse(until)
        if end is None:
            raise SettingError("--until needs a time, like 2026-07-04T03:30:00Z")
        ends.append(end)
    if max_minutes is not None:
        minutes = options.MAX_MINUTES.parse(max_minutes)
        ends += [clock.process_started() + timedelta(minutes=minutes)] if minutes else []
    return min(ends).isoformat() if ends else None


def _chosen(papers: tuple[Site, ...], every: bool) -> list[Site]:
    """The papers to crawl, each once: those named, all, or the default one."""
    if every and papers:
        raise Refusal("name papers or use --all, not both", EXIT_USAGE)
    named = sites.load_all().values() if every else papers or (sites.load(sites.DEFAULT),)
    return list({site.name: site for site in named}.values())


def report(summaries: list[dict[str, Any]], as_json: bool) -> None:
    """Report the runs: JSON to stdout; a summary to stderr on a terminal, or after a problem."""
    if as_json:
        record: Any = summaries[0] if len(summaries) == 1 else summaries
        click.echo(json.dumps(record, ensure_ascii=False))
    for summary in summaries:
        if CONSOLE.is_terminal or summary["exit_code"]:
            print_summary(CONSOLE, summary)
