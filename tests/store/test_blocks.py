"""Counts of the ledger by blocks: what they say is what the rows say, and costs the same always."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawler.archive.status import without_section
from newscrawler.archive.verify import problems
from newscrawler.store import blocks
from newscrawler.store.connection import Connection, connect_reader
from newscrawler.store.coverage import Stretch, coverage
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.states import SETTLED, UNSETTLED
from newscrawler.store.store import Store

NOW = datetime(2026, 7, 2, 3, 0, tzinfo=UTC)
WHICH = (blocks.ASKED, blocks.SETTLED, blocks.FINAL)
WRONG = "UPDATE ledger_blocks SET numbers = numbers + 1 WHERE block = 0"


def random_ledger(connection: Connection, dice: random.Random, top: int) -> None:
    """Rows that come, change and go, as a crawl and an operator would make them."""
    for _ in range(3 * top):
        idx, kind = dice.randint(1, top), dice.random()
        state = dice.choice((*SETTLED, *UNSETTLED))
        code = "future" if state in ("missing", "pending") and dice.random() < 0.3 else None
        if kind < 0.97:
            connection.execute(
                "INSERT INTO ledger (site, idx, state, code) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET state = excluded.state, code = excluded.code",
                [dice.choice(("amenews", "krnews21")), idx, state, code],
            )
        else:
            connection.execute("DELETE FROM ledger WHERE idx = ?", [idx])


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred rows fill several lookups of the walk over blocks."""
    monkeypatch.setattr(blocks, "_AHEAD", 2)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("seed", range(3))
def test_counts_and_holes_are_those_of_the_rows(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with Store.open(tmp_path / "a.db") as store:
        with store.transaction() as connection:
            connection.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)"
                " INSERT INTO ledger (site, idx, state) SELECT 'amenews', i, 'article' FROM n"
            )
            random_ledger(connection, dice, 5500)
        assert list(blocks.check(connection)) == []
        for which in WHICH:
            held = {
                idx
                for (idx,) in connection.execute(
                    f"SELECT idx FROM ledger WHERE site = 'amenews' AND {which.of_rows}"
                )
            }
            for _ in range(40):
                first, last = sorted(dice.choices(range(1, 6000), k=2))
                counted = blocks.count(connection, "amenews", which, first, last)
                assert counted == sum(first <= idx <= last for idx in held)
            top, bottom = 5800, dice.randint(1, 900)
            stretches = list(blocks.with_holes(connection, "amenews", which, top, bottom))
            missing = {idx for low, high in stretches for idx in range(low, high + 1)} - held
            assert missing == set(range(bottom, top + 1)) - held


def grown(path: Path, size: int) -> Path:
    """An archive of so many articles, each settled, and a run that has caught up with them."""
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO articles (site, idx, url, title, body, content_hash, section,"
            " published_at, first_fetched_at, last_fetched_at, parser_version)"
            " SELECT 'amenews', i, '', 't', 'b', i, 's', '2026-01-01', '2026-01-01Z',"
            " '2026-01-01Z', 1 FROM n",
            [size],
        )
        connection.execute(
            "INSERT INTO ledger (site, idx, state) SELECT site, idx, 'article' FROM articles"
        )
        connection.execute(
            "INSERT INTO runs (site, selection, started_at, outcome, program, settings, newest,"
            " caught_up_to) VALUES ('amenews', '', '2026-01-01Z', 'complete', '', '{}', ?, ?)",
            [size, size],
        )
    return path


@contextmanager
def counting(connection: Connection) -> Iterator[Callable[[], int]]:
    """How many dozens of steps SQLite's machine has taken: the same on any machine."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 12)
    yield lambda: steps
    connection.set_progress_handler(None, 0)


def test_to_catch_up_and_to_tell_the_status_cost_the_same_however_large(tmp_path: Path) -> None:
    costs = []
    for size in (3_000, 48_000):
        path = grown(tmp_path / f"{size}.db", size)
        with closing(connect_reader(path)) as connection, counting(connection) as steps:
            ledger = Ledger(connection, "amenews")
            assert ledger.count_due(NOW, size) == 0
            assert ledger.count_asked(1, size) == size
            assert list(ledger.due(NOW, size)) == []
            assert next(ledger.never_asked(size, 1), None) is None
            assert ledger.count_waiting(size) == 0
            assert coverage(connection, "amenews", 1, NOW).complete == Stretch(1, size)
            assert without_section(connection, "amenews") == 0
            read = steps()
        with Store.open(path) as store, counting(store.connection) as steps:
            store.corrections.mend_times("amenews", NOW, Schedule().longest)
            store.corrections.settle_gaps_below_newest("amenews", NOW, Schedule())
            store.runs.begin("amenews", "", {}, NOW)
            costs.append((read, steps()))
    (read, written), (read_more, written_more) = costs
    # Of sixteen times the rows nothing is read but the counts of their blocks.
    assert read_more < 2 * read
    assert written_more < 2 * written


def test_a_wrong_count_is_found_and_mended_by_a_crawl(tmp_path: Path) -> None:
    path = grown(tmp_path / "a.db", 1_500)
    with Store.open(path) as store:
        with store.transaction() as connection:
            connection.execute(WRONG)
        (problem,) = blocks.check(store.connection)
        assert "ledger_blocks" in problem
        for _ in range(2):  # one block a run
            store.runs.begin("amenews", "", {}, NOW)
        assert list(blocks.check(store.connection)) == []


def test_verify_finds_a_wrong_count_that_the_program_wrote_itself(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO ledger (site, idx, state) VALUES ('amenews', 1, 'missing')"
            )
        assert list(problems(store.connection)) == []
        with store.transaction() as connection:
            connection.execute(WRONG)
        (problem,) = problems(store.connection)
        assert problem.startswith("table ledger_blocks: its counts for amenews")


def test_the_oldest_gaps_and_the_latest_texts_cost_the_same_however_large(tmp_path: Path) -> None:
    costs = []
    for size in (3_000, 48_000):
        path = grown(tmp_path / f"{size}.db", size)
        with Store.open(path) as store:
            with store.transaction() as connection:
                connection.execute(
                    "INSERT INTO ledger (site, idx, state, last_attempt_at)"
                    " SELECT site, idx + ?, 'missing', '2020-01-01T00:00:00Z' FROM articles",
                    [size],
                )
            ledger = Ledger(store.connection, "amenews")
            with counting(store.connection) as steps:
                assert len(ledger.oldest_gaps(5, NOW, 2 * size)) == 5
                assert len(ledger.latest_texts(50)) == 50
                costs.append(steps())
    assert costs[1] < 2 * costs[0]
