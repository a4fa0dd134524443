"""Where in an article the words of a search are, and suggestions if nothing is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, StoredArticle
from newscrawler.archive.search import Phrase, Query, Snippet, beginning, parse, snippet


class Part(StrEnum):
    """The parts of an article, in the order in which a snippet is taken from them."""

    BODY = "body"
    SUBTITLE = "subtitle"
    CAPTION = "caption"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Hit:
    """A result of a search."""

    article: StoredArticle
    title: Snippet
    """The complete headline."""
    snippet: Snippet
    """From the part of which a snippet shows most of the words, the first of several; where only
    the headline has them, how the article begins."""
    part: Part | None
    """Where the snippet is from; ``None``: the words are in the headline alone, or they stand so
    that no part has one of them whole."""
    parts: tuple[Part, ...]
    """All parts with at least one of the words."""


def hit(query: Query | None, article: StoredArticle, width: int = 120) -> Hit:
    """Find the words of ``query`` in ``article``, with about ``width`` characters around them.

    Without a query: the beginning of the article.
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
    """A change of a search without results that gives results."""

    OTHER_SECTION = "other section"
    OTHER_DAYS = "other days"
    OTHER_FILTERS = "other filters"
    SHORTER = "shorter"
    WITHOUT_SIGNS = "without signs"
    FEWER_WORDS = "fewer words"


@dataclass(frozen=True, slots=True)
class Suggestion:
    change: Way
    filters: Filters
    """The changed search."""
    count: int


_SHORTEST = 2
"""Minimum characters of a shortened word; a single one is in nearly every article."""


_LONGEST = 200
"""Characters of a search whose words are changed: of a pasted text there are thousands of changes,
and each is a search."""


def suggestions(archive: Archive, filters: Filters) -> list[Suggestion]:
    """Suggestions with results, if ``filters`` have none: at most one of each kind.

    Raises:
        SearchError: the search query is invalid.
    """
    found: list[Suggestion] = []
    for change, others in (*_named_alike(archive, filters), *_changed(filters)):
        if all(change is not each.change for each in found) and (count := archive.count(others)):
            found.append(Suggestion(change, others, count))
    return found


def section_names(archive: Archive) -> tuple[str, ...]:
    """The names of the sections that the papers' menus or articles have."""
    rows = archive.connection.execute(
        "SELECT name FROM sections UNION SELECT section FROM articles WHERE section IS NOT NULL"
        " ORDER BY 1"
    )
    return tuple(name for (name,) in rows)


def _named_alike(archive: Archive, filters: Filters) -> Iterator[tuple[Way, Filters]]:
    """The same in sections whose names contain the one that was typed: 금속 in 금속·세라믹."""
    if typed := filters.section:
        for name in section_names(archive):
            if typed in name and typed != name:
                yield Way.OTHER_SECTION, replace(filters, section=name)


def _changed(filters: Filters) -> Iterator[tuple[Way, Filters]]:
    """Wider searches, the most probable first."""
    if filters.since or filters.until:
        yield Way.OTHER_DAYS, replace(filters, since=None, until=None)
    if filters.section or filters.reporter:
        yield Way.OTHER_FILTERS, replace(filters, section=None, reporter=None)
    if filters.words is None or len(filters.words) > _LONGEST:
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
    """The word without its last syllables: Korean particles follow the noun."""
    for length in range(len(word) - 1, _SHORTEST - 1, -1):
        yield word[:length].rstrip()


def _with(query: Query, place: int, word: str) -> Query:
    wanted = list(query.wanted)
    wanted[place] = (Phrase(tuple(word.split())),)
    return Query(tuple(wanted), query.unwanted)
