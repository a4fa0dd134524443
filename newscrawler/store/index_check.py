"""Checks the search index against the articles: every search must find what their texts have.

FTS5's own integrity check needs a connection that writes, and compares no texts where it keeps
none. Here everything that a search reads is compared with what the articles' texts say: the place
of every token, the lengths and sums for the rank, the rank itself, and the tables that FTS5 skips
blocks with. Why not a seal: docs/decisions/0056.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from newscrawler.store import search_index

REMEDY = "to build the search index anew, run newscrawler reparse --index"


def check(connection: sqlite3.Connection) -> list[str]:
    """The errors of the index, one sentence each; writes nothing.

    Takes memory for each different token, about 200 bytes, and for each article.
    """
    own_transaction = not connection.in_transaction
    if own_transaction:
        connection.execute("BEGIN")
    try:
        problems = list(_problems(connection))
    except sqlite3.DatabaseError as error:
        problems = [f"the search index cannot be read: {error}"]
    finally:
        if own_transaction:
            connection.execute("ROLLBACK")
    return [f"{problem}; {REMEDY}" for problem in problems]


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    indexed = {
        key: _numbers(sizes)
        for key, sizes in connection.execute("SELECT id, sz FROM pairs_not_words_docsize")
    }
    totals = [0] * 4
    expected: defaultdict[str, int] = defaultdict(int)
    missing, differing = [], []
    for article_id, columns in search_index.stored(connection):
        tokens = [column.split(" ") if column else [] for column in columns]
        sizes = list(map(len, tokens))
        totals = list(map(int.__add__, totals, [1, *sizes]))
        lengths = indexed.pop(article_id, None)
        if lengths is None:
            missing.append(article_id)
        elif lengths != sizes:
            differing.append(article_id)
        for number, column in enumerate(tokens):
            _add_up(expected, article_id, number, column)
    for keys, what in (
        (missing, "not in the search index"),
        (list(indexed), "in the search index, but there is no such article"),
        (differing, "indexed with a different text"),
    ):
        if keys:
            yield f"{len(keys)} articles {what}: id {', '.join(map(str, keys[:5]))}"
    if wrong := list(_misplaced(connection, expected)):
        shown = ", ".join(map(repr, wrong[:5]))
        yield f"{len(wrong)} tokens of the search index are not where the texts have them: {shown}"
    averages = connection.execute("SELECT block FROM pairs_not_words_data WHERE id = 1").fetchone()
    if averages is None or (_numbers(averages[0]) or [0] * 4) != totals:
        yield "the search index has wrong sums for the rank"
    rank = "SELECT v FROM pairs_not_words_config WHERE k = 'rank'"
    if [tuple(row) for row in connection.execute(rank)] != [(search_index.RANK,)]:
        yield "the search index has another rank"
    if not all(_skips_rightly(connection, *row) for row in connection.execute(_SKIPS)):
        yield "the search index skips articles"


# -- the places of all tokens ----------------------------------------------------------

_P, _Q = (1 << 31) - 1, (1 << 31) - 19
"""Primes; the product of two numbers below them is no more than SQLite's integers hold."""

_PLACE = (
    f"(doc * 64 + offset) % {_P} * ((offset * 8192 + doc * 4"
    f" + CASE col WHEN 'body' THEN 0 WHEN 'title' THEN 1 ELSE 2 END) % {_P}) % {_Q}"
)
"""A number for a place in the texts; not linear, so that two wrong places do not cancel out."""


def _add_up(sums: defaultdict[str, int], doc: int, column: int, tokens: list[str]) -> None:
    """Add the number of its place, as in :data:`_PLACE`, to the sum of each token."""
    first, second = doc * 64, doc * 4 + column
    for offset, token in enumerate(tokens):
        sums[token] += (first + offset) % _P * ((second + offset * 8192) % _P) % _Q


def _misplaced(connection: sqlite3.Connection, expected: defaultdict[str, int]) -> Iterator[str]:
    """The tokens that the index has at other places; empties ``expected``.

    The outer query walks through the index, as a search for a beginning does; the inner one looks
    each token up, as a search does.
    """
    vocabulary = {"walked": "row", "looked_up": "instance"}
    for name, kind in vocabulary.items():
        connection.execute(
            f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab (main, pairs_not_words, '{kind}')"
        )
    try:
        for token, count, found in connection.execute(
            f"SELECT term, cnt, (SELECT count(*) || ' ' || sum({_PLACE}) FROM temp.looked_up AS l"
            " WHERE l.term = w.term) FROM temp.walked AS w"
        ):
            if found != f"{count} {expected.pop(token, None)}":
                yield token
        yield from expected
    finally:
        for name in vocabulary:
            connection.execute(f"DROP TABLE temp.{name}")


# -- FTS5's blocks -----------------------------------------------------------------------

_SKIPS = """
    SELECT segid, d.block FROM pairs_not_words_idx JOIN pairs_not_words_data AS d
      ON d.id = (segid << 37) + (1 << 36) + (pgno >> 1) WHERE pgno & 1
"""
"""The indexes of tokens that fill several blocks, which two-word searches skip blocks with."""


def _skips_rightly(connection: sqlite3.Connection, segment: int, index: bytes) -> bool:
    """Whether each block begins with the article that its index says.

    After a byte of flags: the number of the first block and its first ``rowid``, then for each
    block that follows the difference to the next ``rowid``, or 0 for a block in which none begins.
    ``fts5_index.c`` of SQLite describes it. Of an index that fills blocks itself (tokens in
    millions of articles) only the lowest level is compared.
    """
    number, rowid, *steps = _numbers(index[1:])
    for block, step in enumerate([rowid, *steps], number):
        rowid += step if block > number else 0
        row = connection.execute(
            "SELECT block FROM pairs_not_words_data WHERE id = ?", [(segment << 37) + block]
        ).fetchone()
        if row is None:
            continue  # merged into another segment
        begin = int.from_bytes(row[0][:2], "big")
        if (_first(row[0][begin : begin + 9]) if begin else 0) != (rowid if step else 0):
            return False
    return True


def _numbers(data: Iterable[int]) -> list[int]:
    """SQLite's variable-length integers, seven bits a byte."""
    numbers, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return numbers


def _first(data: bytes) -> int:
    return next(iter(_numbers(data)), 0)
