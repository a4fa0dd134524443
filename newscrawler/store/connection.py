"""How an archive's SQLite file is opened: one writer in WAL, any number of true readers."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

Connection = sqlite3.Connection
Error = sqlite3.Error

PAGE_SIZE = 8192
"""A row with an article's text is 2 or 3 KB: on pages of 4 KB a third of the room would be lost."""

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
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file; else ignored
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32000")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> Connection:
    """A connection that cannot write, not even a checkpoint (``mode=ro``).

    Raises:
        sqlite3.Error: no such file, or no database.
    """
    uri = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return connection
