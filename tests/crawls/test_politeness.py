"""What the server asks for: pauses, Retry-After, robots.txt, hours; and who asks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from scrapy.http import Response

from newscrawler.demo.faults import Faults
from newscrawler.extensions import pacer
from tests.conftest import Desk, assert_polite


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
