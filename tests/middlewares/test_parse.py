"""Each answer is read once, with what a 304 means."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawler.middlewares.meta import meta_of
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.middlewares.repeated_text import COPIES
from newscrawler.pages import fingerprint
from tests.components import GAP, Bench, answer, article_page
from tests.making import article, keep

CASES = [
    # status, body, headers of the question, verdict
    (200, article_page(7), {}, "article"),
    (200, GAP, {}, "missing"),
    (304, "", {"If-None-Match": '"7"'}, "unchanged"),
    (304, "", {"If-Modified-Since": "Tue, 05 Mar 2024 01:11:12 GMT"}, "unchanged"),
    (304, "", {}, "temporary"),
    (500, article_page(7), {}, "temporary"),
]


@pytest.mark.parametrize(("status", "body", "headers", "verdict"), CASES)
def test_an_answer_is_read_before_anybody_decides(
    status: int, body: str, headers: dict[str, str], verdict: str, tmp_path: Path
) -> None:
    bench = Bench(lambda request: answer(request, body, status), tmp_path, "RETRY_TIMES=0")
    request = bench.request(7).replace(headers=headers)
    meta = meta_of(bench.play(bench.ask(request)))
    assert meta["reading"].verdict == verdict
    assert meta["capture"].http_status == status


def test_a_page_that_is_no_article_of_ours_is_left_alone(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request, GAP), tmp_path)
    request = bench.request(7)
    del meta_of(request)["idx"]
    assert "reading" not in meta_of(bench.play(bench.ask(request)))


def test_the_answer_for_an_impossible_number_is_known_again(tmp_path: Path) -> None:
    odd = f"<p>신소재경제신문에 없는 글입니다만 무어라고는 하지 않습니다 {'그렇습니다. ' * 80}</p>"
    bench = Bench(lambda request: answer(request, odd), tmp_path)
    assert bench.play(bench.verdict(7)) == "unknown"
    again = Bench(lambda request: answer(request, odd), tmp_path)
    parse = again.crawler.get_downloader_middleware(ParseMiddleware)
    assert parse is not None

    async def learn_and_ask() -> str:
        first = await again.ask(again.request(2_147_483_647))
        parse.gap_fingerprints = frozenset({fingerprint(meta_of(first)["capture"])})
        return await again.verdict(7)

    assert again.play(learn_and_ask()) == "missing"


def test_stored_copies_of_one_text_are_doubted_before_the_run_ends(tmp_path: Path) -> None:
    """A run that is killed has no end."""
    path = keep(tmp_path / "archive.db", *(article(idx, "one") for idx in range(1, COPIES)))
    page = article_page(7)
    bench = Bench(lambda request: answer(request, page), tmp_path)

    async def walk() -> list[str]:
        assert bench.holder.ledger.some_articles(99), "the archive is open, as in a crawl"
        return [await bench.verdict(idx) for idx in range(1, COPIES + 3)]

    assert bench.play(walk())[-3:] == ["copy"] * 3
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT DISTINCT state, failures FROM ledger").fetchall()
    assert found == [("unknown", 1)]
