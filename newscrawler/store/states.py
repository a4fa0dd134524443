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

DISTRUSTED = "the site called everything missing, known articles too"
"""The ledger's reason of numbers whose answers said "missing" and were not believed."""
