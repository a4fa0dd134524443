"""``newscrawler read``: what the parser reads from one page, and where it found each field."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from newscrawler import clock, pages, sites
from newscrawler.archive import page_cases
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.cli.arguments import Folder
from newscrawler.cli.common import (
    SiteParameter,
    db_option,
    results_console,
    settings_option,
    with_db,
)
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reader_options import archive_path, open_for_reading
from newscrawler.items import Article, Capture, Reading
from newscrawler.outcomes import EXIT_STOPPED, EXIT_UNSETTLED, EXIT_USAGE
from newscrawler.pages import leftover
from newscrawler.pages.validation import validated
from newscrawler.sites import Site, urls
from newscrawler.store.ledger import Ledger

_FIELDS = (
    "title", "subtitle", "published_at", "modified_at", "byline", "reporters", "section",
    "section_code", "images", "keywords", "recommend_count", "body",
)  # fmt: skip
_READ_FROM = {
    "published_at": "dates", "modified_at": "dates", "reporters": "byline",
    "section_code": "section", "images": "body",
}  # fmt: skip
_BODY = 600
"""Characters of a text that a terminal shows; ``--json`` has all."""
_LEFT = 40
"""Lines in no field that a terminal shows; ``--json`` has all."""
_CONTROL = {code: "\ufffd" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Control characters, which a page must not send to the terminal."""


@click.command("read")
@click.argument("what", metavar="FILE|URL|IDX")
@click.option(
    "--site",
    type=SiteParameter(),
    metavar="SITE",
    help="The paper, or a site file of your own.",
)
@db_option
@settings_option
@click.option(
    "--save-case",
    type=Folder(),
    metavar="FOLDER",
    help="Also save the page and the result as a test case.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    what: str,
    site: Site | None,
    db: Path | None,
    assignments: tuple[str, ...],
    save_case: Path | None,
    as_json: bool,
) -> None:
    """Show what the parser reads from one page: fields, selectors, other text.

    IDX reads the newest answer in the archive. URL makes one request, with the
    rules of a crawl (CONTACT, robots.txt, delay), and stores nothing. FILE is a
    saved page, a folder of --save-case, or - for standard input. Exit codes: 0
    the page is understood, 3 it is not, 4 the site did not send it.

    \b
    newscrawler read 43773 --site my-paper.toml
    newscrawler read page.html --site my-paper.toml
    newscrawler read 'http://amenews.kr/news/view.php?idx=43773' -s CONTACT=you@example.org
    newscrawler read 43773 --save-case tests/pages/classic/a_new_form
    """
    if assignments:
        from newscrawler import crawler

        crawler.settings_from(assignments)  # refused also where they would change nothing
    gaps: frozenset[str] = frozenset()
    if idx := urls.whole(what):
        site, capture, gaps = _kept(idx, site, db)
    elif what.startswith(("http://", "https://")):
        site = site or _site_of(what)
        capture = _asked(what, site, with_db(db, assignments))
    else:
        site, capture = _saved(what, site)
    reading = validated(pages.read(capture, site, gaps))
    if save_case:
        page_cases.save(save_case, capture, reading)
    left = leftover.lines(capture, reading.article)
    if as_json:
        click.echo(json.dumps(_record(capture, reading, left), ensure_ascii=False, default=str))
    else:
        _show(results_console(), capture, reading, left)
    if not reading.verdict.settles:
        sys.exit(EXIT_UNSETTLED)


# -- where the page comes from


def _kept(idx: int, site: Site | None, db: Path | None) -> tuple[Site, Capture, frozenset[str]]:
    """The newest stored answer for a number."""
    with open_for_reading(archive_path(db, site.name if site else None)) as archive:
        site = site or _only_site(archive)
        kept = list(archive.captures(Filters(site=site.name), idx=idx))
        if not kept:
            raise Refusal(
                f"{archive.path} keeps no answer for number {idx} of {site.name};"
                f" to request it, give its address: {urls.permalink(site, idx)}",
                EXIT_USAGE,
            )
        last = kept[-1]
        fingerprints = Ledger(archive.connection, site.name).gap_fingerprints()
    capture = Capture(
        site.name, idx, last.url, last.fetched_at, last.http_status, last.headers, last.body
    )
    return site, capture, fingerprints


def _only_site(archive: Archive) -> Site:
    held = archive.sites()
    return sites.load(held[0] if len(held) == 1 else sites.DEFAULT)


def _site_of(url: str) -> Site:
    """The paper on whose host the address is, or the default one."""
    try:
        host = urlsplit(url).hostname
    except ValueError as error:
        raise Refusal(f"{url} is not a web address: {error}", EXIT_USAGE) from error
    found = (site for site in sites.load_all().values() if host in site.hosts)
    return next(found, sites.load(sites.DEFAULT))


def _asked(url: str, site: Site, assignments: list[str]) -> Capture:
    """The answer to one polite request."""
    idx = urls.idx_of(url)
    if idx is None:
        raise Refusal(f"{url} is not the address of an article", EXIT_USAGE)
    from newscrawler import crawler
    from newscrawler.config import sources

    parts = urlsplit(url)
    own = parts.hostname in site.hosts
    base_url = None if own else urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    sources.check_base_url(base_url)
    settings = crawler.settings_from(assignments)
    applied = settings.copy()
    sources.apply(site, applied)
    sources.check_manners(site, applied, base_url)
    spider = crawler.fetch(site, settings, url, idx, base_url)
    if spider.capture is None:
        raise Refusal(spider.trouble or "the site gave no answer", EXIT_STOPPED)
    return spider.capture


def _saved(name: str, site: Site | None) -> tuple[Site, Capture]:
    """A page from a file, a case's folder or standard input."""
    path = Path(name)
    try:
        if name != "-" and path.is_dir():
            capture = page_cases.load(path)
            return site or sites.load(capture.site), capture
        body = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    except OSError as error:
        raise Refusal(
            f"{name} is not a number, an address or a file: {error.strerror}", EXIT_USAGE
        ) from error
    site = site or sites.load(sites.DEFAULT)
    # Only the page itself can say which number it is.
    idx = min(pages.own_numbers(body), default=site.first_idx)
    return site, Capture(site.name, idx, urls.permalink(site, idx), clock.now(), 200, (), body)


# -- what is shown


def _record(capture: Capture, reading: Reading, left: list[str]) -> dict[str, Any]:
    return {
        "site": capture.site,
        "idx": capture.idx,
        "url": capture.url,
        "verdict": reading.verdict,
        "reason": reading.reason,
        "skin": reading.skin,
        "fields": _fields(reading, reading.article) if reading.article else {},
        "left": left,
    }


def _fields(reading: Reading, article: Article) -> dict[str, Any]:
    return {
        name: {"value": _plain(getattr(article, name)), "selector": _source(reading, name)}
        for name in _FIELDS
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [part if isinstance(part, str) else asdict(part) for part in value]
    return value


def _source(reading: Reading, name: str) -> str | None:
    """The selector that found a field, or that found the text from which it was read."""
    found = reading.sources
    return found.get(name) or found.get(_READ_FROM.get(name, ""))


def _show(console: Console, capture: Capture, reading: Reading, left: list[str]) -> None:
    def say(*parts: tuple[str, str]) -> None:
        console.print(Text.assemble(*((text.translate(_CONTROL), style) for text, style in parts)))

    style = "bold green" if reading.verdict.settles else "bold yellow"
    worn = f", skin {reading.skin}" if reading.skin else ""
    reason = f": {reading.reason}{worn}"
    say((f"{capture.idx}  ", "bold"), (str(reading.verdict), style), (reason, ""))
    say((capture.url, "dim"))
    if reading.article:
        console.print()
        console.print(_table(reading, reading.article))
    if left:
        console.print()
        say(("Text that is in no field:", "bold"))
        for line in left[:_LEFT]:
            say((f"  {line}", ""))
        if len(left) > _LEFT:
            say((f"  … and {len(left) - _LEFT} more lines (--json prints them)", "dim"))


def _table(reading: Reading, article: Article) -> Table:
    last = Column("value", overflow="fold")
    table = Table("field", Column("found by", style="dim"), last, box=None, pad_edge=False)
    for name in _FIELDS:
        shown = _shown(getattr(article, name)).translate(_CONTROL)
        source = _source(reading, name) or ("other rules" if shown else "")
        table.add_row(name, Text(source), Text(shown) if shown else Text("-", "dim"))
    return table


def _begun(body: str) -> str:
    """The beginning of a long text, and its length."""
    if len(body) <= _BODY:
        return body
    paragraphs = body.count("\n\n") + 1
    return f"{body[:_BODY]}…\n({paragraphs} paragraphs, {len(body):,} characters)"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, tuple):
        return "\n".join(part if isinstance(part, str) else _joined(asdict(part)) for part in value)
    return _begun(str(value))


def _joined(values: dict[str, Any]) -> str:
    return "  ".join(str(value) for value in values.values() if value is not None)
