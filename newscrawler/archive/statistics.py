"""Counts of an archive for the report: named queries with typed rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from newscrawler.store.connection import Connection
from newscrawler.store.coverage import NEVER_ASKED, gaps
from newscrawler.store.states import UNSETTLED
from newscrawler.store.times import time


@dataclass(frozen=True, slots=True)
class ReporterTally:
    name: str
    articles: int
    first_day: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True)
class EditTally:
    """A change that the crawl found."""

    idx: int
    title: str
    after: timedelta
    """From publication to the printed time of the change, or else to the time when it was found."""
    size: int
    """Characters of the body from the first changed one to the last; 0: the body is the same."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers that are not settled, for one reason."""

    state: str
    reason: str
    numbers: int
    stretches: tuple[str, ...]
    """Some of the numbers, upwards."""
    next_attempt_at: str | None
    """The earliest due time, UTC; ``None``: no attempt is planned."""


@dataclass(frozen=True, slots=True)
class Reprint:
    idx: int
    title: str
    earlier_idx: int
    kind: str
    """``exact`` or ``near``."""
    similarity: float
    published_at: str | None


def states_by_cell(
    connection: Connection, site: str, first: int, last: int, size: int
) -> dict[int, Counter[str]]:
    """How many numbers have each state, for each ``size`` numbers from ``first`` on.

    Cells without a row in the ledger are left out.
    """
    cells: dict[int, Counter[str]] = {}
    for cell, state, count in connection.execute(
        "SELECT (idx - ?) / ?, state, count(*) FROM ledger"
        " WHERE site = ? AND idx BETWEEN ? AND ? GROUP BY 1, 2",
        [first, size, site, first, last],
    ):
        cells.setdefault(cell, Counter())[state] = count
    return cells


def first_asked(connection: Connection, site: str) -> int | None:
    """The lowest number that was ever asked for."""
    row = connection.execute("SELECT min(idx) FROM ledger WHERE site = ?", [site]).fetchone()
    return None if row[0] is None else int(row[0])


def last_asked(connection: Connection, site: str) -> int | None:
    """The highest number that was ever asked for, the future included."""
    row = connection.execute("SELECT max(idx) FROM ledger WHERE site = ?", [site]).fetchone()
    return None if row[0] is None else int(row[0])


def articles_by_month(connection: Connection, site: str) -> dict[str | None, Counter[str | None]]:
    """Articles by month (``2020-11``; ``None``: undated) and by the section's name."""
    months: dict[str | None, Counter[str | None]] = {}
    for month, section, count in connection.execute(
        "SELECT substr(day, 1, 7), section, count(*) FROM article_list WHERE site = ?"
        " GROUP BY 1, 2",
        [site],
    ):
        months.setdefault(month, Counter())[section] = count
    return months


def reporters(connection: Connection, site: str, limit: int) -> tuple[int, list[ReporterTally]]:
    """How many reporters there are, and those with most articles."""
    total = connection.execute(
        "SELECT count(*) FROM articles_per_reporter WHERE site = ?", [site]
    ).fetchone()[0]
    rows = connection.execute(
        "SELECT reporter, articles, first_day, last_day FROM articles_per_reporter"
        " WHERE site = ? ORDER BY articles DESC, reporter LIMIT ?",
        [site, limit],
    )
    return total, [ReporterTally(*row) for row in rows]


def printed_changes(connection: Connection, site: str) -> Iterator[timedelta]:
    """For every article that prints a time of change: how long after publication it is."""
    for row in connection.execute(
        "SELECT published_at, modified_at FROM articles"
        " WHERE site = ? AND published_at IS NOT NULL AND modified_at IS NOT NULL",
        [site],
    ):
        published, modified = map(time, row)
        yield modified - published


def edits(connection: Connection, site: str) -> Iterator[EditTally]:
    """Every change of text that the crawl found in an article with a date."""
    for row in connection.execute(
        "SELECT a.idx, r.title, a.published_at, ifnull(r.modified_at, r.fetched_at) AS changed_at,"
        " before.body AS old, r.body AS new"
        " FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
        " JOIN revisions AS before"
        " ON before.article_id = r.article_id AND before.number = r.number - 1"
        " WHERE a.site = ? AND a.published_at IS NOT NULL",
        [site],
    ):
        after = time(row["changed_at"]) - time(row["published_at"])
        yield EditTally(row["idx"], row["title"], after, _span(row["old"], row["new"]))


def _span(old: str, new: str) -> int:
    """Characters from the first difference to the last, in the longer of the two texts."""
    if old == new:
        return 0
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    return max(len(old), len(new)) - start - end


def waiting(connection: Connection, site: str, bottom: int) -> list[Waiting]:
    """Unsettled numbers by state and reason, the largest groups first."""
    found: dict[tuple[str, str], Waiting] = {}
    for gap in gaps(connection, site, bottom):
        if gap.state not in (*UNSETTLED, NEVER_ASKED):
            continue
        before = found.get((gap.state, gap.reason), Waiting(gap.state, gap.reason, 0, (), None))
        due = [at for at in (before.next_attempt_at, gap.next_attempt_at) if at]
        found[gap.state, gap.reason] = Waiting(
            gap.state,
            gap.reason,
            before.numbers + len(gap.stretch),
            (*before.stretches, str(gap.stretch))[:4],
            min(due, default=None),
        )
    return sorted(found.values(), key=lambda each: -each.numbers)


def reprints(connection: Connection, site: str, limit: int) -> tuple[Counter[str], list[Reprint]]:
    """How many exact and near reprints there are, and the newest."""
    kinds = Counter(
        dict(
            connection.execute(
                "SELECT kind, count(*) FROM reprints WHERE site = ? GROUP BY kind", [site]
            ).fetchall()
        )
    )
    rows = connection.execute(
        "SELECT idx, title, earlier_idx, kind, similarity, published_at FROM reprints"
        " WHERE site = ? ORDER BY published_at DESC, idx DESC LIMIT ?",
        [site, limit],
    )
    return kinds, [Reprint(*row) for row in rows]
