"""Checks what the writing connection reads: a value that its column cannot hold is damage.

A flipped bit can turn a number into a text or a time into nonsense, in a page that SQLite itself
finds sound. Without this check such a value would look like a bug of the program, or would be
written on into other rows. SQLite does not tell from which table a column of a result comes: its
name decides. So an expression must not have the name of a column of another type, and an outer join
must not have the name of a column that is never NULL.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawler.humanize import shortened
from newscrawler.items import Verdict
from newscrawler.outcomes import Outcome
from newscrawler.store.connection import Connection
from newscrawler.store.states import State

Fits = Callable[[Any], bool]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "INTEGER": int,
    "TEXT": str,
    "BLOB": bytes,
    "REAL": (int, float),
}
_WORDS = {"state": State, "verdict": Verdict, "outcome": Outcome}
"""Columns that hold one of a few words."""


class DamagedValueError(sqlite3.DatabaseError):
    """A value that its column cannot hold; handled as damage that SQLite itself finds."""


def check_values(connection: Connection) -> None:
    """Check every row that this connection reads from now on.

    Reading a row raises :class:`DamagedValueError` if one of its values cannot be what was written.
    """
    tables = _tables(connection)
    known: dict[Any, tuple[Fits | None, ...]] = {}

    def checked(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        columns = cursor.description
        rules = known.get(columns)
        if rules is None:
            rules = known[columns] = _rules(tables, [column[0] for column in columns])
        for fits, value, column in zip(rules, values, columns, strict=True):
            if fits and not fits(value):
                raise DamagedValueError(f"column {column[0]} holds {shortened(repr(value), 40)}")
        return sqlite3.Row(cursor, values)

    connection.row_factory = checked


@dataclass(frozen=True, slots=True)
class _Column:
    kind: str
    is_nullable: bool


def _tables(connection: Connection) -> dict[str, dict[str, _Column]]:
    """The columns of each table; those of the search index have no type and are left out."""
    tables: defaultdict[str, dict[str, _Column]] = defaultdict(dict)
    for table, name, kind, is_never_null in connection.execute(
        'SELECT t.name, c.name, c.type, c."notnull"'
        " FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
    ):
        if kind in _TYPES:
            tables[table][name] = _Column(kind, not is_never_null)
    return tables


def _rules(
    tables: Mapping[str, Mapping[str, _Column]], names: list[str]
) -> tuple[Fits | None, ...]:
    """The rule for each column of a query, by the tables that it can come from."""
    stored = {name for name in names if any(name in columns for columns in tables.values())}
    # A join has names of several tables.
    sources = [columns for columns in tables.values() if stored <= columns.keys()]
    return tuple(
        _rule(name, {columns[name] for columns in sources or tables.values() if name in columns})
        for name in names
    )


def _rule(name: str, columns: set[_Column]) -> Fits | None:
    kinds = {column.kind for column in columns}
    if len(kinds) != 1:
        return None  # no column of ours, or columns of different types
    fits: Fits
    if name in _WORDS:
        words = frozenset(map(str, _WORDS[name]))
        fits = lambda value: isinstance(value, str) and value in words  # noqa: E731
    elif name.endswith("_at"):
        fits = _is_time
    else:
        types = _TYPES[kinds.pop()]
        fits = lambda value: isinstance(value, types)  # noqa: E731
    if any(column.is_nullable for column in columns):
        return lambda value: value is None or fits(value)
    return fits


def _is_time(value: object) -> bool:
    """Whether it is a time with a zone, with which one can calculate."""
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]  # any value may be here
    except (ValueError, TypeError):
        return False
    return moment.tzinfo is not None and 1 < moment.year < 9999
