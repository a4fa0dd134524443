"""The states of a number in the ledger: settled, or waiting for another attempt."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """The state of a number."""

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
"""The right side of IN."""
UNSETTLED_SQL = _list(UNSETTLED)


class Code(StrEnum):
    """``ledger.code``: why a number waits, if the program depends on it."""

    FUTURE = "future"
    """No article, and above the highest article: it may still be published.

    ``pending``, or ``missing`` if the number was selected by hand."""
    DISBELIEVED = "disbelieved"
    """The answer said "missing", but existing articles had the same answer; or it was an article,
    and many other numbers had the same text."""
    CRASHED = "crashed"
    """A run ended while it read the answer."""


FINAL_SQL = f"state IN {SETTLED_SQL} AND code IS NOT '{Code.FUTURE}'"
"""Finally settled rows: numbers that may still be published are requested again."""

REASONS = {
    Code.FUTURE: "not published yet",
    Code.DISBELIEVED: "the site said that nothing is there, and said so of articles too",
    Code.CRASHED: "an earlier run ended while it read the answer",
}
"""The texts in ``ledger.reason`` for the codes: for people, never compared."""

ONE_TEXT = "many numbers show this article"
"""The text in ``ledger.reason`` of a number whose article is not believed, stored or not."""
