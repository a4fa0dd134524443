"""``newscrawler doctor``: checks before a long crawl, and an estimate of its cost."""

from __future__ import annotations

import json
import shlex
import sqlite3
import sys
from collections.abc import Callable, Iterable
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
from newscrawler.archive import page_cases
from newscrawler.archive.reader import Archive
from newscrawler.cli import doctor_archive, doctor_checks
from newscrawler.cli.arguments import Folder
from newscrawler.cli.common import (
    as_typed,
    db_option,
    program,
    results_console,
    settings_option,
    site_argument,
    with_db,
)
from newscrawler.cli.doctor_checks import Cost
from newscrawler.config import archives, options, sources
from newscrawler.config.surroundings import check_log_file
from newscrawler.exceptions import ArchiveError, InputError, NoArchiveError
from newscrawler.humanize import counted, size, span
from newscrawler.outcomes import worst
from newscrawler.sites import Site
from newscrawler.spiders.findings import Finding, Grade, failed
from newscrawler.store.coverage import coverage

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from newscrawler.spiders.doctor import DoctorSpider

_SAMPLES = 5
_STYLES = {Grade.FINE: "green", Grade.ODD: "yellow", Grade.BAD: "red"}
_STEP_WIDTH = 10
"""The longest name of a step: ``robots.txt``."""
_NO_LINES: Any = {"box": None, "show_header": False, "pad_edge": False}


@click.command("doctor")
@site_argument
@db_option
@click.option("--base-url", metavar="URL", help="Check a mirror of the site at this address.")
@settings_option
@click.option(
    "--save",
    type=Folder(),
    metavar="FOLDER",
    help=f"Save the answers, and {_SAMPLES} articles of other years, as test cases.",
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
    """Check a paper step by step, and estimate what its crawl costs.

    First checks this machine: host names, clock, proxies, locks, database, disk
    and the records of the archive. This needs no CONTACT. Then requests robots.txt,
    the home page, RSS, a number that cannot exist, the newest article and one
    section list, at the pace of a crawl. Stores nothing. The exit code is the one
    of a crawl: 0 no problem, 2 settings, 4 the site, 5 or 6 the archive.

    \b
    newscrawler doctor amenews -s CONTACT=you@example.org
    newscrawler doctor my-paper.toml -s CONTACT=you@example.org
    newscrawler doctor amenews -s CONTACT=you@example.org --save first-contact
    """
    sources.check_base_url(base_url)
    if save:
        # Before any request: the answers would be lost.
        click.get_current_context().with_resource(page_cases.begun(save))
    from newscrawler import crawler

    settings = crawler.settings_from(with_db(db, assignments))
    applied = settings.copy()
    sources.apply(site, applied)
    path = archives.of_settings(applied, site)
    findings = Findings(None if as_json else results_console())
    _look_here(findings, site, path, applied, base_url)
    refusal = _refusal(site, applied, base_url, path)
    spider = cost = None
    if refusal is None:
        spider = crawler.examine(site, settings, base_url, _SAMPLES if save else 0, findings.add)
        cost = _cost(spider, path, options.DELAY_JITTER.read(applied))
        findings.run("disk", lambda: [doctor_checks.disk(path, cost)])
        dates = spider.feed_dates
        findings.run(
            "feed dates", lambda: doctor_checks.feed_dates(dates, _page_dates(spider, path))
        )
    if save and spider:
        kept = page_cases.save_all(save, site, spider.seen, spider.robots_txt)
        findings.add(Finding("saved", Grade.FINE, f"{', '.join(kept)} are in {save}"))
    if as_json:
        record = _record(site, findings.all, spider, cost)
        click.echo(json.dumps(record, ensure_ascii=False, default=str))
    elif spider:
        _show(results_console(), spider, cost)
    if refusal:
        # The site was not checked then: the reason comes last, where it is seen.
        raise refusal
    code = worst(finding.exit_code for finding in findings.all)
    if not as_json:
        click.echo(f"\n{_next(code, site, db, base_url, assignments)}")
    sys.exit(code)


def _look_here(
    findings: Findings, site: Site, path: Path, settings: Settings, base_url: str | None
) -> None:
    """All checks that need no request to the paper."""
    now = clock.now()
    findings.run("user agent", lambda: [doctor_checks.user_agent(settings["USER_AGENT"])])
    findings.run("database", lambda: [doctor_checks.database(path)])
    findings.run("database", lambda: _beginning(settings, site))
    findings.run("disk", lambda: [doctor_checks.disk(path, None)])
    findings.run("clock", lambda: doctor_archive.this_clock(now))
    findings.run("archive", lambda: doctor_archive.records(site, path, now))
    findings.run("skin", lambda: _skins(site, path))
    findings.run("proxy", lambda: doctor_checks.proxy(base_url or site.origin))
    findings.run("DNS", lambda: doctor_checks.names(site, base_url))
    if not base_url:
        findings.run("lane", lambda: [doctor_checks.lane(site, sites.load_all().values())])
        findings.run("lane", lambda: doctor_archive.lane_lock(site, path))


def _beginning(settings: Settings, site: Site) -> Iterable[Finding]:
    """Whether a crawl would refuse to create the archive without ``--new``."""
    try:
        archives.check_beginning(settings, site, meant=False)
    except NoArchiveError as error:
        yield Finding("database", Grade.ODD, str(error))


def _refusal(site: Site, settings: Settings, base_url: str | None, path: Path) -> InputError | None:
    """Why a crawl with these settings would be refused before any request, if it would."""
    try:
        check_log_file(settings, path)
        sources.check_manners(site, settings, base_url)
    except InputError as error:
        return error
    return None


def _next(
    code: int, site: Site, db: Path | None, base_url: str | None, assignments: tuple[str, ...]
) -> str:
    """The sentence that says what to do next."""
    given = [f"--db {db}"] if db else []
    given += [f"--base-url {base_url}"] if base_url else []
    given += [f"-s {shlex.quote(each)}" for each in assignments]
    called = " ".join([program(), "crawl", as_typed(site), *given])
    match code:
        case 0:
            return f"Next: {called}"
        case 1:
            return "Next: report the lines marked bad; they are bugs of this program."
        case 5:
            return "Next: wait until the other crawl has ended."
        case 6:
            return "Next: repair the archive or free disk space, as the lines above say."
    return "Next: solve what is marked bad, or try again later; until then a crawl would fail."


def _page_dates(spider: DoctorSpider, path: Path) -> dict[int, datetime]:
    """The dates on the pages of the feed's articles, as far as they are known."""
    known = [spider.article] if spider.article else []
    with suppress(ArchiveError, OSError, sqlite3.Error), Archive.open(path) as archive:
        stored = (archive.article(idx, spider.site.name) for idx in spider.feed_dates)
        known = [*(one for one in stored if one), *known]
    return {one.idx: one.published_at for one in known if one.published_at}


def _skins(site: Site, path: Path) -> list[Finding]:
    """A finding for each selector of the site file that finds nothing on the newest kept pages."""
    from newscrawler.archive import skin_check

    # Problems of the database are reported by its own check.
    with suppress(ArchiveError, OSError), Archive.open(path) as archive:
        pages, left = skin_check.unmatched(archive, site)
        if pages:
            return [
                Finding("skin", Grade.ODD, f"{one} on the {pages} newest stored pages")
                for one in left
            ]
    return []


def _cost(spider: DoctorSpider, path: Path, jitter: float) -> Cost | None:
    """What the crawl would cost; ``None`` when the newest number is not known."""
    if spider.newest is None:
        return None
    asked = 0
    # Problems of the database are reported by its own check.
    with suppress(ArchiveError, OSError), Archive.open(path) as archive:
        bottom, now = spider.site.first_idx, clock.now()
        asked = coverage(archive.connection, spider.site.name, bottom, now).asked
    numbers = max(0, spider.newest - spider.site.first_idx + 1 - asked)
    return Cost(numbers, spider.delay * (1 + jitter / 2), spider.page_bytes)


def _record(
    site: Site, findings: list[Finding], spider: DoctorSpider | None, cost: Cost | None
) -> dict[str, Any]:
    article = spider.article if spider else None
    return {
        "site": site.name,
        "findings": [asdict(finding) for finding in findings],
        "article": article and asdict(article),
        "cost": cost
        and {
            **asdict(cost),
            "seconds": cost.seconds,
            "traffic_bytes": cost.traffic,
            "disk_bytes": cost.disk,
        },
    }


class Findings:
    """The findings so far; each is printed as soon as it is known."""

    def __init__(self, console: Console | None) -> None:
        self.all: list[Finding] = []
        self._console = console

    def run(self, step: str, check: Callable[[], Iterable[Finding]]) -> None:
        """Run one check; a check that raises is a finding, and the others still run."""
        try:
            for finding in check():
                self.add(finding)
        except Exception as error:
            self.add(failed(step, error))

    def add(self, finding: Finding) -> None:
        self.all.append(finding)
        if self._console:
            line = Table(
                *(Column(width=4), Column(width=_STEP_WIDTH), Column(overflow="fold")),
                **_NO_LINES,
            )
            grade = Text(finding.grade, _STYLES[finding.grade])
            line.add_row(grade, finding.step, Text(finding.text))
            self._console.print(line)


def _show(console: Console, spider: DoctorSpider, cost: Cost | None) -> None:
    if article := spider.article:
        console.print(Text("\nThe newest article, as it would be stored:", "bold"))
        for name, value in {
            "title": article.title,
            "published": article.published_at,
            "modified": article.modified_at,
            "byline": article.byline,
            "section": article.section,
            "pictures": len(article.images),
            "body": " ".join(article.body[:160].split()) + "…" * (len(article.body) > 160),
        }.items():
            line = Table(Column(width=9), Column(overflow="fold"), **_NO_LINES)
            line.add_row(name, Text("(none)" if value is None else str(value)))
            console.print(line)
    if cost and cost.numbers:
        pace = f"{span(cost.seconds)} at {cost.seconds_each:.2g} s each"
        console.print(
            f"\nStill to fetch: {counted(cost.numbers, 'number')},"
            f" {pace if cost.seconds_each else 'without a pause'},"
            f" {size(cost.traffic)} of traffic, {size(cost.disk)} on disk."
        )
    elif cost:
        console.print("\nAll numbers up to the newest have been asked for.")
