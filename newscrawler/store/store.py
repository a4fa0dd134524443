"""The archive, open for writing: the result of an attempt at a number is in one transaction.

An article with its images, reporters, keywords and revision, the ledger row and the capture are
written together or not at all, so a kill at any moment loses nothing that was reported.
Results that arrive together share a transaction (``save_all``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

from newscrawler import clock
from newscrawler.exceptions import StoreError
from newscrawler.humanize import one_line
from newscrawler.items import Answer, Article, Change
from newscrawler.store import seals, search_index
from newscrawler.store.answers import (
    Batch,
    KeepCaptures,
    Newest,
    Saved,
    compare,
    stored_article,
)
from newscrawler.store.captures import CaptureStore
from newscrawler.store.connection import Connection, Error
from newscrawler.store.ledger_corrections import LedgerCorrections
from newscrawler.store.records import StoredArticle, article_of
from newscrawler.store.runs import Runs
from newscrawler.store.schedule import Schedule
from newscrawler.store.sections import Sections
from newscrawler.store.writer import Writer


class Store:
    """The archive, open for writing, by one process at a time.

    In a process each path is opened once: crawls of several papers into one file share the
    connection (see :meth:`open`).
    """

    _open: dict[Path, Store] = {}  # noqa: RUF012 - a registry of the process, not a default

    def __init__(self, path: Path) -> None:
        self.path = path
        self._holders = 1
        self._writer = Writer(path)
        self.connection: Connection = self._writer.connection
        self._newest = Newest(self.connection)
        self.captures = CaptureStore(self.connection)
        self.runs = Runs(self._writer)
        self.sections = Sections(self._writer)
        self.corrections = LedgerCorrections(self._writer, self._newest)

    @classmethod
    def open(cls, path: Path) -> Store:
        """The store at ``path``: created if it does not exist, migrated if it is old.

        Raises:
            LockedError: another process is writing it.
            StoreError: it cannot be written, is another program's, or is from a newer version.
        """
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError) as error:
            raise StoreError(f"cannot write {path}: {error}") from error  # links in a circle
        if store := cls._open.get(resolved):
            store._holders += 1
            return store
        store = cls(resolved)
        cls._open[resolved] = store
        return store

    def close(self) -> None:
        """Release the store; the last user closes the file."""
        self._holders -= 1
        if self._holders:
            return
        del self._open[self.path]
        # A dictionary that cannot be written now is trained again another time.
        with suppress(StoreError):
            self.captures.finish(self.transaction)
        self._writer.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[Connection]:
        """A write transaction: committed on leaving, rolled back on any error.

        Raises:
            StoreError: the file cannot be written (disk full, read-only, damaged).
        """
        return self._writer.transaction()

    def damage(self) -> str | None:
        """The first damage that is found in the file, in words; ``None``: none.

        Reads the whole file.
        """
        try:
            (said,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                return one_line(said)
            return next(seals.check(self.connection), None)
        except Error as error:
            return str(error)

    def compare(self, answer: Answer) -> Change:
        """What an answer has that the archive does not have yet."""
        return compare(self.connection, answer)

    def article(self, site: str, idx: int) -> Article | None:
        """The article as stored, or ``None``."""
        return stored_article(self.connection, site, idx)

    def record(self, site: str, idx: int) -> StoredArticle | None:
        """The article with a number, with the archive's own columns."""
        return article_of(self.connection, site, idx)

    def newest(self, site: str) -> int:
        """The highest number known to be published: an article was seen there."""
        return self._newest.of(site)

    def note_newest(self, site: str, idx: int) -> None:
        """Note that ``idx`` is published: an article was seen there."""
        self._newest.note(site, idx)

    def save(
        self,
        answer: Answer,
        schedule: Schedule,
        *,
        parser_version: int,
        keep: KeepCaptures = KeepCaptures.CHANGED,
    ) -> Saved:
        """Write the result of one attempt at a number.

        An attempt without a usable answer never unsettles a number: a stored article stays, even if
        the site fails today.

        Raises:
            StoreError: nothing of it was written.
        """
        return self.save_all([answer], schedule, parser_version=parser_version, keep=keep)[0]

    def save_all(
        self,
        answers: Sequence[Answer],
        schedule: Schedule,
        *,
        parser_version: int,
        keep: KeepCaptures = KeepCaptures.CHANGED,
    ) -> list[Saved]:
        """Write several results in their order, in one transaction.

        Raises:
            StoreError: nothing of any of them was written.
        """
        with self.transaction() as connection:
            batch = Batch(connection, self._newest, self.captures, schedule, parser_version, keep)
            saved = [batch.write(answer) for answer in answers]
            batch.finish()
            self.runs.forget_reading({answer.idx for answer in answers})
        self.captures.tend(self.transaction)
        return saved

    def learn_gap(self, site: str, fingerprint: str, reason: str, at: datetime) -> None:
        """Store how the site answers for a number that cannot exist."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO gap_fingerprints VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET learned_at = excluded.learned_at",
                [site, fingerprint, clock.to_text(at), reason],
            )

    def rebuild_search_index(self) -> int:
        """Build the search index anew from the stored articles; returns their count.

        Raises:
            StoreError: nothing was changed.
        """
        with self.transaction() as connection:
            search_index.rebuild(connection)
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            return int(articles)
