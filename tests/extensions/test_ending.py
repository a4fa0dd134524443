"""Every way to end a run is a row of a table."""

from __future__ import annotations

import pytest

from newscrawler.extensions.ending import Course, judge
from newscrawler.extensions.stopper import Stop
from newscrawler.outcomes import Outcome

BLOCKED = Stop(Outcome.BLOCKED, "the site blocks this crawler")
DOWN = Stop(Outcome.DOWN, "robots.txt cannot be reached")
BUDGET = Stop(Outcome.BUDGET, "the budget of 5 requests is used up")
FULL = Stop(Outcome.STORAGE, "cannot write a.db: disk full")

CASES = [
    # course, outcome, exit code
    (Course("finished", asked=5, left=0), "complete", 0),
    (Course("finished", asked=0, left=None), "complete", 0),
    (Course("finished", asked=5, left=1), "unsettled", 3),
    (Course("finished", asked=5, unsettled=1, left=0), "unsettled", 3),
    (Course("finished", asked=5, waiting=1, left=0), "unsettled", 3),
    (Course("finished", asked=5, forbidden=5, unsettled=5), "forbidden", 4),
    (Course("finished", asked=5, forbidden=4, unsettled=4), "unsettled", 3),
    (Course("finished", asked=5, bugs=1), "error", 1),
    (Course("start_error"), "error", 1),
    (Course("closespider_itemcount", asked=5, left=0), "budget", 3),
    (Course("closespider_itemcount", asked=5, left=34), "budget", 3),
    (Course("closespider_timeout", left=46), "budget", 3),
    (Course("closespider_pagecount"), "budget", 3),
    (Course("closespider_timeout_no_item"), "budget", 3),
    (Course("closespider_pagecount_no_item"), "budget", 3),
    (Course("closespider_errorcount", bugs=3), "error", 1),
    (Course("closespider_errorcount"), "stopped", 3),
    (Course("memusage_exceeded", left=0), "stopped", 3),
    (Course("cancelled"), "stopped", 3),
    (Course("a reason of somebody's extension", asked=9, left=0), "stopped", 3),
    (Course("shutdown", left=3), "interrupted", 130),
    (Course("shutdown", bugs=1), "error", 1),
    # What goes wrong while the crawl is ending for another reason is not the site's doing.
    (Course("memusage_exceeded", stop=DOWN), "stopped", 3),
    (Course("shutdown", stop=DOWN), "interrupted", 130),
    (Course("closespider_timeout", stop=BLOCKED), "budget", 3),
    (Course("blocked", stop=BLOCKED), "blocked", 4),
    (Course("down", stop=DOWN, trouble="refused"), "down", 4),
    (Course("down", stop=DOWN, trouble="no answer through the proxy", at_proxy=True), "proxy", 4),
    (Course("blocked", stop=BLOCKED, bugs=1), "error", 1),
    (Course("storage", stop=FULL, bugs=2), "storage", 6),
    (Course("shutdown", stop=FULL), "storage", 6),
    (Course("budget", stop=BUDGET, asked=5, left=50), "budget", 3),
    (Course("budget", stop=BUDGET, answered=False, trouble="status 503"), "down", 4),
    (Course("budget", stop=BUDGET, answered=True, trouble="status 503"), "budget", 3),
]


@pytest.mark.parametrize(("course", "outcome", "exit_code"), CASES)
def test_each_ending_has_its_word_and_its_code(
    course: Course, outcome: str, exit_code: int
) -> None:
    ending = judge(course)
    assert (str(ending.outcome), ending.outcome.exit_code) == (outcome, exit_code)


def test_only_finished_with_nothing_left_is_complete() -> None:
    completes = {course.close_reason for course, *_ in CASES if judge(course).outcome == "complete"}
    assert completes == {"finished"}


@pytest.mark.parametrize(
    "course", [course for course, outcome, _ in CASES if outcome != "complete"]
)
def test_whoever_reads_the_record_learns_why_it_ended_early(course: Course) -> None:
    ending = judge(course)
    spoken = ending.outcome in (Outcome.UNSETTLED, Outcome.INTERRUPTED)
    assert spoken or ending.diagnosis


def test_the_name_of_a_limit_is_said() -> None:
    assert "CLOSESPIDER_ITEMCOUNT" in (judge(Course("closespider_itemcount")).diagnosis or "")
    assert "MEMUSAGE_LIMIT_MB" in (judge(Course("memusage_exceeded")).diagnosis or "")
