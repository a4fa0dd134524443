"""A site that serves one article for every number: it is left soon, and nothing settles by it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from newscrawler.demo.answers import html
from newscrawler.demo.routes import Router
from newscrawler.items import Article, Image
from newscrawler.middlewares.repeated_text import COPIES, WINDOW, RepeatedText
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX
from tests.conftest import Desk, run
from tests.making import article


def serve_one(desk: Desk, *, with_own_number: bool) -> None:
    newest = next(desk.newspaper.newest_articles())
    page = Router(desk.newspaper).answer("/news/view.php", f"idx={newest}").body.decode()
    for idx in (*range(1, newest + 1), IMPOSSIBLE_IDX):
        own = re.sub(rf"idx={newest}\b", f"idx={idx}", page) if with_own_number else page
        desk.server.instead[f"/news/view.php?idx={idx}"] = html(own)


@pytest.mark.parametrize("with_own_number", [False, True])
def test_one_article_for_every_number_ends_the_run_soon_and_settles_no_gap(
    desk: Desk, with_own_number: bool
) -> None:
    serve_one(desk, with_own_number=with_own_number)
    summary = desk.crawl_here()
    assert (summary["exit_code"], summary["outcome"]) == (4, "changed")
    assert summary["requests"] < 40
    newest = next(desk.newspaper.newest_articles())
    believed = {idx for idx, state in desk.states().items() if state != "unknown"}
    assert believed == (set() if with_own_number else {newest})
    assert summary["articles_new"] < COPIES
    desk.server.instead.clear()
    assert desk.crawl_here(gaps="1")["outcome"] in ("complete", "unsettled")
    assert desk.crawl_here()["exit_code"] == 0
    assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}
    titles = {t.idx: t.article.title for t in desk.newspaper.truths() if t.article}
    stored, states = desk.articles(), desk.states()
    there = {idx: stored[idx].title for idx, state in states.items() if state == "article"}
    assert there == titles


def test_copies_that_several_short_runs_have_stored_are_taken_back(desk: Desk) -> None:
    """Each run alone, ended by its budget or a kill, sees too few of them."""
    serve_one(desk, with_own_number=True)
    assert desk.crawl_here(range="20-25")["outcome"] == "complete"
    assert desk.crawl_here(range="26-40")["exit_code"] == 4
    assert len(desk.articles()) < COPIES
    assert set(desk.states().values()) == {"unknown"}
    assert run("verify", "--db", desk.db).exit_code == 0
    assert run("reparse", "--all", "--db", desk.db).exit_code == 0
    assert set(desk.states().values()) == {"unknown"}, "reading again believes no copy"
    desk.server.instead.clear()
    assert desk.crawl_here(range="1-60")["exit_code"] == 0
    assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}
    assert desk.articles() == {t.idx: t.article for t in desk.newspaper.truths() if t.article}
    with desk.open() as connection:
        (edits,) = connection.execute("SELECT count(*) FROM revisions WHERE number > 1").fetchone()
    assert edits == 0, "a copy is no earlier text of an article"
    assert run("verify", "--db", desk.db).exit_code == 0
    assert run("reparse", "--all", "--db", desk.db).exit_code == 0
    assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}


@pytest.mark.parametrize("in_turn", [1, WINDOW // COPIES])
def test_some_texts_in_turn_are_recognised(in_turn: int) -> None:
    texts = RepeatedText()
    found = [
        idx for idx in range(1, 200) if texts.is_copy(idx, article(idx, f"text {idx % in_turn}"))
    ]
    accepted = (COPIES - 1) * in_turn
    assert found == list(range(accepted + 1, 200))
    assert texts.copies == set(range(1, accepted + 1))


def test_reprints_and_a_second_request_for_a_number_are_no_copies() -> None:
    texts = RepeatedText()
    assert not any(texts.is_copy(7, article(7, "the same number")) for _ in range(2 * COPIES))
    assert not any(texts.is_copy(idx, article(idx, f"text {idx // 3}")) for idx in range(300))


def test_notices_with_one_text_and_a_picture_each_are_no_copies() -> None:
    def notice(idx: int, picture: int) -> Article:
        image = Image(f"http://amenews.kr/data/{picture}.jpg")
        return replace(article(idx, "시세", "표는 사진과 같다"), images=(image,))

    texts = RepeatedText()
    assert not any(texts.is_copy(idx, notice(idx, idx)) for idx in range(1, 200))
    same = RepeatedText()
    found = [idx for idx in range(1, 50) if same.is_copy(idx, notice(idx, 1))]
    assert found == list(range(COPIES, 50))
