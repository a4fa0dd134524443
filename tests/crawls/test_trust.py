"""A site that has gone wrong is not believed, and what it settled is not either."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from newscrawler.demo.answers import BLOCK, Answer, bare, html, redirect
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.server import serve
from tests.conftest import Desk


@pytest.mark.parametrize(
    ("kind", "word", "states"),
    [
        ("block", "blocks this crawler", {"failed"}),
        ("forbidden", "blocks this crawler", {"failed"}),
        ("down", "is down", {"failed"}),
        ("redesign", "has changed its pages", {"unknown"}),
    ],
)
def test_a_site_gone_wrong_is_exit_code_4_with_nothing_mislabelled(
    tmp_path: Path, kind: str, word: str, states: set[str]
) -> None:
    with serve(Newspaper(size=150, gap="alert"), faults=Faults.always(kind, from_request=40)) as s:
        desk = Desk(s, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-150")
        assert result.exit_code == 4, result.err
        assert word in result.err
        assert len([asked for asked in s.log if asked.fault]) <= 36
    truth = {t.idx: t.state for t in desk.newspaper.truths()}
    for idx, state in desk.states().items():
        assert state == truth[idx] or state in states, (idx, state)
    with desk.open() as connection:
        wrong = connection.execute(
            "SELECT count(*) FROM ledger WHERE state = 'unknown' AND idx"
            " NOT IN (SELECT idx FROM captures)"
        ).fetchone()[0]
    assert wrong == 0
    s.faults = None
    with serve(desk.newspaper) as healthy:
        again = Desk(healthy, desk.db)
        assert again.crawl("--range", "1-150").exit_code == 0
        assert again.states() == truth


def test_a_server_that_stops_listening_is_exit_code_4(desk: Desk) -> None:
    desk.server.faults = Faults.always("refuse", from_request=10)
    result = desk.crawl("--range", "1-60")
    assert result.exit_code == 4
    assert "is down" in result.err
    assert "missing" not in {
        desk.states()[idx] for idx in desk.asked()[-3:] if idx in desk.states()
    }


def test_a_site_that_calls_everything_missing_is_not_believed(tmp_path: Path) -> None:
    newspaper = Newspaper(size=200, gap="alert")
    with serve(newspaper) as server:
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl("--range", "1-60").exit_code == 0
        before = desk.states()
        for idx in range(1, 201):
            if newspaper.truth(idx).state == "article":
                newspaper.withdraw(idx, "alert")
        result = desk.crawl("--range", "61-200")
    assert result.exit_code == 4, result.err
    assert "articles that existed before" in result.err
    after = desk.states()
    assert {idx: after[idx] for idx in before} == before
    truth = {t.idx: t.state for t in newspaper.truths()}
    doubted = {after[idx] for idx in after if idx > 60 and truth[idx] == "missing"}
    assert doubted <= {"pending", "unknown"}


def addresses(idxs: Iterable[int]) -> frozenset[str]:
    return frozenset(f"/news/view.php?idx={idx}" for idx in idxs)


@pytest.mark.parametrize(
    ("kind", "state"), [("down", "failed"), ("redesign", "unknown"), ("forbidden", "failed")]
)
def test_ill_numbers_of_a_well_site_do_not_end_the_crawl(desk: Desk, kind: str, state: str) -> None:
    articles = [t.idx for t in desk.newspaper.truths() if t.state == "article"]
    ill = set(articles[15:31])
    desk.server.faults = Faults(share=1.0, kinds=(kind,), max_in_a_row=10_000)
    desk.server.faults.only = addresses(ill)
    for selection in ({"range": "1-60"}, {"gaps": "1"}, {}):
        # Catching up comes last: nothing is due yet.
        asked = desk.crawl_here(settings=("RETRY_TIMES=1",), **selection)
        assert asked["exit_code"] == 3, asked
    truth = {t.idx: t.state for t in desk.newspaper.truths()}
    assert desk.states() == {**truth, **dict.fromkeys(ill, state)}


def test_while_the_breaker_probes_nobody_else_asks(desk: Desk) -> None:
    desk.server.faults = Faults.always("block", from_request=20)
    settings = ("CONCURRENT_REQUESTS_PER_DOMAIN=8", "BREAKER_PAUSE=0.2")
    assert desk.crawl_here(range="1-60", settings=settings)["exit_code"] == 4
    # Three open it, seven are under way by then, three probe.
    assert len([asked for asked in desk.server.log if asked.fault]) <= 3 + 7 + 3


def test_a_login_wall_before_everything_settles_nothing(tmp_path: Path) -> None:
    newspaper = Newspaper(size=200, gap="alert")
    with serve(newspaper) as server:
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl_here(range="1-60")["exit_code"] == 0
        before = desk.states()
        for idx in range(1, 201):
            if newspaper.truth(idx).state == "article":
                newspaper.withdraw(idx, "members_login")
        run_of = desk.crawl_here(range="61-200")
    assert run_of["exit_code"] == 4
    assert "articles that existed before" in run_of["diagnosis"]
    after = desk.states()
    assert {idx: after[idx] for idx in before} == before
    assert {after[idx] for idx in after if idx > 60} == {"pending", "unknown"}


def test_a_hiccup_of_the_control_proves_nothing(tmp_path: Path) -> None:
    newspaper = Newspaper(size=200, gap="alert")
    with serve(newspaper) as server:
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl_here(range="1-60")["exit_code"] == 0
        for idx in range(61, 111):
            if newspaper.truth(idx).state == "article":
                newspaper.withdraw(idx, "alert")
        server.faults = Faults(share=1.0, kinds=("status_503",), max_in_a_row=1)
        server.faults.only = addresses(range(1, 61))
        assert desk.crawl_here(range="61-200")["exit_code"] == 0
    assert {desk.states()[idx] for idx in range(61, 111)} <= {"missing", "removed", "restricted"}


def test_a_control_is_found_behind_a_redirect(tmp_path: Path) -> None:
    newspaper = Newspaper(size=120, gap="alert")
    for idx in range(41, 91):
        if newspaper.truth(idx).state == "article":
            newspaper.withdraw(idx, "alert")
    with serve(newspaper) as server:
        for idx in (*range(1, 41), *range(91, 121)):
            server.instead[f"/news/view.php?idx={idx}"] = redirect(f"/news/{idx}")
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl_here(range="1-110")["exit_code"] == 0
    assert set(desk.states().values()) <= {"article", "missing", "removed", "restricted"}


def test_a_number_far_above_the_others_counts_only_if_it_is_an_article(desk: Desk) -> None:
    links = "".join(f'<a href="/news/view.php?idx={n}">기사</a>' for n in (58, 59, 60, 9_000_000))
    desk.server.instead["/"] = html(f"<html><body>{links}</body></html>")
    desk.server.instead["/rss_view.php"] = bare("Not Found", 404)
    run_of = desk.crawl_here(range="50-", settings=("MAX_REQUESTS=40",))
    assert (run_of["exit_code"], run_of["newest"]) == (0, 60)
    assert max(desk.states()) == 60


@pytest.mark.parametrize(
    ("home", "outcome"),
    [
        (bare("Service Unavailable", 503), "down"),
        (BLOCK, "blocked"),
        (html("<html><body></body></html>"), "changed"),
    ],
)
def test_the_home_page_decides_why_the_newest_number_is_not_found(
    desk: Desk, home: Answer, outcome: str
) -> None:
    desk.server.instead = {"/": home, "/rss_view.php": bare("Not Found", 404)}
    run_of = desk.crawl_here(settings=("RETRY_TIMES=1",))
    assert (run_of["exit_code"], run_of["outcome"]) == (4, outcome)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (bare("Service Unavailable", 503), "down"),
        (html("<html><body>개편했습니다</body></html>"), "changed"),
    ],
)
def test_a_section_of_the_menu_without_a_list_is_the_sites_doing(
    desk: Desk, page: Answer, outcome: str
) -> None:
    code = next(iter(SECTIONS))
    desk.server.instead[f"/news/list.php?&mcode={code}&vg=&page=1"] = page
    summary = desk.crawl_here(section=code, settings=("RETRY_TIMES=0",))
    assert (summary["exit_code"], summary["outcome"]) == (4, outcome)


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        (Faults.always("down"), "down"),
        (Faults.always("down", spare=()), "down"),
        (Faults.always("down", from_request=2), "budget"),
        (None, "budget"),
    ],
)
def test_a_budget_that_is_spent_on_a_site_that_is_down_raises_the_alarm(
    desk: Desk, faults: Faults | None, outcome: str
) -> None:
    desk.server.faults = faults
    run_of = desk.crawl_here(settings=("MAX_REQUESTS=4", "RETRY_TIMES=9"))
    assert run_of["outcome"] == outcome
    assert run_of["exit_code"] == (4 if outcome == "down" else 3)
    assert ("no usable answer has come (status 503)" in run_of["diagnosis"]) == (outcome == "down")


def test_a_section_list_that_turns_in_a_circle_ends(desk: Desk) -> None:
    def page(*idxs: int) -> Answer:
        items = "".join(f'<li><a href="/news/view.php?idx={n}">제목</a></li>' for n in idxs)
        return html(f'<html><body><div class="basicList"><ul>{items}</ul></div></body></html>')

    for number in range(1, 9):
        address = f"/news/list.php?&mcode=m567udr&vg=&page={number}"
        desk.server.instead[address] = page(1, 2) if number % 2 else page(3, 4)
    desk.server.faults = Faults(share=1.0, kinds=("status_500",), max_in_a_row=10_000)
    desk.server.faults.only = addresses((1, 3))
    run_of = desk.crawl_here(section="m567udr", settings=("RETRY_TIMES=0",))
    assert (run_of["exit_code"], run_of["asked"]) == (3, 4)
