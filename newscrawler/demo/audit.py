"""Checks a crawl from outside: by the server's log, and by comparing two archives."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from newscrawler.demo.server import Asked

_ARTICLE = (
    "a.site, a.idx, a.url, a.title, a.subtitle, a.section, a.section_code, a.byline,"
    " a.published_at, a.modified_at, a.body, a.recommend_count, a.layout, a.content_hash,"
    " a.removed_at IS NULL"
)

_QUERIES = {
    "articles": f"SELECT {_ARTICLE} FROM articles AS a",
    "article_reporters": "SELECT a.idx, t.position, t.name, t.email FROM article_reporters AS t"
    " JOIN articles AS a ON a.id = t.article_id",
    "images": "SELECT a.idx, t.position, t.url, t.caption FROM images AS t"
    " JOIN articles AS a ON a.id = t.article_id",
    "article_keywords": "SELECT a.idx, t.position, t.keyword FROM article_keywords AS t"
    " JOIN articles AS a ON a.id = t.article_id",
    "revisions": "SELECT a.idx, t.number, t.title, t.subtitle, t.body, t.content_hash"
    " FROM revisions AS t JOIN articles AS a ON a.id = t.article_id",
    "reprints": "SELECT a.idx, o.idx FROM articles AS a JOIN articles AS o"
    " ON o.id = a.duplicate_of",
    "ledger": "SELECT site, idx, state, reason, http_status FROM ledger",
    # A gap may be requested again to prove it: the same answer, kept once more as a revisit.
    "captures": "SELECT idx, http_status, body_length, digest, verdict, layout FROM captures"
    " WHERE verdict = 'article' UNION ALL SELECT DISTINCT idx, http_status, body_length, digest,"
    " verdict, layout FROM captures WHERE verdict <> 'article'",
}
"""All that two crawls of the same paper must agree on; left out are only the crawl's own times,
its counts of attempts, and keys that depend on the order of arrival."""


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of an archive, table by table, in a fixed order."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {
            table: sorted(connection.execute(sql).fetchall(), key=repr)
            for table, sql in _QUERIES.items()
        }
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Manners:
    """What a server's operator sees in the log."""

    robots_first: bool
    most_at_once: int
    inside_retry_after: int
    """Requests that came while the server had asked to be left alone."""
    shortest_pause: float
    """Seconds between the starts of two requests."""
    forbidden: int
    """Requests for paths that robots.txt disallows."""


def manners(log: Sequence[Asked], disallowed: Sequence[str] = ()) -> Manners:
    """Check a log of at least one request. A Retry-After may be 20 ms short: clocks differ."""
    inside = 0
    rest_until = 0.0
    for asked in log:
        inside += asked.started < rest_until - 0.02
        if asked.retry_after is not None:
            rest_until = max(rest_until, asked.ended + asked.retry_after)
    return Manners(
        robots_first=log[0].path == "/robots.txt",
        most_at_once=max(asked.in_flight for asked in log),
        inside_retry_after=inside,
        shortest_pause=min((b.started - a.started for a, b in pairwise(log)), default=0.0),
        forbidden=sum(asked.path.startswith(tuple(disallowed)) for asked in log),
    )
