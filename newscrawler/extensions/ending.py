"""Decides how a run ended, from its counts and the reason why the spider closed.

Pure functions: each way to end is a row of a table in tests/extensions/test_ending.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.extensions.stopper import Stop
from newscrawler.outcomes import Outcome

FINISHED = "finished"
"""Scrapy's close reason when the spider has no more requests: the only complete end."""
SHUTDOWN = "shutdown"
"""Scrapy's close reason after Ctrl-C or SIGTERM."""
START_ERROR = "start_error"
"""Scrapy's close reason after an exception in the spider's ``start``."""

BUG = "a fault of the program: the log has the traceback; please report it"

_LIMITS = {
    "closespider_timeout": "CLOSESPIDER_TIMEOUT",
    "closespider_itemcount": "CLOSESPIDER_ITEMCOUNT",
    "closespider_pagecount": "CLOSESPIDER_PAGECOUNT",
    "closespider_timeout_no_item": "CLOSESPIDER_TIMEOUT_NO_ITEM",
    "closespider_pagecount_no_item": "CLOSESPIDER_PAGECOUNT_NO_ITEM",
}
"""Close reasons of Scrapy's own limits → the setting that sets the limit."""

_OTHERS = {
    "memusage_exceeded": "the program used more memory than MEMUSAGE_LIMIT_MB allows",
    "closespider_errorcount": "there were more errors than CLOSESPIDER_ERRORCOUNT allows",
}


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of a run at its end."""

    close_reason: str
    """Why Scrapy closed the spider; the first reason that anybody gave it."""
    stop: Stop | None = None
    """The program's own reason to end early, if it had one."""
    bugs: int = 0
    """Unexpected exceptions."""
    asked: int = 0
    forbidden: int = 0
    """Numbers that were not requested because robots.txt disallows it."""
    unsettled: int = 0
    """Numbers that were requested and wait for another attempt."""
    waiting: int = 0
    """Other numbers of this selection that wait for another attempt."""
    left: int | None = None
    """Numbers of this run that were not requested; ``None``: not known."""
    answered: bool = True
    """Whether any usable answer came, robots.txt not counted."""
    trouble: str | None = None
    """Why the last failed request failed."""
    at_proxy: bool = False
    """Whether a proxy caused it, and no answer has come through the proxy since."""


@dataclass(frozen=True, slots=True)
class Ending:
    outcome: Outcome
    diagnosis: str | None = None


def ending_of(facts: RunFacts) -> Ending:
    """How a run ended.

    ``COMPLETE`` means that the run left none of its own numbers open. Whether the archive has every
    number of the paper is another question: ``is_complete`` in ``store/coverage.py``.

    A stop by the program counts only if Scrapy closed the spider for it: errors while a crawl ends
    for another reason say nothing about the site.
    """
    stop, reason = facts.stop, facts.close_reason
    if stop and stop.outcome is Outcome.STORAGE:
        return Ending(stop.outcome, stop.diagnosis)
    if facts.bugs or reason == START_ERROR:
        known = stop.diagnosis if stop and stop.outcome is Outcome.ERROR else BUG
        return Ending(Outcome.ERROR, known)
    if stop and reason == stop.outcome:
        return _stopped(facts, stop)
    if reason == SHUTDOWN:
        return Ending(Outcome.INTERRUPTED)
    if name := _LIMITS.get(reason):
        return Ending(Outcome.BUDGET, f"the budget of {name} is used up")
    if reason != FINISHED:
        return Ending(Outcome.STOPPED, _OTHERS.get(reason, f"Scrapy closed the spider: {reason}"))
    if facts.forbidden and facts.forbidden == facts.asked:
        return Ending(Outcome.FORBIDDEN, "robots.txt forbids every number that was asked for")
    if facts.unsettled or facts.waiting or facts.left:
        return Ending(Outcome.UNSETTLED)
    return Ending(Outcome.COMPLETE)


def _stopped(facts: RunFacts, stop: Stop) -> Ending:
    if stop.outcome is Outcome.BUDGET and facts.trouble and not facts.answered:
        # Left as it is, a paper that is down for weeks would alarm nobody.
        sentence = f"{stop.diagnosis}, and no usable answer has come ({facts.trouble})"
        stop = Stop(Outcome.DOWN, sentence)
    if stop.outcome is Outcome.DOWN and facts.at_proxy:
        return Ending(Outcome.PROXY, facts.trouble)
    return Ending(stop.outcome, stop.diagnosis)
