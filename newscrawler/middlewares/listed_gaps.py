"""Numbers that the site lists as published, and answers as if they did not exist.

A site that hides the same articles at every request cannot be found out by asking twice: a part of
its database is lost, or one of several servers, chosen by the number, is broken. Its home page and
feed know better.
"""

from __future__ import annotations

from collections.abc import Iterable

FEWEST = 3
"""A list that is some hours old names an article or two that were withdrawn since."""
SHARE = 5
"""One in so many of the listed numbers; of a home page made by hand a few links are dead."""


class ListedGaps:
    """Counts the contradictions that are known in a run.

    Args:
        listed: the numbers that the site lists.
        known: those without an article by their last answer in an earlier run.
    """

    def __init__(self, listed: Iterable[int], known: Iterable[int]) -> None:
        self._listed = frozenset(listed)
        self._earlier = self._listed & {*known}
        self._now: frozenset[int] = frozenset()

    def note(self, idx: int, *, has_article: bool) -> None:
        """The answer for a number has come."""
        self._earlier -= {idx}
        self._now -= {idx}
        if idx in self._listed and not has_article:
            self._now |= {idx}

    @property
    def are_too_many(self) -> bool:
        """Whether the site contradicts itself too often to be believed."""
        return len(self._now | self._earlier) >= max(FEWEST, len(self._listed) / SHARE)

    @property
    def to_ask(self) -> int | None:
        """An answer of an earlier run on which it rests: whether it is still so, must be asked."""
        return max(self._earlier, default=None)

    def forget_earlier(self) -> None:
        """The site is well again: what earlier runs were told does not count."""
        self._earlier = frozenset()

    def __str__(self) -> str:
        return ", ".join(map(str, sorted(self._now | self._earlier, reverse=True)))
