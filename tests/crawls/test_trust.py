"""A crawl that can be trusted: faults, pauses, robots.txt, the breaker, kills, two at once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response

from newscrawler.demo.answers import BLOCK, Answer, bare, html, redirect
from newscrawler.demo.audit import contents, manners
from newscrawler.demo.faults import TRANSIENT, Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.server import Asked, serve
from newscrawler.extensions import pacer
from tests.conftest import Desk, run


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A crawl that nothing disturbed, to hold the others against."""
    with serve(Newspaper(size=150, skin="mixed", gap="alert")) as server:
        desk = Desk(server, tmp_path_factory.mktemp("undisturbed") / "archive.db")
        assert desk.crawl("--range", "1-150").exit_code == 0
    return desk


def assert_polite(log: list[Asked], floor: float = 0.0) -> None:
    """What a server's keeper would look for in the log."""
    seen = manners(log)
    assert seen.robots_first
    assert seen.most_at_once == 1
    assert seen.inside_retry_after == 0
    assert seen.shortest_pause >= floor - 0.002


def test_thirty_percent_faults_change_nothing_in_the_archive(
    undisturbed: Desk, tmp_path: Path
) -> None:
    # A wrong charset label is left out: the bytes differ then, and with them the capture.
    kinds = tuple(kind for kind in TRANSIENT if "euckr" not in kind)
    faults = Faults(share=0.3, kinds=kinds, retry_after=1, delay=0.05, spare=())
    with serve(Newspaper(size=150, skin="mixed", gap="alert"), faults=faults) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-150", "--json")
        while result.exit_code == 3:
            result = desk.crawl("--range", "1-150", "--json")
        assert result.exit_code == 0, result.err
        assert sum(asked.fault is not None for asked in server.log) > 40
        assert_polite(server.log)
    assert contents(desk.db) == contents(undisturbed.db)
    assert run("verify", "--db", desk.db).out == ""


def test_kills_lose_nothing_and_repeat_nothing(undisturbed: Desk, tmp_path: Path) -> None:
    """A few kills at random moments; ``make torture`` does it more often."""
    dice = random.Random(20)
    with serve(Newspaper(size=150, skin="mixed", gap="alert")) as server:
        desk = Desk(server, tmp_path / "archive.db")
        command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-150")]
        for _ in range(5):
            asked = len(server.log)
            crawl = subprocess.Popen(
                [*command, "-s", "DOWNLOAD_DELAY=0.03"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _wait_until(partial(_log_passed, desk, asked))
            time.sleep(dice.uniform(0, 0.7))
            crawl.kill()
            assert crawl.wait() == -signal.SIGKILL
        assert desk.crawl("--range", "1-150").exit_code == 0
        # At each kill one answer may have been on its way; no other article is asked for twice,
        # but for the newest, which a run may ask for first to see whether it is there. A gap is
        # asked for again where a run proves it: its kind once in a run.
        walked = Counter(idx for idx in desk.asked() if idx != 150)
        gaps = {truth.idx for truth in desk.newspaper.truths() if truth.state != "article"}
        assert sum(times - 1 for idx, times in walked.items() if idx not in gaps) <= 5
        assert sum(times - 1 for idx, times in walked.items() if idx in gaps) <= 5 + 2 * 6
    assert contents(desk.db) == contents(undisturbed.db)
    assert run("verify", "--db", desk.db).out == ""


def test_ctrl_c_once_finishes_what_is_under_way(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    command += ["-s", "DOWNLOAD_DELAY=0.1"]
    crawl = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _wait_until(lambda: len(desk.asked()) >= 4)
    crawl.send_signal(signal.SIGINT)
    _, err = crawl.communicate(timeout=20)
    assert crawl.returncode == 130
    assert "Traceback" not in err
    # The newest number is only listed: it is looked at first, and kept at its place in the range.
    newest, *walked = desk.asked()
    assert (newest, sorted(desk.states())) == (60, walked)
    with desk.open() as connection:
        assert connection.execute("SELECT outcome FROM runs").fetchone()[0] == "interrupted"
    assert desk.crawl("--range", "1-60").exit_code == 0
    # What is only listed is proven again by the next run, and asked for once in it.
    again = desk.asked()[1 + len(walked) :]
    assert list(dict.fromkeys(again)) == [60, *range(walked[-1] + 1, 60)]


def test_ctrl_c_twice_ends_at_once(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    desk.server.faults = Faults.always("slow", from_request=6)
    desk.server.faults.delay = 30
    crawl = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _wait_until(lambda: len(desk.server.log) >= 7)
    crawl.send_signal(signal.SIGINT)
    time.sleep(0.5)
    crawl.send_signal(signal.SIGINT)
    crawl.communicate(timeout=10)
    # Ended by the signal itself or by its own exit: a shell reports 130 for both.
    assert crawl.returncode in (130, -signal.SIGINT)
    assert run("verify", "--db", desk.db).out == ""


def test_a_second_crawl_is_told_who_holds_the_database(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    first = subprocess.Popen(
        [*command, "-s", "DOWNLOAD_DELAY=0.5"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until(lambda: bool(desk.asked()))
        second = desk.crawl("--range", "1-60")
        assert second.exit_code == 5
        assert f"process {first.pid} on" in second.err
    finally:
        first.kill()
        first.wait()


def test_readers_work_while_a_crawl_writes(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    crawl = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_until(lambda: len(desk.asked()) > 3)
    with desk.open() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        assert crawl.wait(60) == 0
    assert len(desk.states()) == 60


# -- politeness ---------------------------------------------------------------


def test_requests_keep_the_floor_one_at_a_time(desk: Desk) -> None:
    result = desk.crawl("--range", "1-8", settings=("DOWNLOAD_DELAY=0.15", "DELAY_JITTER=0.5"))
    assert result.exit_code == 0
    assert_polite(desk.server.log, floor=0.15)
    pauses = {
        round(after.started - before.started, 2) for before, after in pairwise(desk.server.log)
    }
    assert len(pauses) > 2


@pytest.mark.parametrize("kind", ["busy_429", "busy_429_date", "busy_503"])
def test_retry_after_rests_the_whole_host(desk: Desk, kind: str) -> None:
    faults = Faults(share=1.0, kinds=(kind,), retry_after=1, max_in_a_row=1)
    faults.only = frozenset({"/news/view.php?idx=5"})
    desk.server.faults = faults
    assert desk.crawl("--range", "1-8").exit_code == 0
    assert sum(asked.fault is not None for asked in desk.server.log) == 1
    assert_polite(desk.server.log)


def test_retry_after_holds_with_many_requests_under_way(desk: Desk) -> None:
    faults = Faults(share=1.0, kinds=("busy_429",), retry_after=1, max_in_a_row=1)
    faults.only = frozenset({"/news/view.php?idx=20"})
    desk.server.faults = faults
    settings = ("CONCURRENT_REQUESTS_PER_DOMAIN=8", "AUTOTHROTTLE_ENABLED=False")
    assert desk.crawl("--range", "1-60", settings=settings).exit_code == 0
    log = desk.server.log
    (busy,) = [asked for asked in log if asked.fault]
    inside = [a for a in log if busy.ended < a.started < busy.ended + 0.95]
    # Seven were under way when the answer came; on a busy machine they reach the server late.
    assert len(inside) <= 7


def test_a_retry_after_beyond_the_cap_ends_the_run(desk: Desk) -> None:
    desk.server.faults = Faults(share=1.0, kinds=("busy_429",), retry_after=90_000)
    desk.server.faults.only = frozenset({"/news/view.php?idx=3"})
    result = desk.crawl("--range", "1-8")
    assert result.exit_code == 4
    assert "90000 s" in result.err
    assert desk.asked()[-1] == 3
    assert desk.states()[3] == "failed"


def test_robots_txt_of_5xx_disallows_everything(desk: Desk) -> None:
    desk.server.faults = Faults.always("robots_5xx")
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 4
    assert "RFC 9309" in result.err
    assert {asked.path for asked in desk.server.log} == {"/robots.txt"}
    assert "missing" not in desk.states().values()


def test_robots_txt_of_4xx_allows_everything(desk: Desk) -> None:
    desk.server.robots_status = 404
    assert desk.crawl("--range", "1-5").exit_code == 0


def test_a_disallowed_number_is_pending_with_the_reason(desk: Desk) -> None:
    desk.server.robots = "User-agent: *\nDisallow: /news/view.php?idx=3$\n"
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 3
    assert 3 not in desk.asked()
    with desk.open() as connection:
        row = connection.execute("SELECT state, reason FROM ledger WHERE idx = 3").fetchone()
    assert tuple(row) == ("pending", "robots.txt disallows it")


def test_a_site_that_forbids_all_its_articles_is_exit_code_4(desk: Desk) -> None:
    desk.server.robots = "User-agent: newscrawler\nDisallow: /news/\n"
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 4
    assert "robots.txt forbids" in result.err
    assert desk.asked() == []
    assert set(desk.states().values()) == {"pending"}


def test_crawl_delay_is_a_floor(desk: Desk) -> None:
    desk.server.robots = "User-agent: *\nCrawl-delay: 0.3\n"
    assert desk.crawl("--range", "1-4").exit_code == 0
    # robots.txt itself is the first request: what it says holds from there on.
    starts = [asked.started for asked in desk.server.log]
    assert min(b - a for a, b in pairwise(starts)) >= 0.298


def test_quiet_hours_end_a_run_with_exit_code_3(desk: Desk) -> None:
    seoul = datetime.now(UTC) + timedelta(hours=9)
    span = f"{seoul - timedelta(hours=1):%H:%M}-{seoul + timedelta(hours=1):%H:%M}"
    result = desk.crawl("--range", "1-5", settings=(f"QUIET_HOURS={span}",))
    assert result.exit_code == 3
    assert "quiet hours" in result.err
    assert desk.server.log == []


def test_the_user_agent_carries_the_contact(desk: Desk) -> None:
    desk.crawl("--range", "1-2", settings=("CONTACT=archive@example.org",))
    agents = {asked.user_agent for asked in desk.server.log}
    assert len(agents) == 1
    assert agents.pop().endswith("(+archive@example.org)")


# -- the breaker ----------------------------------------------------------------


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


def test_a_crawl_delay_that_nobody_waits_out_ends_the_run(desk: Desk) -> None:
    desk.server.robots = "User-agent: *\nCrawl-delay: 86400\n"
    run_of = desk.crawl_here(range="1-5")
    assert (run_of["exit_code"], run_of["outcome"]) == (4, "forbidden")
    assert "86400 s between requests" in run_of["diagnosis"]
    assert len(desk.server.log) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Sat, 01 Jan 2022 00:01:00 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", 1.5),
        ("\u00b2", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    response = Response("http://amenews.kr/", status=503, headers={"Retry-After": value})
    assert pacer.retry_after(response, datetime(2022, 1, 1, tzinfo=UTC)) == seconds


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


def _log_passed(desk: Desk, count: int) -> bool:
    return len(desk.server.log) > count


def _wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
