"""How many articles a search finds, by month or by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from newscrawler.archive.filters import ALL, Filters, condition
from newscrawler.archive.reader import Archive
from newscrawler.humanize.language import mark


class By(StrEnum):
    MONTH = mark("month")
    YEAR = mark("year")


_LENGTH = {By.MONTH: 7, By.YEAR: 4}
"""Characters of a stored time that are its period."""

_MONTHS = 36
"""By default, an archive of at most this length is shown by month."""


@dataclass(frozen=True, slots=True)
class Period:
    name: str
    """``2020-11`` or ``2020``."""
    articles: int
    """All articles of the period that pass the filters."""
    found: tuple[int, ...]
    """How many of these each search finds."""

    def per_thousand(self, place: int) -> float | None:
        """Results of a search per thousand articles; ``None`` without articles."""
        return 1000 * self.found[place] / self.articles if self.articles else None


@dataclass(frozen=True, slots=True)
class Trend:
    searches: tuple[str, ...]
    by: By
    periods: tuple[Period, ...]
    """From the first to the last period with an article, without omissions."""
    undated: int
    """Articles that pass the filters and print no date, so that they are in no period."""


def trend(
    archive: Archive, searches: Sequence[str], by: By | None = None, filters: Filters = ALL
) -> Trend:
    """Count the results of each search; without ``by`` in periods that suit the archive.

    Raises:
        SearchError: a search query is invalid.
    """
    months, undated = _by_month(archive, filters)
    counted = [_by_month(archive, replace(filters, words=words))[0] for words in searches]
    span = list(_span(min(months), max(months))) if months else []
    by = by or (By.MONTH if len(span) <= _MONTHS else By.YEAR)
    length = _LENGTH[by]
    names = dict.fromkeys(month[:length] for month in span)

    def total(counts: dict[str, int], name: str) -> int:
        return sum(counts.get(month, 0) for month in span if month[:length] == name)

    periods = tuple(
        Period(name, total(months, name), tuple(total(each, name) for each in counted))
        for name in names
    )
    return Trend(tuple(searches), by, periods, undated)


def _by_month(archive: Archive, filters: Filters) -> tuple[dict[str, int], int]:
    """Articles of each month, and those of none."""
    asked = condition(filters)
    rows = archive.connection.execute(
        f"SELECT substr(a.published_at, 1, 7) AS month, count({asked.key}) FROM {asked.source}"
        f" WHERE {asked.where} GROUP BY month",
        asked.values,
    )
    months = dict(map(tuple, rows))
    undated = months.pop(None, 0)
    return months, undated


def _span(first: str, last: str) -> Iterator[str]:
    """Every month from the first to the last."""
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
