"""The full-text index: every word of an article cut into overlapping pairs of characters.

SQLite's own tokenizers miss Korean words: ``unicode61`` finds beginnings of words only, ``trigram``
nothing shorter than three syllables. Here a run of characters between spaces, ``수소경제`` or
``R&D``, becomes the tokens ``수소 소경 경제`` or ``R& &D``; a word is then a phrase of its pairs,
and one character is a prefix of a pair. Two rules make that exact:

- A character that a text has only at ends of words is also indexed as a single token, so that a
  search for one character finds it.
- Pairs of one word overlap, pairs of neighbouring words must not; where they would (``수소 소재``),
  a token that no search can contain separates them.

The table's name is a warning: ``MATCH '수소경제'`` would look for one token of four
characters, which no text has, and silently find nothing.
Other programs search the view ``article_text`` with ``LIKE``.
"""

from __future__ import annotations

import operator
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from newscrawler.items import Article

TABLE = "pairs_not_words"

RANK = "bm25(1, 10, 2)"
"""A word in the title weighs as much as ten in the body; as in the step that creates the table."""

_RUN = re.compile(r"[^\s\x00-\x1f\x7f-\xa0\xad]+")
"""A run between spaces; control characters and the soft hyphen count as spaces."""

_STAND_INS = tuple(
    zip(r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~""", map(chr, range(0x80, 0xA0)), strict=True)
)
"""The tokenizer drops the 32 punctuation characters of ASCII, so each is indexed as one of the 32
control characters from U+0080 on, which no run has."""

_WALL = "\xad"
"""A token that no search can contain: it separates words, and paragraphs."""


Words = tuple[str, str, str]
"""What is indexed of an article: tokens of its body, its title and its captions."""


def fold(text: str) -> str:
    """``text`` with A–Z in lower case and nothing else changed, as ``LIKE`` compares."""
    return text.encode("utf-8", "replace").lower().decode()


def runs(text: str) -> list[str]:
    """The runs of characters between spaces in ``text``, with punctuation.

    >>> runs("R&D 비용 3.5%")
    ['R&D', '비용', '3.5%']
    """
    return _RUN.findall(text)


def tokens(words: Sequence[str]) -> list[str]:
    """The tokens of runs that follow one another; a run of one character is its own token.

    >>> tokens(["신소재", "산업", "a"])
    ['신소', '소재', '산업', 'a']
    >>> tokens(["산업", "업계"]) == ["산업", _WALL, "업계"]
    True
    """
    found: list[str] = []
    end = ""
    for word in words:
        if word[0] == end:
            found.append(_WALL)
        found += map(operator.add, word, word[1:]) if len(word) > 1 else word
        end = word[-1]
    return found


def as_indexed(tokens: Iterable[str]) -> str:
    """The text for FTS5, in a row and in a search: tokens separated by spaces."""
    return _without_punctuation(" ".join(tokens))


def _without_punctuation(text: str) -> str:
    # A fifteenth of the time of str.translate, which looks up each character of a Korean text.
    for mark, stand_in in _STAND_INS:
        text = text.replace(mark, stand_in)
    return text


def add(connection: sqlite3.Connection, article_id: int, words: Words) -> None:
    """Index an article's words, in the caller's transaction, like all functions here."""
    _add(connection, article_id, words)


def replace(connection: sqlite3.Connection, article_id: int, old: Words, new: Words) -> None:
    """Index an article again; ``old`` must be its indexed state."""
    if old != new:
        remove(connection, article_id, old)
        _add(connection, article_id, new)


def remove(connection: sqlite3.Connection, article_id: int, words: Words) -> None:
    """Forget an article; ``words`` must be its indexed state."""
    # Without a content table FTS5 must be told what to forget.
    connection.execute(
        "INSERT INTO pairs_not_words (pairs_not_words, rowid, body, title, captions)"
        " VALUES ('delete', ?, ?, ?, ?)",
        [article_id, *words],
    )


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether no article is indexed."""
    row = connection.execute("SELECT 1 FROM pairs_not_words_docsize LIMIT 1").fetchone()
    return row is None


def rebuild(connection: sqlite3.Connection) -> None:
    """Build the index of all articles from the start."""
    connection.execute("INSERT INTO pairs_not_words (pairs_not_words) VALUES ('delete-all')")
    connection.execute(
        "INSERT INTO pairs_not_words (pairs_not_words, rank) VALUES ('rank', ?)", [RANK]
    )
    for article_id, columns in stored(connection):
        _add(connection, article_id, columns)


def _add(connection: sqlite3.Connection, article_id: int, columns: tuple[str, str, str]) -> None:
    connection.execute(
        "INSERT INTO pairs_not_words (rowid, body, title, captions) VALUES (?, ?, ?, ?)",
        [article_id, *columns],
    )


def columns(article: Article) -> Words:
    """An article's tokens, for the columns of the index."""
    return _as_columns(
        article.title, article.subtitle, article.body, (image.caption for image in article.images)
    )


def stored(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Key and tokens of every article, in order of the keys."""
    for row in connection.execute(
        "SELECT id, title, subtitle, body, (SELECT group_concat(caption, char(10, 10)) FROM"
        " (SELECT caption FROM images WHERE article_id = a.id AND caption <> ''"
        "  ORDER BY position)) FROM articles AS a ORDER BY id"
    ):
        article_id, title, subtitle, body, captions = row
        yield article_id, _as_columns(title, subtitle, body, [captions])


def _as_columns(
    title: str, subtitle: str | None, body: str, captions: Iterable[str | None]
) -> tuple[str, str, str]:
    titles = "\n\n".join((title, subtitle or ""))
    return tokenized(body), tokenized(titles), tokenized("\n\n".join(c for c in captions if c))


def tokenized(text: str) -> str:
    """The text for FTS5: the tokens of a text, separated by spaces."""
    words = [runs(paragraph) for paragraph in fold(text).split("\n\n")]
    parts = [tokens(paragraph) for paragraph in words if paragraph]
    firsts = {token[0] for part in parts for token in part}
    lasts = {word[-1] for paragraph in words for word in paragraph}
    parts += ([character] for character in sorted(lasts - firsts))
    return _without_punctuation(f" {_WALL} ".join(map(" ".join, parts)))
