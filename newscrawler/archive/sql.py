"""Runs one SQL statement that only reads, with a time limit and with our SQL functions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.exceptions import SearchError, SqlError, TooLongError

_STEPS = 20_000
"""Instructions of SQLite between two checks of the time: about a millisecond."""


@dataclass(frozen=True, slots=True)
class Answer:
    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def ask(archive: Archive, statement: str, *, seconds: float) -> Iterator[Answer]:
    """Run ``statement``; its rows are read lazily.

    Besides SQLite's own functions it may use ``found(id, words)``: whether a search
    finds the article, and ``search_for(words)`` for the MATCH of the index.

    Raises:
        SqlError: the statement does not only read, or SQLite reports an error.
        TooLongError: it takes more than ``seconds``.
        KeyboardInterrupt: Ctrl-C, also while SQLite runs.
    """
    connection = archive.connection
    end = time.monotonic() + seconds
    found = _Found(archive)
    connection.create_function("found", 2, found, deterministic=True)
    connection.set_authorizer(_allow)
    # Python's signal handlers run only while Python code runs, as here.
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        cursor = connection.execute(statement)
        if cursor.description is None:
            raise SqlError("a statement that reads begins with SELECT, WITH or VALUES")
        columns = tuple(name for name, *_ in cursor.description)
        yield Answer(columns, (tuple(row) for row in cursor))
    except (sqlite3.DatabaseError, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            if time.monotonic() <= end:
                raise KeyboardInterrupt from None
            raise TooLongError(f"the statement took longer than {seconds:g} seconds") from None
        raise SqlError(str(found.mistake or _as_told(error))) from error
    except ValueError as error:
        # sqlite3 raises it for a NUL and for lone surrogates.
        raise SqlError(str(error)) from error
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)


def _allow(action: int, *_: Any) -> int:
    """The file is open for reading only; what is left is to write another one (VACUUM INTO too)."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


_WRITES = {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY}


def _as_told(error: Exception) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _WRITES:
        return "the archive is open for reading only: begin with SELECT, WITH or VALUES"
    if str(error).startswith("You can only execute one"):
        return "give one statement at a time"
    return f"SQLite cannot answer: {error}"


class _Found:
    """``found(id, words)`` in SQL: each search runs once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._keys: dict[str, frozenset[int]] = {}
        self.mistake: SearchError | None = None
        """Why a search is invalid: SQLite does not keep the exception of a function."""

    def __call__(self, key: int, words: str) -> bool:
        keys = self._keys.get(words)
        if keys is None:
            try:
                keys = frozenset(self._archive.keys(Filters(words=words)))
            except SearchError as error:
                self.mistake = error
                raise
            self._keys[words] = keys
        return key in keys
