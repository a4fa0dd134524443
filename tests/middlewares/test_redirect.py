"""Which redirects are followed, and which are the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request

from tests.components import Bench, Served, answer, article_page

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
    assert bench.play(bench.look(7)) == verdict
    assert sum(path != "robots.txt" for path in bench.asked) == requests


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        return answer(request, status=302, Location=f"{request.url}&again=1")

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    assert bench.play(bench.look(7)) == "unknown"
    assert len(bench.asked) == 1 + 6
