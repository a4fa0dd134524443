"""How a run ends: one word in ``runs.outcome``, one exit code, one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    RUNNING = "running"
    """Running, or left by a process that was killed."""
    COMPLETE = "complete"
    UNSETTLED = "unsettled"
    BUDGET = "budget"
    QUIET_HOURS = "quiet_hours"
    STOPPED = "stopped"
    """Ended early by a limit of Scrapy, or because somebody closed the spider: not an error."""
    BLOCKED = "blocked"
    DOWN = "down"
    PROXY = "proxy"
    """No answer came through the environment's proxy: not an error of the site."""
    FORBIDDEN = "forbidden"
    CHANGED = "changed"
    STORAGE = "storage"
    REFUSED = "refused"
    """Invalid usage or settings: found before any request, except for an unknown section."""
    LOCKED = "locked"
    """Not started: another process was writing the database."""
    FENCED = "fenced"
    """Crawled, but another machine has the lease now: this work is not uploaded."""
    UNSHIPPED = "unshipped"
    """Crawled, but the depot did not answer: the next slice on this machine uploads the work."""
    INTERRUPTED = "interrupted"
    ERROR = "error"

    @property
    def exit_code(self) -> int:
        """The exit code that scripts rely on."""
        return _EXIT_CODES[self]


EXIT_OK = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_UNSETTLED = 3
EXIT_STOPPED = 4
EXIT_LOCKED = 5
EXIT_STORAGE = 6
EXIT_INTERRUPTED = 130

_EXIT_CODES = {
    Outcome.RUNNING: EXIT_INTERRUPTED,
    Outcome.COMPLETE: EXIT_OK,
    Outcome.UNSETTLED: EXIT_UNSETTLED,
    Outcome.BUDGET: EXIT_UNSETTLED,
    Outcome.QUIET_HOURS: EXIT_UNSETTLED,
    Outcome.STOPPED: EXIT_UNSETTLED,
    Outcome.BLOCKED: EXIT_STOPPED,
    Outcome.DOWN: EXIT_STOPPED,
    Outcome.PROXY: EXIT_STOPPED,
    Outcome.FORBIDDEN: EXIT_STOPPED,
    Outcome.CHANGED: EXIT_STOPPED,
    Outcome.STORAGE: EXIT_STORAGE,
    Outcome.LOCKED: EXIT_LOCKED,
    Outcome.FENCED: EXIT_LOCKED,
    Outcome.UNSHIPPED: EXIT_STORAGE,
    Outcome.REFUSED: EXIT_USAGE,
    Outcome.INTERRUPTED: EXIT_INTERRUPTED,
    Outcome.ERROR: EXIT_BUG,
}

_BY_GRAVITY = (
    *(EXIT_OK, EXIT_LOCKED, EXIT_UNSETTLED, EXIT_INTERRUPTED),
    *(EXIT_STOPPED, EXIT_STORAGE, EXIT_USAGE, EXIT_BUG),
)


def worst(codes: Iterable[int]) -> int:
    """The exit code of several runs: the most serious one."""
    return max(codes, key=_BY_GRAVITY.index)
