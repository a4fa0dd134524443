"""Holes that do not speak: settled by evidence at the end of a run, and by nothing less."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newscrawler.demo import plan
from newscrawler.demo.answers import html
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from tests.conftest import Desk

SIZE = 40


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A small paper with many holes of the kind that is the test's parameter."""
    with serve(Newspaper(size=SIZE, gap=request.param, gap_share=0.3)) as server:
        yield Desk(server, tmp_path / "archive.db")


def of(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", kinds, indirect=True)


def truth(desk: Desk) -> dict[int, str]:
    return {t.idx: t.state for t in desk.newspaper.truths()}


def holes(desk: Desk) -> list[int]:
    silent = (t.idx for t in desk.newspaper.truths() if t.how in plan.SILENT)
    return list(silent)


def long_ago(desk: Desk) -> None:
    """Let two days pass: what was seen then is two days old, and was looked at often."""
    with closing(sqlite3.connect(desk.db)) as connection, connection:
        connection.execute(
            "UPDATE ledger SET silent_since = '2020-01-01T00:00:00Z', failures = 3,"
            " next_attempt_at = '2020-01-03T00:00:00Z' WHERE silence IS NOT NULL"
        )


SETTLED_AT_ONCE = [kind for kind in plan.SILENT if kind != "status_500"]


@of(*SETTLED_AT_ONCE)
def test_silent_gaps_are_missing_at_the_end_of_the_run(desk: Desk) -> None:
    summary = desk.crawl_here(range=f"1-{SIZE}")
    assert (summary["exit_code"], summary["outcome"]) == (0, "complete"), summary
    assert desk.states() == truth(desk)
    counted = Counter(desk.states().values())
    assert summary["missing"] == counted["missing"]
    assert (summary["failed"], summary["unknown"]) == (0, 0)
    with desk.open() as connection:
        reasons = connection.execute(
            f"SELECT reason FROM ledger WHERE idx IN ({','.join(map(str, holes(desk)))})"
        ).fetchall()
    assert all("as a number that cannot exist" in reason for (reason,) in reasons)


@of("empty_200")
def test_a_hole_that_may_be_a_hiccup_costs_two_looks_without_quick_tries(desk: Desk) -> None:
    desk.crawl_here(range=f"1-{SIZE}")
    asked = Counter(desk.asked())
    assert {asked[idx] for idx in holes(desk)} == {2}


@of("empty_200", "redirect_list")
def test_later_runs_find_nothing_left_to_do(desk: Desk) -> None:
    desk.crawl_here()
    desk.newspaper.publish(20)
    for _ in range(2):
        assert desk.crawl_here()["exit_code"] == 0
    assert desk.states() == truth(desk)
    assert desk.crawl_here(unsettled="1")["asked"] == 0


@of("status_500")
def test_a_status_500_settles_after_days_and_looks(desk: Desk) -> None:
    assert desk.crawl_here(range=f"1-{SIZE}")["exit_code"] == 3
    assert {desk.states()[idx] for idx in holes(desk)} == {"failed"}
    assert desk.crawl_here(unsettled="1")["exit_code"] == 3
    long_ago(desk)
    summary = desk.crawl_here(unsettled="1")
    assert (summary["exit_code"], summary["missing"]) == (0, len(holes(desk)))
    assert desk.states() == truth(desk)


@of("empty_200", "redirect_list", "other_article")
def test_an_ill_site_settles_nothing(desk: Desk) -> None:
    """From the middle of the run on it shows a maintenance page for everything."""
    desk.server.faults = Faults.always("maintenance", from_request=35)
    summary = desk.crawl_here(range=f"1-{SIZE}", settings=("RETRY_TIMES=0",))
    assert summary["exit_code"] in (3, 4)
    assert not {desk.states().get(idx) for idx in holes(desk)} & {"missing", "removed"}


@of("alert")
def test_a_transient_empty_answer_is_no_hole(desk: Desk) -> None:
    ill = [t.idx for t in desk.newspaper.truths() if t.state == "article"][:5]
    for idx in ill:
        desk.server.instead[f"/news/view.php?idx={idx}"] = html("")
    assert desk.crawl_here(range=f"1-{SIZE}")["exit_code"] == 3
    assert {desk.states()[idx] for idx in ill} == {"failed"}


@of("empty_200")
def test_articles_that_answer_as_a_hole_stay_articles_for_a_while(desk: Desk) -> None:
    desk.crawl_here(range=f"1-{SIZE}")
    gone = min(idx for idx, state in truth(desk).items() if state == "article")
    desk.newspaper.withdraw(gone, "empty_200")
    assert desk.crawl_here(idx=str(gone))["exit_code"] == 3
    assert desk.states()[gone] == "article"
    long_ago(desk)
    assert desk.crawl_here(idx=str(gone))["exit_code"] == 0
    assert desk.states()[gone] == "removed"


@of("history_back")
def test_nothing_is_settled_while_known_articles_are_gone(desk: Desk) -> None:
    desk.crawl_here(range="1-20")
    before = desk.states()
    for idx in range(1, SIZE + 1):
        if truth(desk)[idx] == "article":
            desk.newspaper.withdraw(idx, "history_back")
    desk.server.instead["/"] = html(f'<a href="/news/view.php?idx={SIZE}">x</a>')
    summary = desk.crawl_here(range=f"1-{SIZE}", settings=("BREAKER_THRESHOLD=5",))
    assert summary["exit_code"] in (3, 4)
    after = desk.states()
    assert {idx: after[idx] for idx in before} == before
    assert "missing" not in {after.get(idx) for idx in range(21, SIZE + 1)}
