"""The full-text index: every word of an article cut into overlapping pairs of characters.

SQLite's own tokenizers miss Korean words: ``unicode61`` finds beginnings of
words only, ``trigram`` nothing shorter than three syllables. Here a run of
letters and digits ``수소경제`` becomes the tokens ``수소 소경 경제 제``; a word is
then a phrase of its pairs, and one character is a prefix. The last character
stands alone so that it is found by itself, and so that a phrase of two words
sees where the first one ends.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from newscrawler.items import Article

CREATE = """CREATE VIRTUAL TABLE article_search USING fts5 (
  body, title, captions, content='', tokenize='ascii'
)"""
"""Contentless: the text is in ``articles`` already. The ``ascii`` tokenizer folds
A–Z and takes every character beyond ASCII as it is, exactly as ``LIKE`` does.
The body comes first because FTS5 spends two bytes more on each entry of the
other columns, which would be a third of the whole."""

SET_RANK = "INSERT INTO article_search (article_search, rank) VALUES ('rank', 'bm25(1, 10, 2)')"
"""``ORDER BY rank``: a word in the title weighs as much as ten in the body."""

_RUN = re.compile(r"[\w\u2100-\u218f\u3200-\u33ff]+")
"""Letters, digits, and the units and company signs of trade news (℃ ㎛ ㈜)."""

_WALL = " ¶ "
"""A token that no search can hold: phrases do not reach from one paragraph into the next."""


def runs(text: str) -> list[str]:
    """The unbroken runs of letters and digits in ``text``.

    >>> runs("수소·전기차 (3D_프린팅)")
    ['수소', '전기차', '3D', '프린팅']
    """
    return _RUN.findall(text.replace("_", " "))


def bigrams(run: str) -> list[str]:
    """The tokens of one run: its pairs of characters, then its last character.

    >>> bigrams("신소재")
    ['신소', '소재', '재']
    """
    return [*map(str.__add__, run, run[1:]), run[-1]]


def add(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Index an article; part of the caller's transaction, as everything here."""
    _add(connection, article_id, _columns(article))


def replace(
    connection: sqlite3.Connection, article_id: int, before: Article, after: Article
) -> None:
    """Index an article anew; ``before`` must be what it was indexed as."""
    old, new = _columns(before), _columns(after)
    if old != new:
        # Without a content table FTS5 must be told what to forget.
        connection.execute(
            "INSERT INTO article_search (article_search, rowid, body, title, captions)"
            " VALUES ('delete', ?, ?, ?, ?)",
            [article_id, *old],
        )
        _add(connection, article_id, new)


def rebuild(connection: sqlite3.Connection) -> None:
    """Index every article of the archive from nothing."""
    connection.execute("DROP TABLE IF EXISTS article_search")
    connection.execute(CREATE)
    connection.execute(SET_RANK)
    for article_id, columns in _stored(connection):
        _add(connection, article_id, columns)


def _add(connection: sqlite3.Connection, article_id: int, columns: tuple[str, str, str]) -> None:
    connection.execute(
        "INSERT INTO article_search (rowid, body, title, captions) VALUES (?, ?, ?, ?)",
        [article_id, *columns],
    )


def _columns(article: Article) -> tuple[str, str, str]:
    return _tokenized(
        article.title, article.subtitle, article.body, (image.caption for image in article.images)
    )


def _stored(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Key and tokens of every article, in order of the keys."""
    for row in connection.execute(
        "SELECT id, title, subtitle, body, (SELECT group_concat(caption, char(10, 10)) FROM"
        " (SELECT caption FROM images WHERE article_id = a.id AND caption <> ''"
        "  ORDER BY position)) FROM articles AS a ORDER BY id"
    ):
        article_id, title, subtitle, body, captions = row
        yield article_id, _tokenized(title, subtitle, body, [captions])


def _tokenized(
    title: str, subtitle: str | None, body: str, captions: Iterable[str | None]
) -> tuple[str, str, str]:
    titles = "\n\n".join((title, subtitle or ""))
    return _tokens(body), _tokens(titles), _tokens("\n\n".join(c for c in captions if c))


def _tokens(text: str) -> str:
    return _WALL.join(
        " ".join(token for run in runs(paragraph) for token in bigrams(run))
        for paragraph in text.split("\n\n")
    )
