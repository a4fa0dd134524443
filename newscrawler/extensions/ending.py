"""The judge of an ending: what was counted, and why the spider closed → how the run ended.

Pure, so that every way to end is a row of a table (tests/extensions/test_ending.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.extensions.stopper import Stop
from newscrawler.outcomes import Outcome

FINISHED = "finished"
"""Scrapy's close reason of a spider that had nothing more to ask: the only one that completes."""
SHUTDOWN = "shutdown"
"""Scrapy's close reason after Ctrl-C or SIGTERM."""
START_ERROR = "start_error"
"""Scrapy's close reason after an exception in the walk itself."""

BUG = "a fault of the program: the log has the traceback; please report it"

_LIMITS = {
    "closespider_timeout": "CLOSESPIDER_TIMEOUT",
    "closespider_itemcount": "CLOSESPIDER_ITEMCOUNT",
    "closespider_pagecount": "CLOSESPIDER_PAGECOUNT",
    "closespider_timeout_no_item": "CLOSESPIDER_TIMEOUT_NO_ITEM",
    "closespider_pagecount_no_item": "CLOSESPIDER_PAGECOUNT_NO_ITEM",
}
"""Close reasons of Scrapy's own budgets → the setting that gave it."""

_OTHERS = {
    "memusage_exceeded": "the program used more memory than MEMUSAGE_LIMIT_MB allows",
    "closespider_errorcount": "there were more errors than CLOSESPIDER_ERRORCOUNT allows",
}


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a run at its end."""

    close_reason: str
    """Why Scrapy closed the spider; the first reason that anybody gave it."""
    stop: Stop | None = None
    """The program's own reason to end early, if it had one."""
    bugs: int = 0
    """Exceptions that nobody foresaw."""
    asked: int = 0
    forbidden: int = 0
    """Numbers that were not asked since robots.txt disallows it."""
    unsettled: int = 0
    """Numbers that were asked and wait for another try."""
    waiting: int = 0
    """Other numbers that this selection is about and that wait for another try."""
    left: int | None = None
    """Numbers that the run set out to ask for and did not; ``None``: not known."""
    answered: bool = True
    """Whether anything but robots.txt was answered so that it could be used."""
    trouble: str | None = None
    """Why an answer was worth another try, the last time."""
    at_proxy: bool = False
    """Whether that was a proxy's doing, and nothing has come through it since."""


@dataclass(frozen=True, slots=True)
class Ending:
    outcome: Outcome
    diagnosis: str | None = None


def judge(course: Course) -> Ending:
    """How a run ended.

    A stop of ours counts only where Scrapy closed for it: what goes wrong while
    a crawl is being ended for another reason says nothing about the site.
    """
    stop, reason = course.stop, course.close_reason
    if stop and stop.outcome is Outcome.STORAGE:
        return Ending(stop.outcome, stop.diagnosis)
    if course.bugs or reason == START_ERROR:
        return Ending(Outcome.ERROR, BUG)
    if stop and reason == stop.outcome:
        return _stopped(course, stop)
    if reason == SHUTDOWN:
        return Ending(Outcome.INTERRUPTED)
    if name := _LIMITS.get(reason):
        return Ending(Outcome.BUDGET, f"the budget of {name} is used up")
    if reason != FINISHED:
        return Ending(Outcome.STOPPED, _OTHERS.get(reason, f"Scrapy closed the spider: {reason}"))
    if course.forbidden and course.forbidden == course.asked:
        return Ending(Outcome.FORBIDDEN, "robots.txt forbids every number that was asked for")
    if course.unsettled or course.waiting or course.left:
        return Ending(Outcome.UNSETTLED)
    return Ending(Outcome.COMPLETE)


def _stopped(course: Course, stop: Stop) -> Ending:
    if stop.outcome is Outcome.BUDGET and course.trouble and not course.answered:
        # Left as it is, a paper that is down for weeks would alarm nobody.
        sentence = f"{stop.diagnosis}, and no usable answer has come ({course.trouble})"
        stop = Stop(Outcome.DOWN, sentence)
    if stop.outcome is Outcome.DOWN and course.at_proxy:
        return Ending(Outcome.PROXY, course.trouble)
    return Ending(stop.outcome, stop.diagnosis)
