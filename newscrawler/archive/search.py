"""The search language: words as people type them → an FTS5 expression, and snippets of hits.

All words must occur; ``"quotes"`` keep words together; ``-word`` must not occur; ``OR`` between two
words means that one is enough, and binds tighter than the implicit "and"; a written ``AND`` changes
nothing. A word is found wherever its characters are, also inside a longer word, and ASCII letters
match in either case, as with ``LIKE '%word%'``. Punctuation counts like letters: ``R&D``, ``3.5%``
and ``C++`` find exactly these characters. In quotes all punctuation is searched for, a doubled
``""`` is the quote itself, and any white space within a paragraph may separate words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache

from newscrawler.exceptions import SearchError
from newscrawler.humanize.language import mark, tr
from newscrawler.store.search_index import as_indexed, fold, runs, tokens

_PLAIN = re.compile(r'[^\s"“„＂-][^\s"]*')
"""A word without quotes that is not excluded by ``-``."""
_OR_JOINS = mark("OR must be between two words; to search for the word itself, put it in quotes")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Runs of characters that must follow one another; usually one."""

    runs: tuple[str, ...]

    def __str__(self) -> str:
        """The phrase as :func:`parse` takes it."""
        is_plain = _PLAIN.fullmatch(self.text) and self.text not in ("AND", "OR")
        return self.text if is_plain else '"{}"'.format(self.text.replace('"', '""'))

    @property
    def text(self) -> str:
        return " ".join(self.runs)

    @property
    def is_exact(self) -> bool:
        """Whether the index alone is exact.

        It has beginnings of words, not ends: for ``"소 경제"`` it cannot decide whether a word that
        ends in 소 is before 경제.
        """
        return len(self.runs) == 1 or len(self.runs[0]) > 1

    @property
    def expression(self) -> str:
        """The phrase in FTS5's language, with the tokens of the index.

        If the phrase is not exact it finds too much, never too little.
        """
        if not self.is_exact:
            first, *others = self.runs
            return f"({Phrase((first,)).expression} AND {Phrase(tuple(others)).expression})"
        phrase = f'"{as_indexed(tokens(self.runs))}"'
        # Of the last word only a beginning may be given: a lone character begins a pair.
        return f"{phrase} *" if len(self.runs[-1]) == 1 else phrase


@dataclass(frozen=True)
class Query:
    """A parsed search."""

    wanted: tuple[tuple[Phrase, ...], ...]
    """At least one of each group must occur."""
    unwanted: tuple[Phrase, ...]

    @property
    def is_exact(self) -> bool:
        """Whether the index alone is exact; if not, :meth:`finds` must check its results."""
        phrases = [*self.unwanted, *(phrase for group in self.wanted for phrase in group)]
        return all(phrase.is_exact for phrase in phrases)

    @property
    def expression(self) -> str:
        """For the MATCH of the index."""
        groups = (f"({' OR '.join(p.expression for p in group)})" for group in self.wanted)
        wanted = " AND ".join(groups)
        unwanted = " OR ".join(phrase.expression for phrase in self.unwanted if phrase.is_exact)
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

    def finds(self, *texts: str | None) -> bool:
        """Whether the search finds an article with these texts."""
        paragraphs = (paragraph for text in texts if text for paragraph in text.split("\n\n"))
        flat = "\n".join(" ".join(runs(fold(paragraph))) for paragraph in paragraphs)
        return all(any(phrase.text in flat for phrase in group) for group in self.wanted) and not (
            any(phrase.text in flat for phrase in self.unwanted)
        )

    def __str__(self) -> str:
        """The query as :func:`parse` takes it."""
        wanted = (" OR ".join(map(str, group)) for group in self.wanted)
        return " ".join([*wanted, *(f"-{phrase}" for phrase in self.unwanted)])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the searched words in a text."""
        phrases = {phrase.runs for group in self.wanted for phrase in group}
        # Longest first: of 수소 and 수소경제 the longer is to be marked.
        by_length = sorted(phrases, key=lambda runs: -len("".join(runs)))
        return re.compile(
            "|".join(r"\s+".join(map(re.escape, runs)) for runs in by_length), re.IGNORECASE
        )


class _Part(Enum):
    """The state of the parser before the current part."""

    NONE = auto()
    WANTED = auto()
    UNWANTED = auto()
    OR = auto()


_PART = re.compile(
    r'(?P<minus>-?)(?:"(?P<quoted>(?:[^"]|"")*)(?:"|$)'
    # What Korean keyboards and word processors make of quotes; a lone one is a sign.
    r"|[“„＂](?P<curly>[^“”„＂]*)[“”＂](?!\S)"
    r'|(?P<word>[^\s"]+))'
)


_UNSEEN = re.compile("[\xad\u200b\u2060\ufeff]")
"""Characters that are copied with text from a page; no stored text has them."""


def parse(words: str) -> Query:
    """Parse a search.

    Raises:
        SearchError: it has no word to search for, or an OR without two words.
    """
    wanted: list[tuple[Phrase, ...]] = []
    unwanted: list[Phrase] = []
    last = _Part.NONE
    for part in _PART.finditer(_UNSEEN.sub("", unicodedata.normalize("NFC", words))):
        if part[0] == "AND" and last is not _Part.OR:
            continue  # All words must occur anyway.
        if part[0] == "OR":
            if last is not _Part.WANTED:
                raise SearchError(tr(_OR_JOINS))
            last = _Part.OR
            continue
        quoted = part["quoted"]
        text = part["curly"] or part["word"] or (quoted or "").replace('""', '"')
        phrase = Phrase(tuple(runs(fold(text))))
        if not phrase.runs:
            continue
        if part["minus"]:
            if last is _Part.OR:
                raise SearchError(tr(_OR_JOINS))
            unwanted.append(phrase)
            last = _Part.UNWANTED
        else:
            if last is _Part.OR:
                wanted[-1] += (phrase,)
            else:
                wanted.append((phrase,))
            last = _Part.WANTED
    if last is _Part.OR:
        raise SearchError(tr(_OR_JOINS))
    if not wanted and unwanted:
        raise SearchError(tr("a search needs at least one word without -"))
    if not wanted:
        raise SearchError(tr("a search needs at least one word"))
    return Query(tuple(wanted), tuple(unwanted))


_parse_once = lru_cache(64)(parse)


def expression(words: str) -> str:
    """For the MATCH of the index: SQL's ``search_for(words)``."""
    return _parse_once(words).expression


def finds(words: str, *texts: str | None) -> bool:
    """Whether these texts are found: SQL's ``search_finds(words, text, …)``."""
    return _parse_once(words).finds(*texts)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of an article's text around the hits."""

    text: str
    hits: tuple[tuple[int, int], ...]
    """Start and end of each hit within ``text``."""

    @property
    def words(self) -> int:
        """How many different words are among the hits."""
        return len({self.text[start:end].lower() for start, end in self.hits})

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in parts, each with whether it is a hit."""
        done = 0
        for start, end in self.hits:
            yield self.text[done:start], False
            yield self.text[start:end], True
            done = end
        yield self.text[done:], False

    def marked(self, before: str, after: str) -> str:
        """The text with ``before`` and ``after`` around each hit; nothing is escaped."""
        pieces = (f"{before}{text}{after}" if is_hit else text for text, is_hit in self.pieces())
        return "".join(pieces)


def snippet(query: Query, texts: tuple[str, ...], width: int = 120) -> Snippet:
    """About ``width`` characters of the first text with a hit, with as many of the words as
    possible.

    Without a hit (only the title has one) the beginning of the first text that is not empty.
    """
    for text in texts:
        flat = " ".join(text.split())
        hits = [match.span() for match in query.pattern.finditer(flat)]
        if hits:
            return _window(flat, hits, width, _densest(flat, hits, width))
    return beginning(next((text for text in texts if text.strip()), ""), width)


def beginning(text: str, width: int = 120) -> Snippet:
    """The first ``width`` characters of a text."""
    return _window(" ".join(text.split()), [], width, (0, 0))


def _window(text: str, hits: list[tuple[int, int]], width: int, inside: tuple[int, int]) -> Snippet:
    """``width`` characters of ``text`` around those from ``inside[0]`` to ``inside[1]``."""
    lead = max(0, min(width // 4, width - (inside[1] - inside[0])))
    start = max(0, min(inside[0] - lead, len(text) - width))
    end = min(len(text), start + width)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    shown = tuple((a + shift, b + shift) for a, b in hits if start <= a and b <= end)
    return Snippet(before + text[start:end] + after, shown)


def _densest(text: str, hits: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """Start and end of the hits within ``width`` characters of ``text`` with the most different
    words; of several such places the one with most hits, and of these the first."""
    words = [text[start:end].lower() for start, end in hits]
    inside: Counter[str] = Counter()
    best, most, behind = hits[0], (0, 0), 0
    for first, (start, end) in enumerate(hits):
        while behind < len(hits) and (behind == first or hits[behind][1] <= start + width):
            inside[words[behind]] += 1
            behind += 1
        found = (len(inside), behind - first)
        if found > most:
            best, most = (start, max(end, hits[behind - 1][1])), found
        inside[words[first]] -= 1
        if not inside[words[first]]:
            del inside[words[first]]
    return best
