"""The step from sentences to codes, on an archive in which a lying site left its traces."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from newscrawler.store import migrations
from newscrawler.store.ledger import Ledger
from newscrawler.store.store import Store

LIE = 2**40


def lied_to(path: Path) -> None:
    """An archive of version 9: articles 1 to 10, and what one run believed of number 2⁴⁰."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(connection, version=9)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.executemany(
            "INSERT INTO ledger (site, idx, state, reason, last_attempt_at, attempts)"
            " VALUES ('amenews', ?, ?, ?, '2026-07-01T00:00:00Z', 1)",
            [
                *((idx, "article", "an article") for idx in range(1, 11)),
                (5_000, "missing", "alert"),
                (LIE, "missing", "alert"),
                (11, "pending", "not published yet"),
                (12, "pending", "the site called everything missing, known articles too"),
            ],
        )
        connection.executemany(
            "INSERT INTO articles (site, idx, url, title, body, content_hash, first_fetched_at,"
            " last_fetched_at, parser_version)"
            " VALUES ('amenews', ?, 'u', 't', 'b', 'h', 'x', 'x', 1)",
            [(idx,) for idx in range(1, 11)],
        )
        connection.executemany(
            "INSERT INTO runs (site, selection, started_at, outcome, newest, program, settings)"
            " VALUES ('amenews', ?, '2026-07-01T00:00:00Z', 'complete', ?, 'p', '{}')",
            [("catch up", 10), ("catch up", LIE), ("range 1-5", LIE)],
        )


def test_a_lie_that_was_believed_moves_no_mark_after_the_step(path: Path) -> None:
    lied_to(path)
    with Store.open(path) as store:
        ledger = Ledger(store.connection, "amenews")
        assert ledger.last_newest() == 10
        assert ledger.caught_up_to() == 10
        rows = store.connection.execute("SELECT idx, state, code FROM ledger WHERE idx > 10")
        assert {row[0]: tuple(row)[1:] for row in rows} == {
            11: ("pending", "future"),
            12: ("pending", "disbelieved"),
            5_000: ("pending", "future"),
            LIE: ("pending", "future"),
        }
