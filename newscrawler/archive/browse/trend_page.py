"""The trend page: how often articles have some words, with several searches in one plot."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.archive.report import whole_page
from newscrawler.archive.report.lines import trend_figure
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.report.parts import table
from newscrawler.archive.trends import By, Trend, trend
from newscrawler.exceptions import DayError, SearchError
from newscrawler.humanize.language import mark, tr

SEARCH, TREND = mark("Search"), mark("Trend")

FIELDS = 3
"""Maximum number of searches in a plot."""

_STEPS = 20_000
_SECONDS = 5.0
_FORM = "; form-action 'self'"


def trend_page(path: Path, pages: Mapping[str, str], asked: list[tuple[str, str]]) -> str:
    """The whole page.

    Args:
        pages: name → address of the pages to lead to, :data:`SEARCH` and :data:`TREND` (this page)
            among them.
        asked: the fields of the form: ``words`` several times, ``since``, ``until``, ``by``.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    searches = [value.strip() for name, value in asked if name == "words" and value.strip()]
    values = {name: value.strip() for name, value in asked}
    by = By(values["by"]) if values.get("by") in list(By) else None
    since, until = values.get("since") or None, values.get("until") or None
    body: list[Content] = [_form(pages[TREND], searches, by, since, until)]
    if searches:
        with Archive.open(path) as archive:
            end = time.monotonic() + _SECONDS
            archive.connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            try:
                counted = trend(archive, searches[:FIELDS], by, Filters(since=since, until=until))
                body += [trend_figure(counted), _table(counted, pages[SEARCH])]
            except (SearchError, DayError) as error:
                body.append(el("p", f"{str(error)[0].upper()}{str(error)[1:]}.", class_="warn"))
    links = {tr(name): address for name, address in pages.items()}
    return whole_page(", ".join(searches) or tr(TREND), body, links, also_allowed=_FORM)


def _form(
    here: str,
    searches: list[str],
    by: By | None,
    since: str | None,
    until: str | None,
) -> Element:
    words = [*searches, *[""] * FIELDS][:FIELDS]
    return el(
        "header",
        el("h1", tr("How often was it written about?")),
        el(
            "form",
            *(
                el("input", name="words", value=each, aria_label=tr("Words"), type="search")
                for each in words
            ),
            el("label", tr("from"), " ", el("input", name="since", value=since or "", size="10")),
            el("label", tr("to"), " ", el("input", name="until", value=until or "", size="10")),
            el("select", list(_choices(by)), name="by", aria_label=tr("Periods")),
            el("input", type="submit", value=tr("Draw")),
            class_="trend",
            action=here,
        ),
    )


def _choices(by: By | None) -> Iterator[Element]:
    for value, name in (
        ("", tr("automatic")),
        (By.MONTH, tr("by month")),
        (By.YEAR, tr("by year")),
    ):
        selected = "" if value == (by or "") else None
        yield el("option", name, value=str(value), selected=selected)


def _table(counted: Trend, search: str) -> Element:
    """The figures, with links to the articles."""

    def cells(place: int) -> Iterator[Content]:
        period, words = counted.periods[place], counted.searches
        yield period.name
        yield whole(period.articles)
        for n, each in enumerate(words):
            days = {"words": each, "since": period.name, "until": period.name}
            share = period.per_thousand(n)
            yield el("a", whole(period.found[n]), href=f"{search}?{urlencode(days)}")
            yield "" if share is None else f"{share:.1f}"

    heads = [tr(counted.by), tr("articles")]
    for words in counted.searches:
        heads += [words, tr("{words} per 1,000", words=words)]
    rows = [list(cells(place)) for place in range(len(counted.periods))]
    return table(heads, rows, numbers=heads[1:])
