"""Which articles, in which order: the filters of search, exports and the Python API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from newscrawler.archive.days import first_day, last_day
from newscrawler.store.search_index import TABLE


class Order(StrEnum):
    """The order of articles."""

    IDX = "idx"
    OLDEST = "oldest"
    """By date of publication; undated articles first."""
    NEWEST = "newest"
    RELEVANCE = "relevance"
    """Best match first, title above body; only with :attr:`Filters.words`."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles: all conditions must be true; ``None`` is no condition."""

    words: str | None = None
    """A search, in the language of :mod:`newscrawler.archive.search`."""
    since: date | str | None = None
    """First day of publication, by the paper's own calendar; text as in
    :mod:`newscrawler.archive.days`, ``"2026.06.20"`` or ``"2026-06"``."""
    until: date | str | None = None
    """Last day of publication, that day (or month, or year) included."""
    section: str | None = None
    """A section's name or its code."""
    reporter: str | None = None
    """A reporter's complete name or e-mail address."""
    site: str | None = None
    duplicates: bool = True
    """Whether exact reprints are included."""
    removed: bool = True
    """Whether articles are included that the paper has withdrawn since."""

    def __post_init__(self) -> None:
        """Convert text to days.

        Raises:
            DayError: the text is not a day.
        """
        if self.since is not None:
            object.__setattr__(self, "since", first_day(self.since))
        if self.until is not None:
            object.__setattr__(self, "until", last_day(self.until))


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Condition:
    """Filters as SQL."""

    key: str
    """The article's ``id``."""
    source: str
    """The text after FROM; the article has the alias ``a``."""
    where: str
    values: tuple[Any, ...]


def condition(filters: Filters) -> Condition:
    """The filters as SQL.

    Raises:
        search.SearchError: the search query is invalid.
    """
    key, source = "a.id", "articles AS a"
    asked: list[tuple[str, Any]] = []
    if filters.words is not None:
        # SQLite omits a left join whose columns are not used.
        key = f"{TABLE}.rowid"
        source = f"{TABLE} LEFT JOIN articles AS a ON a.id = {TABLE}.rowid"
        from newscrawler.archive import search  # many questions search for no words

        query = search.parse(filters.words)
        asked.append((f"{TABLE} MATCH ?", query.expression))
        if not query.is_exact:
            asked.append((_SAYS, filters.words))
    # Stored times begin with the paper's own date, so days compare as text.
    if filters.since is not None:
        asked.append(("a.published_at >= ?", str(filters.since)))
    if filters.until is not None:
        # After the day comes T in a stored time, which is less than ~.
        asked.append(("a.published_at < ?", f"{filters.until}~"))
    if filters.site is not None:
        asked.append(("a.site = ?", filters.site))
    if filters.section is not None:
        asked.append((_IN_SECTION, filters.section))
    if filters.reporter is not None:
        asked.append((_BY_REPORTER, filters.reporter))
    clauses = [clause for clause, _ in asked]
    if not filters.duplicates:
        clauses.append("a.duplicate_of IS NULL")
    if not filters.removed:
        clauses.append("a.removed_at IS NULL")
    values = tuple(value for _, value in asked)
    return Condition(key, source, " AND ".join(clauses) or "1", values)


def order_by(order: Order, filters: Filters) -> str:
    """The text after ORDER BY.

    Raises:
        ValueError: the order is relevance, and the filters have no words.
    """
    if order is Order.RELEVANCE:
        if filters.words is None:
            raise ValueError("the order by relevance needs words in the filters")
        return f"{TABLE}.rank, {TABLE}.rowid"
    return {
        Order.IDX: "a.site, a.idx",
        Order.OLDEST: "a.published_at, a.id",
        Order.NEWEST: "a.published_at DESC, a.id DESC",
    }[order]


_SAYS = """search_finds(?, a.title, a.subtitle, a.body, (
  SELECT group_concat(caption, char(10, 10)) FROM images WHERE article_id = a.id))"""

# An article may carry the name alone, the code alone, or both; lists teach which belong together.
_IN_SECTION = """EXISTS (
  SELECT 1 FROM (SELECT ? AS wanted) WHERE wanted IN (a.section, a.section_code)
  OR EXISTS (SELECT 1 FROM sections AS s WHERE s.site = a.site
    AND (s.name = wanted AND s.code = a.section_code OR s.code = wanted AND s.name = a.section)))"""

_BY_REPORTER = """EXISTS (
  SELECT 1 FROM (SELECT ? AS wanted) JOIN article_reporters AS r ON wanted IN (r.name, r.email)
  WHERE r.article_id = a.id)"""
