"""How an archive's SQLite file is opened: one writer in WAL mode, any number of readers.

Between two crawls it is one file with a rollback journal (docs/decisions/0047).
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

Connection = sqlite3.Connection
Error = sqlite3.Error

PAGE_SIZE = 8192
"""A row with an article's text is 2 or 3 KB: with pages of 4 KB a third of the space would be
lost."""

BESIDE = ("-wal", "-shm", "-journal")
"""Endings of SQLite's files next to a database; they must stay together with it."""

BUSY_TIMEOUT_S = 120.0
"""How long a write waits for another connection before it fails: longer than a reader or a backup
tool needs."""


def connect_writer(path: Path) -> Connection:
    """The one connection that writes, in explicit-transaction mode.

    ``synchronous=FULL``, because reported results must survive a power cut; it costs 0.2 ms a
    commit, much less than a page. The caller holds the file's lock: SQLite before 3.51.3 can damage
    a WAL file that two connections write at the same moment
    (https://sqlite.org/wal.html#walresetbug).

    Raises:
        sqlite3.Error: not a database, or it cannot be written.
    """
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        _distrust_schema(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file; else ignored
        _turn_on_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32000")
    except BaseException:
        connection.close()
        raise
    return connection


def _turn_on_wal(connection: Connection) -> None:
    # Next to another program's write transaction the pragma fails at once, whatever the time-out;
    # BEGIN EXCLUSIVE waits for readers and writers. Another may come between the two.
    for _ in range(_ATTEMPTS):
        _wait_at_most(connection, 0)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        finally:
            _wait_at_most(connection, BUSY_TIMEOUT_S)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    connection.execute("PRAGMA journal_mode = WAL")


_ATTEMPTS = 10


def _wait_at_most(connection: Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")


def leave_as_one_file(connection: Connection) -> None:
    """Write the write-ahead log into the database, so that the file can be read on its own.

    A file in WAL mode can be read only with write permission in its folder. With a rollback journal
    any SQLite can read it, in a read-only folder too. While a reader has it open it stays in WAL
    mode, until the end of the next writer.
    """
    _wait_at_most(connection, 0)
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = DELETE")


def is_one_file(path: Path) -> bool:
    """Whether the file is the whole archive: not in WAL mode, and no journal next to it.

    Bytes 18 and 19 say which (https://sqlite.org/fileformat2.html#file_format_version_numbers).
    """
    if any(path.with_name(f"{path.name}{end}").exists() for end in BESIDE):
        return False
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x01\x01"


def connect_reader(path: Path) -> Connection:
    """A connection that cannot write, not even a checkpoint (``mode=ro``).

    The file's schema is not trusted: its views and indexes must not call functions with an effect
    outside the database.

    Raises:
        sqlite3.Error: no such file, or not a database.
    """
    # The name as bytes: folders are named in other encodings too.
    uri = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro"
    try:
        return _reader(uri)
    except sqlite3.OperationalError as error:
        if not _needs_files_beside(error) or _has_wal(path):
            raise
        # In WAL mode, in a read-only folder, without a write-ahead log that has to be read.
        return _reader(f"{uri}&immutable=1")


def _reader(uri: str) -> Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        _distrust_schema(connection)
        connection.execute("PRAGMA schema_version").fetchone()  # SQLite opens the file only now
    except BaseException:
        connection.close()
        raise
    return connection


def unreadable(path: Path, error: Exception) -> str:
    """The sentence for an archive with a page or a value that cannot be read."""
    checks = f"newscrawler verify --db {shlex.quote(str(path))}"
    return f"{path} cannot be read: {error}; this command checks it for damage: {checks}"


def is_damage(error: Error) -> bool:
    """Whether an error of SQLite comes from what is stored, and not from disk, rights or locks."""
    if isinstance(error, (sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return False
    # Python's own errors about a stored value have no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _DAMAGE


_DAMAGE = (
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH),
)


def _distrust_schema(connection: Connection) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)


def _needs_files_beside(error: sqlite3.Error) -> bool:
    return (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _has_wal(path: Path) -> bool:
    """Whether a write-ahead log may have changes that the file lacks; also if it cannot be read."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True
