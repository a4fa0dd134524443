"""Which of the numbers that a site lists is its newest: each must be confirmed by a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newscrawler.store.ledger import Pace

LEAP = 1000
"""More numbers than a paper publishes in two months."""

_PATIENCE = 3
"""A paper may publish this many times faster than before."""

_ONE_BY_ONE = 3
"""How many listed numbers are requested from the top, one by one, before a binary search in the
rest."""


class Proof(StrEnum):
    """What a request for a listed number showed."""

    THERE = "there"
    """An article, perhaps for members only."""
    NOTHING = "nothing"
    """The site says that there is no article."""
    UNCLEAR = "unclear"
    """No answer that can be understood: neither confirmed nor refuted."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The number up to which a crawl may go."""

    idx: int
    is_proven: bool
    """Whether a request confirmed it; an unconfirmed number must not settle gaps below it."""
    doubted: tuple[int, ...] = ()
    """Listed numbers above it that do not exist."""


def ceiling(known: int, pace: Pace | None, now: datetime) -> int | None:
    """The highest number that a paper can have published since its newest known article.

    ``None``: nothing is known, so there is no limit.
    """
    if not known:
        return None
    if pace is None:
        return known + LEAP
    days = max(0.0, (now - pace.last_published_at).total_seconds() / 86_400)
    return known + LEAP + int(_PATIENCE * pace.per_day * days)


async def find(
    listed: Iterable[int],
    limit: int | None,
    look: Callable[[int], Awaitable[Proof]],
) -> Newest | None:
    """The highest of the listed numbers that exists; ``None``: none of them does.

    A number up to ``limit`` without a clear answer is accepted for the crawl, which then meets the
    same problem; one beyond ``limit`` is not. One request in the ordinary case; three and a binary
    search if a page is full of false links.

    Args:
        listed: numbers that are not known yet.
        limit: the result of :func:`ceiling`.
        look: requests a number.
    """
    candidates = sorted(set(listed), reverse=True)
    doubted: list[int] = []

    async def proof(idx: int) -> Newest | None:
        found = await look(idx)
        if found is Proof.THERE:
            return Newest(idx, True, tuple(doubted))
        if found is Proof.UNCLEAR and (limit is None or idx <= limit):
            return Newest(idx, False, tuple(doubted))
        doubted.append(idx)
        return None

    for idx in candidates[:_ONE_BY_ONE]:
        if found := await proof(idx):
            return found
    best: Newest | None = None
    low, high = _ONE_BY_ONE, len(candidates)
    while low < high:
        middle = (low + high) // 2
        if found := await proof(candidates[middle]):
            best, high = found, middle
        else:
            low = middle + 1
    return best
