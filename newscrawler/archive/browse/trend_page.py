"""The trend page: how often articles have some words, with several searches in one plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from newscrawler.archive.browse.in_time import open_in_time
from newscrawler.archive.filters import Filters
from newscrawler.archive.report.lines import trend_figure
from newscrawler.archive.report.markup import el, html
from newscrawler.archive.trends import By, Period, Trend, trend
from newscrawler.exceptions import InputError

FIELDS = 3
"""Maximum number of searches in a plot."""


@dataclass(frozen=True)
class TrendPage:
    searches: Sequence[str]
    """As they were typed, none of them empty."""
    since: str
    until: str
    by: By | None
    """``None``: what suits the archive."""
    trend: Trend | None = None
    mistake: str | None = None
    """The error in what was typed, in a sentence."""

    @property
    def fields(self) -> list[str]:
        """What stands in the form."""
        return [*self.searches, *[""] * FIELDS][:FIELDS]

    @property
    def figure(self) -> str:
        """The plot as HTML."""
        assert self.trend
        return html(el("div", trend_figure(self.trend)))

    def rows(self) -> Iterator[tuple[Period, list[tuple[int, float | None, str]]]]:
        """Each period with, for each search, how many, per 1,000, and the address of these."""
        assert self.trend
        for period in self.trend.periods:
            cells = []
            for place, words in enumerate(self.trend.searches):
                days = {"words": words, "since": period.name, "until": period.name}
                cells.append((period.found[place], period.per_thousand(place), urlencode(days)))
            yield period, cells


def trend_page(path: Path, asked: list[tuple[str, str]]) -> TrendPage:
    """The page for the fields of its form: ``words`` several times, ``since``, ``until``, ``by``.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    searches = [value.strip() for name, value in asked if name == "words" and value.strip()]
    values = {name: value.strip() for name, value in asked}
    by = By(values["by"]) if values.get("by") in list(By) else None
    page = TrendPage(searches[:FIELDS], values.get("since", ""), values.get("until", ""), by)
    if not page.searches:
        return page
    try:
        days = Filters(since=page.since or None, until=page.until or None)
        with open_in_time(path) as archive:
            return replace(page, trend=trend(archive, page.searches, by, days))
    except InputError as error:
        return replace(page, mistake=str(error))
