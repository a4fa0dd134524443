"""Output in odd surroundings: terminals that obey, closed and full streams, other charsets."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newscrawler.humanize import harmless, one_line
from tests.conftest import Desk
from tests.local_archive import copy_of

EVIL = "가\x1b]52;c;eA==\x07\x1b[2J\x9b1m\u202e\u2028[/x] 😢"
SIGNS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2028")


@pytest.fixture(scope="module")
def archive(paper_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which the site has left signs that a terminal obeys."""
    path = copy_of(paper_path, tmp_path_factory.mktemp("evil") / "archive.db")
    connection = sqlite3.connect(path, isolation_level=None)
    idx = connection.execute("SELECT max(idx) FROM articles").fetchone()[0]
    connection.execute("UPDATE articles SET title = ?, byline = ? WHERE idx = ?", (EVIL, EVIL, idx))
    gap = connection.execute("SELECT min(idx) FROM ledger WHERE state != 'article'").fetchone()[0]
    connection.execute("UPDATE ledger SET reason = ? WHERE idx = ?", (EVIL, gap))
    connection.close()
    return path


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A command line in a real shell; ``newscrawler`` is the program."""
    line = command.replace("newscrawler ", f"{shlex.quote(sys.executable)} -m newscrawler ", 1)
    clean = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        env={**clean, **environment},
        timeout=120,
        check=False,
    )


def test_signs_that_a_terminal_obeys_are_written_out() -> None:
    shown = harmless(EVIL)
    assert not any(sign in shown for sign in SIGNS)
    assert json.loads(f'"{shown}"') == EVIL
    assert one_line("a\nb\r\n2026 ERROR c") == "a\\nb\\u000d\\n2026 ERROR c"


@pytest.mark.parametrize("command", ["gaps", "gaps --json", "show {idx}", "show {idx} --json",
                                     "search 가 --limit 3", "sql 'SELECT title FROM articles'",
                                     "status"])  # fmt: skip
def test_no_sign_of_the_site_reaches_the_terminal(command: str, archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        idx = connection.execute("SELECT max(idx) FROM articles").fetchone()[0]
    done = shell(f"newscrawler {command.format(idx=idx)} --db {archive}", FORCE_COLOR="")
    text = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, text
    assert not any(sign in text for sign in SIGNS)
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("newscrawler gaps --db {db} | head -1; exit ${{PIPESTATUS[0]}}", 0),
        ("newscrawler gaps --db {db} >&-", 0),
        ("newscrawler gaps --db {db} >&- 2>&-", 0),
        ("newscrawler gaps --db {db} >/dev/full", 6),
        ("newscrawler sql 'SELECT body FROM articles' --db {db} >/dev/full", 6),
        ("newscrawler gaps --unsettled --json --db {db} 2>/dev/full", 0),
        ("unset HOME; newscrawler status --db {db}", 0),
        ("ulimit -n 24; newscrawler gaps --db {db}", 0),
    ],
)
def test_a_stream_that_cannot_be_written_is_a_sentence(line: str, code: int, archive: Path) -> None:
    done = shell(line.format(db=archive))
    text = (done.stdout + done.stderr).decode()
    assert done.returncode == code, text
    assert "Traceback" not in text
    assert "Exception ignored" not in text
    assert (code == 6) == ("standard output cannot be written" in text)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp949"},
        {"PYTHONIOENCODING": "euc-kr"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"COLUMNS": "0"},
        {"COLUMNS": "wide"},
    ],
)
def test_what_cannot_be_shown_is_replaced(environment: dict[str, str], archive: Path) -> None:
    for command in ("gaps", "gaps --json", "status"):
        done = shell(f"newscrawler {command} --db {archive}", **environment)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        assert done.stdout.strip()
        assert b"Traceback" not in done.stderr
        if "json" in command:
            charset = environment.get("PYTHONIOENCODING", "utf-8")
            reasons = [gap["reason"] for gap in json.loads(done.stdout.decode(charset, "replace"))]
            assert any("😢" in reason for reason in reasons)


def test_a_crawl_whose_summary_cannot_be_shown_is_done(desk: Desk) -> None:
    words = " ".join(map(shlex.quote, desk.command("--range", "1-3", "--json")))
    done = shell(f"newscrawler {words} >/dev/full")
    assert done.returncode == 0, done.stderr.decode()
    assert b"standard output cannot be written" in done.stderr
    assert len(desk.states()) == 3


def test_a_folder_named_in_other_bytes_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + "/보관".encode("euc-kr")
    os.mkdir(folder)  # noqa: PTH102  # a Path would have to be text
    path = shlex.quote(f"{os.fsdecode(folder)}/archive.db")
    for command in ("status", "gaps --json", "verify"):
        done = shell(f"newscrawler {command} --db {path}")
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert b"NEWSCRAWLER_DB must be" in done.stderr


def test_a_reason_is_no_markup(archive: Path) -> None:
    done = shell(f"newscrawler reparse --all --dry-run --db {archive}")
    assert b"MarkupError" not in done.stderr
    assert done.returncode == 0, done.stderr.decode()


def test_a_page_from_a_closed_standard_input_is_empty(tmp_path: Path) -> None:
    line = 'exec "$0" -m newscrawler read - --json <&-'
    done = subprocess.run(
        ["bash", "-c", line, sys.executable], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
