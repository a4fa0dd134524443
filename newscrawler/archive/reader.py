"""The Python API to read an archive: named queries that return typed objects.

Readers never write, not even a checkpoint, so they may run during a crawl.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from newscrawler.archive import opening
from newscrawler.archive.filters import ALL, Filters, Order, condition, order_by
from newscrawler.archive.newest_first import newest
from newscrawler.exceptions import (
    AmbiguousSiteError,
    ArchiveError,
    DamagedArchiveError,
    NoArchiveError,
    UnreadableArchiveError,
)
from newscrawler.humanize.language import tr
from newscrawler.store.connection import Connection
from newscrawler.store.records import (
    ARTICLE,
    CaptureKey,
    LedgerEntry,
    Revision,
    StoredArticle,
    StoredCapture,
    article_of,
    record_from_row,
    stored_capture,
)
from newscrawler.store.times import moment, time

if TYPE_CHECKING:
    import pandas

__all__ = [
    "ALL",
    "AmbiguousSiteError",
    "Archive",
    "ArchiveError",
    "CaptureKey",
    "Filters",
    "LedgerEntry",
    "NoArchiveError",
    "Order",
    "Revision",
    "StoredArticle",
    "StoredCapture",
    "UnreadableArchiveError",
]

_BATCH = 200
"""Articles in memory at once while streaming: a megabyte or two of text."""


class Archive:
    """An archive, open for reading.

    >>> with Archive.open(path) as archive:  # doctest: +SKIP
    ...     for article in archive.articles(Filters(words="수소", since=date(2015, 1, 1))):
    ...         print(article.published_at, article.title)
    """

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self.connection = connection
        """For your own SQL: a read-only ``sqlite3.Connection`` with the function
        ``search_for()``."""
        self.damaged: list[str] = []
        """The damaged captures that :meth:`captures` has left out so far, in words."""

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the archive at ``path``.

        Raises:
            NoArchiveError: there is no such file.
            UnreadableArchiveError: it is not an archive, or has a schema that this program cannot
                read.
        """
        path = Path(path)
        return cls(path, opening.connect(path))

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def sites(self) -> list[str]:
        """Names of the papers with at least one number in the ledger."""
        return opening.sites_in(self.connection)

    def article(self, idx: int, site: str | None = None) -> StoredArticle | None:
        """The article with a number; ``site`` is optional if there is only one paper.

        Raises:
            AmbiguousSiteError: there are several.
        """
        # A number from a frame is one of numpy, which sqlite3 would store as bytes.
        return article_of(self.connection, self._site(site), int(idx))

    def article_by_id(self, key: int) -> StoredArticle | None:
        """The article with this ``id``, the key in other tables and in ``duplicate_of``."""
        return next(self._by_keys(iter([key])), None)

    def ledger_entry(self, idx: int, site: str | None = None) -> LedgerEntry | None:
        """The ledger's entry for a number; ``None``: it was never asked for.

        Raises:
            AmbiguousSiteError: as for :meth:`article`.
        """
        row = self.connection.execute(
            "SELECT site, idx, state, reason, http_status, attempts, last_attempt_at,"
            " next_attempt_at FROM ledger WHERE site = ? AND idx = ?",
            [self._site(site), int(idx)],
        ).fetchone()
        if row is None:
            return None
        return LedgerEntry(
            **{
                **dict(row),
                "last_attempt_at": moment(row["last_attempt_at"]),
                "next_attempt_at": moment(row["next_attempt_at"]),
            }
        )

    def articles(
        self,
        filters: Filters = ALL,
        *,
        order: Order = Order.IDX,
        limit: int | None = None,
        skip: int = 0,
    ) -> Iterator[StoredArticle]:
        """The articles that pass ``filters``, with constant memory.

        At most ``limit`` of them, after the first ``skip``.

        Raises:
            search.SearchError: the words cannot be searched for.
        """
        # The order is worked out over bare keys, so that sorting a million texts costs little.
        return self._by_keys(self.keys(filters, order=order, limit=limit, skip=skip))

    def keys(
        self,
        filters: Filters = ALL,
        *,
        order: Order = Order.IDX,
        limit: int | None = None,
        skip: int = 0,
    ) -> Iterator[int]:
        """The ``id`` of each article that passes ``filters``.

        Raises:
            search.SearchError: the words cannot be searched for.
        """
        if order is Order.NEWEST and limit is not None and filters.words is not None:
            site = filters.site or self._only_site()
            found = site and newest(self.connection, filters, site, skip + limit)
            if found:
                return iter(found[skip:])
        asked = condition(filters)
        rows = self.connection.execute(
            f"SELECT {asked.key} FROM {asked.source} WHERE {asked.where}"
            f" ORDER BY {order_by(order, filters)} LIMIT ? OFFSET ?",
            [*asked.values, -1 if limit is None else limit, skip],
        )
        # All keys at once, eight bytes each: a caller that stops early leaves no read open.
        return iter(array("q", (key for (key,) in rows)))

    def _by_keys(self, keys: Iterator[int]) -> Iterator[StoredArticle]:
        while batch := list(islice(keys, _BATCH)):
            for row in self.connection.execute(
                f"SELECT {ARTICLE} FROM json_each(?) AS wanted"
                " CROSS JOIN articles AS a ON a.id = wanted.value ORDER BY wanted.key",
                [json.dumps(batch)],
            ).fetchall():
                yield record_from_row(row)

    def count(self, filters: Filters = ALL) -> int:
        """How many articles pass ``filters``.

        Raises:
            search.SearchError: the words cannot be searched for.
        """
        asked = condition(filters)
        # The limit makes a query of its own of the inner one; only there an idle join is left out.
        row = self.connection.execute(
            "SELECT count(*) FROM"
            f" (SELECT {asked.key} FROM {asked.source} WHERE {asked.where} LIMIT -1)",
            asked.values,
        )
        return int(row.fetchone()[0])

    def revisions(self, idx: int, site: str | None = None) -> list[Revision]:
        """Every text that an article has had, oldest first; empty if there is no article.

        Raises:
            AmbiguousSiteError: as for :meth:`article`.
        """
        rows = self.connection.execute(
            "SELECT r.* FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
            " WHERE a.site = ? AND a.idx = ? ORDER BY r.number",
            [self._site(site), int(idx)],
        )
        return [
            Revision(
                number=row["number"],
                fetched_at=time(row["fetched_at"]),
                modified_at=moment(row["modified_at"]),
                title=row["title"],
                subtitle=row["subtitle"],
                body=row["body"],
                content_hash=row["content_hash"],
            )
            for row in rows
        ]

    def captures(
        self, filters: Filters = ALL, *, idx: int | None = None
    ) -> Iterator[StoredCapture]:
        """The raw answers of the site, with decompressed bodies, in the order received.

        ``filters.site`` and ``idx`` select by number, and so include answers without an article.
        Any other filter selects captures of numbers whose article passes it. A damaged capture (its
        digest is wrong) is left out and named in :attr:`damaged`.

        Raises:
            search.SearchError: the words cannot be searched for.
        """
        where, values = _of_captures(filters, idx)
        keys = self.connection.execute(
            f"SELECT c.id FROM captures AS c WHERE {where} ORDER BY c.id", values
        )
        return self._captures(iter(array("q", (key for (key,) in keys))))

    def _captures(self, keys: Iterator[int]) -> Iterator[StoredCapture]:
        from newscrawler.store.compression import Unpacker  # only captures need zstd

        unpacker = Unpacker(self.connection)
        while batch := list(islice(keys, _BATCH)):
            for row in self.connection.execute(
                "SELECT c.id, c.site, c.idx, c.url, c.fetched_at, c.http_status, c.headers,"
                " c.revisit_of, c.digest, c.body_length, held.body, held.dictionary_id,"
                " held.url AS held_url, held.fetched_at AS held_fetched_at"
                " FROM captures AS c"
                " LEFT JOIN captures AS held ON held.id = ifnull(c.revisit_of, c.id)"
                " WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id",
                [json.dumps(batch)],
            ).fetchall():
                try:
                    capture = stored_capture(row, *unpacker.answer(row))
                except DamagedArchiveError as error:
                    self.damaged.append(
                        f"capture {row['id']} ({row['site']} {row['idx']}) is damaged: {error}"
                    )
                else:
                    yield capture

    def count_captures(self, filters: Filters = ALL, *, idx: int | None = None) -> int:
        """How many raw answers :meth:`captures` yields.

        Raises:
            search.SearchError: the words cannot be searched for.
        """
        where, values = _of_captures(filters, idx)
        row = self.connection.execute(f"SELECT count(*) FROM captures AS c WHERE {where}", values)
        return int(row.fetchone()[0])

    def to_pandas(self, filters: Filters = ALL, *, order: Order = Order.IDX) -> pandas.DataFrame:
        """The articles that pass ``filters`` as a DataFrame, one row each; all in memory.

        Times are typed (the paper's in Asia/Seoul, the crawl's in UTC);
        ``reporters`` and ``keywords`` are lists of strings.

        Raises:
            MissingLibraryError: pandas is not installed.
            search.SearchError: the words cannot be searched for.
        """
        from newscrawler.archive.frames import articles_frame

        return articles_frame(self.articles(filters, order=order))

    def _only_site(self) -> str | None:
        known = self.sites()
        return known[0] if len(known) == 1 else None

    def _site(self, site: str | None) -> str:
        if site is not None:
            return site
        known = self.sites()
        if len(known) > 1:
            raise AmbiguousSiteError(
                tr(
                    "{path} holds several papers ({papers}): name one of them",
                    path=self.path,
                    papers=", ".join(known),
                )
            )
        return known[0] if known else ""


def _of_captures(filters: Filters, idx: int | None) -> tuple[str, list[Any]]:
    """The text after WHERE, with the alias ``c`` for captures, and its values."""
    conditions, values = ["1"], list[Any]()
    if filters.site is not None:
        conditions.append("c.site = ?")
        values.append(filters.site)
    if idx is not None:
        conditions.append("c.idx = ?")
        values.append(int(idx))
    if replace(filters, site=None) != ALL:
        asked = condition(filters)
        conditions.append(
            f"(c.site, c.idx) IN (SELECT a.site, a.idx FROM {asked.source} WHERE {asked.where})"
        )
        values.extend(asked.values)
    return " AND ".join(conditions), values
