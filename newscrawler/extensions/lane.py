"""The way to one server, which the papers that stand on it share within a process."""

from __future__ import annotations

import asyncio
from time import monotonic


class Lane:
    """When the next request may be sent to a server, and how many are under way there."""

    def __init__(self) -> None:
        self.floor = 0.0
        """The least time between requests, in seconds: the longest that any of its papers asks."""
        self._capacity = 0
        self._next_at = 0.0
        self._paused_until = 0.0
        self.rested = 0.0
        """Seconds of pauses so far."""
        self._in_flight = 0
        self._free = asyncio.Event()

    def join(self, floor: float, capacity: int) -> None:
        """A paper will send its requests here.

        Args:
            floor: seconds that must pass between two requests.
            capacity: how many may be under way at once; the least of all papers counts.
        """
        self.floor = max(self.floor, floor)
        self._capacity = min(self._capacity or capacity, capacity)

    @property
    def wait(self) -> float:
        """Seconds until a request may be sent, if none is under way; 0 or less: now."""
        return max(self._next_at, self._paused_until) - monotonic()

    @property
    def is_full(self) -> bool:
        """Whether as many requests are under way as the server may have at once."""
        return self._in_flight >= self._capacity

    @property
    def resting(self) -> float:
        """Seconds until the present pause is over; 0 outside of one."""
        return max(0.0, self._paused_until - monotonic())

    async def until_free(self, seconds: float) -> None:
        """Wait until a request has ended, but no longer than so many seconds."""
        self._free.clear()
        try:
            await asyncio.wait_for(self._free.wait(), seconds)
        except TimeoutError:
            return

    def take(self, pause: float) -> None:
        """Send a request; the next one may follow after ``pause`` seconds."""
        self._next_at = monotonic() + pause
        self._in_flight += 1

    def leave(self) -> None:
        """A request has ended: the server has the whole floor to itself from here, too."""
        self._in_flight -= 1
        self._next_at = max(self._next_at, monotonic() + self.floor)
        self._free.set()

    def rest(self, seconds: float) -> None:
        """Send nothing for so long from now; a longer pause already set stays."""
        now = monotonic()
        until = max(self._paused_until, now + seconds)
        self.rested += until - max(self._paused_until, now)
        self._paused_until = until

    def raise_floor(self, seconds: float) -> None:
        """Lengthen the floor; what was learned from an answer holds from that answer on."""
        self.floor = max(self.floor, seconds)
        self._next_at = max(self._next_at, monotonic() + self.floor)
