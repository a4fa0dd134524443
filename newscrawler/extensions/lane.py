"""A lane: the requests of all papers on one server share its delay and pauses within a process."""

from __future__ import annotations

import asyncio
from time import monotonic


class Lane:
    """When the next request may be sent to a server, and how many are in progress there."""

    def __init__(self) -> None:
        self.floor = 0.0
        """The minimum time between requests, in seconds: the longest that any of its papers
        sets."""
        self._capacity = 0
        self._next_at = 0.0
        self._paused_until = 0.0
        self.rested = 0.0
        """Seconds of pauses so far."""
        self._in_flight = 0
        self._free = asyncio.Event()

    def join(self, floor: float, capacity: int) -> None:
        """Add a paper to this lane.

        Args:
            floor: seconds that must pass between two requests.
            capacity: how many requests may be in progress at once; the smallest of all papers
                counts.
        """
        self.floor = max(self.floor, floor)
        self._capacity = min(self._capacity or capacity, capacity)

    @property
    def wait(self) -> float:
        """Seconds until a request may be sent, if none is in progress; 0 or less: now."""
        return max(self._next_at, self._paused_until) - monotonic()

    @property
    def is_full(self) -> bool:
        """Whether the maximum number of requests is in progress."""
        return self._in_flight >= self._capacity

    @property
    def resting(self) -> float:
        """Seconds until the current pause ends; 0 if there is none."""
        return max(0.0, self._paused_until - monotonic())

    async def until_free(self, seconds: float) -> None:
        """Wait until a request has ended, at most this many seconds."""
        self._free.clear()
        try:
            await asyncio.wait_for(self._free.wait(), seconds)
        except TimeoutError:
            return

    def take(self, pause: float) -> None:
        """Count a request as sent; the next one may follow after ``pause`` seconds."""
        self._next_at = monotonic() + pause
        self._in_flight += 1

    def leave(self) -> None:
        """Count a request as ended: the minimum time starts again here."""
        self._in_flight -= 1
        self._next_at = max(self._next_at, monotonic() + self.floor)
        self._free.set()

    def rest(self, seconds: float) -> None:
        """Send nothing for this many seconds from now; a longer pause that is already set stays."""
        now = monotonic()
        until = max(self._paused_until, now + seconds)
        self.rested += until - max(self._paused_until, now)
        self._paused_until = until

    def raise_floor(self, seconds: float) -> None:
        """Raise the minimum time between requests; it counts from now."""
        self.floor = max(self.floor, seconds)
        self._next_at = max(self._next_at, monotonic() + self.floor)
