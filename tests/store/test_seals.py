"""A byte that changes by itself is found in every column of every table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.archive.verify import problems
from newscrawler.demo.newspaper import Newspaper
from newscrawler.exceptions import StoreError
from newscrawler.store.store import Store
from tests.local_archive import Reader, archive

PAPER = Newspaper(size=12, gap_share=0)
CHANGED = "its rows are not those that were written"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return archive(tmp_path_factory.mktemp("whole") / "archive.db", PAPER).read_bytes()


@pytest.fixture
def path(whole: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(whole)
    return path


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def found(path: Path) -> list[str]:
    with open_archive(path) as opened:
        return list(problems(opened.connection))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("articles", "UPDATE articles SET byline = byline || '.' WHERE idx = 7"),
        ("articles", "UPDATE articles SET recommend_count = recommend_count + 1 WHERE idx = 7"),
        ("article_reporters", "UPDATE article_reporters SET email = 'a@example.org'"),
        ("captures", "UPDATE captures SET url = 'http://example.org/' WHERE idx = 7"),
        ("captures", "UPDATE captures SET fetched_at = '2026-07-02T03:00:01Z' WHERE idx = 7"),
        ("captures", "UPDATE captures SET http_status = 404 WHERE idx = 7"),
        ("ledger", "UPDATE ledger SET reason = 'an answer' WHERE idx = 7"),
        ("runs", "UPDATE runs SET newest = newest + 1"),
        ("article_keywords", "DELETE FROM article_keywords"),
        ("seals", "UPDATE seals SET rows = rows + 1 WHERE table_name = 'sections'"),
    ],
)
def test_a_change_that_nobody_wrote_is_found(path: Path, table: str, change: str) -> None:
    assert found(path) == []
    execute(path, change)
    (problem,) = found(path)
    assert CHANGED in problem
    assert problem.startswith(f"table {'sections' if table == 'seals' else table}:")


def test_it_is_still_found_when_the_row_was_written_again(path: Path) -> None:
    execute(path, "UPDATE articles SET byline = byline || '.' WHERE idx = 7")
    with Store.open(path) as store:
        reader = Reader(PAPER, store)
        for idx in range(1, 13):
            reader.fetch(idx)
    assert [problem.partition(":")[0] for problem in found(path)] == ["table articles"]


def fail_after_deleting(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM ledger WHERE idx = 7")
    connection.execute("INSERT INTO runs (id) VALUES (NULL)")


def test_what_was_rolled_back_is_not_sealed(path: Path) -> None:
    with Store.open(path) as store:
        with pytest.raises(StoreError), store.transaction() as connection:
            fail_after_deleting(connection)
        store.sections.learn_names("amenews", {"m1": "금속"}, Reader(PAPER, store).at)
    assert found(path) == []


def test_a_table_without_a_seal_is_sealed_as_it_is(path: Path) -> None:
    execute(path, "UPDATE runs SET newest = newest + 1", "DELETE FROM seals")
    assert found(path) == []
    Store.open(path).close()
    execute(path, "UPDATE runs SET newest = newest + 1")
    assert len(found(path)) == 1
