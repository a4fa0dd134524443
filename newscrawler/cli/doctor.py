"""``newscrawler doctor``: what could be wrong before a long crawl, and what it would cost."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from newscrawler import clock, sites
from newscrawler.archive import cases
from newscrawler.archive.reader import Archive
from newscrawler.cli import doctor_checks
from newscrawler.cli.common import db_option, results_console, site_argument, with_db
from newscrawler.cli.doctor_checks import Cost
from newscrawler.config import archives, options, sources
from newscrawler.config.surroundings import check_log_file
from newscrawler.exceptions import ArchiveError, InputError
from newscrawler.humanize import counted, size, span
from newscrawler.outcomes import worst
from newscrawler.sites import Site
from newscrawler.spiders.findings import Finding, Grade
from newscrawler.store.coverage import coverage

if TYPE_CHECKING:
    from newscrawler.spiders.doctor import DoctorSpider

_SAMPLES = 5
_STYLES = {Grade.FINE: "green", Grade.ODD: "yellow", Grade.BAD: "red"}


@click.command("doctor")
@site_argument
@db_option
@click.option("--base-url", metavar="URL", help="Another origin that serves the same site.")
@click.option("-s", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a setting.")
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=f"Keep what was seen, and {_SAMPLES} articles of other years, as cases of the tests.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    site: Site,
    db: Path | None,
    base_url: str | None,
    assignments: tuple[str, ...],
    save: Path | None,
    as_json: bool,
) -> None:
    """Check a paper step by step, and say what its crawl would cost.

    Asks for robots.txt, the home page, RSS, a number that cannot exist, the
    newest article and a section's list, at the crawl's own pace; looks at
    names, clock, database and disk; stores nothing. The exit code is the one
    that the crawl would end with: 0 all well, 2 settings, 4 the site, 5 or 6
    the archive.

    \b
    newscrawler doctor amenews -s CONTACT=you@example.org
    newscrawler doctor my-paper.toml -s CONTACT=you@example.org
    newscrawler doctor amenews -s CONTACT=you@example.org --save first-contact
    """
    if save and save.exists():
        raise InputError(f"{save} is there already; name another folder")
    sources.check_base_url(base_url)
    from newscrawler import crawler

    settings = crawler.settings_from(with_db(db, assignments))
    applied = settings.copy()
    sources.apply(site, applied)
    sources.check_manners(site, applied, base_url)
    path = archives.of_settings(applied, site)
    check_log_file(applied, path)
    findings = doctor_checks.names(site, base_url)
    if not base_url:
        findings.append(doctor_checks.lane(site, sites.load_all().values()))
    spider = crawler.examine(site, settings, base_url, _SAMPLES if save else 0)
    cost = _cost(spider, path, options.DELAY_JITTER.read(applied))
    findings = [
        doctor_checks.user_agent(applied["USER_AGENT"]),
        *findings,
        *spider.findings,
        doctor_checks.database(path),
        *_skins(site, path),
    ]
    findings.append(doctor_checks.disk(path, cost))
    if dates := doctor_checks.feed_dates(spider.feed_dates, _page_dates(spider, path)):
        findings.append(dates)
    if save:
        kept = cases.save_all(save, site, spider.seen, spider.robots_txt)
        findings.append(Finding("saved", Grade.FINE, f"{save} holds {', '.join(kept)}"))
    if as_json:
        click.echo(json.dumps(_record(findings, spider, cost), ensure_ascii=False, default=str))
    else:
        _show(results_console(), findings, spider, cost)
    sys.exit(worst(finding.exit_code for finding in findings))


def _page_dates(spider: DoctorSpider, path: Path) -> dict[int, datetime]:
    """When the pages of the feed's articles say that they were published, as far as is known."""
    known = [spider.article] if spider.article else []
    with suppress(ArchiveError, OSError, sqlite3.Error), Archive.open(path) as archive:
        stored = (archive.article(idx, spider.site.name) for idx in spider.feed_dates)
        known = [*(one for one in stored if one), *known]
    return {one.idx: one.published_at for one in known if one.published_at}


def _skins(site: Site, path: Path) -> list[Finding]:
    """A finding for each selector of the site file that finds nothing on the newest kept pages."""
    from newscrawler.archive import skin_check

    # What is wrong with the database its own check says.
    with suppress(ArchiveError, OSError), Archive.open(path) as archive:
        pages, left = skin_check.unmatched(archive, site)
        if pages:
            return [
                Finding("skin", Grade.ODD, f"{one} on the {pages} newest kept pages")
                for one in left
            ]
    return []


def _cost(spider: DoctorSpider, path: Path, jitter: float) -> Cost | None:
    """What the crawl would cost; ``None`` when the newest number is not known."""
    if spider.newest is None:
        return None
    asked = 0
    # What is wrong with the database its own check says.
    with suppress(ArchiveError, OSError), Archive.open(path) as archive:
        bottom, now = spider.site.first_idx, clock.now()
        asked = coverage(archive.connection, spider.site.name, bottom, now).asked
    numbers = max(0, spider.newest - spider.site.first_idx + 1 - asked)
    return Cost(numbers, spider.delay * (1 + jitter / 2), spider.page_bytes)


def _record(findings: list[Finding], spider: DoctorSpider, cost: Cost | None) -> dict[str, Any]:
    return {
        "site": spider.site.name,
        "findings": [asdict(finding) for finding in findings],
        "article": spider.article and asdict(spider.article),
        "cost": cost
        and {
            **asdict(cost),
            "seconds": cost.seconds,
            "traffic_bytes": cost.traffic,
            "disk_bytes": cost.disk,
        },
    }


def _show(
    console: Console, findings: list[Finding], spider: DoctorSpider, cost: Cost | None
) -> None:
    table = _columns(3)
    for finding in findings:
        grade = Text(finding.grade, _STYLES[finding.grade])
        table.add_row(grade, finding.step, Text(finding.text))
    console.print(table)
    if article := spider.article:
        console.print(Text("\nThe newest article, as it would be stored:", "bold"))
        shown = _columns(2)
        for name, value in {
            "title": article.title,
            "published": article.published_at,
            "modified": article.modified_at,
            "byline": article.byline,
            "section": article.section,
            "pictures": len(article.images),
            "body": " ".join(article.body[:160].split()) + "…" * (len(article.body) > 160),
        }.items():
            shown.add_row(name, Text("(none)" if value is None else str(value)))
        console.print(shown)
    if cost and cost.numbers:
        pace = f"{span(cost.seconds)} at {cost.seconds_each:.2g} s each"
        console.print(
            f"\nStill to ask for: {counted(cost.numbers, 'number')},"
            f" {pace if cost.seconds_each else 'without a pause'},"
            f" {size(cost.traffic)} over the wire, {size(cost.disk)} on disk."
        )
    elif cost:
        console.print("\nEvery number up to the newest was asked for already.")


def _columns(count: int) -> Table:
    """A table without lines whose last column is never cut."""
    last = Column(overflow="fold")
    return Table(
        *(Column() for _ in range(count - 1)), last, box=None, show_header=False, pad_edge=False
    )
