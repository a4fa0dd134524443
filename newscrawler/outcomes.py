"""How a run ends: one word in ``runs.outcome``, one exit code, one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    RUNNING = "running"
    """Not finished; left behind by a process that was killed."""
    COMPLETE = "complete"
    UNSETTLED = "unsettled"
    BUDGET = "budget"
    QUIET_HOURS = "quiet_hours"
    STOPPED = "stopped"
    """Ended early by a limit of Scrapy's, or by whoever closed the spider: nobody's fault."""
    BLOCKED = "blocked"
    DOWN = "down"
    PROXY = "proxy"
    """No answer came through the proxy of the environment: the site is not to blame."""
    FORBIDDEN = "forbidden"
    CHANGED = "changed"
    STORAGE = "storage"
    REFUSED = "refused"
    """Bad usage or settings: seen before any request, but for a section that the paper has not."""
    LOCKED = "locked"
    """Not begun: another process was writing the database."""
    FENCED = "fenced"
    """Crawled, but the lease has left: another machine was first, and this work is set aside."""
    UNSHIPPED = "unshipped"
    """Crawled, but the depot did not answer: the work waits on this machine for the next slice."""
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
    """The exit code of several runs: that of the one that needs a person most."""
    return max(codes, key=_BY_GRAVITY.index)
