"""Values that their columns cannot hold, in pages that SQLite itself finds sound."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawler.demo.newspaper import Newspaper
from newscrawler.exceptions import StoreError
from newscrawler.store.ledger import Ledger
from newscrawler.store.store import Store
from newscrawler.store.value_check import DamagedValueError
from tests.conftest import Desk
from tests.local_archive import archive, copy_of

PAPER = Newspaper(size=8, gap_share=0)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("sound") / "archive.db", PAPER)


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return copy_of(sound, tmp_path / "archive.db")


def spoil(path: Path, table: str, column: str, value: object) -> None:
    """Put a value into every row of a column that refuses it, as a flipped bit would."""
    (old,) = _execute(path, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
    lax = re.sub(r" NOT NULL| STRICT,?", " ", old).replace(")  WITHOUT", ") WITHOUT")
    _redefine(path, table, re.sub(r"CHECK \((\([^()]*\)|[^()])*\)", "", lax))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", [value])
    _redefine(path, table, old)


def _redefine(path: Path, table: str, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", [sql, table])
        connection.execute(f"PRAGMA schema_version = {version + 1}")


def _execute(path: Path, sql: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as connection:
        row: tuple[str, ...] = connection.execute(sql).fetchone()
        return row


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("title", b"\xff", r"column title holds b'\\xff'"),
        ("title", None, "column title holds None"),
        ("published_at", "99999-01-01T00:00:00Z", "column published_at holds '99999-01-01T00:"),
        ("published_at", "2024-01-01T00:00:00", "column published_at holds"),  # without a zone
        ("first_fetched_at", "9999-12-31T23:59:59+09:00", "column first_fetched_at holds"),
        ("recommend_count", "many", "column recommend_count holds 'many'"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_damage(
    path: Path, column: str, value: object, told: str
) -> None:
    spoil(path, "articles", column, value)
    with Store.open(path) as store, pytest.raises(DamagedValueError, match=told):
        store.record("amenews", 7)


def test_a_state_that_there_is_not_is_damage(path: Path) -> None:
    spoil(path, "ledger", "state", "absent")
    with Store.open(path) as store, pytest.raises(DamagedValueError, match="state holds 'absent'"):
        store.connection.execute("SELECT state FROM ledger").fetchone()


def test_a_transaction_that_meets_damage_names_verify(path: Path) -> None:
    spoil(path, "articles", "body", None)
    said = r"archive\.db cannot be read: column body holds None; .*: newscrawler verify --db "
    with Store.open(path) as store, pytest.raises(StoreError, match=said), store.transaction():
        store.article("amenews", 7)


def test_a_join_may_miss_a_row_and_an_expression_is_no_column(path: Path) -> None:
    with Store.open(path) as store:
        row = store.connection.execute(
            "SELECT l.state, a.title, max(a.id), 'x' AS word FROM ledger AS l"
            " LEFT JOIN articles AS a ON a.id = -1"
        ).fetchone()
    assert tuple(row) == ("article", None, None, "x")


def test_a_sound_archive_has_no_damage(path: Path) -> None:
    with Store.open(path) as store:
        assert store.damage() is None
        assert len(list(Ledger(store.connection, "amenews").unsettled())) == 0


@pytest.mark.parametrize(
    ("table", "column", "value", "selection"),
    [
        ("articles", "published_at", "soon", {}),  # met while the crawl starts
        ("articles", "body", None, {"idx": "1,2,3,4"}),  # when an answer is compared and stored
        ("ledger", "state", "absent", {"idx": "1,2,3,4"}),  # in a write transaction
        # Met by arithmetic only: the end of the run looks for damage.
        ("revision_texts", "number", 2**63 - 1, {"idx": "1,2,3,4"}),
    ],
)
def test_a_crawl_that_meets_damage_says_so_and_names_verify(
    desk: Desk,
    table: str,
    column: str,
    value: object,
    selection: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert desk.crawl_here(idx="1,2,3,4")["exit_code"] == 0
    desk.newspaper.edit(next(iter(desk.articles())))
    spoil(desk.db, table, column, value)
    summary = desk.crawl_here(**selection)
    assert (summary["outcome"], summary["exit_code"]) == ("storage", 6)
    assert "newscrawler verify --db" in summary["diagnosis"]
    if column != "number":
        assert not any(record.exc_info for record in caplog.records)
