"""What an archive is read as: articles, texts, numbers and answers with what is known of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from newscrawler.items import Article, Capture
from newscrawler.rows import article_values, moment


class ArchiveError(Exception):
    """The archive cannot be read; the message is one sentence for the user.

    ::

        ArchiveError
         ├─ NoArchiveError          there is no such file
         ├─ UnreadableArchiveError  not a database, another program's, or of another schema
         └─ AmbiguousSiteError      the archive holds several papers and none was named
    """


class NoArchiveError(ArchiveError):
    """There is no such file."""


class UnreadableArchiveError(ArchiveError):
    """Not a database, another program's, or of a schema that this program does not read."""


class AmbiguousSiteError(ArchiveError):
    """The archive holds several papers and the question names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article as last seen, with what the archive knows of it."""

    id: int
    """The key that other tables know it by; ``site`` and ``idx`` together are as unique."""
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
    """What is known of a number that was ever asked for."""

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
    """UTC; ``None``: no further look is planned."""


@dataclass(frozen=True, slots=True)
class CaptureKey:
    """Which capture, without its body."""

    id: int
    url: str
    fetched_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture(Capture):
    """A raw answer of the site, with its place among the others."""

    id: int
    revisit_of: CaptureKey | None
    """The earlier capture that brought the same body."""

    @property
    def key(self) -> CaptureKey:
        return CaptureKey(self.id, self.url, self.fetched_at)


def stored_article(row: sqlite3.Row) -> StoredArticle:
    """The article of a row of :data:`newscrawler.rows.ARTICLE`."""
    return StoredArticle(
        **article_values(row),
        id=row["id"],
        site=row["site"],
        duplicate_of=row["duplicate_of"],
        removed_at=moment(row["removed_at"]),
        first_fetched_at=datetime.fromisoformat(row["first_fetched_at"]),
        last_fetched_at=datetime.fromisoformat(row["last_fetched_at"]),
        parser_version=row["parser_version"],
    )
