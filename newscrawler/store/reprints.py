"""Exact reprints: articles of one paper with the same text under several numbers.

The lowest number with a text is the original, whichever was crawled first; ``duplicate_of`` of the
others names it. Near reprints are another matter: docs/decisions/0011.
"""

from __future__ import annotations

from newscrawler.items import Article
from newscrawler.store.connection import Connection


def link(connection: Connection, site: str, article_id: int, article: Article) -> None:
    """Join an article, whose row is written, to the articles with its text."""
    if not _has_text(article):
        return
    original = _original(connection, site, article.content_hash)
    if original != article_id:
        connection.execute(
            "UPDATE articles SET duplicate_of = ? WHERE id = ?", [original, article_id]
        )
    else:
        _make_original(connection, site, article_id, article.content_hash)


def unlink(connection: Connection, site: str, article_id: int, before: Article) -> None:
    """Part an article, whose row has another text now, from the articles with its text ``before``.

    If it was their original, the lowest number of the rest becomes it.
    """
    connection.execute("UPDATE articles SET duplicate_of = NULL WHERE id = ?", [article_id])
    reprint = connection.execute(
        "SELECT 1 FROM articles WHERE duplicate_of = ? LIMIT 1", [article_id]
    ).fetchone()
    if reprint:
        original = _original(connection, site, before.content_hash)
        _make_original(connection, site, original, before.content_hash)


def _original(connection: Connection, site: str, content_hash: str) -> int:
    """The id of the article with that text and the lowest number."""
    original: int = connection.execute(
        "SELECT id FROM articles WHERE content_hash = ? AND site = ? ORDER BY idx LIMIT 1",
        [content_hash, site],
    ).fetchone()[0]
    return original


def _make_original(connection: Connection, site: str, article_id: int, content_hash: str) -> None:
    connection.execute(
        "UPDATE articles SET duplicate_of = CASE WHEN id = :id THEN NULL ELSE :id END"
        " WHERE content_hash = :hash AND site = :site AND duplicate_of IS NOT"
        " CASE WHEN id = :id THEN NULL ELSE :id END",
        {"id": article_id, "hash": content_hash, "site": site},
    )


def _has_text(article: Article) -> bool:
    """Whether equal text means a reprint: a picture with a standard headline does not."""
    return bool(article.body) or any(image.caption for image in article.images)
