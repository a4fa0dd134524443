"""Translations of the archive's codes for people: states, reasons, selections, outcomes.

What scripts read keeps the codes; here they become texts in the current language, for a page or a
terminal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from newscrawler.humanize.language import mark, tr
from newscrawler.outcomes import Outcome
from newscrawler.store.coverage import NEVER_ASKED
from newscrawler.store.states import State

_STATES: Mapping[str, str] = {
    State.ARTICLE: mark("article"),
    State.MISSING: mark("missing"),
    State.REMOVED: mark("removed"),
    State.RESTRICTED: mark("restricted"),
    State.PENDING: mark("pending"),
    State.FAILED: mark("failed"),
    State.UNKNOWN: mark("unknown"),
    NEVER_ASKED: mark("never asked"),
}

_MEANINGS: Mapping[str, str] = {
    State.ARTICLE: mark("stored"),
    State.MISSING: mark("the site says that there is nothing"),
    State.REMOVED: mark("withdrawn; a text that was stored is kept"),
    State.RESTRICTED: mark("for members only"),
    State.PENDING: mark("not tried or not published yet"),
    State.FAILED: mark("no usable answer"),
    State.UNKNOWN: mark("an answer that is not understood, kept"),
}

_OUTCOMES: Mapping[str, str] = {
    Outcome.RUNNING: mark("running"),
    Outcome.COMPLETE: mark("complete"),
    Outcome.UNSETTLED: mark("unsettled"),
    Outcome.BUDGET: mark("budget"),
    Outcome.QUIET_HOURS: mark("quiet_hours"),
    Outcome.STOPPED: mark("stopped"),
    Outcome.BLOCKED: mark("blocked"),
    Outcome.DOWN: mark("down"),
    Outcome.PROXY: mark("proxy"),
    Outcome.FORBIDDEN: mark("forbidden"),
    Outcome.CHANGED: mark("changed"),
    Outcome.STORAGE: mark("storage"),
    Outcome.REFUSED: mark("refused"),
    Outcome.LOCKED: mark("locked"),
    Outcome.FENCED: mark("fenced"),
    Outcome.UNSHIPPED: mark("unshipped"),
    Outcome.INTERRUPTED: mark("interrupted"),
    Outcome.ERROR: mark("error"),
}

_KINDS: Mapping[str, str] = {
    "refresh": mark("refresh"),
    "recent gap": mark("recent gap"),
    "another try": mark("another try"),
}

_PARTS: Mapping[str, str] = {
    "title": mark("title"),
    "subtitle": mark("subtitle"),
    "body": mark("body"),
    "caption": mark("caption"),
}

_CHANGES: Mapping[str, str] = {
    "shorter": mark("shorter"),
    "without signs": mark("without signs"),
    "fewer words": mark("fewer words"),
}

_SELECTIONS = (
    mark("catch up"),
    mark("new"),
    mark("gaps"),
    mark("refresh"),
    mark("range"),
    mark("sections"),
    mark("section"),
    mark("idx"),
)
"""A longer one comes before its own prefix."""

_HEADS = (
    mark("an article"),
    mark("not published yet"),
    mark("nothing there"),
    mark("the site said that nothing is there, and said so of articles too"),
    # What earlier versions wrote for the same.
    mark("the site called everything missing, known articles too"),
    mark("an earlier run ended while it read the answer"),
    mark("body"),
    mark("an empty template below"),
    mark("sent to"),
    mark("status"),
)
"""The beginnings of reasons that are not complete texts in pages/."""

_DIAGNOSES = (
    mark("{count} articles have their section now; listed, but not in the archive yet: {absent}"),
    mark("{count} articles have their section now"),
    mark("1 article has its section now; listed, but not in the archive yet: {absent}"),
    mark("1 article has its section now"),
    mark("the budget of {limit} requests is used up"),
    mark("the time budget is used up"),
    mark("quiet hours {span}"),
    mark("nothing is published beyond {newest} yet"),
    mark("robots.txt forbids every number that was asked for"),
)
"""What is said of a run that ended as planned; of other runs it is evidence, and stays as it is."""

_NUMBER = re.compile(r"(status) (\d+)")


def state(code: str) -> str:
    """A state of the ledger, or ``never asked``."""
    return tr(_STATES.get(code, code))


def meaning(code: str) -> str:
    """What a state of the ledger says of a number."""
    return tr(_MEANINGS[code])


def kind(code: str) -> str:
    """Why a number is due for another attempt."""
    return tr(_KINDS.get(code, code))


def outcome(code: str) -> str:
    """How a run ended, in a word."""
    return tr(_OUTCOMES.get(code, code))


def part(code: str) -> str:
    """A part of an article."""
    return tr(_PARTS.get(code, code))


def change(code: str) -> str:
    """In what a wider search differs from the one that found nothing."""
    return tr(_CHANGES.get(code, code))


def selection(stored: str) -> str:
    """``runs.selection``: what a run was about."""
    word = next((each for each in _SELECTIONS if stored.startswith(each)), "")
    return tr(word) + stored.removeprefix(word)


def reason(stored: str) -> str:
    """``ledger.reason``: rule and evidence; what the site itself said stays in its words."""
    if (told := tr(stored)) != stored:
        return told
    if found := _NUMBER.fullmatch(stored):
        return f"{tr(found[1])} {found[2]}"
    head, colon, tail = stored.partition(": ")
    return f"{tr(head)}{colon}{reason(tail)}" if colon else stored


def diagnosis(stored: str) -> str:
    """``runs.diagnosis``: why a run ended so, translated where it ended as planned."""
    for template in _DIAGNOSES:
        if not stored.startswith(template.partition("{")[0]):
            continue  # to compile a pattern takes longer than the rest of a command
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[\\d,:-]+)", re.escape(template))
        if found := re.fullmatch(pattern, stored):
            return tr(template, **found.groupdict())
    return stored
