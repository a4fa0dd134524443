"""Gaps in a row: believed when a known article is there, taken back when it is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from scrapy import Request

from tests.components import GAP, Bench, Served, answer, article_page, number_of
from tests.making import article, keep

CASES = [
    # what two known articles answer, what the walk's gaps are taken for in the end
    ((200, 200), "missing", None),
    (("gap", 200), "missing", None),
    (("gap", "gap"), "unknown", "changed"),
    ((503, "gap"), "missing", None),
]


@pytest.mark.parametrize(("known", "verdict", "outcome"), CASES)
def test_gaps_are_believed_as_long_as_known_articles_are_there(
    known: tuple[int | str, int | str], verdict: str, outcome: str | None, tmp_path: Path
) -> None:
    keep(tmp_path / "archive.db", article(98, "one"), article(99, "two"))

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        says = known[99 - idx] if idx >= 98 else "gap"
        if says == "gap":
            return answer(request, GAP)
        return answer(request, article_page(idx) if says == 200 else "", int(says))

    bench = Bench(serve, tmp_path, "BREAKER_GAPS=3", "RETRY_TIMES=0")

    async def walk() -> list[str]:
        return [await bench.look(idx) for idx in (1, 2, 3, 4)]

    assert bench.play(walk())[-1] == verdict
    assert (bench.stopped and bench.stopped[0]) == outcome


def test_a_true_hole_costs_ever_fewer_questions(tmp_path: Path) -> None:
    keep(tmp_path / "archive.db", article(99, "one"))

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, article_page(idx) if idx == 99 else GAP)

    bench = Bench(serve, tmp_path, "BREAKER_GAPS=2")

    async def walk() -> None:
        for idx in range(1, 31):
            await bench.look(idx)

    bench.play(walk())
    # After 2, 4, 8 and 16 gaps.
    assert sum("idx=99" in path for path in bench.asked) == 4


def test_what_was_believed_before_is_taken_back(tmp_path: Path) -> None:
    path = keep(tmp_path / "archive.db", article(98, "one"), article(99, "two"))
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "INSERT INTO ledger (site, idx, state, attempts) VALUES ('amenews', ?, 'missing', 1)",
            [(1,), (2,)],
        )
    bench = Bench(lambda request: answer(request, GAP), tmp_path, "BREAKER_GAPS=3")

    async def walk() -> None:
        for idx in (1, 2, 3):
            await bench.look(idx)

    bench.play(walk())
    with sqlite3.connect(path) as connection:
        states = dict(connection.execute("SELECT idx, state FROM ledger WHERE idx < 98").fetchall())
    assert states == {1: "pending", 2: "pending"}
