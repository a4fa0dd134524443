"""The records of an archive: articles, revisions, ledger entries and captures."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawler.items import Article, Capture, Image, Reporter
from newscrawler.store.times import moment, time


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article as last seen, with the archive's own columns."""

    id: int
    """The key in other tables; ``site`` and ``idx`` together are unique as well."""
    site: str
    duplicate_of: int | None
    """The ``id`` of the original when this is an exact reprint."""
    removed_at: datetime | None
    """When the crawl found it withdrawn (UTC)."""
    first_fetched_at: datetime
    """UTC."""
    last_fetched_at: datetime
    """UTC."""
    parser_version: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A distinct text that an article has had."""

    number: int
    """1 is the first that was seen."""
    fetched_at: datetime
    """UTC."""
    modified_at: datetime | None
    """As printed, in the paper's zone."""
    title: str
    subtitle: str | None
    body: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of the ledger: a number that was ever requested."""

    site: str
    idx: int
    state: str
    """``article``, ``missing``, ``removed``, ``restricted``: settled; ``pending``, ``failed``,
    ``unknown``: not."""
    reason: str | None
    http_status: int | None
    attempts: int
    last_attempt_at: datetime | None
    """UTC."""
    next_attempt_at: datetime | None
    """UTC; ``None``: no further request is planned."""


@dataclass(frozen=True, slots=True)
class CaptureKey:
    """The key of a capture, without its body."""

    id: int
    url: str
    fetched_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture(Capture):
    """A raw answer of the site, with its key."""

    id: int
    revisit_of: CaptureKey | None
    """The earlier capture that brought the same body."""

    @property
    def key(self) -> CaptureKey:
        return CaptureKey(self.id, self.url, self.fetched_at)


def record_from_row(row: sqlite3.Row) -> StoredArticle:
    """The article of a row of :data:`ARTICLE`."""
    return StoredArticle(
        **article_values(row),
        id=row["id"],
        site=row["site"],
        duplicate_of=row["duplicate_of"],
        removed_at=moment(row["removed_at"]),
        first_fetched_at=time(row["first_fetched_at"]),
        last_fetched_at=time(row["last_fetched_at"]),
        parser_version=row["parser_version"],
    )


def stored_capture(
    row: sqlite3.Row, headers: tuple[tuple[str, str], ...], body: bytes
) -> StoredCapture:
    """A capture, from its columns and the decompressed answer.

    Raises:
        DamagedArchiveError: it cannot be read.
    """
    original = None
    if row["revisit_of"] is not None:
        original = CaptureKey(row["revisit_of"], row["held_url"], time(row["held_fetched_at"]))
    return StoredCapture(
        id=row["id"],
        revisit_of=original,
        site=row["site"],
        idx=row["idx"],
        url=row["url"],
        fetched_at=time(row["fetched_at"]),
        http_status=row["http_status"],
        headers=headers,
        body=body,
    )


ARTICLE = """a.*,
  (SELECT json_group_array(json_array(name, email)) FROM
    (SELECT name, email FROM article_reporters WHERE article_id = a.id ORDER BY position)
  ) AS reporters,
  (SELECT json_group_array(json_array(url, caption)) FROM
    (SELECT url, caption FROM images WHERE article_id = a.id ORDER BY position)) AS images,
  (SELECT json_group_array(keyword) FROM
    (SELECT keyword FROM article_keywords WHERE article_id = a.id ORDER BY position)
  ) AS keywords"""
"""The columns of ``articles AS a`` for an article with its parts."""


def article_from_row(row: sqlite3.Row) -> Article:
    """The article of a row of :data:`ARTICLE`, as the parser returned it."""
    return Article(**article_values(row))


def article_values(row: sqlite3.Row) -> dict[str, Any]:
    """The fields of an :class:`~newscrawler.items.Article`, by name."""
    return {
        "idx": row["idx"],
        "url": row["url"],
        "title": row["title"],
        "body": row["body"],
        "subtitle": row["subtitle"],
        "section": row["section"],
        "section_code": row["section_code"],
        "byline": row["byline"],
        "reporters": tuple(Reporter(*pair) for pair in _parts(row["reporters"])),
        "published_at": moment(row["published_at"]),
        "modified_at": moment(row["modified_at"]),
        "images": tuple(Image(*pair) for pair in _parts(row["images"])),
        "keywords": tuple(_parts(row["keywords"])),
        "recommend_count": row["recommend_count"],
    }


def _parts(text: str) -> list[Any]:
    # Most articles lack one or another of them.
    return [] if text == "[]" else json.loads(text)


def article_of(connection: sqlite3.Connection, site: str, idx: int) -> StoredArticle | None:
    """The article with a number; the connection's rows are ``sqlite3.Row``."""
    row = connection.execute(
        f"SELECT {ARTICLE} FROM articles AS a WHERE a.site = ? AND a.idx = ?", [site, idx]
    ).fetchone()
    return None if row is None else record_from_row(row)
