"""What a doctor says: one finding for each step of the examination."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from newscrawler.outcomes import EXIT_BUG, EXIT_OK


class Grade(StrEnum):
    FINE = "ok"
    ODD = "odd"
    """Worth a look; the crawl would run."""
    BAD = "bad"
    """The crawl would stop here."""


@dataclass(frozen=True, slots=True)
class Finding:
    step: str
    grade: Grade
    text: str
    exit_code: int = EXIT_OK
    """What a crawl would end with for this reason."""


def failed(step: str, error: Exception) -> Finding:
    """A check that did not come to its end: a fault of the program, and no reason to end others."""
    told = f"this check has failed, please report it: {type(error).__name__}: {error}"
    return Finding(step, Grade.BAD, told[:300], EXIT_BUG)
