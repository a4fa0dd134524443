"""What a site lists as its newest number is a claim: how far ahead it can be believed at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newscrawler.store.ledger import Pace

LEAP = 1000
"""More numbers than a paper gives out in two months."""

_PATIENCE = 3
"""So many times faster than before a paper may have become."""

_ONE_BY_ONE = 3
"""How many listed numbers are tried from the top before the rest is halved and halved again."""


class Proof(StrEnum):
    """What a listed number turned out to be."""

    THERE = "there"
    """An article, or one for members."""
    NOTHING = "nothing"
    """The site says itself that there is nothing."""
    NO_WORD = "no word"
    """No answer that can be understood: neither proof nor denial."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The number up to which a walk may go."""

    idx: int
    is_proven: bool
    """Whether something was seen there; by what is merely claimed nothing is settled."""
    doubted: tuple[int, ...] = ()
    """Listed numbers above it under which there is nothing."""


def ceiling(known: int, pace: Pace | None, now: datetime) -> int | None:
    """The highest number that a paper can have given out since its newest known article.

    ``None``: nothing is known of it, so anything may be.
    """
    if not known:
        return None
    if pace is None:
        return known + LEAP
    days = max(0.0, (now - pace.last_published_at).total_seconds() / 86_400)
    return known + LEAP + int(_PATIENCE * pace.per_day * days)


async def newest(
    listed: Iterable[int],
    limit: int | None,
    look: Callable[[int], Awaitable[Proof]],
) -> Newest | None:
    """The highest of the listed numbers that is there; ``None``: none of them is.

    A number up to ``limit`` of which the site says no word is believed for the
    walk, which finds out what is wrong; one beyond is not. One question in the
    ordinary case, three and a logarithm when a page is full of bogus links.

    Args:
        listed: numbers that are not known yet.
    """
    candidates = sorted(set(listed), reverse=True)
    doubted: list[int] = []

    async def proof(idx: int) -> Newest | None:
        found = await look(idx)
        if found is Proof.THERE:
            return Newest(idx, True, tuple(doubted))
        if found is Proof.NO_WORD and (limit is None or idx <= limit):
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
