"""The words most particular to each of several groups of articles, such as sections or years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newscrawler.archive.filters import Filters
from newscrawler.archive.keyness import (
    LEAST_ARTICLES,
    Counts,
    ParticularWord,
    Texts,
    measure,
    particular,
    spread,
)
from newscrawler.archive.reader import Archive


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    articles: int
    """Articles that were read."""
    others: int
    """Articles of the other groups that were read."""
    is_part: bool
    """Whether only a part was read: of the group or, beside a search, of the others."""
    words: tuple[ParticularWord, ...]
    """The surest first."""


def group_words(archive: Archive, groups: Mapping[str, Filters], *, at_most: int) -> list[Group]:
    """Compare each group with the others together.

    Each text is read once. ``at_most`` articles of a group are read, evenly over all of them: the
    time does not grow with the archive, and a large group does not outweigh the others. An article
    of two groups counts in the first.
    """
    texts = Texts(archive)
    taken = {name: texts.take(filters) for name, filters in groups.items()}
    keys = {name: spread(own, at_most) for name, own in taken.items()}
    counts, all_of_them = {name: Counts() for name in groups}, Counts()
    for name, own in counts.items():
        for text in texts.read(keys[name]):
            own.add(text)
        all_of_them.merge(own)
    known = frozenset(all_of_them.words())
    size = sum(map(len, keys.values()))
    found = []
    for name, own in counts.items():
        here, there = len(keys[name]), size - len(keys[name])
        measured = (
            measure(word, n, all_of_them.articles[word] - n, here, there)
            for word, n in own.articles.items()
            if n >= LEAST_ARTICLES and word in known and there
        )
        found.append(Group(name, here, there, here < len(taken[name]), particular(measured)))
    return found
