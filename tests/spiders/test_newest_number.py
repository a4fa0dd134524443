"""What a site lists as its newest number: believed when it is there, bounded when nobody knows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from newscrawler.spiders import newest_number
from newscrawler.spiders.newest_number import Proof
from newscrawler.store.ledger import Pace

NOW = datetime(2026, 7, 1, tzinfo=UTC)
REAL = list(range(40, 61))

CASES = [
    # listed, what stands above 60 is answered, limit, the newest, proven, questions at most
    (REAL, Proof.NOTHING, 1060, 60, True, 1),
    ([2**40, *REAL], Proof.NOTHING, 1060, 60, True, 2),
    ([2**62, 2**63 - 1, *REAL], Proof.NOTHING, None, 60, True, 3),
    ([560, *REAL], Proof.NOTHING, 1060, 60, True, 2),
    ([*range(10_000, 15_000), *REAL], Proof.NOTHING, 1060, 60, True, 3 + 13),
    ([65, *REAL], Proof.UNCLEAR, 1060, 65, False, 1),
    ([2**40, *REAL], Proof.UNCLEAR, 1060, 60, True, 2),
    ([2**40, 2**41], Proof.NOTHING, None, None, False, 2),
    ([], Proof.NOTHING, None, None, False, 0),
]


@pytest.mark.parametrize(("listed", "above", "limit", "idx", "proven", "questions"), CASES)
def test_a_listed_number_counts_once_a_request_confirms_it(
    listed: list[int],
    above: Proof,
    limit: int | None,
    idx: int | None,
    proven: bool,
    questions: int,
) -> None:
    asked: list[int] = []

    async def look(number: int) -> Proof:
        asked.append(number)
        return Proof.THERE if number <= 60 else above

    found = asyncio.run(newest_number.find(listed, limit, look))
    assert (found and found.idx) == idx
    assert bool(found and found.is_proven) == proven
    assert len(asked) <= questions


def test_what_is_not_there_is_said() -> None:
    async def look(number: int) -> Proof:
        return Proof.THERE if number <= 60 else Proof.NOTHING

    found = asyncio.run(newest_number.find([2**40, 560, 60], None, look))
    assert found
    assert found.doubted == (2**40, 560)


@pytest.mark.parametrize(
    ("known", "pace", "limit"),
    [
        (0, None, None),
        (60, None, 1060),
        (60, Pace(10.0, NOW), 1060),
        (60, Pace(10.0, NOW - timedelta(days=365)), 60 + 1000 + 3 * 10 * 365),
        (60, Pace(10.0, NOW + timedelta(days=365)), 1060),
    ],
)
def test_how_far_a_paper_can_have_come(known: int, pace: Pace | None, limit: int | None) -> None:
    assert newest_number.ceiling(known, pace, NOW) == limit
