"""An article's row and its dependent rows: parts, revisions, search index, reprints.

Everything happens in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from newscrawler.items import Article, Change
from newscrawler.store import reprints, search_index
from newscrawler.store.connection import Connection
from newscrawler.store.search_index import Words

Reindexing = tuple[int, Article | None, Article, Words | None]
"""An article's id, its old text (``None``: it is new), its new text, its words if known."""

_PARTS = ("article_reporters", "images", "article_keywords")


@dataclass(frozen=True, slots=True)
class RevisionText:
    """A row of ``revision_texts``; its position in the sequence is its number."""

    fetched_at: str
    modified_at: str | None
    title: str | None
    subtitle: str | None
    body: str | None
    """``None``, like the title, in the last one, whose text is in the article's row."""
    content_hash: str
    capture_id: int | None


class ArticleRow:
    """Writes articles of one site and skin, read by one version of the parser."""

    def __init__(
        self,
        connection: Connection,
        site: str,
        skin: str | None,
        parser_version: int,
        reindex: list[Reindexing],
        words: Words | None = None,
    ) -> None:
        """
        Args:
            reindex: receives the changes for :func:`index`, which the caller runs before the
                commit.
            words: the article's words for the index, if they are computed already.
        """
        self.connection = connection
        self._reindex = reindex
        self._words = words
        self.site = site
        self.skin = skin
        self.parser_version = parser_version

    def insert(self, article: Article, at: str, capture_id: int | None) -> int:
        """Insert a new article, seen at ``at``; returns its id."""
        values = {
            **self._values(article),
            "site": self.site,
            "idx": article.idx,
            "first_fetched_at": at,
            "last_fetched_at": at,
        }
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        cursor = self.connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)
        article_id = int(cursor.lastrowid or 0)
        self._reindex.append((article_id, None, article, self._words))
        self._add_parts(article_id, article)
        self._add_revisions(article_id, 1, [_present(article, at, capture_id)])
        reprints.link(self.connection, self.site, article_id, article)
        return article_id

    def update(
        self,
        article_id: int,
        before: Article,
        article: Article,
        at: str,
        capture_id: int | None,
        change: Change,
    ) -> None:
        """Update a stored article after a request; a different text is a new revision."""
        seen = {"last_fetched_at": at, "removed_at": None}
        self._set(article_id, {**self._values(article), **seen})
        if change is Change.UNCHANGED:
            return
        self._replace_parts(article_id, article)
        if article.content_hash != before.content_hash:
            number = self._past_revision(article_id, before) + 1
            self._add_revisions(article_id, number, [_present(article, at, capture_id)])
            self._change_words(article_id, before, article)

    def correct(self, article_id: int, before: Article, article: Article) -> None:
        """Correct an article that was parsed again, without a request: no time changes, no new
        revision."""
        self._set(article_id, self._values(article))
        self._replace_parts(article_id, article)
        if article.content_hash != before.content_hash:
            self._change_words(article_id, before, article)

    def remove(self, article_id: int, before: Article) -> None:
        """Remove an article that was never this number's, with all that was made of it."""
        self._set(article_id, {"content_hash": ""})  # no reprint of the others any more
        reprints.unlink(self.connection, self.site, article_id, before)
        for table in (*_PARTS, "revision_texts", "sketches", "near_duplicates"):
            self.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        self.connection.execute("DELETE FROM near_duplicates WHERE other_id = ?", [article_id])
        self.connection.execute("DELETE FROM articles WHERE id = ?", [article_id])
        search_index.remove(self.connection, article_id, search_index.columns(before))

    def rewrite_revisions(self, article_id: int, revisions: Sequence[RevisionText]) -> None:
        """Replace all revisions of the article by these."""
        self.connection.execute("DELETE FROM revision_texts WHERE article_id = ?", [article_id])
        self._add_revisions(article_id, 1, revisions)

    def _values(self, article: Article) -> dict[str, Any]:
        return {
            "url": article.url,
            "title": article.title,
            "subtitle": article.subtitle,
            "section": article.section,
            "section_code": article.section_code,
            "byline": article.byline,
            "published_at": article.published_at and article.published_at.isoformat(),
            "modified_at": article.modified_at and article.modified_at.isoformat(),
            "body": article.body,
            "recommend_count": article.recommend_count,
            "layout": self.skin,
            "content_hash": article.content_hash,
            "parser_version": self.parser_version,
        }

    def _set(self, article_id: int, values: dict[str, Any]) -> None:
        sets = ", ".join(f"{name} = :{name}" for name in values)
        self.connection.execute(
            f"UPDATE articles SET {sets} WHERE id = :id", {**values, "id": article_id}
        )

    def _replace_parts(self, article_id: int, article: Article) -> None:
        for table in _PARTS:
            self.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        self._add_parts(article_id, article)

    def _add_parts(self, article_id: int, article: Article) -> None:
        parts: list[tuple[str, list[tuple[Any, ...]]]] = [
            ("article_reporters", [(r.name, r.email) for r in article.reporters]),
            ("images", [(i.url, i.caption) for i in article.images]),
            ("article_keywords", [(word,) for word in article.keywords]),
        ]
        for table, rows in parts:
            if rows:
                marks = ", ".join("?" * (2 + len(rows[0])))
                self.connection.executemany(
                    f"INSERT INTO {table} VALUES ({marks})",
                    [(article_id, position, *row) for position, row in enumerate(rows, 1)],
                )

    def _add_revisions(
        self, article_id: int, first: int, revisions: Sequence[RevisionText]
    ) -> None:
        self.connection.executemany(
            "INSERT INTO revision_texts (article_id, number, fetched_at, modified_at, title,"
            " subtitle, body, content_hash, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article_id,
                    number,
                    text.fetched_at,
                    text.modified_at,
                    text.title,
                    text.subtitle,
                    text.body,
                    text.content_hash,
                    text.capture_id,
                )
                for number, text in enumerate(revisions, first)
            ],
        )

    def _past_revision(self, article_id: int, before: Article) -> int:
        """Move the article's current text into its revision; returns the revision's number."""
        number: int = self.connection.execute(
            "SELECT max(number) FROM revision_texts WHERE article_id = ?", [article_id]
        ).fetchone()[0]
        self.connection.execute(
            "UPDATE revision_texts SET title = ?, subtitle = ?, body = ?"
            " WHERE article_id = ? AND number = ?",
            [before.title, before.subtitle, before.body, article_id, number],
        )
        return number

    def _change_words(self, article_id: int, before: Article, article: Article) -> None:
        self._reindex.append((article_id, before, article, self._words))
        reprints.unlink(self.connection, self.site, article_id, before)
        reprints.link(self.connection, self.site, article_id, article)


def index(connection: Connection, reindex: Sequence[Reindexing]) -> None:
    """Bring the search index up to date, at the end of a transaction.

    FTS5 collects changes until the transaction ends, but an update of many rows in between makes it
    write a segment: four times the work.
    """
    for article_id, before, article, words in reindex:
        words = words or search_index.columns(article)
        if before is None:
            search_index.add(connection, article_id, words)
        else:
            search_index.replace(connection, article_id, search_index.columns(before), words)


def _present(article: Article, at: str, capture_id: int | None) -> RevisionText:
    modified_at = article.modified_at.isoformat() if article.modified_at else None
    return RevisionText(at, modified_at, None, None, None, article.content_hash, capture_id)


def with_kept_section(article: Article, before: Article) -> Article:
    """The article, with the stored section if its page prints none."""
    if article.section or article.section_code:
        return article
    return replace(article, section=before.section, section_code=before.section_code)
