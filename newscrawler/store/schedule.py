"""When a number is requested again.

The column ``ledger.next_attempt_at`` holds the results of this module; catching up requests what is
due there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    retry_after: tuple[timedelta, ...] = (_HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)
    """Time until the next attempt after the 1st, 2nd … failed one; after the last the number is
    given up."""
    refresh_after: tuple[timedelta, ...] = (_DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)
    """Ages at which a published article is requested again, since papers edit."""
    gap_window: timedelta = 7 * _DAY
    """How old an article next to a gap may be for the gap to be requested again."""
    gap_every: timedelta = _DAY

    @property
    def longest(self) -> timedelta:
        """No due time is further in the future than this."""
        return max((*self.retry_after, *self.refresh_after, self.gap_every))

    def after_failure(self, now: datetime, failures: int) -> datetime | None:
        """When to try again after ``failures`` (1 or more) failed attempts; ``None``: given up."""
        if failures > len(self.retry_after):
            return None
        return now + self.retry_after[failures - 1]

    def refresh(self, now: datetime, published_at: datetime | None) -> datetime | None:
        """The first refresh after ``now``; ``None``: no more refreshes."""
        if published_at is None:
            return None
        dates = (published_at + age for age in self.refresh_after)
        return next((date for date in dates if date > now), None)

    def gap(self, now: datetime, neighbour_published_at: datetime | None) -> datetime | None:
        """When to request a gap again whose nearest article was published then.

        A draft keeps its number and may be published days late, so a young gap
        is not final; an old one is.
        """
        if neighbour_published_at is None or now - neighbour_published_at > self.gap_window:
            return None
        return now + self.gap_every
