"""A site that hides the same articles at every request: its home page and feed know better."""

from __future__ import annotations

import pytest

from newscrawler.demo.answers import SIMPLE_GAPS, Answer, bare, redirect
from newscrawler.demo.routes import Router
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX
from tests.conftest import Desk

INSTEAD = {
    "its own words": SIMPLE_GAPS["alert"],
    "410": bare("Gone", 410),
    "the home page": redirect("/"),
    "another article": None,
    "500": bare("Error", 500),
}
"""What is answered; for a number that cannot exist the last two are answered, too."""


def hide(desk: Desk, every: int, answer: Answer | None) -> None:
    if answer is None:
        newest = next(desk.newspaper.newest_articles())
        answer = Router(desk.newspaper).answer("/news/view.php", f"idx={newest}")
    for idx in range(1, 60, every):
        desk.server.instead[f"/news/view.php?idx={idx}"] = answer
    if answer.status == 500 or len(answer.body) > 2000:
        desk.server.instead[f"/news/view.php?idx={IMPOSSIBLE_IDX}"] = answer


@pytest.mark.parametrize("kind", INSTEAD)
def test_what_is_hidden_at_every_request_is_no_gap(desk: Desk, kind: str) -> None:
    hide(desk, 3, INSTEAD[kind])
    truth = {t.idx: t.state for t in desk.newspaper.truths()}
    for _ in range(2):
        summary = desk.crawl_here(settings=("RETRY_TIMES=0",))
        assert summary["exit_code"] in (3, 4)
        settled = {i: s for i, s in desk.states().items() if s in ("missing", "removed", "article")}
        assert {idx: truth[idx] for idx in settled} == settled
    desk.server.instead.clear()
    desk.crawl_here(gaps="1")
    assert desk.crawl_here(gaps="1")["exit_code"] in (0, 3)
    assert desk.crawl_here()["exit_code"] == 0
    assert desk.states() == truth


def test_the_dead_links_of_a_home_page_change_nothing(desk: Desk) -> None:
    gaps = [t.idx for t in desk.newspaper.truths() if t.state == "missing"][:3]
    home = Router(desk.newspaper).answer("/", "").body.decode()
    links = "".join(f'<a href="/news/view.php?idx={idx}">x</a>' for idx in gaps)
    desk.server.instead["/"] = Answer(200, home.replace("</body>", f"{links}</body>").encode())
    assert desk.crawl_here()["exit_code"] == 0
    assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}
