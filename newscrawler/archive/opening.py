"""Opens an archive for reading: what is refused, and the functions that are added to SQL."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from newscrawler.exceptions import NoArchiveError, UnreadableArchiveError
from newscrawler.humanize.language import tr
from newscrawler.store import schema
from newscrawler.store.connection import Connection, connect_reader


def connect(path: Path) -> Connection:
    """A connection to the archive at ``path`` that cannot write.

    Raises:
        NoArchiveError: there is no such file.
        UnreadableArchiveError: it is not an archive, or has a schema that this program cannot read.
    """
    try:
        is_there = path.is_file()
    except (OSError, ValueError) as error:
        # A name that is too long or may not be looked at, and one with a NUL.
        raise _unreadable(path, error) from error
    if not is_there:
        raise NoArchiveError(tr("there is no archive at {path}", path=path))
    try:
        connection = connect_reader(path)
        try:
            _refuse_unreadable(path, connection)
            _teach(connection)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _unreadable(path, error) from error
    return connection


def sites_in(connection: Connection) -> list[str]:
    """Names of the papers with at least one number in the ledger."""
    rows = connection.execute(
        "SELECT site FROM ledger_blocks UNION"
        # One query for each next site: DISTINCT would read every article.
        " SELECT site FROM (WITH RECURSIVE paper (site) AS (SELECT min(site) FROM articles"
        " UNION ALL SELECT (SELECT min(site) FROM articles WHERE site > paper.site)"
        " FROM paper WHERE paper.site IS NOT NULL) SELECT site FROM paper)"
        " WHERE site IS NOT NULL ORDER BY site"
    )
    return [site for (site,) in rows]


def _refuse_unreadable(path: Path, connection: Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise UnreadableArchiveError(tr("{path} is not an archive of newscrawler", path=path))
    version, ours = connection.execute("PRAGMA user_version").fetchone()[0], schema.VERSION
    if version > ours:
        raise UnreadableArchiveError(
            tr(
                "{path} was written by a newer newscrawler (schema {version}, this program reads"
                " {ours})",
                path=path,
                version=version,
                ours=ours,
            )
        )
    if version < ours:
        raise UnreadableArchiveError(
            tr(
                "{path} was written by an older newscrawler (schema {version}, this program reads"
                " {ours}): any command that writes, such as crawl, brings it up to date",
                path=path,
                version=version,
                ours=ours,
            )
        )
    if difference := schema.foreign(connection, version):
        raise UnreadableArchiveError(schema.refusal(path, difference))


def _unreadable(path: Path, error: Exception) -> UnreadableArchiveError:
    return UnreadableArchiveError(
        tr("{path} cannot be read as an archive: {why}", path=path, why=error)
    )


def _teach(connection: Connection) -> None:
    """Add ``search_for`` and ``search_finds`` of :mod:`newscrawler.archive.search` to SQL.

    The module is loaded by the first call: most commands do not search.
    """

    def search_for(words: str) -> str:
        from newscrawler.archive import search

        return search.expression(words)

    def search_finds(words: str, *texts: str | None) -> bool:
        from newscrawler.archive import search

        return search.finds(words, *texts)

    connection.create_function("search_for", 1, search_for, deterministic=True)
    connection.create_function("search_finds", -1, search_finds, deterministic=True)
