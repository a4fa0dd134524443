"""Every write to the archive: one look at a number is one transaction.

An article with its images, reporters, keywords and revision, the ledger row
and the capture land together or not at all, so a kill at any moment loses
nothing that was reported.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from newscrawler import __version__, article_row, clock, sqlite
from newscrawler.article_row import ArticleRow, Reindexing, with_kept_section
from newscrawler.capture_store import CaptureStore
from newscrawler.items import Answer, Article, Change, Reading, Verdict
from newscrawler.lock import FileLock
from newscrawler.migrations import APPLICATION_ID, migrations, schema_version
from newscrawler.outcomes import Outcome
from newscrawler.rows import ARTICLE, article_from_row
from newscrawler.schedule import Schedule
from newscrawler.sqlite import Connection

NOT_PUBLISHED_YET = "not published yet"
"""The reason of a number beyond the newest article: the future is no gap."""


class StoreError(Exception):
    """The database cannot be written; the message is for the operator."""


class State(StrEnum):
    """The states of a number in the ledger."""

    ARTICLE = "article"
    MISSING = "missing"
    REMOVED = "removed"
    RESTRICTED = "restricted"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def settled(self) -> bool:
        return self in SETTLED


SETTLED = frozenset({State.ARTICLE, State.MISSING, State.REMOVED, State.RESTRICTED})


class KeepCaptures(StrEnum):
    """Which raw answers are kept."""

    ALL = "all"
    CHANGED = "changed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a look."""

    state: State
    change: Change


class Store:
    """The archive, open for writing. One process at a time may hold it.

    Within a process one path is opened once: crawls of several papers into one
    file share the connection (see :meth:`open`).
    """

    _open: dict[Path, Store] = {}  # noqa: RUF012 - a registry of the process, not a default

    def __init__(self, path: Path) -> None:
        self.path = path
        self._holders = 1
        now = clock.now()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_foreign(path)
            self._lock = FileLock(path, now)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
        try:
            self.connection = _prepare(path)
        except BaseException:
            self._lock.release()
            raise
        self._newest: dict[str, int] = {}
        self.captures = CaptureStore(self.connection)

    @classmethod
    def open(cls, path: Path) -> Store:
        """The store at ``path``, made if there is none and migrated if it is old.

        Raises:
            LockedError: another process is writing it.
            StoreError: it cannot be written, is not ours, or is from a newer program.
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
        """Give the store back; the last holder closes the file."""
        self._holders -= 1
        if self._holders:
            return
        del self._open[self.path]
        # A dictionary that cannot be written now is trained again another time.
        with suppress(StoreError):
            self.captures.finish(self.transaction)
        self.connection.close()
        self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction: committed on leaving, rolled back on any error.

        ``IMMEDIATE``, since a transaction that begins as a read and then writes
        fails at once when somebody else wrote meanwhile.

        Raises:
            StoreError: the file cannot be written (disk full, read-only, damaged).
        """
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise StoreError(f"cannot write {self.path}: {error}") from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    # -- looks at numbers -------------------------------------------------

    def compare(self, answer: Answer) -> Change:
        """What a look brings that the archive does not have yet.

        A recommend count alone is no change; a section that the page does not
        print, but a list once told, is none either.
        """
        article = answer.reading.article if answer.reading else None
        if article is None:
            return Change.NONE
        before = self.article(answer.site, answer.idx)
        if before is None:
            return Change.NEW
        article = with_kept_section(article, before)
        same = replace(article, recommend_count=None) == replace(before, recommend_count=None)
        return Change.UNCHANGED if same else Change.CHANGED

    def article(self, site: str, idx: int) -> Article | None:
        """The article as stored, or ``None``."""
        row = self.connection.execute(
            f"SELECT {ARTICLE} FROM articles AS a WHERE site = ? AND idx = ?", [site, idx]
        ).fetchone()
        return None if row is None else article_from_row(row)

    def save(
        self,
        answer: Answer,
        schedule: Schedule,
        *,
        parser_version: int,
        keep: KeepCaptures = KeepCaptures.CHANGED,
    ) -> Saved:
        """Write one look at a number, whole.

        A settled number is never unsettled by a look that brought no usable
        answer: an article that is down today is still the article of yesterday.

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
        """Write looks in their order, in one transaction.

        Raises:
            StoreError: nothing of any of them was written.
        """
        saved = []
        seen: set[tuple[str, int]] = set()
        reindex: list[Reindexing] = []
        with self.transaction() as connection:
            for answer in answers:
                if (answer.site, answer.idx) in seen:
                    # It was compared before the one ahead of it was written.
                    answer.change = None
                seen.add((answer.site, answer.idx))
                look = _Look(self, connection, answer, schedule, parser_version, keep, reindex)
                saved.append(look.write())
            article_row.index(connection, reindex)
        self.captures.tend(self.transaction)
        return saved

    def newest(self, site: str) -> int:
        """The highest number known to be published: an article, or what the site lists."""
        if site not in self._newest:
            row = self.connection.execute(
                "SELECT max(idx) FROM articles WHERE site = ?", [site]
            ).fetchone()
            self._newest[site] = row[0] or 0
        return self._newest[site]

    def note_newest(self, site: str, idx: int) -> None:
        """Learn that ``idx`` is published."""
        self._newest[site] = max(self.newest(site), idx)

    def settle_gaps_below_newest(self, site: str, since: datetime, schedule: Schedule) -> int:
        """Settle numbers that held nothing in this run and that articles have since passed.

        While a walk climbs without knowing the newest number, each gap looks
        like the future until the next article is found above it. Only looks
        made after ``since`` count: an older one says nothing of today.
        """
        with self.transaction() as connection:
            passed = connection.execute(
                "SELECT idx, last_attempt_at FROM ledger"
                " WHERE site = ? AND state = 'pending' AND reason = ? AND idx < ?"
                " AND last_attempt_at >= ?",
                [site, NOT_PUBLISHED_YET, self.newest(site), clock.to_text(since)],
            ).fetchall()
            for idx, at in passed:
                published_at = _neighbour_published_at(connection, site, idx)
                due = schedule.gap(clock.from_text(at), published_at)
                connection.execute(
                    "UPDATE ledger SET state = 'missing', next_attempt_at = ?,"
                    " reason = 'nothing there' WHERE site = ? AND idx = ?",
                    [due and clock.to_text(due), site, idx],
                )
            return len(passed)

    def distrust(self, site: str, idxs: Sequence[int], reason: str, at: datetime) -> None:
        """Take back that these numbers hold nothing: what said so cannot be believed."""
        due = clock.to_text(at)
        with self.transaction() as connection:
            for idx in idxs:
                connection.execute(
                    "UPDATE articles SET removed_at = NULL WHERE site = ? AND idx = ?"
                    " AND removed_at = (SELECT last_attempt_at FROM ledger"
                    " WHERE ledger.site = articles.site AND ledger.idx = articles.idx)",
                    [site, idx],
                )
                connection.execute(
                    "UPDATE ledger SET reason = ?, next_attempt_at = ?, state = CASE WHEN EXISTS"
                    " (SELECT 1 FROM articles AS a WHERE a.site = ledger.site"
                    " AND a.idx = ledger.idx AND a.removed_at IS NULL)"
                    " THEN 'article' ELSE 'pending' END"
                    " WHERE site = ? AND idx = ? AND state IN ('missing', 'removed', 'restricted')",
                    [reason, due, site, idx],
                )

    def learn_section(self, site: str, idxs: Sequence[int], code: str, name: str | None) -> int:
        """A section's list names these articles; a section that a page printed stays.

        Returns:
            for how many of them that was news.
        """
        with self.transaction() as connection:
            return connection.executemany(
                "UPDATE articles SET section_code = :code, section = ifnull(section, :name)"
                " WHERE site = :site AND idx = :idx AND ifnull(section_code, :code) = :code"
                " AND (section_code IS NULL OR (section IS NULL AND :name IS NOT NULL))",
                [{"site": site, "idx": idx, "code": code, "name": name} for idx in idxs],
            ).rowcount

    # -- what else a crawl learns ------------------------------------------

    def learn_gap(self, site: str, fingerprint: str, reason: str, at: datetime) -> None:
        """Remember how the site answers for a number that cannot exist."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO gap_fingerprints VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET learned_at = excluded.learned_at",
                [site, fingerprint, clock.to_text(at), reason],
            )

    def learn_sections(self, site: str, names: Mapping[str, str], at: datetime) -> None:
        """Remember the names that the menu gives to section codes."""
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
                [(site, code, name, clock.to_text(at)) for code, name in names.items()],
            )

    # -- runs ----------------------------------------------------------------

    def begin_run(
        self, site: str, selection: str, settings: Mapping[str, Any], at: datetime
    ) -> int:
        """Open the record of a crawl; its id. One that was cut off before is closed as such."""
        with self.transaction() as connection:
            # Only one process at a time writes, so whoever wrote "running" runs no more.
            connection.execute(
                "UPDATE runs SET outcome = ?, exit_code = ?, diagnosis = ?"
                " WHERE site = ? AND outcome = ?",
                [
                    Outcome.INTERRUPTED,
                    Outcome.INTERRUPTED.exit_code,
                    "the process ended without a word: killed, or a power cut",
                    site,
                    Outcome.RUNNING,
                ],
            )
            cursor = connection.execute(
                "INSERT INTO runs (site, selection, started_at, outcome, program, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    site,
                    selection,
                    clock.to_text(at),
                    Outcome.RUNNING,
                    f"newscrawler {__version__}",
                    json.dumps(settings, ensure_ascii=False, sort_keys=True, default=str),
                ],
            )
            return int(cursor.lastrowid or 0)

    def update_run(self, run_id: int, values: Mapping[str, Any]) -> None:
        """Set columns of a crawl's record."""
        columns = ", ".join(f"{name} = :{name}" for name in values)
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE runs SET {columns} WHERE id = :id", {**values, "id": run_id}
            )


def _refuse_foreign(path: Path) -> None:
    """Look at a file that exists without touching it: is it ours, and not newer than us?"""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        connection = sqlite.connect_reader(path)
        try:
            application_id = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{path} is no SQLite database that can be read ({error})") from error
    if application_id == 0 and is_empty:
        return  # ours, killed in the moment in which it was made; or nobody's
    if application_id != APPLICATION_ID:
        raise StoreError(f"{path} is an SQLite database of another program; it was not touched")
    if version > schema_version():
        raise StoreError(
            f"{path} was written by a newer newscrawler (schema {version}, this program knows"
            f" {schema_version()}); it was not touched"
        )


def _prepare(path: Path) -> Connection:
    try:
        connection = sqlite.connect_writer(path)
    except sqlite3.Error as error:
        raise StoreError(f"cannot write {path}: {error}") from error
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {schema_version()}")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"cannot write {path}: {error}") from error
    return connection


def _neighbour_published_at(connection: Connection, site: str, idx: int) -> datetime | None:
    """When the nearest dated article below, or else above, was published."""
    for side, order in (("<", "DESC"), (">", "ASC")):
        row = connection.execute(
            f"SELECT published_at FROM articles WHERE site = ? AND idx {side} ?"
            f" ORDER BY idx {order} LIMIT 1",
            [site, idx],
        ).fetchone()
        if row and row[0]:
            return clock.from_text(row[0])
    return None


class _Look:
    """The writing of one answer, inside the transaction that is open."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        answer: Answer,
        schedule: Schedule,
        parser_version: int,
        keep: KeepCaptures,
        reindex: list[Reindexing],
    ) -> None:
        self.store = store
        self.connection = connection
        self.answer = answer
        assert answer.reading is not None
        self.reading: Reading = answer.reading
        self.change = answer.change or store.compare(answer)
        self.schedule = schedule
        self.parser_version = parser_version
        self.keep = keep
        self.reindex = reindex
        self.key = (answer.site, answer.idx)
        self.at = clock.to_text(answer.asked_at)
        row = connection.execute(
            "SELECT state, attempts, failures, published_at, a.id AS article_id"
            " FROM ledger LEFT JOIN articles AS a USING (site, idx) WHERE site = ? AND idx = ?",
            self.key,
        ).fetchone()
        self.state = State(row["state"]) if row else None
        self.failures: int = row["failures"] if row else 0
        self.article_id: int | None = row["article_id"] if row else None
        self.published_at = (
            clock.from_text(row["published_at"]) if row and row["published_at"] else None
        )

    def write(self) -> Saved:
        verdict = self.reading.verdict
        if verdict is Verdict.ARTICLE:
            return self._article()
        if verdict is Verdict.UNCHANGED and self.article_id is not None:
            return self._unchanged()
        if verdict is Verdict.MISSING:
            return self._nothing_there()
        if verdict is Verdict.REMOVED:
            return self._removed()
        if verdict is Verdict.RESTRICTED:
            self._keep_capture()
            return self._settle(State.RESTRICTED, None)
        if verdict is Verdict.FORBIDDEN:
            return self._forbidden()
        return self._no_usable_answer()

    def _article(self) -> Saved:
        article = self.reading.article
        assert article is not None
        capture_id = None
        if self.keep is KeepCaptures.ALL or self.change is not Change.UNCHANGED:
            capture_id = self._keep_capture()
        row = ArticleRow(
            self.connection,
            self.answer.site,
            self.reading.layout,
            self.parser_version,
            self.reindex,
            self.answer.groundwork.words if self.answer.groundwork else None,
        )
        if self.article_id is None:
            row.insert(article, self.at, capture_id)
        else:
            before = self.store.article(*self.key)
            assert before is not None
            article = with_kept_section(article, before)
            row.update(self.article_id, before, article, self.at, capture_id, self.change)
        self.store.note_newest(self.answer.site, self.answer.idx)
        due = self.schedule.refresh(self.answer.asked_at, article.published_at)
        return self._settle(State.ARTICLE, due, self.change)

    def _unchanged(self) -> Saved:
        self.connection.execute(
            "UPDATE articles SET last_fetched_at = ? WHERE id = ?", [self.at, self.article_id]
        )
        due = self.schedule.refresh(self.answer.asked_at, self.published_at)
        self.connection.execute(
            "UPDATE ledger SET attempts = attempts + ?, failures = 0, last_attempt_at = ?,"
            " next_attempt_at = ? WHERE site = ? AND idx = ?",
            [self.answer.requests, self.at, due and clock.to_text(due), *self.key],
        )
        return Saved(State.ARTICLE, Change.UNCHANGED)

    def _nothing_there(self) -> Saved:
        if self.article_id is not None:
            return self._removed()
        if self.answer.idx > self.store.newest(self.answer.site):
            # Due at once: catching up asks when the newest number has passed it.
            self._note(State.PENDING, NOT_PUBLISHED_YET, self.answer.asked_at, failures=0)
            return Saved(State.PENDING, Change.NONE)
        self._keep_capture()
        published_at = _neighbour_published_at(self.connection, *self.key)
        due = self.schedule.gap(self.answer.asked_at, published_at)
        return self._settle(State.MISSING, due)

    def _removed(self) -> Saved:
        self._keep_capture()
        if self.article_id is not None:
            self.connection.execute(
                "UPDATE articles SET removed_at = ifnull(removed_at, ?) WHERE id = ?",
                [self.at, self.article_id],
            )
        # Withdrawn pieces sometimes come back: looked at while they would have been refreshed.
        return self._settle(
            State.REMOVED, self.schedule.refresh(self.answer.asked_at, self.published_at)
        )

    def _forbidden(self) -> Saved:
        state = self.state if self.state and self.state.settled else State.PENDING
        tomorrow = self.answer.asked_at + self.schedule.gap_every
        if state is State.PENDING:
            self._note(state, self.reading.reason, tomorrow, failures=self.failures)
        return Saved(state, Change.NONE)

    def _no_usable_answer(self) -> Saved:
        failures = self.failures + 1
        due = self.schedule.after_failure(self.answer.asked_at, failures)
        unknown = self.reading.verdict is Verdict.UNKNOWN
        if unknown or self.reading.verdict is Verdict.BLOCKED:
            self._keep_capture()
        if self.state and self.state.settled:
            self.connection.execute(
                "UPDATE ledger SET attempts = attempts + ?, failures = ?, last_attempt_at = ?,"
                " next_attempt_at = ? WHERE site = ? AND idx = ?",
                [self.answer.requests, failures, self.at, due and clock.to_text(due), *self.key],
            )
            return Saved(self.state, Change.NONE)
        state = State.UNKNOWN if unknown else State.FAILED
        self._note(state, self.reading.reason, due, failures=failures)
        return Saved(state, Change.NONE)

    def _settle(self, state: State, due: datetime | None, change: Change = Change.NONE) -> Saved:
        self._note(state, self.reading.reason, due, failures=0)
        return Saved(state, change)

    def _note(self, state: State, reason: str, due: datetime | None, *, failures: int) -> None:
        capture = self.answer.capture
        with_validators = capture if state is State.ARTICLE else None
        self.connection.execute(
            "INSERT INTO ledger (site, idx, state, reason, http_status, attempts, failures,"
            " last_attempt_at, next_attempt_at, etag, last_modified)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            " http_status = excluded.http_status, attempts = attempts + excluded.attempts,"
            " failures = excluded.failures, last_attempt_at = excluded.last_attempt_at,"
            " next_attempt_at = excluded.next_attempt_at, etag = excluded.etag,"
            " last_modified = excluded.last_modified",
            [
                *self.key,
                state,
                reason,
                capture.http_status if capture else None,
                self.answer.requests,
                failures,
                self.at,
                due and clock.to_text(due),
                with_validators and with_validators.header("ETag"),
                with_validators and with_validators.header("Last-Modified"),
            ],
        )

    def _keep_capture(self) -> int | None:
        capture = self.answer.capture
        if capture is None or self.keep is KeepCaptures.NONE:
            return None
        return self.store.captures.keep(
            capture, self.reading, self.parser_version, self.answer.groundwork
        )
