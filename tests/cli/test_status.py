"""Status: one screen that says what is ahead and what is odd, fast at any size."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newscrawler import clock
from newscrawler.cli import cli
from newscrawler.demo.faults import Faults
from newscrawler.store import coverage
from newscrawler.store.connection import connect_reader
from newscrawler.store.lock import FileLock
from newscrawler.store.store import Store
from tests import in_process
from tests.conftest import Desk


def crawl(desk: Desk, *settings: str, **arguments: str) -> None:
    given = (*desk.settings, f"NEWSCRAWLER_DB={desk.db}", *settings)
    in_process.crawl("amenews", given, base_url=desk.server.base_url, **arguments)


def change(desk: Desk, sql: str, *values: object) -> None:
    connection = sqlite3.connect(desk.db)
    with connection:
        connection.execute(sql, values)
    connection.close()


def status(desk: Desk) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["status", "--db", str(desk.db), "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def screen(desk: Desk) -> str:
    return CliRunner().invoke(cli, ["status", "--db", str(desk.db)]).stdout


def test_a_whole_archive_has_nothing_ahead_and_nothing_odd(desk: Desk) -> None:
    crawl(desk)
    told = status(desk)
    assert (told["is_complete"], told["never_asked"], told["odd"]) == (True, 0, [])
    assert "complete from 1 to 60" in screen(desk)
    assert len(screen(desk).splitlines()) <= 24


def test_the_backfill_says_how_long_it_takes(desk: Desk) -> None:
    crawl(desk, "MAX_REQUESTS=30", "DOWNLOAD_DELAY=0.05")
    told = status(desk)
    # robots.txt, home, the probe, and a gap that is asked for twice.
    assert told["never_asked"] == 60 - 26
    assert 0 < told["seconds_each"] < 2
    assert told["seconds_left"] == pytest.approx(34 * told["seconds_each"])
    assert "34 numbers were never asked for" in screen(desk)


def test_before_a_run_of_some_length_the_settings_tell(desk: Desk) -> None:
    crawl(desk, "DOWNLOAD_DELAY=0.02", "MAX_REQUESTS=6")
    assert status(desk)["seconds_each"] == pytest.approx(0.025)


def test_what_is_due_is_told_by_kind(desk: Desk) -> None:
    crawl(desk)
    change(desk, "UPDATE ledger SET next_attempt_at = NULL")
    due = clock.to_text(clock.now() - timedelta(minutes=1))
    change(
        desk,
        "UPDATE ledger SET next_attempt_at = ? WHERE state = 'missing' OR idx IN"
        " (SELECT idx FROM ledger WHERE state = 'article' LIMIT 3)",
        due,
    )
    gaps = list(desk.states().values()).count("missing")
    assert status(desk)["due_by_kind"] == {"refresh": 3, "recent gap": gaps, "another try": 0}
    assert f"due now: 3 refresh, {gaps} recent gap" in screen(desk)


def test_a_run_whose_process_is_gone_is_told(desk: Desk) -> None:
    crawl(desk)
    change(desk, "UPDATE runs SET outcome = 'running', finished_at = NULL, exit_code = NULL")
    assert "run 1 was cut off" in " ".join(status(desk)["odd"])
    lock = FileLock(desk.db, clock.now())
    try:
        assert status(desk)["odd"] == []
    finally:
        lock.release()


def test_a_lock_left_by_a_dead_process_is_no_sign_of_life(desk: Desk) -> None:
    crawl(desk)
    change(desk, "UPDATE runs SET outcome = 'running', finished_at = NULL, exit_code = NULL")
    lock = FileLock(desk.db, clock.now())
    left = json.loads(lock.path.read_text())
    lock.release()
    # The largest number that Linux gives to a process is 2 to the 22nd.
    lock.path.write_text(json.dumps({**left, "pid": 2**22 + 1}))
    assert "run 1 was cut off" in " ".join(status(desk)["odd"])


def test_a_stopped_run_tells_why(desk: Desk) -> None:
    desk.server.faults = Faults.always("block")
    crawl(desk)
    assert "the last run stopped (blocked): the newest number" in " ".join(status(desk)["odd"])


def test_what_needs_a_person_is_told(desk: Desk) -> None:
    crawl(desk)
    change(desk, "UPDATE ledger SET state = 'unknown' WHERE idx IN (3, 4)")
    change(desk, "UPDATE ledger SET state = 'failed', next_attempt_at = NULL WHERE idx = 5")
    change(desk, "UPDATE runs SET finished_at = '2020-01-01T00:00:00Z', newest = 20")
    told = " | ".join(status(desk)["odd"])
    assert "2 answers are not understood" in told
    assert "numbers were given up" in told
    assert "no run has ended well for" in told
    assert "the paper lists 20 as its newest" in told


def test_a_run_whose_clock_jumped_ahead_is_no_success_for_years(desk: Desk) -> None:
    crawl(desk)
    change(
        desk,
        "UPDATE runs SET started_at = '2020-01-01T00:00:00Z', finished_at = '2090-01-01T00:00:00Z'",
    )
    assert "no run has ended well for" in " ".join(status(desk)["odd"])


def test_a_pace_much_slower_than_meant_is_told(desk: Desk) -> None:
    crawl(desk)
    start, end = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"
    change(
        desk,
        "UPDATE runs SET started_at = ?, finished_at = ?,"
        " settings = json_set(settings, '$.DOWNLOAD_DELAY', 2)",
        start,
        end,
    )
    assert "Crawl-delay" in " ".join(status(desk)["odd"])


def test_a_clock_that_was_set_back_makes_no_negative_time(desk: Desk) -> None:
    crawl(desk, "MAX_REQUESTS=30", "DOWNLOAD_DELAY=0.05")
    change(desk, "UPDATE runs SET started_at = '2999-01-01T00:00:00Z'")
    told = status(desk)
    assert told["seconds_each"] == pytest.approx(0.05, rel=0.5)
    assert told["seconds_left"] > 0
    assert not re.search(r"-\d+ (days|h|min|s)\b", screen(desk))


def test_the_newest_stretch_of_a_long_ledger_is_found(tmp_path: Path) -> None:
    """What that costs is counted in tests/store/test_blocks.py."""
    path = tmp_path / "archive.db"
    with Store.open(path) as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        with store.transaction() as connection:
            connection.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                " INSERT INTO ledger (site, idx, state) SELECT 'amenews', i,"
                " CASE WHEN i % 9 = 0 THEN 'missing' ELSE 'article' END"
                " FROM n WHERE i % 30007 <> 5"
            )
    with closing(connect_reader(path)) as connection:
        found = coverage.coverage(connection, "amenews", 1, datetime.now(UTC))
    assert found.complete == coverage.Stretch(90_027, 100_000)
