"""Articles that were read in part: no date, text that no field took, a date in the future.

Such an article is stored like any other, since what was read is right. It is
counted, and many in a row are how a redesign looks that leaves the headline and the
body where they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from newscrawler.items import Reading


class Flaw(StrEnum):
    """What an article lacks; the words are columns of ``runs``."""

    UNDATED = "undated"
    LEFT_OVER = "left_over"
    HEAD_WORDS = "head_words"
    FROM_THE_FUTURE = "from_the_future"


_STOPS = {
    Flaw.UNDATED: "articles in a row have no date: the page prints it where no skin looks",
    Flaw.LEFT_OVER: "articles in a row have text in or beside the body that no field took",
}
"""Flaws that end a run if they go on, and the sentence behind the number."""

_SAME_DAY = timedelta(days=1)
"""A date up to this far ahead is a clock or a time zone."""
_FURNITURE = 5_000
"""Texts that are remembered as the site's own, because another article had them too."""
_LEAST = 200
"""Characters up to which text that is left over is no loss of the article's own."""


class Completeness:
    """Judges one article after the other, in the order in which they are stored."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        """Articles in a row with the same flaw that end the run; 0: none does."""
        self._streaks = dict.fromkeys(_STOPS, 0)
        self._seen: dict[str, None] = {}
        """Left-over texts of articles before: what two articles share is the site's own."""

    def judge(self, reading: Reading, asked_at: datetime) -> frozenset[Flaw]:
        """What an article's reading lacks; it counts for the streaks."""
        flaws = frozenset(self._flaws(reading, asked_at))
        for flaw in self._streaks:
            self._streaks[flaw] = self._streaks[flaw] + 1 if flaw in flaws else 0
        return flaws

    @property
    def verdict(self) -> str | None:
        """The sentence that ends the run, once as many articles in a row have the same flaw."""
        for flaw, streak in self._streaks.items():
            if self._limit and streak >= self._limit:
                return (
                    f"the site has changed its pages: {streak} {_STOPS[flaw]}"
                    " (INCOMPLETE_IN_A_ROW=0 goes on)"
                )
        return None

    def _flaws(self, reading: Reading, asked_at: datetime) -> Iterator[Flaw]:
        article, rest = reading.article, reading.remainder
        if article is None:
            return
        if article.published_at is None:
            yield Flaw.UNDATED
        elif article.published_at > asked_at + _SAME_DAY:
            yield Flaw.FROM_THE_FUTURE
        if self._new(rest.body) > max(_LEAST, len(article.body) // 2):
            yield Flaw.LEFT_OVER
        if self._new(rest.head):
            yield Flaw.HEAD_WORDS

    def _new(self, texts: tuple[str, ...]) -> int:
        """Characters of the texts that no article before had."""
        own = [text for text in texts if text not in self._seen]
        if len(self._seen) < _FURNITURE:
            self._seen.update(dict.fromkeys(own))
        return sum(map(len, own))
