"""Coverage: which numbers are settled, which are not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby, takewhile
from typing import Any

from newscrawler import clock
from newscrawler.store import blocks
from newscrawler.store.connection import Connection
from newscrawler.store.states import SETTLED, SETTLED_SQL, UNSETTLED

NEVER_ASKED = "never asked"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Numbers ``first`` … ``last``, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Neighbouring numbers without an article, for the same reason."""

    stretch: Stretch
    state: str
    """A ledger state other than ``article``, or ``never asked``."""
    reason: str
    last_attempt_at: str | None = None
    next_attempt_at: str | None = None
    """The earliest due time in the range; ``None``: no request is planned."""

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

    @property
    def given_up(self) -> bool:
        """Whether it failed so often that only ``crawl --unsettled`` tries again."""
        return self.state in UNSETTLED and self.next_attempt_at is None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The state of a paper's archive in numbers."""

    site: str
    states: dict[str, int]
    """How many numbers are in each ledger state; all seven are there."""
    first_idx: int | None
    """The lowest and highest article."""
    last_idx: int | None
    first_date: str | None
    last_date: str | None
    newest: int | None
    """The newest number that the site listed when it was last asked."""
    bottom: int
    """The paper's first number."""
    due: int
    due_by_kind: dict[str, int]
    last_success: str | None
    given_up: int
    revisions: int
    duplicates: int
    complete: Stretch | None
    """The complete range: every number in it is settled. It ends at the newest number if that is
    settled, else at the highest settled one."""

    @property
    def asked(self) -> int:
        return sum(self.states.values())

    @property
    def settled(self) -> int:
        return sum(self.states[state] for state in SETTLED)

    @property
    def total(self) -> int:
        """All numbers from the paper's first to its newest, as far as known."""
        top = max(self.newest or 0, self.last_idx or 0)
        return max(0, top - self.bottom + 1)

    @property
    def settled_share(self) -> float:
        return min(1.0, self.settled / self.total) if self.total else 0.0

    @property
    def stretch(self) -> Stretch | None:
        """``complete``, unless it is only one number of many."""
        worth = self.complete and (len(self.complete) > 1 or self.is_complete)
        return self.complete if worth else None

    @property
    def is_complete(self) -> bool:
        """Whether every number from the first to the newest is settled.

        A statement about the archive; ``extensions/ending.py`` says how one run ended.
        """
        return (
            self.complete is not None
            and self.complete.first <= self.bottom
            and self.complete.last >= (self.newest or self.complete.last)
        )


@dataclass(frozen=True, slots=True)
class Pulse:
    """The figures that change from hour to hour, counted quickly."""

    states: dict[str, int]
    """How many numbers are in each ledger state; all seven are there."""
    due: dict[str, int]
    """How many numbers are due for a request, by :data:`KINDS`."""
    newest: int | None
    """The newest number that the site listed when it was last asked."""
    last_success: str | None
    """When a run last ended with exit code 0 or 3."""


KINDS = {
    "refresh": ("article", "removed", "restricted"),
    "recent gap": ("missing",),
    "another try": ("failed", "unknown", "pending"),
}
"""Why a number is due → the states of such numbers."""


def pulse(connection: Connection, site: str, now: datetime) -> Pulse:
    """Count the numbers by state and due time."""
    states: dict[str, int] = dict.fromkeys((*SETTLED, *UNSETTLED), 0)
    states.update(blocks.states(connection, site))
    newest = _number(connection, "SELECT max(newest) FROM runs WHERE site = ?", site)
    due = {
        row[0]: row[1]
        for row in connection.execute(
            # The plus keeps the planner from walking all numbers up to idx.
            "SELECT state, count(*) FROM ledger"
            " WHERE site = ? AND next_attempt_at <= ? AND +idx <= ? GROUP BY state",
            [site, clock.to_text(now), 2**63 - 1 if newest is None else newest],
        )
    }
    # A run whose clock jumped ahead would be the latest success until that day comes.
    last = connection.execute(
        "SELECT max(CASE WHEN finished_at <= :now THEN finished_at ELSE started_at END) FROM runs"
        " WHERE site = :site AND exit_code IN (0, 3) AND started_at <= :now",
        {"site": site, "now": clock.to_text(now)},
    ).fetchone()
    return Pulse(
        states=states,
        due={kind: sum(due.get(state, 0) for state in of) for kind, of in KINDS.items()},
        newest=newest,
        last_success=last[0],
    )


def coverage(connection: Connection, site: str, bottom: int, now: datetime) -> Coverage:
    """Count the numbers of a paper."""
    beat = pulse(connection, site, now)
    # One aggregate a query: only then does SQLite read the ends of an index and no more.
    first_idx, last_idx, first_date, last_date = (
        connection.execute(f"SELECT {of} FROM articles WHERE site = ?", [site]).fetchone()[0]
        for of in ("min(idx)", "max(idx)", "min(published_at)", "max(published_at)")
    )
    return Coverage(
        site=site,
        states=beat.states,
        first_idx=first_idx,
        last_idx=last_idx,
        first_date=first_date,
        last_date=last_date,
        newest=beat.newest,
        bottom=bottom,
        due=sum(beat.due.values()),
        due_by_kind=beat.due,
        last_success=beat.last_success,
        given_up=sum(
            _count(
                connection,
                "SELECT count(*) FROM ledger INDEXED BY ledger_by_state"
                " WHERE site = ? AND state = ? AND next_attempt_at IS NULL",
                site,
                state,
            )
            for state in UNSETTLED
        ),
        revisions=_count(
            connection,
            # CROSS JOIN: from the few edits to their articles; SQLite would reverse it.
            "SELECT count(*) FROM revision_texts AS r INDEXED BY revision_texts_of_edits"
            " CROSS JOIN articles AS a ON a.id = r.article_id WHERE r.number > 1 AND a.site = ?",
            site,
        ),
        duplicates=_count(
            connection,
            "SELECT count(*) FROM articles INDEXED BY articles_by_original"
            " WHERE duplicate_of IS NOT NULL AND site = ?",
            site,
        ),
        complete=_complete(connection, site),
    )


def _complete(connection: Connection, site: str) -> Stretch | None:
    """The range of settled numbers without a break that ends at the highest settled one."""
    tops = [
        connection.execute(
            "SELECT idx FROM ledger INDEXED BY ledger_by_state"
            " WHERE site = ? AND state = ? AND code IS NOT 'future' ORDER BY idx DESC LIMIT 1",
            [site, state],
        ).fetchone()
        for state in SETTLED
    ]
    top = max((row[0] for row in tops if row is not None), default=None)
    if top is None:
        return None
    first, last = next(blocks.with_holes(connection, site, blocks.SETTLED, top, 1), (1, 0))
    rows = connection.execute(
        "SELECT idx FROM ledger WHERE site = ? AND idx BETWEEN ? AND ?"
        f" AND state IN {SETTLED_SQL} ORDER BY idx DESC",
        [site, first, last],
    )
    unbroken = sum(1 for _ in takewhile(lambda at: at[0] == at[1][0], zip(count(last, -1), rows)))
    return Stretch(last - unbroken + 1, top)


def gaps(connection: Connection, site: str, bottom: int) -> Iterator[Gap]:
    """Every range of numbers without an article, upwards, including never requested ones."""
    rows = connection.execute(
        "SELECT idx, state, ifnull(reason, '') AS reason, last_attempt_at, next_attempt_at"
        " FROM ledger WHERE site = ? ORDER BY idx",
        [site],
    )
    newest = _number(connection, "SELECT max(newest) FROM runs WHERE site = ?", site) or 0
    highest = _number(connection, "SELECT max(idx) FROM articles WHERE site = ?", site) or 0
    yield from _merged(_with_holes(rows, bottom, max(newest, highest)))


def _with_holes(rows: Iterator[Any], bottom: int, newest: int) -> Iterator[Gap]:
    """Gaps of one number each, and the numbers without a row up to the newest one.

    A row far above the newest number, requested by hand, adds none of these.
    """
    expected = bottom
    for row in rows:
        end = min(row["idx"] - 1, newest)
        if end >= expected:
            yield Gap(Stretch(expected, end), NEVER_ASKED, "")
        expected = max(expected, row["idx"] + 1)
        if row["state"] != "article":
            yield Gap(
                Stretch(row["idx"], row["idx"]),
                row["state"],
                row["reason"],
                row["last_attempt_at"],
                row["next_attempt_at"],
            )
    if newest >= expected:
        yield Gap(Stretch(expected, newest), NEVER_ASKED, "")


def _merged(gaps: Iterator[Gap]) -> Iterator[Gap]:
    """Neighbours with the same state and reason become one range."""
    run = 0
    before: Gap | None = None

    def group(gap: Gap) -> int:
        nonlocal run, before
        joins = (
            before is not None
            and before.stretch.last + 1 == gap.stretch.first
            and (before.state, before.reason, before.given_up)
            == (gap.state, gap.reason, gap.given_up)
        )
        run += not joins
        before = gap
        return run

    for _, members in groupby(gaps, key=group):
        alike = list(members)
        first, last = alike[0], alike[-1]
        yield Gap(
            Stretch(first.stretch.first, last.stretch.last),
            first.state,
            first.reason,
            max((gap.last_attempt_at for gap in alike if gap.last_attempt_at), default=None),
            min((gap.next_attempt_at for gap in alike if gap.next_attempt_at), default=None),
        )


def runs(connection: Connection, site: str, limit: int) -> list[dict[str, Any]]:
    """The last runs, newest first."""
    rows = connection.execute(
        "SELECT * FROM runs WHERE site = ? ORDER BY id DESC LIMIT ?", [site, limit]
    )
    return [dict(row) for row in rows]


def _count(connection: Connection, sql: str, *values: Any) -> int:
    return int(connection.execute(sql, values).fetchone()[0])


def _number(connection: Connection, sql: str, *values: Any) -> int | None:
    value = connection.execute(sql, values).fetchone()[0]
    return None if value is None else int(value)
