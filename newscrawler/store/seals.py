"""Seals: for each table the count of its rows and the sum of their digests.

Each writing connection has temporary triggers that note what is inserted, updated and deleted; the
sums are brought up to date within the same transaction. A row that changes without them (by a disk
error or another program) makes the sum wrong, even if the row is written again later. Why not a
digest in each row: docs/decisions/0056.

What is sealed: every column of every row of every table but these.

- The search index (virtual tables, and the tables behind them): ``index_check.py`` compares it with
  the articles.
- The list of applied steps, and SQLite's own tables.
- ``seals`` itself. A table without a row there passes :func:`check`, and is sealed as it is when
  the archive is next opened for writing; so is an archive of a version without seals.
- The digits of a ``REAL`` after the sixth decimal place.

Names of tables and columns stand in the SQL without quotes: an archive is opened only if its schema
is one that this program writes (``schema.foreign``), so they are plain words of our own.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

from newscrawler.store import schema
from newscrawler.store.connection import Connection

_MODULUS = 1 << 128
_REAL_SCALE = 1_000_000
"""A ``REAL`` is sealed as this many parts of one: its text differs between versions of SQLite."""
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)


def row_digest(*values: bytes | None) -> int:
    """A number below 2¹²⁸ for a row, from its columns; frozen, because stored sums depend on it."""
    row = b"".join([b"-" if value is None else b"%d:%b" % (len(value), value) for value in values])
    return int.from_bytes(blake2b(row, digest_size=16).digest(), "big")


class Seals:
    """Keeps the sums of an archive that is open for writing."""

    def __init__(self, connection: Connection) -> None:
        """Add the triggers to every table, and compute missing sums from the current rows.

        Raises:
            sqlite3.Error: the file cannot be written.
        """
        self.connection = connection
        self._rows: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        _add_seal_sum(connection)
        connection.create_function("seal_added", -1, self._added)
        connection.create_function("seal_removed", -1, self._removed)
        tables = _tables(connection)
        for table in tables:
            self._watch(table)
        sealed = {name for (name,) in connection.execute("SELECT table_name FROM seals")}
        if unsealed := [table for table in tables if table not in sealed]:
            connection.execute("BEGIN IMMEDIATE")
            for table in unsealed:
                connection.execute(
                    "INSERT INTO seals VALUES (?, ?, ?)",
                    [table, *_count_and_sum(connection, table)],
                )
            connection.execute("COMMIT")

    def write(self) -> None:
        """Update the sums; call before a transaction is committed."""
        for table in {*self._rows, *self._sums}:
            rows, old = self._of(table)
            total = (old + self._sums[table]) % _MODULUS
            self.connection.execute(
                "UPDATE seals SET rows = ?, sum = ? WHERE table_name = ?",
                [rows + self._rows[table], f"{total:032x}", table],
            )
        self.forget()

    def _of(self, table: str) -> tuple[int, int]:
        """The stored count and sum of a table.

        Raises:
            sqlite3.DatabaseError: they are damaged.
        """
        row = self.connection.execute(
            "SELECT rows, sum FROM seals WHERE table_name = ?", [table]
        ).fetchone()
        try:
            return row["rows"], int(row["sum"], 16)
        except (TypeError, ValueError) as error:
            raise sqlite3.DatabaseError(f"the seal of table {table} is damaged") from error

    def forget(self) -> None:
        """Forget the noted changes: the transaction was rolled back."""
        self._rows.clear()
        self._sums.clear()

    def _added(self, table: str, *values: bytes | None) -> None:
        self._rows[table] += 1
        self._sums[table] += row_digest(*values)

    def _removed(self, table: str, *values: bytes | None) -> None:
        self._rows[table] -= 1
        self._sums[table] -= row_digest(*values)

    def _watch(self, table: str) -> None:
        """Note every later change of a table's rows on this connection."""
        old, new = (_columns(self.connection, table, f"{row}.") for row in ("OLD", "NEW"))
        removed = f"SELECT seal_removed('{table}', {old});"
        added = f"SELECT seal_added('{table}', {new});"
        for event, body in (
            ("INSERT", added),
            ("DELETE", removed),
            ("UPDATE", removed + added),
        ):
            self.connection.execute(
                f"CREATE TEMP TRIGGER seal_{table}_{event} AFTER {event} ON main.{table}"
                f" BEGIN {body} END"
            )


def check(connection: Connection) -> Iterator[str]:
    """The tables with rows that differ from what was written, one sentence each."""
    tables = set(_tables(connection))
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'seals'").fetchone():
        return  # an archive of an older version has none
    _add_seal_sum(connection)
    sealed = connection.execute("SELECT table_name, rows, sum FROM seals").fetchall()
    for table, rows, total in sealed:
        if table not in tables or _count_and_sum(connection, table) != (rows, total):
            yield (
                f"table {table}: its rows are not those that were written;"
                " they are damaged, or another program has changed them"
            )


def _count_and_sum(connection: Connection, table: str) -> tuple[int, str]:
    """What a table has now: its rows, and their sum in hexadecimal digits."""
    rows, total = connection.execute(
        f"SELECT count(*), seal_sum({_columns(connection, table)}) FROM {table}"
    ).fetchone()
    return rows, total or f"{0:032x}"


def _add_seal_sum(connection: Connection) -> None:
    connection.create_aggregate("seal_sum", -1, _Sum)  # type: ignore[arg-type]  # typeshed knows int


class _Sum:
    """The aggregate ``seal_sum``: the sum of the rows' digests."""

    def __init__(self) -> None:
        self.total = 0

    def step(self, *values: bytes | None) -> None:
        self.total += row_digest(*values)

    def finalize(self) -> str:
        return f"{self.total % _MODULUS:032x}"


def _tables(connection: Connection) -> list[str]:
    """The names of the tables with seals."""
    return [
        name
        for (kind, name), sql in schema.objects(connection).items()
        if kind == "table" and name != "seals" and not _VIRTUAL.match(sql)
    ]


def _columns(connection: Connection, table: str, prefix: str = "") -> str:
    """The SQL of a table's columns as bytes: a damaged text may be no valid UTF-8."""
    columns = connection.execute("SELECT name, type FROM pragma_table_info(?)", [table])
    return ", ".join(
        f"CAST(CAST({prefix}{name} * {_REAL_SCALE} AS INTEGER) AS BLOB)"
        if declared == "REAL"
        else f"CAST({prefix}{name} AS BLOB)"
        for name, declared in columns
    )
