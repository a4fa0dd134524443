"""The states of a number in the ledger: settled, or waiting for another try."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """What is known of a number."""

    ARTICLE = "article"
    MISSING = "missing"
    REMOVED = "removed"
    RESTRICTED = "restricted"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def settled(self) -> bool:
        return self in SETTLED


SETTLED = (State.ARTICLE, State.MISSING, State.REMOVED, State.RESTRICTED)
UNSETTLED = (State.PENDING, State.FAILED, State.UNKNOWN)


def _list(states: Iterable[State]) -> str:
    return f"({', '.join(map(repr, map(str, states)))})"


SETTLED_SQL = _list(SETTLED)
"""What stands after IN."""
UNSETTLED_SQL = _list(UNSETTLED)


class Code(StrEnum):
    """``ledger.code``: why a number waits, where the program acts on it."""

    FUTURE = "future"
    """Nothing there, and above the highest article: it may still be published.

    ``pending``, or ``missing`` where the number was asked for by name."""
    DISBELIEVED = "disbelieved"
    """The answer said "missing", but articles that are there were called missing too."""
    CRASHED = "crashed"
    """A run ended while it read the answer."""


FINAL_SQL = f"state IN {SETTLED_SQL} AND code IS NOT '{Code.FUTURE}'"
"""Settled rows by which a walk may go: what may still be published is asked for again."""

REASONS = {
    Code.FUTURE: "not published yet",
    Code.DISBELIEVED: "the site said that nothing is there, and said so of articles too",
    Code.CRASHED: "an earlier run ended while it read the answer",
}
"""What stands in ``ledger.reason`` beside a code: for people, never compared."""
