"""A site that is not itself for some seconds: no article becomes a gap by it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from newscrawler.demo.answers import SIMPLE_GAPS, Answer, bare, html, redirect
from tests.conftest import Desk, wait_until

LIES: dict[str, Answer] = {
    "404": bare("Not Found", 404),
    "404 under 200": html("<html><head><title>404 Not Found</title></head><body>x</body></html>"),
    "home": redirect("/"),
    "login": redirect("/bbs/login.php?url=x"),
    "its own words": SIMPLE_GAPS["alert"],
}


@pytest.mark.parametrize("lie", LIES)
def test_an_illness_of_some_seconds_makes_no_gaps(desk: Desk, lie: str) -> None:
    desk.server.at_first = {f"/news/view.php?idx={idx}": LIES[lie] for idx in range(20, 30)}
    summary = desk.crawl_here(range="1-60")
    assert (summary["exit_code"], summary["outcome"]) == (0, "complete")
    assert desk.states() == {truth.idx: truth.state for truth in desk.newspaper.truths()}
    assert summary["asked"] == 60


@pytest.mark.parametrize("lie", LIES)
def test_an_illness_that_outlasts_the_run_makes_no_gaps(desk: Desk, lie: str) -> None:
    assert desk.crawl_here(range="1-44")["exit_code"] == 0
    for idx in range(1, 61):
        desk.server.instead[f"/news/view.php?idx={idx}"] = LIES[lie]
    summary = desk.crawl_here(range="1-59")
    assert summary["exit_code"] == 4
    truth = {truth.idx: truth.state for truth in desk.newspaper.truths()}
    wrong = {
        idx
        for idx, state in desk.states().items()
        if state in ("missing", "removed", "restricted") and truth[idx] == "article"
    }
    assert wrong == set()


@pytest.mark.parametrize(("lie", "last_ill"), [("404", 59), ("its own words", 34)])
def test_a_run_that_is_killed_in_or_after_an_illness_makes_no_gaps(
    desk: Desk, lie: str, last_ill: int
) -> None:
    answers = desk.server.instead if last_ill > 50 else desk.server.at_first
    for idx in range(30, last_ill + 1):
        answers[f"/news/view.php?idx={idx}"] = LIES[lie]
    command = desk.command("--range", "1-60", settings=("DOWNLOAD_DELAY=0.05",))
    crawl = subprocess.Popen(
        [sys.executable, "-m", "newscrawler", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: 45 in desk.asked())
    crawl.kill()
    assert crawl.wait() == -signal.SIGKILL
    desk.server.instead.clear()
    assert desk.crawl_here(range="1-60")["exit_code"] == 0
    assert desk.states() == {truth.idx: truth.state for truth in desk.newspaper.truths()}
