"""One self-contained page about an archive: its articles, its gaps, its changes.

It needs no network: style and script are part of it, and its security policy does not allow it to
load anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from newscrawler.archive import statistics
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.archive.report import edits, summary, tallies
from newscrawler.archive.report.by_month import by_month
from newscrawler.archive.report.coverage_map import coverage_map, grid
from newscrawler.archive.report.lines import trend_figure
from newscrawler.archive.report.markup import Content, el, html
from newscrawler.archive.report.particular import particular_words
from newscrawler.archive.report.parts import legend, section
from newscrawler.archive.trends import trend
from newscrawler.humanize.language import spoken, tr, trn
from newscrawler.sites import Site
from newscrawler.store import coverage
from newscrawler.store.coverage import Coverage
from newscrawler.version import __version__

PLOTS = Path(__file__).parent / "static"
"""The folder with style and script of plots, for the browser view too."""

_FAR_BELOW = 100
"""A paper may begin at 1.47 billion: if the requested numbers are less than a hundredth of the
numbers from the paper's first, the map begins at the lowest requested number."""

_REPORTERS, _RUNS, _REPRINTS = 20, 12, 10


def report(archive: Archive, site: Site, now: datetime, searches: Sequence[str] = ()) -> str:
    """The page, in HTML; a consistent snapshot, even during a crawl.

    ``searches`` are drawn in one plot over time.

    Raises:
        SearchError: one of them is invalid.
    """
    connection = archive.connection
    connection.execute("BEGIN")
    try:
        body = list(_body(archive, site, now, searches))
    finally:
        connection.execute("ROLLBACK")
    title = tr("{paper}: the archive on {now:%Y-%m-%d}", paper=site.title, now=now)
    return whole_page(title, body)


def whole_page(title: str, body: Content) -> str:
    """A page in HTML with its own style and script, which may not load anything."""
    styles = (PLOTS.with_name("report.css"), PLOTS / "plot.css")
    style = "".join(file.read_text(encoding="utf-8") for file in styles)
    script = (PLOTS / "hover.js").read_text(encoding="utf-8")
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="generator", content=f"newscrawler {__version__}"),
        el("title", title),
        el("style", style),
    )
    tip = el("div", id="tip", hidden="", role="status")
    whole = el("body", el("main", body), tip, el("script", script))
    page = el("html", head, whole, lang=spoken())
    return f"<!doctype html>\n{html(page)}\n"


def _body(
    archive: Archive, site: Site, now: datetime, searches: Sequence[str]
) -> Iterator[Content]:
    connection, name = archive.connection, site.name
    found = coverage.coverage(connection, name, site.first_idx, now)
    signers, signed_most = statistics.reporters(connection, name, _REPORTERS)
    kinds, newest_reprints = statistics.reprints(connection, name, _REPRINTS)
    yield el(
        "header",
        el("h1", el("span", site.title, lang="ko"), tr(": the archive")),
        el(
            "p",
            tr(
                "{file}, as it was on {now:%Y-%m-%d %H:%M} UTC",
                file=archive.path.name,
                now=now,
            ),
        ),
        summary.claim(found),
        summary.tiles(found, signers, kinds["near"]),
    )
    if not found.asked:
        return
    yield section(tr("Coverage of the numbers"), _coverage(archive, site, found))
    months = statistics.articles_by_month(connection, name)
    yield section(tr("Articles per month, by section"), by_month(months))
    if searches:
        counted = trend(archive, searches, filters=Filters(site=name))
        yield section(tr("Articles on {words}", words=", ".join(searches)), trend_figure(counted))
    yield section(tr("Particular words"), particular_words(archive, name, searches))
    yield section(
        tr("Edits after publication"),
        edits.lateness(statistics.printed_changes(connection, name)),
        edits.sizes(list(statistics.edits(connection, name)), site),
    )
    yield section(tr("Reporters"), tallies.signatures(signers, signed_most))
    waiting = statistics.waiting(connection, name, site.first_idx)
    yield section(tr("What is unsettled, and why"), tallies.unsettled(waiting))
    yield section(tr("Reprints"), tallies.duplicates(kinds, newest_reprints, site))
    runs = coverage.runs(connection, name, _RUNS)
    yield section(tr("The last crawls"), tallies.crawls(runs))
    yield el(
        "footer",
        tr("Times of publication are the paper's own (Korea), those of the crawl UTC."),
        " ",
        tr("Written by newscrawler {version}.", version=__version__),
    )


def _coverage(archive: Archive, site: Site, found: Coverage) -> Iterator[Content]:
    connection, name = archive.connection, site.name
    first, last = site.first_idx, max(found.newest or 0, found.last_idx or 0)
    last = last or statistics.last_asked(connection, name) or first
    asked_from = statistics.first_asked(connection, name) or first
    if (last - asked_from + 1) * _FAR_BELOW < last - first + 1:
        yield el(
            "p",
            tr(
                "Numbers {first:,} – {last:,} were never asked for and are not drawn.",
                first=first,
                last=asked_from - 1,
            ),
        )
        first = asked_from
    layout = grid(min(first, last), last)
    cells = statistics.states_by_cell(connection, name, layout.origin, last, layout.square)
    yield el(
        "p",
        trn(
            "Each square is one number, in reading order; the number below a block is its first.",
            "Each square is {count:,} numbers, in reading order; the number below a block is"
            " its first.",
            layout.square,
        ),
        " ",
        tr("Orange: waits for another attempt. Hollow: never asked for."),
    )
    yield legend(
        [
            ("article", tr("article")),
            ("gap", tr("gap: missing, removed or restricted")),
            ("waiting", tr("unsettled")),
            ("never", tr("never asked for")),
        ]
    )
    yield coverage_map(layout, cells)
