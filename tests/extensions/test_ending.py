"""Every way to end a run is a row of a table."""

from __future__ import annotations

import pytest

from newscrawler.extensions.ending import RunFacts, ending_of
from newscrawler.extensions.stopper import Stop
from newscrawler.outcomes import Outcome

BLOCKED = Stop(Outcome.BLOCKED, "the site blocks this crawler")
DOWN = Stop(Outcome.DOWN, "robots.txt cannot be reached")
BUDGET = Stop(Outcome.BUDGET, "the budget of 5 requests is used up")
FULL = Stop(Outcome.STORAGE, "cannot write a.db: disk full")

CASES = [
    # facts, outcome, exit code
    (RunFacts("finished", asked=5, left=0), "complete", 0),
    (RunFacts("finished", asked=0, left=None), "complete", 0),
    (RunFacts("finished", asked=5, left=1), "unsettled", 3),
    (RunFacts("finished", asked=5, unsettled=1, left=0), "unsettled", 3),
    (RunFacts("finished", asked=5, waiting=1, left=0), "unsettled", 3),
    (RunFacts("finished", asked=5, forbidden=5, unsettled=5), "forbidden", 4),
    (RunFacts("finished", asked=5, forbidden=4, unsettled=4), "unsettled", 3),
    (RunFacts("finished", asked=5, bugs=1), "error", 1),
    (RunFacts("start_error"), "error", 1),
    (RunFacts("closespider_itemcount", asked=5, left=0), "budget", 3),
    (RunFacts("closespider_itemcount", asked=5, left=34), "budget", 3),
    (RunFacts("closespider_timeout", left=46), "budget", 3),
    (RunFacts("closespider_pagecount"), "budget", 3),
    (RunFacts("closespider_timeout_no_item"), "budget", 3),
    (RunFacts("closespider_pagecount_no_item"), "budget", 3),
    (RunFacts("closespider_errorcount", bugs=3), "error", 1),
    (RunFacts("closespider_errorcount"), "stopped", 3),
    (RunFacts("memusage_exceeded", left=0), "stopped", 3),
    (RunFacts("cancelled"), "stopped", 3),
    (RunFacts("a reason of somebody's extension", asked=9, left=0), "stopped", 3),
    (RunFacts("shutdown", left=3), "interrupted", 130),
    (RunFacts("shutdown", bugs=1), "error", 1),
    # What goes wrong while the crawl is ending for another reason is not the site's doing.
    (RunFacts("memusage_exceeded", stop=DOWN), "stopped", 3),
    (RunFacts("shutdown", stop=DOWN), "interrupted", 130),
    (RunFacts("closespider_timeout", stop=BLOCKED), "budget", 3),
    (RunFacts("blocked", stop=BLOCKED), "blocked", 4),
    (RunFacts("down", stop=DOWN, trouble="refused"), "down", 4),
    (RunFacts("down", stop=DOWN, trouble="no answer through the proxy", at_proxy=True), "proxy", 4),
    (RunFacts("blocked", stop=BLOCKED, bugs=1), "error", 1),
    (RunFacts("storage", stop=FULL, bugs=2), "storage", 6),
    (RunFacts("shutdown", stop=FULL), "storage", 6),
    (RunFacts("budget", stop=BUDGET, asked=5, left=50), "budget", 3),
    (RunFacts("budget", stop=BUDGET, answered=False, trouble="status 503"), "down", 4),
    (RunFacts("budget", stop=BUDGET, answered=True, trouble="status 503"), "budget", 3),
]


@pytest.mark.parametrize(("facts", "outcome", "exit_code"), CASES)
def test_each_ending_has_its_word_and_its_code(
    facts: RunFacts, outcome: str, exit_code: int
) -> None:
    ending = ending_of(facts)
    assert (str(ending.outcome), ending.outcome.exit_code) == (outcome, exit_code)


def test_only_finished_with_nothing_left_is_complete() -> None:
    completes = {
        facts.close_reason for facts, *_ in CASES if ending_of(facts).outcome == "complete"
    }
    assert completes == {"finished"}


@pytest.mark.parametrize("facts", [facts for facts, outcome, _ in CASES if outcome != "complete"])
def test_whoever_reads_the_record_learns_why_it_ended_early(facts: RunFacts) -> None:
    ending = ending_of(facts)
    spoken = ending.outcome in (Outcome.UNSETTLED, Outcome.INTERRUPTED)
    assert spoken or ending.diagnosis


def test_the_name_of_a_limit_is_said() -> None:
    assert "CLOSESPIDER_ITEMCOUNT" in (ending_of(RunFacts("closespider_itemcount")).diagnosis or "")
    assert "MEMUSAGE_LIMIT_MB" in (ending_of(RunFacts("memusage_exceeded")).diagnosis or "")
