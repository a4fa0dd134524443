"""Every write to the archive: the result of one attempt at a number is one transaction.

An article with its images, reporters, keywords and revision, the ledger row and the capture are
written together or not at all, so a kill at any moment loses nothing that was reported.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newscrawler import clock
from newscrawler.exceptions import StoreError
from newscrawler.items import Answer, Article, Change
from newscrawler.outcomes import Outcome
from newscrawler.store import blocks, migrations, schema, search_index
from newscrawler.store.answers import (
    KeepCaptures,
    Looks,
    Newest,
    Saved,
    compare,
    neighbour_published_at,
    stored_article,
)
from newscrawler.store.captures import CaptureStore
from newscrawler.store.connection import (
    Connection,
    connect_reader,
    connect_writer,
    leave_as_one_file,
)
from newscrawler.store.lock import FileLock, InodeLock
from newscrawler.store.records import StoredArticle, article_of
from newscrawler.store.schedule import Schedule
from newscrawler.store.seals import Seals
from newscrawler.store.states import REASONS, Code, State
from newscrawler.version import __version__

logger = logging.getLogger(__name__)

_CLOCK_SLACK = timedelta(days=1)
"""By how much two correct clocks may differ."""


class Store:
    """The archive, open for writing, by one process at a time.

    In a process each path is opened once: crawls of several papers into one file share the
    connection (see :meth:`open`).
    """

    _open: dict[Path, Store] = {}  # noqa: RUF012 - a registry of the process, not a default

    def __init__(self, path: Path) -> None:
        self.path = path
        self._holders = 1
        now = clock.now()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch()
            if not path.is_file():
                raise StoreError(f"{path} is not a regular file: name a file for the database")
            with ExitStack() as locks:
                locks.callback(InodeLock(path).release)
                _refuse_foreign(path)
                locks.callback(FileLock(path, now).release)
                self.connection, self._seals = _prepare(path)
                self._locks = locks.pop_all()
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
        self._newest = Newest(self.connection)
        self._reading: tuple[int, int] | None = None
        """Which run is reading which answer, as in the run's row."""
        self.captures = CaptureStore(self.connection)

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
        leave_as_one_file(self.connection)
        self.connection.close()
        self._locks.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction: committed on leaving, rolled back on any error.

        ``IMMEDIATE``, because a transaction that begins with a read and then writes fails at once
        if another connection wrote meanwhile.

        Raises:
            StoreError: the file cannot be written (disk full, read-only, damaged).
        """
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            self._seals.write()
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise StoreError(f"cannot write {self.path}: {error}") from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        self._seals.forget()
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    # -- looks at numbers -------------------------------------------------

    def compare(self, answer: Answer) -> Change:
        """What an answer has that the archive does not have yet."""
        return compare(self.connection, answer)

    def article(self, site: str, idx: int) -> Article | None:
        """The article as stored, or ``None``."""
        return stored_article(self.connection, site, idx)

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
            looks = Looks(connection, self._newest, self.captures, schedule, parser_version, keep)
            saved = [looks.write(answer) for answer in answers]
            looks.finish()
            if self._reading and self._reading[1] in {answer.idx for answer in answers}:
                # It was read and is stored: if the process is killed now, that is no reason.
                connection.execute(
                    "UPDATE runs SET reading = NULL WHERE id = ? AND reading = ?", self._reading
                )
        self.captures.tend(self.transaction)
        return saved

    def rebuild_search_index(self) -> int:
        """Build the search index anew from the stored articles; returns their count.

        Raises:
            StoreError: nothing was changed.
        """
        with self.transaction() as connection:
            search_index.rebuild(connection)
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            return int(articles)

    def record(self, site: str, idx: int) -> StoredArticle | None:
        """The article with a number, with the archive's own columns."""
        return article_of(self.connection, site, idx)

    def newest(self, site: str) -> int:
        """The highest number known to be published: an article was seen there."""
        return self._newest.of(site)

    def note_newest(self, site: str, idx: int) -> None:
        """Note that ``idx`` is published: an article was seen there."""
        self._newest.note(site, idx)

    def settle_gaps_below_newest(self, site: str, since: datetime, schedule: Schedule) -> int:
        """Settle numbers without an article in this run, if an article above them was found since.

        While a crawl goes upwards without the newest number, each gap may be unpublished until an
        article above it is found. Only attempts after ``since`` count: older ones are out of date.

        Returns:
            how many of them were pending.
        """
        with self.transaction() as connection:
            passed = connection.execute(
                "SELECT idx, state, last_attempt_at FROM ledger INDEXED BY ledger_by_code"
                " WHERE site = ? AND code = ? AND idx < ? AND last_attempt_at >= ?",
                [site, Code.FUTURE, self.newest(site), clock.to_text(since)],
            ).fetchall()
            for idx, _, at in passed:
                published_at = neighbour_published_at(connection, site, idx)
                due = schedule.gap(clock.from_text(at), published_at)
                connection.execute(
                    "UPDATE ledger SET state = 'missing', next_attempt_at = ?,"
                    " reason = 'nothing there', code = NULL WHERE site = ? AND idx = ?",
                    [due and clock.to_text(due), site, idx],
                )
            return sum(state == State.PENDING for _, state, _ in passed)

    def gaps_at_the_end(self, site: str, since: datetime) -> list[int]:
        """The numbers without an article that were requested after ``since``, and after the last
        article that was: a run that was killed has not proven them."""
        rows = self.connection.execute(
            "SELECT idx FROM ledger WHERE site = :site"
            " AND state IN ('missing', 'removed', 'restricted') AND last_attempt_at >="
            " max(:since, ifnull((SELECT max(last_attempt_at) FROM ledger"
            " WHERE site = :site AND state = 'article'), ''))",
            {"site": site, "since": clock.to_text(since)},
        )
        return [idx for (idx,) in rows]

    def disbelieve(self, site: str, idxs: Sequence[int], at: datetime) -> list[State]:
        """Make these numbers pending again: the answers that settled them are not reliable.

        Returns:
            the states of those that held nothing until now.
        """
        due = clock.to_text(at)
        was: list[State] = []
        with self.transaction() as connection:
            for idx in idxs:
                row = connection.execute(
                    "SELECT state FROM ledger WHERE site = ? AND idx = ?"
                    " AND state IN ('missing', 'removed', 'restricted')",
                    [site, idx],
                ).fetchone()
                if row is None:
                    continue
                was.append(State(row["state"]))
                connection.execute(
                    "UPDATE articles SET removed_at = NULL WHERE site = ? AND idx = ?"
                    " AND removed_at = (SELECT last_attempt_at FROM ledger"
                    " WHERE ledger.site = articles.site AND ledger.idx = articles.idx)",
                    [site, idx],
                )
                connection.execute(
                    "UPDATE ledger SET reason = ?, code = ?, next_attempt_at = ?,"
                    " state = CASE WHEN EXISTS"
                    " (SELECT 1 FROM articles AS a WHERE a.site = ledger.site"
                    " AND a.idx = ledger.idx AND a.removed_at IS NULL)"
                    " THEN 'article' ELSE 'pending' END"
                    " WHERE site = ? AND idx = ?",
                    [REASONS[Code.DISBELIEVED], Code.DISBELIEVED, due, site, idx],
                )
        return was

    def learn_section(self, site: str, idxs: Sequence[int], code: str, name: str | None) -> int:
        """Note the section of these articles, from its list; a section that a page printed stays.

        Returns:
            for how many of them it was new.
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
        """Store how the site answers for a number that cannot exist."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO gap_fingerprints VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET learned_at = excluded.learned_at",
                [site, fingerprint, clock.to_text(at), reason],
            )

    def learn_sections(self, site: str, names: Mapping[str, str], at: datetime) -> None:
        """Store the names that the menu gives to section codes."""
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
                [(site, code, name, clock.to_text(at)) for code, name in names.items()],
            )

    def begin_section_walks(self, site: str, codes: Iterable[str]) -> None:
        """Continue to read these sections' lists; start again if all were finished."""
        with self.transaction() as connection:
            (open_walks,) = connection.execute(
                "SELECT count(*) FROM section_walks WHERE site = ? AND finished_at IS NULL", [site]
            ).fetchone()
            if not open_walks:
                connection.execute("DELETE FROM section_walks WHERE site = ?", [site])
            connection.executemany(
                "INSERT INTO section_walks VALUES (?, ?, 1, NULL) ON CONFLICT DO NOTHING",
                [(site, code) for code in codes],
            )

    def note_section_walk(
        self, site: str, code: str, next_page: int, finished_at: datetime | None = None
    ) -> None:
        """Note that a section's list is read up to the page before ``next_page``, or to its end."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE section_walks SET next_page = ?, finished_at = ?"
                " WHERE site = ? AND code = ?",
                [next_page, finished_at and clock.to_text(finished_at), site, code],
            )

    # -- times and crashes -----------------------------------------------------

    def mend_times(self, site: str, now: datetime, longest: timedelta) -> int:
        """Make numbers due that a wrong clock has delayed; returns how many.

        No step of the schedule is longer than ``longest``, so a later due time comes from another
        clock, and so does an attempt in the future.
        """
        values = {
            "site": site,
            "now": clock.to_text(now),
            "far": clock.to_text(now + longest + _CLOCK_SLACK),
            "future": clock.to_text(now + _CLOCK_SLACK),
        }
        with self.transaction() as connection:
            mended = connection.execute(
                "UPDATE ledger SET next_attempt_at = :now"
                " WHERE site = :site AND next_attempt_at > :far",
                values,
            ).rowcount
            latest = connection.execute(
                "SELECT max(started_at) FROM runs WHERE site = ?", [site]
            ).fetchone()[0]
            if latest is not None and latest > values["future"]:
                mended += connection.execute(
                    "UPDATE ledger SET next_attempt_at = :now"
                    " WHERE site = :site AND last_attempt_at > :future"
                    " AND (next_attempt_at IS NULL OR next_attempt_at > :now)",
                    values,
                ).rowcount
            return mended

    def last_started(self, site: str) -> datetime | None:
        """When the newest run in the record began, by the clock at that time."""
        row = self.connection.execute(
            "SELECT started_at FROM runs WHERE site = ? ORDER BY id DESC LIMIT 1", [site]
        ).fetchone()
        return clock.from_text(row[0]) if row else None

    def note_reading(self, run_id: int, idx: int) -> None:
        """Note which answer is being read, in case that kills the process."""
        with self.transaction() as connection:
            connection.execute("UPDATE runs SET reading = ? WHERE id = ?", [idx, run_id])
        self._reading = (run_id, idx)

    def cut_off_since(self, site: str) -> datetime | None:
        """When the last run began, if it was killed; else ``None``."""
        started = self.connection.execute(
            "SELECT min(started_at) FROM runs WHERE site = ? AND outcome = ?",
            [site, Outcome.RUNNING],
        ).fetchone()[0]
        return started and clock.from_text(started)

    def put_off_crashers(self, site: str, now: datetime, schedule: Schedule) -> list[int]:
        """Delay the numbers whose answers killed a run; returns them."""
        state = _if_unsettled("'unknown'", "state")
        reason = _if_unsettled("excluded.reason", "reason")
        code = _if_unsettled("excluded.code", "code")
        with self.transaction() as connection:
            rows = connection.execute(
                "SELECT DISTINCT reading FROM runs WHERE site = ? AND outcome = ?"
                " AND reading IS NOT NULL",
                [site, Outcome.RUNNING],
            ).fetchall()
            for (idx,) in rows:
                failures = connection.execute(
                    "SELECT ifnull(max(failures), 0) + 1 FROM ledger WHERE site = ? AND idx = ?",
                    [site, idx],
                ).fetchone()[0]
                due = schedule.after_failure(now, failures)
                connection.execute(
                    "INSERT INTO ledger (site, idx, state, reason, code, attempts, failures,"
                    " last_attempt_at, next_attempt_at)"
                    " VALUES (:site, :idx, 'unknown', :reason, :code, 1, :failures, :at, :due)"
                    " ON CONFLICT DO UPDATE SET"
                    # What is settled stays so, with its reason.
                    f" state = {state},"
                    f" reason = {reason},"
                    f" code = {code},"
                    " attempts = attempts + 1, failures = excluded.failures,"
                    " last_attempt_at = excluded.last_attempt_at,"
                    " next_attempt_at = excluded.next_attempt_at",
                    {
                        "site": site,
                        "idx": idx,
                        "reason": REASONS[Code.CRASHED],
                        "code": Code.CRASHED,
                        "failures": failures,
                        "at": clock.to_text(now),
                        "due": due and clock.to_text(due),
                    },
                )
            return [idx for (idx,) in rows]

    # -- runs ----------------------------------------------------------------

    def begin_run(
        self, site: str, selection: str, settings: Mapping[str, Any], at: datetime
    ) -> int:
        """Insert a run; returns its id. An earlier one that was killed is marked as interrupted."""
        with self.transaction() as connection:
            # Only one process at a time writes, so whoever wrote "running" runs no more.
            connection.execute(
                "UPDATE runs SET outcome = ?, exit_code = ?, diagnosis = ?"
                " WHERE site = ? AND outcome = ?",
                [
                    Outcome.INTERRUPTED,
                    Outcome.INTERRUPTED.exit_code,
                    "the process ended without a record: it was killed, or the power failed",
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
                    # A path may hold bytes that are no UTF-8.
                    json.dumps(settings, ensure_ascii=False, sort_keys=True, default=str)
                    .encode("utf-8", "backslashreplace")
                    .decode(),
                ],
            )
            run_id = int(cursor.lastrowid or 0)
            if blocks.repair(connection, site, run_id):
                logger.warning(
                    "The counts of the ledger's blocks were wrong; they are counted again"
                )
            return run_id

    def update_run(self, run_id: int, values: Mapping[str, Any]) -> None:
        """Set columns of a run."""
        columns = ", ".join(f"{name} = :{name}" for name in values)
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE runs SET {columns} WHERE id = :id", {**values, "id": run_id}
            )


def _refuse_foreign(path: Path) -> None:
    """Refuse an existing file, without writing to it, if it is another program's or a newer
    version's."""
    if path.stat().st_size == 0:
        return
    try:
        connection = connect_reader(path)
        try:
            application_id = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            known = application_id == schema.APPLICATION_ID and version <= schema.VERSION
            difference = schema.foreign(connection, version) if known else None
        finally:
            connection.close()
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise StoreError(f"{path} is not an SQLite database; it was not changed") from error
        raise StoreError(f"cannot read {path}: {error}") from error
    if application_id == 0 and is_empty:
        return  # ours, killed in the moment in which it was made; or nobody's
    if application_id != schema.APPLICATION_ID:
        raise StoreError(f"{path} is an SQLite database of another program; it was not changed")
    if version > schema.VERSION:
        raise StoreError(
            f"{path} was written by a newer newscrawler (schema {version}, this program knows"
            f" {schema.VERSION}); it was not changed: update newscrawler"
        )
    if difference:
        raise StoreError(schema.refusal(path, difference))


def _if_unsettled(then: str, otherwise: str) -> str:
    return f"CASE WHEN state IN ('pending', 'failed', 'unknown') THEN {then} ELSE {otherwise} END"


def _prepare(path: Path) -> tuple[Connection, Seals]:
    try:
        connection = connect_writer(path)
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise StoreError(
                f"cannot write {path}: another program has not finished reading or writing it"
                " (a notebook or a script with an open query): close it first"
            ) from error
        raise StoreError(f"cannot write {path}: {error}") from error
    try:
        migrations.apply(connection)
        difference = schema.foreign(connection, schema.VERSION)
        if not difference:
            return connection, Seals(connection)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"cannot write {path}: {error}") from error
    connection.close()
    raise StoreError(schema.refusal(path, difference))
