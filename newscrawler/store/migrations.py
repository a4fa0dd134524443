"""Migrates an archive to the current schema, step by step.

sqlite-utils keeps the list of applied steps and runs each in its own transaction; the steps
themselves are frozen SQL (:mod:`newscrawler.store.schema`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from newscrawler.store import schema, search_index
from newscrawler.store.connection import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database

_SEARCH_INDEX = 7
"""The first version with the current search index."""
_SEALS = 13
"""The first version with seals; missing ones are created."""


def apply(connection: Connection, *, version: int = schema.VERSION) -> None:
    """Run the missing steps up to ``version``.

    Raises:
        sqlite3.Error: the file cannot be written; the steps before are kept.
    """
    schema.teach(connection)
    before = connection.execute("PRAGMA user_version").fetchone()[0]
    if before < version:
        _run_steps(connection, version)
    if _SEALS <= before < version:
        # A step has rewritten rows without the triggers of the seals.
        connection.execute("DELETE FROM seals")
    if version >= _SEARCH_INDEX and search_index.is_empty(connection):
        # Not in the SQL of a step: index and searches must use the same tokenizer.
        connection.execute("BEGIN IMMEDIATE")
        search_index.rebuild(connection)
        connection.execute("COMMIT")


def _run_steps(connection: Connection, version: int) -> None:
    # Imported only where there is a step to run: sqlite-utils loads pandas where that is
    # installed, which doubles the start of a crawl.
    from sqlite_utils import Database, Migrations

    migrations = Migrations("newscrawler")
    for number, step in enumerate(schema.STEPS[:version], 1):
        migrations(name=step.name)(_runner(step, number))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    migrations.apply(Database(connection))


def _runner(step: schema.Step, number: int) -> Callable[[Database], None]:
    def run(db: Database, /) -> None:
        schema.run(db.conn, step)
        # In the step's own transaction: the file never names a version that it has not.
        db.conn.execute(f"PRAGMA user_version = {number}")

    return run
