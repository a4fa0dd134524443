"""Checks the consistency of an archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from newscrawler.exceptions import DamagedArchiveError
from newscrawler.store import blocks, index_check, seals
from newscrawler.store.compression import Unpacker
from newscrawler.store.connection import Connection
from newscrawler.store.records import ARTICLE, article_from_row

_SHOWN = 5
"""How many examples of an error are named."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A query that finds inconsistent rows."""

    broken: str
    """The error, if the query finds rows."""
    sql: str
    """Selects a word or number that names each inconsistent row."""


RULES = (
    Rule(
        "ledger says article, but none is stored",
        "SELECT site || ' ' || idx FROM ledger WHERE state = 'article' AND NOT EXISTS"
        " (SELECT 1 FROM articles AS a WHERE a.site = ledger.site AND a.idx = ledger.idx)",
    ),
    Rule(
        "article without a row in the ledger",
        "SELECT site || ' ' || idx FROM articles WHERE NOT EXISTS"
        " (SELECT 1 FROM ledger AS l WHERE l.site = articles.site AND l.idx = articles.idx)",
    ),
    Rule(
        "ledger says missing, but an article is stored",
        "SELECT l.site || ' ' || l.idx FROM ledger AS l JOIN articles AS a USING (site, idx)"
        " WHERE l.state = 'missing'",
    ),
    Rule(
        "removed article without removed_at",
        "SELECT l.site || ' ' || l.idx FROM ledger AS l JOIN articles AS a USING (site, idx)"
        " WHERE l.state = 'removed' AND a.removed_at IS NULL",
    ),
    Rule(
        "article whose last revision has another text",
        "SELECT a.site || ' ' || a.idx FROM articles AS a WHERE a.content_hash IS NOT"
        " (SELECT r.content_hash FROM revisions AS r WHERE r.article_id = a.id"
        " ORDER BY r.number DESC LIMIT 1)",
    ),
    Rule(
        "revisions that do not count 1, 2, 3 …",
        "SELECT article_id FROM revisions GROUP BY article_id"
        " HAVING min(number) <> 1 OR max(number) <> count(*)",
    ),
    Rule(
        "reprint that points at a reprint, or at another text",
        "SELECT a.site || ' ' || a.idx FROM articles AS a JOIN articles AS o"
        " ON o.id = a.duplicate_of WHERE o.duplicate_of IS NOT NULL"
        " OR o.content_hash <> a.content_hash OR o.idx >= a.idx",
    ),
    Rule(
        "unknown answer without its capture",
        "SELECT site || ' ' || idx FROM ledger WHERE state = 'unknown' AND NOT EXISTS"
        " (SELECT 1 FROM captures AS c WHERE c.site = ledger.site AND c.idx = ledger.idx)"
        " AND EXISTS (SELECT 1 FROM captures)",
    ),
)


def problems(connection: Connection) -> Iterator[str]:
    """All errors, one sentence each; empty if the archive is intact."""
    for check in (_named, seals.check, blocks.check):
        is_whole = True
        for problem in check(connection):
            is_whole = False
            yield problem
        if not is_whole:
            return  # what the later checks say follows from it


def _named(connection: Connection) -> Iterator[str]:
    """Errors with names of rows; the seals only say that a table has an error."""
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"SQLite: {line}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"{row[0]} row {row[1]} points at a row of {row[2]} that is not there"
    for rule in RULES:
        yield from _told(rule.broken, (row[0] for row in connection.execute(rule.sql)))
    yield from _told("article whose text does not match its hash", _wrong_hashes(connection))
    yield from _told("damaged dictionary", _wrong_dictionaries(connection))
    yield from _told("capture that cannot be read back", _wrong_captures(connection))
    yield from index_check.check(connection)


def _told(what: str, offenders: Iterator[object]) -> Iterator[str]:
    named: list[str] = []
    more = 0
    for offender in offenders:
        if len(named) < _SHOWN:
            named.append(str(offender))
        else:
            more += 1
    if named:
        rest = f" and {more} more" if more else ""
        yield f"{what} ({len(named) + more:,}): {', '.join(named)}{rest}"


def _wrong_hashes(connection: Connection) -> Iterator[str]:
    for row in connection.execute(f"SELECT {ARTICLE} FROM articles AS a"):
        if article_from_row(row).content_hash != row["content_hash"]:
            yield f"{row['site']} {row['idx']}"


def _wrong_dictionaries(connection: Connection) -> Iterator[str]:
    for id, data, digest, captures in connection.execute(
        "SELECT id, data, digest, (SELECT count(*) FROM captures AS c WHERE c.dictionary_id = d.id)"
        " FROM dictionaries AS d"
    ):
        if sha256(data).hexdigest() != digest:
            yield f"{id} ({captures:,} captures were packed with it)"


def _wrong_captures(connection: Connection) -> Iterator[str]:
    unpacker = Unpacker(connection)
    rows = connection.execute(
        "SELECT c.id, c.site, c.idx, c.headers, c.digest, c.body_length, held.body,"
        " held.dictionary_id"
        " FROM captures AS c LEFT JOIN captures AS held ON held.id = ifnull(c.revisit_of, c.id)"
    )
    for row in rows:
        try:
            unpacker.answer(row)
        except DamagedArchiveError:
            yield f"{row['site']} {row['idx']} (capture {row['id']})"
