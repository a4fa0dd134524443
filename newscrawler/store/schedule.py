"""When a number is looked at again: pure dates, decided in one place.

One column, ``ledger.next_attempt_at``, carries every answer of this module;
catching up asks for whatever is due there and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    retry_after: tuple[timedelta, ...] = (_HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)
    """Pauses after the 1st, 2nd … failed look; past the last the number is given up."""
    refresh_after: tuple[timedelta, ...] = (_DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)
    """Ages at which a published article is read again, since papers edit."""
    gap_window: timedelta = 7 * _DAY
    """How old an article beside a gap may be for the gap to be looked at again."""
    gap_every: timedelta = _DAY

    @property
    def longest(self) -> timedelta:
        """No due time lies further ahead than this."""
        return max((*self.retry_after, *self.refresh_after, self.gap_every))

    def after_failure(self, now: datetime, failures: int) -> datetime | None:
        """When to try again after ``failures`` (1 or more) failed looks; ``None``: given up."""
        if failures > len(self.retry_after):
            return None
        return now + self.retry_after[failures - 1]

    def refresh(self, now: datetime, published_at: datetime | None) -> datetime | None:
        """The first refresh still ahead of ``now``; ``None`` when the article has settled."""
        if published_at is None:
            return None
        dates = (published_at + age for age in self.refresh_after)
        return next((date for date in dates if date > now), None)

    def gap(self, now: datetime, neighbour_published_at: datetime | None) -> datetime | None:
        """When to look again at a gap whose nearest article was published then.

        A draft keeps its number and may be published days late, so a young gap
        is not final; an old one is.
        """
        if neighbour_published_at is None or now - neighbour_published_at > self.gap_window:
            return None
        return now + self.gap_every
