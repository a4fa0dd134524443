"""A flipped byte of the search index is found, or changes no search's result."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler import open_archive
from newscrawler.archive.search import expression
from newscrawler.archive.verify import problems
from newscrawler.cli import cli
from newscrawler.demo.newspaper import Newspaper
from newscrawler.store import index_check, search_index
from newscrawler.store.connection import Connection
from tests.local_archive import archive

FLIPS = 300

COLUMNS = {
    "pairs_not_words_data": ("id", "block"),
    "pairs_not_words_idx": ("segid", "term", "pgno"),
    "pairs_not_words_docsize": ("id", "sz"),
    "pairs_not_words_config": ("k", "v"),
}
"""What FTS5 keeps of the index."""


PAPER = Newspaper(size=12, gap_share=0)
WORDS = [
    "수소",
    "탱크",
    "수소경제",
    "리튬",
    "배터리",
    "R&D",
    "3.5%",
    "소재",
    "탄소",
    "섬유",
    "CO2",
    "니켈",
    "값",
    "또",
    "오른다",
    "시험",
    "생산",
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("whole") / "archive.db", PAPER)


@pytest.fixture(scope="module")
def sound(whole: Path) -> Path:
    """Short texts in an index of tiny blocks, so that it has all kinds of blocks."""
    dice = random.Random(0)
    path = whole.with_name("sound.db")
    shutil.copy(whole, path)
    with opened(path) as connection:
        for (key,) in connection.execute("SELECT id FROM articles").fetchall():
            body = " ".join(["수소"] * 9 + dice.choices(WORDS, k=25))
            title = " ".join(dice.choices(WORDS, k=4))
            connection.execute(
                "UPDATE articles SET title = ?, body = ? WHERE id = ?", [title, body, key]
            )
        connection.execute("DELETE FROM images WHERE article_id > 4")
        connection.execute("INSERT INTO pairs_not_words (pairs_not_words) VALUES ('delete-all')")
        connection.execute(
            "INSERT INTO pairs_not_words (pairs_not_words, rank) VALUES ('pgsz', 32)"
        )
        connection.execute("BEGIN")
        for number, (key, columns) in enumerate(search_index.stored(connection)):
            if number == 9:  # the rest each in a segment of its own
                connection.execute("COMMIT")
            search_index.add(connection, key, columns)
        kinds = connection.execute(
            "SELECT count(*), sum(id >> 36 & 1), count(DISTINCT id >> 37) FROM pairs_not_words_data"
        ).fetchone()
    assert kinds[0] > 50, "blocks"
    assert kinds[1] > 0, "with an index of their own"
    assert kinds[2] > 3, "in several segments"
    return path


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def searches(path: Path, dice: random.Random) -> list[str]:
    """Words, beginnings, middles, single characters, and two together, with or without."""
    with opened(path) as connection:
        texts = [
            body for (body,) in connection.execute("SELECT title || ' ' || body FROM articles")
        ]
    words = [dice.choice(search_index.runs(text)) for text in texts * 12]
    parts = [word[dice.randrange(len(word)) :][: dice.randint(1, 3)] for word in words]
    pairs = [f"{a} {dice.choice(('', '-', 'OR '))}{b}" for a, b in zip(words, parts, strict=True)]
    return dice.sample([*words, *parts, *pairs], 200)


def results(connection: Connection, asked: list[str]) -> list[object]:
    """Every result of every search with its rank, the best first."""
    return [
        connection.execute(
            "SELECT rowid, rank FROM pairs_not_words WHERE pairs_not_words MATCH ?"
            " ORDER BY rank, rowid",
            [expression(words)],
        ).fetchall()
        for words in asked
    ]


def flip(path: Path, dice: random.Random) -> str:
    """Flip one byte in one column of one row of one table of the index; returns which."""
    table = dice.choice(list(COLUMNS))
    column = dice.choice(COLUMNS[table])
    keys = COLUMNS[table][:-1]
    with opened(path) as connection:
        *key, value = dice.choice(
            connection.execute(f"SELECT {', '.join(keys)}, {column} FROM {table}").fetchall()
        )
        if isinstance(value, int):
            changed: object = value ^ 1 << dice.randrange(40)
        else:
            data = bytearray(value if isinstance(value, bytes) else value.encode())
            if data:
                data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
            changed = bytes(data)
        kind = "BLOB" if isinstance(value, bytes) else "TEXT"
        cast = "?" if isinstance(value, int) else f"CAST(? AS {kind})"
        where = " AND ".join(f"{name} IS ?" for name in keys)
        connection.execute(
            f"UPDATE OR REPLACE {table} SET {column} = {cast} WHERE {where}", [changed, *key]
        )
    return f"{table}.{column} of {key}: {value!r:.60} -> {changed!r:.60}"


def test_a_flipped_byte_is_found_or_changes_no_result(sound: Path, tmp_path: Path) -> None:
    dice = random.Random(1)
    asked = searches(sound, dice)
    with opened(sound) as connection:
        assert index_check.check(connection) == []
        expected = results(connection, asked)
    found = 0
    for number in range(FLIPS):
        path = tmp_path / f"{number}.db"
        shutil.copy(sound, path)
        what = flip(path, dice)
        with opened(path) as connection:
            if index_check.check(connection):
                found += 1
            else:
                assert results(connection, asked) == expected, what
        path.unlink()
    assert found > 150


def test_a_wrong_index_of_blocks_is_found(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(sound, path)
    with opened(path) as connection:
        key, block = connection.execute(
            "SELECT id, block FROM pairs_not_words_data WHERE id >> 36 & 1"
        ).fetchone()
        changed = block[:2] + bytes([block[2] ^ 1]) + block[3:]
        connection.execute("UPDATE pairs_not_words_data SET block = ? WHERE id = ?", [changed, key])
        assert "skips articles" in " ".join(index_check.check(connection))


def test_verify_says_how_to_mend_the_index_and_that_mends_it(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(whole, path)
    with opened(path) as connection:
        connection.execute(
            "UPDATE pairs_not_words_data SET block = zeroblob(length(block)) WHERE id > 99"
        )
    run = CliRunner().invoke(cli, ["verify", "--db", str(path)])
    assert run.exit_code == 1
    assert "run newscrawler reparse --index" in run.stdout
    mended = CliRunner().invoke(cli, ["reparse", "--index", "--db", str(path)])
    assert mended.stdout == "The search index of 12 articles was built anew\n"
    with open_archive(path) as archive_:
        assert list(problems(archive_.connection)) == []


@pytest.mark.parametrize("other", [["--all"], ["--dry-run"], ["--jobs", "4"]])
def test_only_the_index_or_the_answers(other: list[str], whole: Path) -> None:
    run = CliRunner().invoke(cli, ["reparse", "--index", *other, "--db", str(whole)])
    assert run.exit_code == 2
    assert "--index cannot be combined with --dry-run, --all or --jobs" in run.stderr
