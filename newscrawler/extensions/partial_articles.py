"""Articles that were read in part: without a date, with text that is in no field, with a future
date.

Such an article is stored like any other, since what was read is right. It is counted; many in a row
mean that the site was redesigned, with the headline and the body in their old places.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from newscrawler.items import Reading
from newscrawler.pages import boilerplate


class Flaw(StrEnum):
    """What is wrong with an article; the names are columns of ``runs``."""

    UNDATED = "undated"
    LEFT_OVER = "left_over"
    HEAD_WORDS = "head_words"
    FROM_THE_FUTURE = "from_the_future"


_STOPS = {
    Flaw.UNDATED: "articles in a row have no date: no skin has a selector for it",
    Flaw.LEFT_OVER: "articles in a row have text in or next to the body that is in no field",
}
"""Flaws that end a run if they continue, and the sentence after the count."""

_SAME_DAY = timedelta(days=1)
"""A date up to this far in the future is a wrong clock or time zone."""
_MOST_BOILERPLATE = 5_000
"""How many left-over texts are remembered; a text that two articles share belongs to the site."""
_LEAST = 200
"""Up to this many left-over characters, a sentence or two, are counted and end no run."""


class Completeness:
    """Checks articles in the order in which they are stored."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        """After how many articles in a row with the same flaw the run ends; 0: never."""
        self._streaks = dict.fromkeys(_STOPS, 0)
        self._is_large = False
        """Whether the last article left over more than a sentence or two."""
        self._seen: dict[str, None] = {}
        """Left-over texts of earlier articles: a text that two articles share belongs to the
        site."""

    def judge(self, reading: Reading, asked_at: datetime) -> frozenset[Flaw]:
        """The flaws of an article; they count for the rows of flawed articles."""
        flaws = frozenset(self._flaws(reading, asked_at))
        grave = flaws if self._is_large else flaws - {Flaw.LEFT_OVER}
        for flaw in self._streaks:
            self._streaks[flaw] = self._streaks[flaw] + 1 if flaw in grave else 0
        return flaws

    @property
    def verdict(self) -> str | None:
        """The sentence that ends the run, if too many articles in a row have the same flaw."""
        for flaw, streak in self._streaks.items():
            if self._limit and streak >= self._limit:
                return (
                    f"the site has changed its pages: {streak} {_STOPS[flaw]}"
                    " (with INCOMPLETE_IN_A_ROW=0 the crawl continues)"
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
        left = self._new(rest.body)
        self._is_large = sum(map(len, left)) > max(_LEAST, len(article.body) // 2)
        if self._is_large or any(map(boilerplate.has_sentence, left)):
            yield Flaw.LEFT_OVER
        if self._new(rest.head):
            yield Flaw.HEAD_WORDS

    def _new(self, texts: tuple[str, ...]) -> list[str]:
        """The texts that no earlier article had."""
        own = [text for text in texts if text not in self._seen]
        if len(self._seen) < _MOST_BOILERPLATE:
            self._seen.update(dict.fromkeys(own))
        return own
