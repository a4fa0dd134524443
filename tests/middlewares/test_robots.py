"""robots.txt: read first, obeyed, and what it means when it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request

from newscrawler.extensions.pacer import Pacer
from tests.components import Bench, Served, answer, article_page

CASES: list[tuple[Served | int | str, str, str | None]] = [
    # robots.txt, what a look brings, how the crawl ends
    ("User-agent: *\nAllow: /\n", "article", None),
    ("", "article", None),
    ("User-agent: *\nDisallow: /news/\n", "ForbiddenError", None),
    ("User-agent: newscrawler\nDisallow: /\n", "ForbiddenError", None),
    ("User-agent: somebody\nDisallow: /\n", "article", None),
    (404, "article", None),
    (403, "article", None),
    (503, "ForbiddenError", "down"),
    (429, "ForbiddenError", "down"),
    (ConnectionRefusedError("refused"), "ForbiddenError", "down"),
]


@pytest.mark.parametrize(("robots", "look", "outcome"), CASES)
def test_what_robots_txt_says_holds(
    robots: Served | int | str, look: str, outcome: str | None, tmp_path: Path
) -> None:
    bench = Bench(lambda request: answer(request, article_page(7)), tmp_path, "RETRY_TIMES=0")
    bench.robots = robots
    assert bench.play(bench.verdict(7)) == look
    assert (bench.stopped and bench.stopped[0]) == outcome
    assert bench.asked[0] == "robots.txt"


def test_one_reading_serves_all(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request, article_page(7)), tmp_path)

    async def walk() -> None:
        for _ in range(3):
            await bench.verdict(7)

    bench.play(walk())
    assert bench.asked.count("robots.txt") == 1


@pytest.mark.parametrize(
    ("line", "floor", "outcome"),
    [("Crawl-delay: 0.02", 0.02, None), ("Crawl-delay: 9000", 0.0, "forbidden")],
)
def test_the_pace_that_it_asks_for_is_kept(
    line: str, floor: float, outcome: str | None, tmp_path: Path
) -> None:
    bench = Bench(lambda request: answer(request, article_page(7)), tmp_path)
    bench.robots = f"User-agent: *\n{line}\n"
    bench.play(bench.verdict(7))
    assert bench.part(Pacer).floor == floor
    assert (bench.stopped and bench.stopped[0]) == outcome


def test_robots_txt_may_lead_to_another_host(tmp_path: Path) -> None:
    elsewhere = "http://rules.example.org/robots.txt"
    asked: list[str] = []

    def robots(request: Request) -> Served:
        asked.append(request.url)
        if request.url == elsewhere:
            return answer(request, "User-agent: *\nDisallow: /\n")
        return answer(request, status=301, Location=elsewhere)

    bench = Bench(lambda request: answer(request, article_page(7)), tmp_path)
    bench._robots = robots  # type: ignore[method-assign]  # another site for this file alone
    assert bench.play(bench.verdict(7)) == "ForbiddenError"
    assert asked == ["http://amenews.kr/robots.txt", elsewhere]
