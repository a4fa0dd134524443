"""Where in an article the words of a search stand, and what to try when nothing is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, StoredArticle
from newscrawler.archive.search import Phrase, Query, Snippet, beginning, parse, snippet


class Part(StrEnum):
    """Of an article, in the order in which a snippet is taken from it."""

    BODY = "body"
    SUBTITLE = "subtitle"
    CAPTION = "caption"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article: StoredArticle
    title: Snippet
    """The whole headline."""
    snippet: Snippet
    """From the part of which a snippet shows most of the words, the first of several; where only
    the headline has them, how the article begins."""
    part: Part | None
    """Where the snippet is from; ``None``: the words are in the headline alone, or they stand so
    that no part has one of them whole."""
    parts: tuple[Part, ...]
    """All that have at least one of the words."""


def hit(query: Query | None, article: StoredArticle, width: int = 120) -> Hit:
    """The words of ``query`` in ``article``; about ``width`` characters around them.

    Without a query, how the article begins.
    """
    if query is None:
        return Hit(article, Snippet(article.title, ()), beginning(article.body, width), None, ())
    texts = {
        Part.BODY: (article.body,),
        Part.SUBTITLE: (article.subtitle or "",),
        Part.CAPTION: tuple(image.caption or "" for image in article.images),
        Part.TITLE: (article.title,),
    }
    found = {part: each for part in Part if (each := snippet(query, texts[part], width)).hits}
    title = Snippet(article.title, tuple(m.span() for m in query.pattern.finditer(article.title)))
    below = [part for part in found if part is not Part.TITLE]
    part = max(below, key=lambda part: found[part].words, default=None)
    others = "\n".join((*texts[Part.BODY], *texts[Part.SUBTITLE], *texts[Part.CAPTION]))
    shown = found[part] if part else beginning(others, width)
    return Hit(article, title, shown, part, tuple(found))


class Way(StrEnum):
    """A way to change a search that found nothing into one that finds something."""

    OTHER_DAYS = "other days"
    OTHER_FILTERS = "other filters"
    SHORTER = "shorter"
    WITHOUT_SIGNS = "without signs"
    FEWER_WORDS = "fewer words"


@dataclass(frozen=True, slots=True)
class Suggestion:
    change: Way
    filters: Filters
    """The search that finds."""
    count: int


_SHORTEST = 2
"""Characters that a shortened word keeps; one alone stands nearly everywhere."""


def suggestions(archive: Archive, filters: Filters) -> list[Suggestion]:
    """What would find some where ``filters`` find nothing: at most one of each kind.

    Raises:
        SearchError: the words cannot be searched for.
    """
    found: list[Suggestion] = []
    for change, others in _changed(filters):
        if all(change is not each.change for each in found) and (count := archive.count(others)):
            found.append(Suggestion(change, others, count))
    return found


def _changed(filters: Filters) -> Iterator[tuple[Way, Filters]]:
    """Searches a little wider, the likelier first."""
    if filters.since or filters.until:
        yield Way.OTHER_DAYS, replace(filters, since=None, until=None)
    if filters.section or filters.reporter:
        yield Way.OTHER_FILTERS, replace(filters, section=None, reporter=None)
    if filters.words is None:
        return
    query = parse(filters.words)
    for place, group in enumerate(query.wanted):
        if len(group) > 1:
            continue
        for shorter in _shorter(group[0].text):
            yield Way.SHORTER, replace(filters, words=str(_with(query, place, shorter)))
        bare = " ".join(re.findall(r"\w+", group[0].text))
        if bare and bare != group[0].text:
            yield Way.WITHOUT_SIGNS, replace(filters, words=str(_with(query, place, bare)))
    if len(query.wanted) > 1:
        for place in range(len(query.wanted)):
            others = query.wanted[:place] + query.wanted[place + 1 :]
            fewer = Query(others, query.unwanted)
            yield Way.FEWER_WORDS, replace(filters, words=str(fewer))


def _shorter(word: str) -> Iterator[str]:
    """The word without its last syllables: what hangs on to a Korean noun stands behind it."""
    for length in range(len(word) - 1, _SHORTEST - 1, -1):
        yield word[:length].rstrip()


def _with(query: Query, place: int, word: str) -> Query:
    wanted = list(query.wanted)
    wanted[place] = (Phrase(tuple(word.split())),)
    return Query(tuple(wanted), query.unwanted)
