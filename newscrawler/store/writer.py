"""Opens an archive for writing: the locks, the refusal of foreign files, the write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from newscrawler import clock
from newscrawler.exceptions import StoreError
from newscrawler.store import migrations, schema
from newscrawler.store.connection import (
    Connection,
    connect_reader,
    connect_writer,
    is_damage,
    leave_as_one_file,
    unreadable,
)
from newscrawler.store.lock import FileLock, InodeLock
from newscrawler.store.seals import Seals
from newscrawler.store.value_check import check_values


class Writer:
    """The only connection that writes to an archive, and its locks."""

    def __init__(self, path: Path) -> None:
        """Open the file: created if it does not exist, migrated if it is old.

        Raises:
            LockedError: another process is writing it.
            StoreError: it cannot be written, is another program's, or is from a newer version.
        """
        self.path = path
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
                self._file = _identity(path)
                self._locks = locks.pop_all()
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror or error}") from error

    def close(self) -> None:
        """Close the file, as one that any program can read, and release its locks."""
        leave_as_one_file(self.connection)
        self.connection.close()
        self._locks.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction: committed on leaving, rolled back on any error.

        ``IMMEDIATE``, because a transaction that begins with a read and then writes fails at once
        if another connection wrote meanwhile.

        Raises:
            StoreError: the file cannot be written (disk full, read-only, damaged), or is not the
                one that was opened: SQLite would go on writing a file that has no name any more.
        """
        if _identity(self.path) != self._file:
            raise StoreError(
                f"{self.path} was moved, removed or replaced while this process wrote it: it writes"
                " no more; what it has written went with the old file"
            )
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            self._seals.write()
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            if is_damage(error):
                raise StoreError(unreadable(self.path, error)) from error
            raise StoreError(f"cannot write {self.path}: {error}") from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        self._seals.forget()
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file the path names, by device and inode; ``None``: none that can be reached."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
            is_empty = schema.is_empty(connection)
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
            seals = Seals(connection)
            check_values(connection)
            return connection, seals
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"cannot write {path}: {error}") from error
    connection.close()
    raise StoreError(schema.refusal(path, difference))
