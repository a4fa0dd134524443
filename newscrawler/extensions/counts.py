"""What a run counts for each number, as the columns of ``runs``."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.items import Answer, Change
from newscrawler.store.answers import Saved
from newscrawler.store.states import State


@dataclass(slots=True)
class Counts:
    """What a run has done so far; the names are columns of ``runs``."""

    asked: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    missing: int = 0
    removed: int = 0
    restricted: int = 0
    pending: int = 0
    failed: int = 0
    unknown: int = 0
    retries: int = 0
    undated: int = 0
    left_over: int = 0
    head_words: int = 0
    from_the_future: int = 0
    feed_dates_apart: int = 0

    def add(self, saved: Saved, answer: Answer) -> None:
        self.asked += 1
        self.retries += max(0, answer.requests - 1)
        if saved.failed is not None:
            setattr(self, saved.failed, getattr(self, saved.failed) + 1)
        elif saved.state is State.ARTICLE:
            name = "unchanged" if saved.change is Change.NONE else saved.change
            setattr(self, f"articles_{name}", getattr(self, f"articles_{name}") + 1)
        else:
            setattr(self, saved.state, getattr(self, saved.state) + 1)

    @property
    def articles(self) -> int:
        return self.articles_new + self.articles_changed + self.articles_unchanged

    @property
    def unsettled(self) -> int:
        return self.pending + self.failed + self.unknown
