"""The times of the crawl: UTC, in whole seconds, written ``2026-07-04T12:00:00Z``."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

_IMPORTED = datetime.now(UTC)


def now() -> datetime:
    """The current time, aware, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(moment: datetime) -> str:
    """The UTC text of an aware datetime; the texts sort like the times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """The datetime of a text by :func:`to_text`, or of any ISO 8601 text with a zone."""
    return datetime.fromisoformat(text)


def process_started() -> datetime:
    """When this process started, by the kernel: start-up counts against a time budget.

    Without ``/proc``: when this module was loaded.
    """
    with suppress(OSError, ValueError, IndexError):
        # The command's name may hold blanks and parentheses: proc_pid_stat(5).
        fields = Path("/proc/self/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        ticks = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        up = float(Path("/proc/uptime").read_text("ascii").split()[0])
        return datetime.now(UTC) - timedelta(seconds=max(0.0, up - ticks))
    return _IMPORTED


class Deadline:
    """A time after which nothing may be sent; it does not move.

    Two clocks are used: the wall clock goes on while a machine sleeps, and the monotonic clock does
    not change when somebody sets the time back.
    """

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self._at = monotonic() + (moment - datetime.now(UTC)).total_seconds()

    @classmethod
    def after(cls, minutes: float) -> Deadline:
        """The deadline in this many minutes from now."""
        return cls(datetime.now(UTC) + timedelta(minutes=minutes))

    @property
    def has_passed(self) -> bool:
        return monotonic() >= self._at or datetime.now(UTC) >= self.moment

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline; negative when it has passed."""
        wall = (self.moment - datetime.now(UTC)).total_seconds()
        return min(wall, self._at - monotonic())
