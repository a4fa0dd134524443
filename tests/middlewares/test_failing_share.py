"""A site that works for some numbers only is left soon; a site with short troubles is not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from scrapy import Request

from newscrawler.items import Answer, Reading, Verdict
from newscrawler.middlewares.failing_share import LATEST
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.pages import PARSER_VERSION
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests.components import GAP, Bench, Served, answer, article_page, number_of
from tests.making import FETCHED, article, keep

NOISE = "<html><body><p>" + "무슨 말인지 알 수 없는 낱말들. " * 60 + "</p></body></html>"
BLOCK = "<html><title>403 Forbidden</title><body>Forbidden</body></html>"
LIMIT = 20

BROKEN: dict[str, tuple[Callable[[Request], Served], str]] = {
    "another number's article": (lambda r: answer(r, article_page(7) + OTHER), "changed"),
    "not understood": (lambda r: answer(r, NOISE), "changed"),
    "refused": (lambda r: answer(r, BLOCK, 403), "blocked"),
    "error": (lambda r: answer(r, "", 500), "down"),
    "connection lost": (lambda r: ConnectionResetError("gone"), "down"),
    "empty": (lambda r: answer(r, ""), "down"),
}
OTHER = "<p>아래 고유 링크 주소를 출처로 사용해주세요. http://amenews.kr/news/view.php?idx=7</p>"


def walked(bench: Bench, idxs: Iterable[int]) -> int:
    """How many numbers are requested until the crawl ends."""

    async def walk() -> int:
        count = 0
        for idx in idxs:
            if bench.stopped:
                break
            await bench.verdict(idx)
            count += 1
        return count

    return bench.play(walk())


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("share", ["every third", "a random half"])
def test_a_site_that_fails_for_a_part_of_its_numbers_is_left_soon(
    kind: str, share: str, tmp_path: Path
) -> None:
    keep(tmp_path / "archive.db", *(article(idx, f"known {idx}") for idx in (990, 992, 995)))
    half = random.Random(81).sample(range(100, 200), 50)
    broken = set(range(100, 200, 3) if share == "every third" else half)
    bad, outcome = BROKEN[kind]

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return bad(request) if idx in broken else answer(request, article_page(idx))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=1")
    assert walked(bench, range(100, 200)) <= 3 * LIMIT + 1
    assert bench.stopped is not None
    assert bench.stopped[0] == outcome
    assert "some numbers only" in bench.stopped[1] or "in a row" in bench.stopped[1]


def test_a_third_of_all_answers_may_be_faulty(tmp_path: Path) -> None:
    dice = random.Random(81)
    faults = [bad for name, (bad, _) in BROKEN.items() if name in ("error", "empty")]

    def serve(request: Request) -> Served:
        if dice.random() < 0.33:
            return dice.choice(faults)(request)
        return answer(request, article_page(number_of(request) or 0))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=3")
    assert walked(bench, range(1, 301)) == 300
    assert bench.stopped is None


@pytest.mark.parametrize("setting", ["", "BREAKER_SHARE=0", "ON_UNKNOWN=keep"])
def test_few_failures_and_those_of_an_operators_wish_end_nothing(
    setting: str, tmp_path: Path
) -> None:
    every = 2 if setting else 6  # 16 in 100

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, NOISE if idx % every == 0 else article_page(idx))

    bench = Bench(serve, tmp_path, *([setting] if setting else []))
    assert walked(bench, range(1, 2 * LATEST)) == 2 * LATEST - 1
    assert bench.stopped is None


def test_numbers_that_failed_in_an_earlier_run_do_not_count(tmp_path: Path) -> None:
    """Catching up begins with them: the new ones behind them would never be reached."""
    failed = Reading(Verdict.TEMPORARY, "status 500")
    with Store.open(tmp_path / "archive.db") as store:
        store.save_all(
            [Answer("amenews", idx, FETCHED, reading=failed) for idx in range(1, 200)],
            Schedule(),
            parser_version=PARSER_VERSION,
        )

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, article_page(idx)) if idx % 2 else answer(request, "", 500)

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    assert walked(bench, range(1, 200)) == 199
    assert bench.stopped is None


def test_silent_gaps_do_not_count(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        is_gap = idx == IMPOSSIBLE_IDX or idx % 2
        return answer(request, "" if is_gap else article_page(idx))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")

    async def walk() -> None:
        parser = bench.crawler.get_downloader_middleware(ParseMiddleware)
        assert parser is not None
        parser.nothing = "status 200, an empty answer"
        for idx in range(1, 100):
            await bench.verdict(idx)

    bench.play(walk())
    assert bench.stopped is None


def test_gaps_do_not_count(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, GAP if idx % 2 else article_page(idx))

    bench = Bench(serve, tmp_path)
    assert walked(bench, range(1, 150)) == 149
    assert bench.stopped is None
