"""Catching up by its cost: what is asked of the site, in which order, and no more."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from newscrawler import clock
from newscrawler.demo import plan
from newscrawler.demo.answers import SIMPLE_GAPS
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.server import serve
from newscrawler.items import Answer, Article, Reading, Verdict
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests import in_process
from tests.conftest import Desk, run

FIXED_COST = 3
"""robots.txt, home, and RSS or the number that cannot exist."""


@pytest.fixture
def today(tmp_path: Path) -> Iterator[Desk]:
    """A paper of sixty numbers, the newest three days old: edits and a draft are still ahead."""
    newest = datetime.now(UTC) - timedelta(days=3)
    paper = Newspaper(seed=5, size=60, newest=newest, gap="alert")
    with serve(paper) as server:
        yield Desk(server, tmp_path / "archive.db")


def crawl(desk: Desk, max_requests: int = 0, **arguments: str) -> dict[str, Any]:
    """Crawl, and check the bill: the log that :meth:`Desk.asked` reads is this run's alone."""
    desk.server.log.clear()
    settings = (*desk.settings, f"NEWSCRAWLER_DB={desk.db}", f"MAX_REQUESTS={max_requests}")
    summary = in_process.crawl("amenews", settings, base_url=desk.server.base_url, **arguments)
    assert summary["exit_code"] in (0, 3), summary
    assert summary["requests"] == len(desk.server.log)
    return summary


def change(desk: Desk, sql: str, *values: object) -> None:
    """Alter the archive from outside, as the passing of time would."""
    connection = sqlite3.connect(desk.db)
    with connection:
        connection.execute(sql, values)
    connection.close()


def settle(desk: Desk) -> None:
    """Nothing is due any more."""
    change(desk, "UPDATE ledger SET next_attempt_at = NULL")


def make_due(desk: Desk, *idxs: int) -> None:
    """So much time has passed that these are due for another look."""
    due = clock.to_text(clock.now() - timedelta(minutes=1))
    for idx in idxs:
        change(desk, "UPDATE ledger SET next_attempt_at = ? WHERE idx = ?", due, idx)


def test_an_empty_archive_is_filled_from_the_newest_backwards(desk: Desk) -> None:
    summary = crawl(desk)
    assert summary["outcome"] == "complete"
    assert desk.walked() == list(range(60, 0, -1))
    assert summary["requests"] == 60 + FIXED_COST + desk.proofs()


def test_nothing_to_do_costs_three_requests(desk: Desk) -> None:
    crawl(desk)
    settle(desk)
    summary = crawl(desk)
    assert summary["requests"] == FIXED_COST
    assert [asked.path for asked in desk.server.log] == ["/robots.txt", "/", "/rss_view.php"]


@pytest.mark.parametrize("gap", plan.MISSING)
def test_however_gaps_look_the_fixed_cost_is_three_requests(desk: Desk, gap: str) -> None:
    desk.server.newspaper = Newspaper(size=20, gap=gap)
    assert crawl(desk)["outcome"] == "complete"
    settle(desk)
    make_due(desk, 7)
    assert crawl(desk)["requests"] == 1 + FIXED_COST
    desk.newspaper.publish(3)
    newest = next(desk.newspaper.newest_articles())
    assert crawl(desk)["requests"] == len(desk.asked()) + FIXED_COST
    assert max(desk.asked(), default=20) == newest


def test_new_numbers_and_due_ones_cost_one_request_each(today: Desk) -> None:
    crawl(today)
    settle(today)
    make_due(today, 3, 17, 33)
    before = next(today.newspaper.newest_articles())
    today.newspaper.publish(5)
    newest = next(today.newspaper.newest_articles())
    summary = crawl(today)
    # The newest is only listed: it is looked at first, and not again.
    assert today.walked() == [newest, *range(before + 1, newest), 33, 17, 3]
    assert summary["requests"] == newest - before + 3 + FIXED_COST + today.proofs()


def test_what_is_due_but_not_new_is_all_that_is_asked(today: Desk) -> None:
    crawl(today)
    settle(today)
    make_due(today, 12, 30)
    summary = crawl(today)
    assert today.asked() == [30, 12]
    assert summary["requests"] == 2 + FIXED_COST


def test_budgeted_runs_end_at_a_complete_archive(desk: Desk) -> None:
    requests = 0
    for _ in range(10):
        summary = crawl(desk, max_requests=25)
        assert summary["requests"] <= 25
        requests += summary["requests"]
        if summary["outcome"] == "complete":
            break
        assert summary["outcome"] == "budget"
        desk.newspaper.publish(1)
    newest = next(desk.newspaper.newest_articles())
    assert set(desk.states()) >= set(range(1, newest + 1))
    samples = 2 * 4  # each run requests one of its gaps twice again
    assert requests <= newest + 4 * FIXED_COST + samples


def test_todays_news_come_before_the_backfill(desk: Desk) -> None:
    crawl(desk, max_requests=13)
    lowest = min(desk.asked())
    desk.newspaper.publish(4)
    newest = next(desk.newspaper.newest_articles())
    crawl(desk, max_requests=13)
    assert desk.walked()[: newest - 60] == [newest, *range(61, newest)]
    assert desk.walked()[newest - 60] == lowest - 1


def test_new_leaves_the_backfill_out(desk: Desk) -> None:
    crawl(desk, max_requests=13)
    desk.newspaper.publish(6)
    newest = next(desk.newspaper.newest_articles())
    summary = crawl(desk, new="1")
    assert desk.walked() == [newest, *range(61, newest)]
    assert summary["outcome"] == "complete"


def test_an_interrupted_new_goes_on_where_it_was(desk: Desk) -> None:
    crawl(desk)
    settle(desk)
    desk.newspaper.publish(12)
    newest = next(desk.newspaper.newest_articles())
    crawl(desk, max_requests=9, new="1")
    crawl(desk, new="1")
    assert desk.walked() == [newest, *range(66, newest)]


def test_a_number_asked_by_hand_hides_no_new_ones_below_it(desk: Desk) -> None:
    crawl(desk)
    settle(desk)
    desk.newspaper.publish(8)
    newest = next(desk.newspaper.newest_articles())
    crawl(desk, idx=str(newest))
    settle(desk)
    crawl(desk, new="1")
    assert desk.walked() == list(range(61, newest))


def test_failed_numbers_wait_for_their_time(desk: Desk) -> None:
    crawl(desk)
    settle(desk)
    later = clock.to_text(clock.now() + timedelta(hours=1))
    change(desk, "UPDATE ledger SET state = 'failed', next_attempt_at = ? WHERE idx = 20", later)
    assert crawl(desk)["exit_code"] == 3
    assert desk.asked() == []
    make_due(desk, 20)
    assert crawl(desk)["exit_code"] == 0
    assert desk.asked() == [20]


def test_an_edit_is_found_when_its_refresh_is_due(today: Desk) -> None:
    crawl(today)
    idx = next(today.newspaper.newest_articles())
    today.newspaper.edit(idx, "text")
    settle(today)
    make_due(today, idx)
    assert crawl(today)["articles_changed"] == 1
    with today.open() as connection:
        numbers = connection.execute(
            "SELECT number FROM revisions JOIN articles AS a ON a.id = article_id"
            " WHERE idx = ? ORDER BY number",
            [idx],
        ).fetchall()
    assert [number for (number,) in numbers] == [1, 2]


def test_a_draft_published_late_is_found(today: Desk) -> None:
    crawl(today)
    before = today.newspaper.at(0)
    today.newspaper.advance(3)
    drafts = [
        idx
        for idx in range(1, 61)
        if today.newspaper.truth(idx).article and not before.truth(idx).article
    ]
    assert drafts
    later = "strftime('%Y-%m-%dT%H:%M:%SZ', next_attempt_at, '-1 day')"
    change(today, f"UPDATE ledger SET next_attempt_at = {later} WHERE state = 'missing'")
    crawl(today)
    assert set(drafts) <= set(today.asked())
    assert {today.states()[idx] for idx in drafts} == {"article"}


def test_old_gaps_are_not_asked_again(desk: Desk) -> None:
    paper = Newspaper(size=60, newest=datetime.now(UTC) - timedelta(days=30), gap="alert")
    desk.server.newspaper = paper
    crawl(desk)
    with desk.open() as connection:
        due = connection.execute(
            "SELECT count(*) FROM ledger WHERE state = 'missing' AND next_attempt_at IS NOT NULL"
        ).fetchone()[0]
    assert due == 0


# Sources of the newest number.


def test_rss_tells_when_the_home_page_does_not(desk: Desk) -> None:
    desk.server.faults = Faults(
        share=1.0, kinds=("redesign", "empty"), only=frozenset({"/"}), max_in_a_row=10**6
    )
    summary = crawl(desk, max_requests=30)
    assert summary["newest"] == next(desk.newspaper.newest_articles())


def test_dates_of_the_feed_that_are_not_their_pages_are_counted_and_said(desk: Desk) -> None:
    crawl(desk)
    settle(desk)
    assert crawl(desk)["feed_dates_apart"] == 0
    one, other = islice(desk.newspaper.newest_articles(), 2)
    change(
        desk,
        "UPDATE articles SET published_at = substr(published_at, 1, 19) || 'Z' WHERE idx IN (?, ?)",
        *(one, other),
    )
    assert crawl(desk)["feed_dates_apart"] == 2
    told = run("status", "--db", desk.db)
    assert "the feed has other dates than the pages for 2 articles" in told.out


def test_one_strange_link_does_not_send_the_crawl_into_the_void(desk: Desk) -> None:
    # The paper's name stands at the foot of every page.
    link = '<a href="/news/view.php?idx=99999999">창간호</a>'
    desk.server.newspaper = Newspaper(size=30, gap="alert", title=f"신소재경제신문 {link}")
    assert crawl(desk)["newest"] == 30
    assert desk.walked() == [99999999, *range(30, 0, -1)]
    assert 99999999 not in desk.states()


# Sections.


def section_of(desk: Desk) -> tuple[str, list[int]]:
    """A section of the paper and its articles, newest first."""
    code = next(iter(SECTIONS))
    return code, list(desk.newspaper.newest_articles(code))


def lists_asked(desk: Desk) -> int:
    return sum(asked.path == "/news/list.php" for asked in desk.server.log)


def test_a_section_is_walked_to_its_end_and_named_by_the_menu(desk: Desk) -> None:
    desk.server.newspaper = Newspaper(size=200, gap="alert")
    code, idxs = section_of(desk)
    summary = crawl(desk, section=code)
    assert summary["outcome"] == "complete"
    assert sorted(desk.asked()) == sorted(idxs)
    with desk.open() as connection:
        named = connection.execute("SELECT DISTINCT section, section_code FROM articles").fetchall()
    assert [tuple(row) for row in named] == [(SECTIONS[code], code)]


def test_a_section_walk_stops_at_the_first_page_that_is_all_known(desk: Desk) -> None:
    desk.server.newspaper = Newspaper(size=200, gap="alert")
    code, _ = section_of(desk)
    crawl(desk, section=code)
    desk.newspaper.publish(30)
    _, idxs = section_of(desk)
    new = [idx for idx in idxs if idx > 200]
    assert 0 < len(new) < 20
    crawl(desk, section=code)
    assert sorted(desk.asked()) == sorted(new)
    assert lists_asked(desk) == 2
    crawl(desk, section=code)
    assert desk.asked() == []
    assert lists_asked(desk) == 1


def test_a_section_walk_names_the_articles_that_are_stored_already(desk: Desk) -> None:
    desk.server.newspaper = Newspaper(size=200, gap="alert")
    crawl(desk)
    settle(desk)
    code, idxs = section_of(desk)
    crawl(desk, section=code)
    assert desk.asked() == []
    with desk.open() as connection:
        named = connection.execute(
            "SELECT idx FROM articles WHERE section = ? ORDER BY idx DESC", [SECTIONS[code]]
        ).fetchall()
    assert [idx for (idx,) in named] == idxs


def test_a_section_that_the_menu_does_not_name_is_bad_usage(desk: Desk) -> None:
    summary = desk.crawl_here(section="m999xyz")
    assert (summary["exit_code"], summary["outcome"]) == (2, "refused")
    code, name = next(iter(SECTIONS.items()))
    assert "신소재경제신문 has no section m999xyz; its menu names" in summary["diagnosis"]
    assert f"{code} ({name})" in summary["diagnosis"]
    listed = run("sites", "amenews", "--db", desk.db)
    assert all(code in listed.out and name in listed.out for code, name in SECTIONS.items())
    assert json.loads(run("sites", "amenews", "--db", desk.db, "--json").out)[0]["sections"] == (
        SECTIONS
    )


# The thinning schedule, day by day with a clock of our own.


def test_an_article_is_looked_at_five_times_more_on_a_thinning_schedule(tmp_path: Path) -> None:
    published = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    article = Article(
        5, "http://amenews.kr/news/view.php?idx=5", "제목", "본문", published_at=published
    )
    looks = []
    with Store.open(tmp_path / "archive.db") as store:
        ledger = Ledger(store.connection, "amenews")
        for hours in range(0, 24 * 60, 6):
            now = published + timedelta(hours=hours)
            if hours and 5 not in ledger.due(now, 5):
                continue
            reading = Reading(Verdict.ARTICLE, "an article", "classic", article)
            store.save(Answer("amenews", 5, now, None, reading), Schedule(), parser_version=1)
            looks.append(hours / 24)
    assert looks == [0, 1, 3, 7, 14, 30]


def test_old_gaps_are_requested_again_one_for_a_hundred_numbers(desk: Desk) -> None:
    hidden = [t.idx for t in desk.newspaper.truths() if t.article][20:22]
    for idx in hidden:
        desk.server.instead[f"/news/view.php?idx={idx}"] = SIMPLE_GAPS["alert"]
    assert desk.crawl_here()["exit_code"] == 0
    assert {desk.states()[idx] for idx in hidden} == {"missing"}, "hidden at every request"
    desk.server.instead.clear()
    change(
        desk, "UPDATE ledger SET last_attempt_at = '2026-01-01T00:00:00Z' WHERE state = 'missing'"
    )
    change(
        desk, "UPDATE ledger SET last_attempt_at = '2025-12-31T23:50:00Z' WHERE idx = ?", hidden[0]
    )
    assert desk.crawl_here()["asked"] == 0, "nothing new: nothing old"
    desk.newspaper.publish(3)
    assert desk.crawl_here()["asked"] == 3 + 1
    assert desk.crawl_here()["exit_code"] == 0
    assert desk.states() == {truth.idx: truth.state for truth in desk.newspaper.truths()}
