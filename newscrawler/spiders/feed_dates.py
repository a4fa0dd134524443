"""The dates of a feed, compared with those on the articles' pages; the page's date is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_SAME_MOMENT = timedelta(minutes=1)
"""Pages print seconds, some feeds only minutes."""


@dataclass(frozen=True, slots=True)
class FeedDates:
    """A comparison: the numbers of the articles, ascending."""

    compared: tuple[int, ...]
    """Those whose date is known from both."""
    apart: tuple[int, ...]
    """Those of them whose dates differ."""


def compare(feed: Mapping[int, datetime], pages: Mapping[int, datetime]) -> FeedDates:
    """Compare the two dates of each article; both map numbers to aware times.

    Dates differ if the feed has another time zone, or the time of an edit.
    """
    both = sorted(feed.keys() & pages.keys())
    apart = [idx for idx in both if abs(feed[idx] - pages[idx]) > _SAME_MOMENT]
    return FeedDates(tuple(both), tuple(apart))
