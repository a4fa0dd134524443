"""Search results newest first, without sorting: for words that many articles have.

To sort them SQLite reads the date of every result: a second for a word of half a million
articles. Here the articles are taken from the index of dates, newest first, and looked up in the
search index until there are enough. A word that has become rare would be looked up for ever: after
a few thousand articles the results are sorted after all.
"""

from __future__ import annotations

import json
from dataclasses import replace

from newscrawler.archive.filters import Filters, condition
from newscrawler.store.connection import Connection
from newscrawler.store.search_index import TABLE

_MANY = 5000
"""Results from which it is worth a try: fewer are sorted in a few milliseconds."""
_CHUNK = 64
_MOST = 2048
"""Articles that are looked up before the results are sorted instead."""


def newest(connection: Connection, filters: Filters, site: str, count: int) -> list[int] | None:
    """The ``id`` of the newest ``count`` articles of a paper that pass ``filters``.

    Returns:
        ``None``: sort the results. Only dates and words are looked up here, one word for certain.

    Raises:
        search.SearchError: the words cannot be searched for.
    """
    if filters.words is None or filters.section or filters.reporter:
        return None
    from newscrawler.archive import search  # many questions search for no words

    query = search.parse(filters.words)
    if not query.is_exact or not _has_many(connection, query.expression):
        return None
    asked = condition(replace(filters, words=None, site=site))
    rows = connection.execute(
        f"SELECT a.id FROM {asked.source} INDEXED BY articles_by_published WHERE {asked.where}"
        f" ORDER BY a.published_at DESC, a.id DESC LIMIT {_MOST}",
        asked.values,
    )
    found: list[int] = []
    walked = 0
    while chunk := [key for (key,) in rows.fetchmany(_CHUNK)]:
        walked += len(chunk)
        held = {
            key
            for (key,) in connection.execute(
                f"SELECT {TABLE}.rowid FROM json_each(?) AS wanted CROSS JOIN {TABLE}"
                f" ON {TABLE}.rowid = wanted.value WHERE {TABLE} MATCH ?",
                [json.dumps(chunk), query.expression],
            )
        }
        found += (key for key in chunk if key in held)
        if len(found) >= count:
            return found[:count]
    return found if walked < _MOST else None


def _has_many(connection: Connection, expression: str) -> bool:
    (results,) = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH ? LIMIT {_MANY})",
        [expression],
    ).fetchone()
    return int(results) == _MANY
