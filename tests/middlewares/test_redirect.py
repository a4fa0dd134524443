"""Which redirects are followed, and which are the answer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from scrapy import Request

from tests.components import Bench, Served, answer, article_page, number_of

CASES = [
    # where number 7 is sent to, the verdict, requests for it
    ("https://www.amenews.kr/news/view.php?idx=7", "article", 2),
    ("http://amenews.kr/news/7", "article", 2),
    ("/news/view.php?idx=7&amp=1", "article", 2),
    ("/news/view.php?idx=8", "unknown", 1),
    ("/", "missing", 1),
    ("/bbs/login.php?url=x", "restricted", 1),
    ("http://elsewhere.example/news/view.php?idx=7", "unknown", 1),
    ("http://user:secret@amenews.kr/news/view.php?idx=7", "unknown", 1),
    ("gopher://amenews.kr/news/view.php?idx=7", "unknown", 1),
    ("http://[", "unknown", 1),
]


@pytest.mark.parametrize(("target", "verdict", "requests"), CASES)
def test_a_redirect_is_followed_to_the_same_number_on_the_papers_own_hosts(
    target: str, verdict: str, requests: int, tmp_path: Path
) -> None:
    def serve(request: Request) -> Served:
        if request.url == "http://amenews.kr/news/view.php?idx=7":
            return answer(request, status=302, Location=target)
        return answer(request, article_page(7))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    assert bench.play(bench.verdict(7)) == verdict
    assert sum(path != "robots.txt" for path in bench.asked) == requests


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        return answer(request, status=302, Location=f"{request.url}&again=1")

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    assert bench.play(bench.verdict(7)) == "unknown"
    assert len(bench.asked) == 1 + 6


def test_a_paper_that_has_moved_is_asked_at_its_new_place_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    moved = "https://www.amenews.kr"
    asked = []

    def serve(request: Request) -> Served:
        asked.append(request.url)
        if request.url.startswith(moved):
            return answer(request, article_page(int(request.url.rpartition("=")[2])))
        return answer(request, status=301, Location=moved + request.url.removeprefix(OLD))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")

    async def looks() -> list[str]:
        return [await bench.verdict(idx) for idx in range(1, 7)]

    with caplog.at_level(logging.INFO):
        assert bench.play(looks()) == ["article"] * 6
    old = [url for url in asked if url.startswith(OLD)]
    assert len(old) == 3
    assert len(asked) == 3 + 6
    assert caplog.text.count("redirects every page to https://www.amenews.kr") == 1


def sent_on(request: Request, how: str, idx: int) -> Served:
    match how:
        case "redirect":
            return answer(request, status=302, Location=f"/news/{idx}")
        case "refresh":
            page = f'<meta http-equiv="refresh" content="0; url=/news/{idx}">'
        case "script":
            page = f'<script>location.replace("/news/{idx}");</script>'
    return answer(request, f"<html><head>{page}</head><body></body></html>")


@pytest.mark.parametrize("how", ["redirect", "refresh", "script"])
def test_another_form_of_the_same_address_is_followed_and_then_asked_directly(
    how: str, tmp_path: Path
) -> None:
    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        is_old = "view.php" in request.url
        return sent_on(request, how, idx) if is_old else answer(request, article_page(idx))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")

    async def looks() -> list[str]:
        return [await bench.verdict(idx) for idx in range(11, 21)]

    assert bench.play(looks()) == ["article"] * 10
    assert sum("view.php" in path for path in bench.asked) == 3
    assert sum("news/1" in path or "news/2" in path for path in bench.asked) == 10


@pytest.mark.parametrize(
    "page",
    [
        '<script>alert("존재하지 않는 기사입니다.");location.replace("/news/7");</script>',
        '<script>document.cookie="a=1";location.replace("/news/7");</script>',
        '<script>location.replace("/news/8?from=7");</script>',
        '<script>location.replace("http://elsewhere.example/news/7");</script>',
    ],
)
def test_a_page_that_says_something_or_leads_elsewhere_is_not_followed(
    page: str, tmp_path: Path
) -> None:
    bench = Bench(lambda request: answer(request, page), tmp_path, "RETRY_TIMES=0")
    bench.play(bench.verdict(7))
    assert sum(path != "robots.txt" for path in bench.asked) == 1


OLD = "http://amenews.kr"
