"""How an archive's SQLite file is opened: one writer in WAL, any number of true readers.

Between two writers it is one file with a rollback journal (docs/decisions/0047).
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

Connection = sqlite3.Connection
Error = sqlite3.Error

PAGE_SIZE = 8192
"""A row with an article's text is 2 or 3 KB: on pages of 4 KB a third of the room would be lost."""

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may lay beside a database; it goes where the file goes."""

BUSY_TIMEOUT_S = 120.0
"""How long a write waits for a foreign writer before it fails: a reader's or a
backup tool's minute, with room."""


def connect_writer(path: Path) -> Connection:
    """The one connection that writes, in explicit-transaction mode.

    ``synchronous=FULL`` because what was reported must survive a power cut; it
    costs 0.2 ms a commit, a fraction of what a page takes. The caller holds
    the file's lock: SQLite before 3.51.3 can damage a WAL file that two
    connections write at the same moment (https://sqlite.org/wal.html#walresetbug).

    Raises:
        sqlite3.Error: no database, or it cannot be written.
    """
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        _distrust_schema(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file; else ignored
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32000")
    except BaseException:
        connection.close()
        raise
    return connection


def leave_as_one_file(connection: Connection) -> None:
    """Write everything into the database itself, so that anybody can read it alone.

    A file in WAL mode can be read only by who may write beside it. With a
    rollback journal any SQLite reads it, from a read-only folder too. While a
    reader has it open it stays in WAL mode; the next writer that ends does it.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = DELETE")


def is_one_file(path: Path) -> bool:
    """Whether the file alone is the whole archive: no journal beside it, and not in WAL mode.

    Bytes 18 and 19 say which (https://sqlite.org/fileformat2.html#file_format_version_numbers).
    """
    if any(path.with_name(f"{path.name}{end}").exists() for end in BESIDE):
        return False
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x01\x01"


def connect_reader(path: Path) -> Connection:
    """A connection that cannot write, not even a checkpoint (``mode=ro``).

    What stands in the file's schema is not trusted: no view or index of it may
    call what has an effect outside the database.

    Raises:
        sqlite3.Error: no such file, or no database.
    """
    # The name as bytes: folders are named in other encodings too.
    uri = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro"
    try:
        return _reader(uri)
    except sqlite3.OperationalError as error:
        if not _needs_files_beside(error) or _has_wal(path):
            raise
        # In WAL mode, where nothing can be written beside it and nothing is left to be read there.
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


def _distrust_schema(connection: Connection) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)


def _needs_files_beside(error: sqlite3.Error) -> bool:
    return (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _has_wal(path: Path) -> bool:
    """Whether a write-ahead log holds what the file lacks; so too if that cannot be seen."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True
