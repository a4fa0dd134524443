"""The order of the middlewares carries the design: swap what matters, and something is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from newscrawler import settings
from newscrawler.middlewares.canary import CanaryMiddleware
from newscrawler.middlewares.circuit_breaker import CircuitBreakerMiddleware
from newscrawler.middlewares.failing_share import FailingShareMiddleware
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.middlewares.redirect import RedirectMiddleware
from newscrawler.middlewares.retry import RetryMiddleware
from newscrawler.middlewares.robots import RobotsMiddleware
from tests.components import GAP, Bench, Served, answer, article_page, number_of
from tests.making import article, keep

ORDER = [
    RobotsMiddleware,
    FailingShareMiddleware,
    CanaryMiddleware,
    RetryMiddleware,
    CircuitBreakerMiddleware,
    ParseMiddleware,
    RedirectMiddleware,
]


def swapped(one: type, other: type) -> dict[str, int]:
    wired = {name: place for name, place in settings.DOWNLOADER_MIDDLEWARES.items() if place}
    names = {name.rpartition(".")[2]: name for name in wired}
    a, b = names[one.__name__], names[other.__name__]
    return {**settings.DOWNLOADER_MIDDLEWARES, a: wired[b], b: wired[a]}  # type: ignore[dict-item]


def test_the_chain_stands_as_the_settings_explain_it(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request), tmp_path)
    chain = [type(one) for one in bench.middlewares.middlewares]
    assert [cls for cls in chain if cls in ORDER] == ORDER


def everything_is_a_gap(request: Request) -> Served:
    return answer(request, GAP)


def verdicts(tmp_path: Path, **wiring: Any) -> list[str]:
    """A site that has lost its articles, seen through the chain."""
    keep(tmp_path / "archive.db", article(98, "one"), article(99, "two"))
    bench = Bench(everything_is_a_gap, tmp_path, "BREAKER_GAPS=2", **wiring)

    async def walk() -> list[str]:
        return [await bench.verdict(idx) for idx in (1, 2, 3)]

    return bench.play(walk())


def test_gaps_of_a_site_that_lost_its_articles_are_not_believed(tmp_path: Path) -> None:
    assert verdicts(tmp_path) == ["missing", "unknown", "unknown"]


@pytest.mark.parametrize("other", [ParseMiddleware, RedirectMiddleware])
def test_a_canary_below_the_reading_believes_every_gap(tmp_path: Path, other: type) -> None:
    wired = swapped(CanaryMiddleware, other)
    assert verdicts(tmp_path, DOWNLOADER_MIDDLEWARES=wired) == ["missing", "missing", "missing"]


def a_moved_article(request: Request) -> Served:
    if "moved" not in request.url:
        return answer(request, status=302, Location=f"{request.url}&moved=1")
    return answer(request, article_page(number_of(request) or 0))


def one_answer(tmp_path: Path, **wiring: Any) -> str:
    bench = Bench(a_moved_article, tmp_path, **wiring)
    return bench.play(bench.verdict(7))


def test_a_page_is_read_at_the_end_of_its_redirects(tmp_path: Path) -> None:
    assert one_answer(tmp_path) == "article"


def test_failed_tries_count_at_the_breaker_one_by_one(tmp_path: Path) -> None:
    def asked_until_given_up(**wiring: Any) -> int:
        bench = Bench(
            lambda request: answer(request, status=503),
            tmp_path,
            *("RETRY_TIMES=3", "BREAKER_THRESHOLD=4", "BREAKER_PROBES=0"),
            **wiring,
        )

        async def walk() -> None:
            for idx in range(1, 20):
                if not bench.stopped:
                    await bench.verdict(idx)

        bench.play(walk())
        return sum(path != "robots.txt" for path in bench.asked)

    wired = swapped(RetryMiddleware, CircuitBreakerMiddleware)
    assert asked_until_given_up() == 4
    assert asked_until_given_up(DOWNLOADER_MIDDLEWARES=wired) > 4


def test_what_robots_txt_forbids_is_no_bad_answer(tmp_path: Path) -> None:
    bench = Bench(
        lambda request: answer(request, GAP), tmp_path, "BREAKER_THRESHOLD=1", "BREAKER_PROBES=0"
    )
    bench.robots = "User-agent: *\nDisallow: /news/\n"

    async def walk() -> list[str]:
        return [await bench.verdict(idx) for idx in (1, 2)]

    assert bench.play(walk()) == ["ForbiddenError", "ForbiddenError"]
    assert bench.stopped is None
    assert bench.asked == ["robots.txt"]
