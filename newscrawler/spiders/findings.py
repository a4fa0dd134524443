"""The findings of the doctor, at least one for each check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from newscrawler.outcomes import EXIT_BUG, EXIT_OK


class Grade(StrEnum):
    FINE = "ok"
    ODD = "odd"
    """A warning; a crawl would run."""
    BAD = "bad"
    """An error; a crawl would stop."""


@dataclass(frozen=True, slots=True)
class Finding:
    step: str
    grade: Grade
    text: str
    exit_code: int = EXIT_OK
    """The exit code with which a crawl would end for this reason."""


def failed(step: str, error: Exception) -> Finding:
    """The finding for a check that raised an unexpected error; other checks go on."""
    told = f"this check has failed, please report it: {type(error).__name__}: {error}"
    return Finding(step, Grade.BAD, told[:300], EXIT_BUG)
