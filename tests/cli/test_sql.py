"""``newscrawler sql``: reading only, in bounded time."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawler.cli.sql import command
from newscrawler.exceptions import SqlError, TooLongError
from tests.making import article, keep

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture(autouse=True)
def callbacks_are_quiet() -> None:
    """Datasette, once imported by another test, lets sqlite3 print what a function raises."""
    sqlite3.enable_callback_tracebacks(False)


@pytest.fixture
def archive(path: Path) -> Path:
    return keep(
        path,
        article(1, "수소경제 로드맵", "액화수소 R&D"),
        article(2, "=1+1", "석유"),
        article(3, "수소", "석유"),
    )


def ask(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--db", str(path)])


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("found(id, '수소')", [1, 3]),
        ("found(id, '수소 -석유')", [1]),
        ("found(id, 'R&D')", [1]),
        ("NOT found(id, '수소')", [2]),
        (
            "id IN (SELECT rowid FROM pairs_not_words"
            " WHERE pairs_not_words MATCH search_for('수소'))",
            [1, 3],
        ),
    ],
)
def test_a_search_is_a_function(archive: Path, condition: str, found: list[int]) -> None:
    run = ask(archive, f"SELECT idx FROM articles WHERE {condition} ORDER BY idx", "--json")
    assert [row["idx"] for row in json.loads(run.stdout)] == found
    assert run.stderr == ""


def test_a_plain_word_after_match_is_remarked_on(archive: Path) -> None:
    run = ask(
        archive, "SELECT * FROM pairs_not_words WHERE pairs_not_words MATCH '수소경제'", "--json"
    )
    assert run.stdout == "[]\n"
    assert "write MATCH search_for('…')" in run.stderr


def test_csv_has_a_heading_and_no_formula_runs(archive: Path) -> None:
    run = ask(
        archive, "SELECT idx, title, subtitle, x'00ff' AS b FROM articles WHERE idx < 3", "--csv"
    )
    assert run.stdout == "idx,title,subtitle,b\n1,수소경제 로드맵,,00ff\n2,'=1+1,,00ff\n"


def test_people_get_a_table_and_the_number_of_rows(archive: Path) -> None:
    run = ask(archive, "SELECT idx, title, subtitle FROM articles", "--limit", "2")
    heading, *rows = run.stdout.splitlines()
    assert heading.split() == ["idx", "title", "subtitle"]
    assert [row.split()[0] for row in rows] == ["1", "2"]
    assert run.stderr == "the first 2 rows; --limit 0 shows all\n"
    assert ask(archive, "SELECT 1").stderr == "1 row\n"


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("DELETE FROM articles", "for reading only"),
        ("ATTACH 'other.db' AS o", "for reading only"),
        ("PRAGMA query_only = 0", "begins with SELECT"),
        ("CREATE TEMP TABLE t (x)", "begins with SELECT"),
        ("VACUUM INTO 'other.db'", "for reading only"),
        ("SELECT nix FROM articles", "no such column: nix"),
        ("SELEC 1", 'near "SELEC": syntax error'),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "begins with SELECT"),
        ("/* nothing */", "begins with SELECT"),
        ("SELECT found(id, '') FROM articles", "at least one word"),
        ("SELECT '\x00'", "null"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    archive: Path, statement: str, complaint: str
) -> None:
    error = ask(archive, statement).exception
    assert isinstance(error, SqlError)
    assert error.exit_code == 2
    assert complaint in str(error)
    assert "\n" not in str(error)
    assert not (Path.cwd() / "other.db").exists()


def test_the_time_is_bounded(archive: Path) -> None:
    error = ask(archive, ENDLESS, "--timeout", "0.2").exception
    assert isinstance(error, TooLongError)
    told = "the statement took longer than 0.2 seconds; --timeout SECONDS allows more"
    assert (error.exit_code, str(error)) == (2, told)


def test_ctrl_c_ends_it_while_sqlite_works(archive: Path) -> None:
    some_rows_then_none = ENDLESS.replace("max(i) FROM n", "i FROM n WHERE i < 30000")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "newscrawler", "sql", some_rows_then_none, "--csv"),
            *("--timeout", "600", "--db", str(archive)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    while not process.stdout.readline().startswith(b"20000"):
        pass
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (130, b"")
