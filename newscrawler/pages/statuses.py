"""HTTP statuses that decide on a verdict; a verdict with its reason."""

from __future__ import annotations

from typing import NamedTuple

from newscrawler.items import Verdict

GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 406, 407, 444, 451})
BUSY = frozenset({408, 425, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses of redirects; 300 and 305 have other meanings."""
_NOT_THE_PAGE = frozenset({204, 205, 206})


def brings_page(status: int) -> bool:
    """Whether an answer is the page itself: a status 2xx that is not known means 200 (RFC 9110,
    15), and 203 is the page as a proxy has changed it."""
    return 200 <= status < 300 and status not in _NOT_THE_PAGE


class Classification(NamedTuple):
    verdict: Verdict
    reason: str


def refuses(status: int, verdict: Verdict) -> bool:
    """Whether a status takes a verdict back: who is refused learns nothing of the number."""
    return status in REFUSED and verdict in (Verdict.MISSING, Verdict.REMOVED)
