"""Quick tries: for what, how often, and what is remembered of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.exceptions import IgnoreRequest

from newscrawler.middlewares.meta import meta_of
from tests.components import GAP, Bench, Served, answer, article_page

PAGE = {403: "<html><title>403 Forbidden</title><body>Forbidden</body></html>"}

CASES: list[tuple[list[int | Exception], str, int]] = [
    # what the site does in turn, verdict, requests
    ([200], "article", 1),
    ([503, 200], "article", 2),
    ([500, 502, 429, 200], "article", 4),
    ([503] * 4, "temporary", 4),
    ([TimeoutError("late"), 200], "article", 2),
    ([ConnectionRefusedError("no")] * 4, "ConnectionRefusedError", 4),
    ([404], "missing", 1),
    ([403], "blocked", 1),
    ([IgnoreRequest("forbidden")], "IgnoreRequest", 1),
]


@pytest.mark.parametrize(("served", "verdict", "requests"), CASES)
def test_only_trouble_is_tried_again(
    served: list[int | Exception], verdict: str, requests: int, tmp_path: Path
) -> None:
    turns = iter(served)

    def serve(request: object) -> Served:
        turn = next(turns)
        if isinstance(turn, Exception):
            return turn
        return answer(request, article_page(5) if turn == 200 else PAGE.get(turn, ""), turn)  # type: ignore[arg-type]

    bench = Bench(serve, tmp_path, "RETRY_TIMES=3", "BREAKER_THRESHOLD=1000")
    assert bench.play(bench.verdict(5)) == verdict
    assert len(bench.asked) - 1 == requests


def test_an_answer_knows_its_requests_and_the_trouble_before_it(tmp_path: Path) -> None:
    turns = iter([503, 200])
    bench = Bench(lambda r: answer(r, article_page(5), next(turns)), tmp_path)
    meta = meta_of(bench.play(bench.ask(bench.request(5))))
    assert (meta["requests"], meta["tries"], meta["trouble"]) == (2, 1, "status 503")


def test_a_known_article_that_is_asked_as_a_canary_is_asked_once(tmp_path: Path) -> None:
    bench = Bench(lambda r: answer(r, status=503), tmp_path)
    bench.play(bench.ask(bench.request(5, canary=True)))
    assert len(bench.asked) == 2


def test_a_gap_is_an_answer(tmp_path: Path) -> None:
    bench = Bench(lambda r: answer(r, GAP), tmp_path)
    assert bench.play(bench.verdict(5)) == "missing"
    assert len(bench.asked) == 2
