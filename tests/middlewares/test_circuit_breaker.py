"""When the breaker opens, what its probes find out, and how it gives up."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request

from tests.components import GAP, Bench, Served, answer, article_page, number_of
from tests.making import article, keep

NOISE = "<html><body><p>" + "무슨 말인지 알 수 없는 낱말들. " * 60 + "</p></body></html>"

REFUSAL = "<html><title>403 Forbidden</title><body>Forbidden</body></html>"

QUICK = ("RETRY_TIMES=0", "BREAKER_THRESHOLD=4", "BREAKER_BLOCKS=2", "BREAKER_PROBES=2")


CASES = [
    # the answers for the walk's numbers, what known articles answer, the ending
    ([(503, "")] * 6, 503, "down"),
    ([(403, REFUSAL)] * 6, 403, "blocked"),
    ([(403, "")] * 6, 403, "blocked"),
    ([(200, NOISE)] * 6, 503, "changed"),
    ([(200, NOISE)] * 6, 200, None),
    ([(503, ""), (200, GAP)] * 6, 503, None),
    ([(200, NOISE), (200, GAP)] * 6, 503, "changed"),
]


def test_pages_that_are_not_understood_can_be_kept_for_later(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, NOISE) if idx <= 40 else answer(request, "", 503)

    bench = Bench(serve, tmp_path, *QUICK, "ON_UNKNOWN=keep")

    async def walk() -> list[str]:
        return [await bench.verdict(idx) for idx in range(1, 41)]

    assert bench.play(walk()) == ["unknown"] * 40
    assert bench.stopped is None
    bench = Bench(serve, tmp_path, *QUICK, "ON_UNKNOWN=keep")

    async def fail() -> None:
        for idx in range(41, 52):
            if not bench.stopped:
                await bench.verdict(idx)

    bench.play(fail())
    assert bench.stopped is not None
    assert bench.stopped[0] == "down"


@pytest.mark.parametrize(("answers", "known", "outcome"), CASES)
def test_bad_answers_in_a_row_end_a_crawl_unless_a_known_article_is_there(
    answers: list[tuple[int, str]], known: int, outcome: str | None, tmp_path: Path
) -> None:
    keep(tmp_path / "archive.db", *(article(idx, "known") for idx in (90, 91, 92)))

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        if idx >= 90:
            return answer(request, article_page(idx) if known == 200 else "", known)
        status, body = answers[idx - 1]
        return answer(request, body, status)

    bench = Bench(serve, tmp_path, *QUICK)

    async def walk() -> None:
        for idx in range(1, len(answers) + 1):
            if not bench.stopped:
                await bench.verdict(idx)

    bench.play(walk())
    assert (bench.stopped and bench.stopped[0]) == outcome


def test_a_refusal_opens_it_sooner_than_a_hiccup(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request, REFUSAL, 403), tmp_path, *QUICK)

    async def walk() -> int:
        for idx in range(1, 20):
            if bench.stopped:
                return idx - 1
            await bench.verdict(idx)
        return 0

    # No known article can be asked: after the second refusal the next two numbers are the probes.
    assert bench.play(walk()) == 2 + 2


def test_an_article_ends_every_streak(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, article_page(idx) if idx % 3 == 0 else NOISE)

    bench = Bench(serve, tmp_path, *QUICK, "BREAKER_SHARE=0")

    async def walk() -> None:
        for idx in range(1, 30):
            await bench.verdict(idx)

    bench.play(walk())
    assert bench.stopped is None
