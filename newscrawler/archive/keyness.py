"""The words most particular to some articles, held against the others.

A word counts once an article, however often the article says it: a single article about nothing
else does not make a word particular to a year (Egbert and Biber, Incorporating text dispersion
into keyword analyses, 2019). Two figures tell whether a word is particular, and it must pass both,
so that neither frequent words with a small difference nor rare ones by chance are shown:

- log-likelihood: how sure it is that the difference is not chance (Dunning, Accurate methods for
  the statistics of surprise and coincidence, 1993);
- log ratio: how large it is; 1 is twice as frequent, 2 four times (Hardie, 2014).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import log, log2

from newscrawler.archive.filters import ALL, Filters
from newscrawler.archive.korean_words import cut, forms
from newscrawler.archive.reader import Archive
from newscrawler.archive.search import parse

LEAST_ARTICLES = 3
"""Chosen articles that must have a word, unless somebody wishes otherwise."""

SURE = 15.13
"""Log-likelihood at which p < 0.0001, the level for comparisons of many words in Rayson, Berridge
and Francis, Extending the Cochran rule for the comparison of word frequencies, 2004."""

TWICE = 1.0
"""Log ratio of a word that is twice as frequent."""

_BATCH = 200
"""Texts read at once: a megabyte or two."""


@dataclass(frozen=True, slots=True)
class ParticularWord:
    word: str
    articles: int
    """Chosen ones that have it."""
    others: int
    """Of those that they are held against."""
    log_likelihood: float
    log_ratio: float
    """To the base of 2. Where no other article has the word, half a one stands for it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    articles: int
    """Chosen ones that were read, each text once."""
    others: int
    """Those that they are held against and that were read, each text once."""
    all_articles: int
    """Chosen ones; more than ``articles`` where only a part was to be read."""
    all_others: int
    reprints: int
    """Exact reprints of one of them, which are not counted."""
    compared: int
    """Words that enough of the chosen articles have."""
    words: tuple[ParticularWord, ...]
    """The surest first."""

    @property
    def is_part(self) -> bool:
        """Whether only a part of the articles was read, of either side."""
        return self.articles < self.all_articles or self.others < self.all_others


def _no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def compare(
    archive: Archive,
    chosen: Filters,
    against: Filters = ALL,
    *,
    least: int = LEAST_ARTICLES,
    sure: float = SURE,
    at_most: int | None = None,
    progress: Callable[[int, int], None] = _no_progress,
) -> Comparison:
    """The words that are particular to ``chosen``, in at least ``least`` of its articles.

    ``sure`` is the log-likelihood that they must have; a few dozen articles seldom reach the
    default, and 6.63 (p < 0.01) shows more of theirs, with more chance among it. With ``at_most``
    so many articles of each side are read, evenly over all that pass, so that a page can wait.

    An article that passes both filters is a chosen one only. Each text is read once and few are
    held at a time: memory grows with the different words of the chosen articles. Where they are
    chosen by a search, words that contain what was searched for say nothing and are left out.

    Raises:
        SearchError: the words of a filter cannot be searched for.
    """
    texts = Texts(archive, progress)
    here, there = texts.take(chosen), texts.take(against)
    passed = len(here), len(there)
    here, there = spread(here, at_most), spread(there, at_most)
    counts, others = Counts(), Counts()
    for text in texts.read(here):
        counts.add(text)
    counts.forget_below(least)
    for text in texts.read(there):
        others.add(text, only=counts.articles)
    counts.learn(others)
    words = _without_searched(counts.words(), chosen)
    sizes = len(here), len(there)
    measured = (
        measure(word, counts.articles[word], others.articles.get(word, 0), *sizes)
        for word in (words if all(sizes) else ())
    )
    return Comparison(*sizes, *passed, texts.reprints, len(words), particular(measured, sure))


def particular(
    measured: Iterable[ParticularWord], sure: float = SURE
) -> tuple[ParticularWord, ...]:
    """The words that are at least twice as frequent here and as sure as that, the surest first."""
    found = [each for each in measured if each.log_likelihood >= sure and each.log_ratio >= TWICE]
    return tuple(sorted(found, key=lambda each: (-each.log_likelihood, each.word)))


def _without_searched(words: Iterator[str], filters: Filters) -> list[str]:
    if filters.words is None:
        return list(words)
    searched = parse(filters.words).pattern
    return [word for word in words if not searched.search(word)]


def spread(keys: array[int], at_most: int | None) -> array[int]:
    """At most so many of them, evenly over all: the same ones each time; ``None``: all.

    >>> list(spread(array("q", range(10)), 4))
    [0, 3, 6, 9]
    """
    return keys if at_most is None else keys[:: max(1, -(-len(keys) // at_most))]


class Texts:
    """The archive's texts, each taken once though it was reprinted."""

    def __init__(
        self, archive: Archive, progress: Callable[[int, int], None] = _no_progress
    ) -> None:
        self._archive = archive
        self._progress = progress
        self._read = 0
        rows = archive.connection.execute(
            "SELECT id, duplicate_of FROM articles WHERE duplicate_of IS NOT NULL"
        )
        self._originals: dict[int, int] = dict(map(tuple, rows))
        self._taken: dict[int, int] = {}
        """For each original: itself, or the reprint that was taken for it."""
        self._left: set[int] = set()

    @property
    def reprints(self) -> int:
        """How many were left because another copy of the text was taken."""
        return len(self._left)

    def take(self, filters: Filters) -> array[int]:
        """Keys of those that pass and were not taken before."""
        keys = array("q")
        for key in self._archive.keys(filters):
            original = self._originals.get(key, key)
            if original not in self._taken:
                self._taken[original] = key
                keys.append(key)
            elif self._taken[original] != key:
                self._left.add(key)
        return keys

    def read(self, keys: Iterable[int]) -> Iterator[str]:
        """All that an article says: headline, subtitle, body, captions."""
        waiting = iter(keys)
        while batch := list(islice(waiting, _BATCH)):
            for parts in self._archive.connection.execute(
                "SELECT title, subtitle, body, (SELECT group_concat(caption, char(10))"
                " FROM images WHERE article_id = a.id) FROM json_each(?) AS wanted"
                " CROSS JOIN articles AS a ON a.id = wanted.value",
                [json.dumps(batch)],
            ).fetchall():
                yield "\n".join(filter(None, parts))
            self._read += len(batch)
            self._progress(self._read, len(self._taken))


_BARE = ""
_PROVEN = "+"
"""A word that stands without a particle too, or with several, or with one that is none else."""


class Counts:
    """How many articles have a word, and in what forms it was met."""

    def __init__(self) -> None:
        self.articles: dict[str, int] = {}
        self._met: dict[str, str] = {}
        """``_BARE``: never with a particle; a particle: with this one only; else ``_PROVEN``."""

    def add(self, text: str, only: Container[str] | None = None) -> None:
        """Count an article; of the words in ``only``, if there is one."""
        here = set[str]()
        for form in forms(text):
            # All forms must be known to decide which of the two is the word.
            for word, met in ((form.run, _BARE), (form.word, form.particle)):
                if only is None or word in only:
                    here.add(word)
                    self._meet(word, _PROVEN if form.sure and met else met)
        for word in here:
            self.articles[word] = self.articles.get(word, 0) + 1

    def merge(self, other: Counts) -> None:
        """Count what another count has counted, too."""
        for word, n in other.articles.items():
            self.articles[word] = self.articles.get(word, 0) + n
        self.learn(other)

    def forget_below(self, least: int) -> None:
        self.articles = {word: n for word, n in self.articles.items() if n >= least}
        self._met = {word: self._met[word] for word in self.articles}

    def learn(self, other: Counts) -> None:
        """Take over in what forms another count met its words."""
        for word, met in other._met.items():
            self._meet(word, met)

    def words(self) -> Iterator[str]:
        """Those that are words, not a noun with its particle or a piece of a noun."""
        for word, met in self._met.items():
            if met == _PROVEN or (met == _BARE and not self._hangs_on(word)):
                yield word

    def _meet(self, word: str, met: str) -> None:
        self._met[word] = met if self._met.get(word, met) == met else _PROVEN

    def _hangs_on(self, run: str) -> bool:
        """Whether it is a proven word and a particle."""
        form = cut(run)
        return form is not None and form.word != run and self._met.get(form.word) == _PROVEN


def measure(word: str, has: int, others_have: int, size: int, others: int) -> ParticularWord:
    """The two figures of a word that ``has`` of ``size`` articles have, and so of the others."""
    share, others_share = has / size, (others_have or 0.5) / others
    likelihood = _log_likelihood(has, others_have, size, others)
    return ParticularWord(word, has, others_have, likelihood, log2(share / others_share))


def _log_likelihood(has: int, others_have: int, size: int, others: int) -> float:
    """Dunning's G², of all four cells: articles here and there, with and without the word."""
    both, with_it = size + others, has + others_have
    cells = (
        (has, size * with_it),
        (others_have, others * with_it),
        (size - has, size * (both - with_it)),
        (others - others_have, others * (both - with_it)),
    )
    return 2 * sum(seen * log(seen * both / expected) for seen, expected in cells if seen)
