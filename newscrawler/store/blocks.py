"""The ledger's numbers counted by blocks of a thousand: a count of a million reads a few thousand.

Triggers of the schema keep ``ledger_blocks``, whoever writes; it follows from the ledger's rows
alone, never from what a site claims. A count that is wrong all the same (a damaged byte, another
program) is found by ``verify``, and mended by the crawls: each counts one block anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newscrawler.store.connection import Connection
from newscrawler.store.states import FINAL_SQL, SETTLED_SQL

SIZE = 1000
"""Numbers in a block; frozen in the schema."""


@dataclass(frozen=True, slots=True)
class Which:
    """Rows that are counted: a condition on ``ledger``, the same on ``ledger_blocks``."""

    of_rows: str
    of_blocks: str


ASKED = Which("1", "1")
SETTLED = Which(f"state IN {SETTLED_SQL}", f"state IN {SETTLED_SQL}")
FINAL = Which(FINAL_SQL, f"state IN {SETTLED_SQL} AND NOT future")


def count(connection: Connection, site: str, which: Which, first: int, last: int) -> int:
    """The rows from ``first`` to ``last``: whole blocks by their counts, the rest one by one."""
    low, high = -(-first // SIZE), (last + 1) // SIZE
    if low >= high:
        return _count_rows(connection, site, which, first, last)
    (inside,) = connection.execute(
        "SELECT ifnull(sum(numbers), 0) FROM ledger_blocks"
        f" WHERE site = ? AND block >= ? AND block < ? AND {which.of_blocks}",
        [site, low, high],
    ).fetchone()
    return (
        int(inside)
        + _count_rows(connection, site, which, first, low * SIZE - 1)
        + _count_rows(connection, site, which, high * SIZE, last)
    )


def states(connection: Connection, site: str) -> dict[str, int]:
    """How many numbers are in each state that occurs."""
    rows = connection.execute(
        "SELECT state, sum(numbers) FROM ledger_blocks WHERE site = ? GROUP BY state"
        " HAVING sum(numbers)",
        [site],
    )
    return {row[0]: row[1] for row in rows}


def with_holes(
    connection: Connection, site: str, which: Which, top: int, bottom: int
) -> Iterator[tuple[int, int]]:
    """Stretches (first, last) from ``top`` down to ``bottom`` in which a number is missing.

    Each is a block, or the part of one; a few dozen blocks are looked up at a time.
    """
    last = top
    while last >= bottom:
        lowest = max(bottom, (last // SIZE - _AHEAD + 1) * SIZE)
        numbers = _numbers_by_block(connection, site, which, lowest, last)
        while last >= lowest:
            first = max(lowest, last // SIZE * SIZE)
            is_part = first % SIZE or (last + 1) % SIZE
            if is_part:
                held = _count_rows(connection, site, which, first, last)
            else:
                held = numbers.get(last // SIZE, 0)
            if held < last - first + 1:
                yield first, last
            last = first - 1


_AHEAD = 50
"""Blocks that are looked up at once."""


def repair(connection: Connection, site: str, turn: int) -> bool:
    """Count one block anew within a transaction, and all of them where that one was wrong.

    Args:
        turn: a number that goes up from run to run, so that each block has its turn.

    Returns:
        whether it was wrong.
    """
    (top,) = connection.execute("SELECT max(idx) FROM ledger WHERE site = ?", [site]).fetchone()
    first = turn % ((top or 0) // SIZE + 1) * SIZE
    of_block = {"site": site, "first": first, "last": first + SIZE - 1}
    if connection.execute(_differing(_ONE_BLOCK), of_block).fetchone() is None:
        return False
    connection.execute("DELETE FROM ledger_blocks WHERE site = ?", [site])
    connection.execute(
        "INSERT INTO ledger_blocks SELECT site, idx / 1000, state, code IS 'future', count(*)"
        " FROM ledger WHERE site = ? GROUP BY 1, 2, 3, 4",
        [site],
    )
    return True


def check(connection: Connection) -> Iterator[str]:
    """What is wrong with the counts, one sentence for a paper."""
    blocks = connection.execute(_differing()).fetchall()
    for site in sorted({row[0] for row in blocks}):
        yield f"table ledger_blocks: its counts for {site} are not those of the ledger"


_ONE_BLOCK = " WHERE site = :site AND {of} BETWEEN :first AND :last"


def _differing(where: str = "") -> str:
    """SQL for the blocks whose counts are not those of the ledger."""
    counts, rows = where.format(of="block * 1000"), where.format(of="idx")
    return (
        f"SELECT site, block FROM (SELECT site, block, state, future, numbers FROM ledger_blocks"
        f"{counts} UNION ALL SELECT site, idx / 1000, state, code IS 'future', -count(*) FROM"
        f" ledger{rows} GROUP BY 1, 2, 3, 4)"
        " GROUP BY site, block, state, future HAVING sum(numbers) <> 0"
    )


def _numbers_by_block(
    connection: Connection, site: str, which: Which, first: int, last: int
) -> dict[int, int]:
    rows = connection.execute(
        "SELECT block, sum(numbers) FROM ledger_blocks WHERE site = ? AND block BETWEEN ? AND ?"
        f" AND {which.of_blocks} GROUP BY block",
        [site, first // SIZE, last // SIZE],
    )
    return {row[0]: row[1] for row in rows}


def _count_rows(connection: Connection, site: str, which: Which, first: int, last: int) -> int:
    if last < first:
        return 0
    (rows,) = connection.execute(
        f"SELECT count(*) FROM ledger WHERE site = ? AND idx BETWEEN ? AND ? AND {which.of_rows}",
        [site, first, last],
    ).fetchone()
    return int(rows)
