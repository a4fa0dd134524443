"""HTTP statuses that decide on a verdict; a verdict with its reason."""

from __future__ import annotations

from typing import NamedTuple

from newscrawler.items import Verdict

GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 406, 407, 444, 451})
BUSY = frozenset({408, 425, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses of redirects; 300 and 305 have other meanings."""


class Classification(NamedTuple):
    verdict: Verdict
    reason: str


def refuses(status: int, verdict: Verdict) -> bool:
    """Whether a status takes a verdict back: who is refused learns nothing of the number."""
    return status in REFUSED and verdict in (Verdict.MISSING, Verdict.REMOVED)
