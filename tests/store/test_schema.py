"""The schema: frozen steps, one digest per version, and archives that somebody else changed."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.archive.verify import problems
from newscrawler.exceptions import StoreError, UnreadableArchiveError
from newscrawler.store import migrations, schema
from newscrawler.store.store import Store
from tests.making import article, keep

OLD = Path(__file__).parent / "archives" / "version-5.db.gz"
"""Made by the last program whose steps ran live code; 12 numbers of the local newspaper."""


@pytest.fixture
def old(path: Path) -> Path:
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_each_version_has_the_digest_that_was_released() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for number, step in enumerate(schema.STEPS, 1):
            migrations.apply(connection, version=number)
            assert (number, schema.digest(connection)) == (number, step.digest), step.name
            assert connection.execute("PRAGMA user_version").fetchone() == (number,)


def test_every_file_of_sql_belongs_to_a_step() -> None:
    folder = Path(schema.__file__).parent
    used = {name for step in schema.STEPS for name in step.files}
    assert used == {path.name for path in folder.glob("*.sql")}


def test_an_archive_of_version_5_becomes_as_a_fresh_one(old: Path, tmp_path: Path) -> None:
    Store.open(old).close()
    fresh = tmp_path / "fresh.db"
    Store.open(fresh).close()
    with open_archive(old) as migrated, open_archive(fresh) as made:
        assert schema.objects(migrated.connection) == schema.objects(made.connection)
        assert list(problems(migrated.connection)) == []
        assert [found.idx for found in migrated.articles()][-1] == 12
        assert len(migrated.revisions(12)) == 2


def test_views_of_another_text_are_mended(old: Path) -> None:
    change(old, "DROP VIEW edits", "CREATE VIEW edits AS SELECT 1 AS one", "DROP VIEW reprints")
    Store.open(old).close()
    with open_archive(old) as archive:
        assert schema.digest(archive.connection) == schema.STEPS[-1].digest


def test_a_step_that_was_cut_off_is_run_again(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(connection, version=3)
    Store.open(path).close()
    with open_archive(path) as archive:
        assert schema.digest(archive.connection) == schema.STEPS[-1].digest


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "CREATE TRIGGER fired AFTER INSERT ON ledger BEGIN DELETE FROM articles; END",
            "trigger fired was added",
        ),
        ("CREATE TABLE theirs (a)", "table theirs was added"),
        ("DROP TABLE sketches", "table sketches is missing"),
        ("DROP INDEX ledger_by_due", "index ledger_by_due is missing"),
        ("ALTER TABLE runs ADD COLUMN mood TEXT", "table runs was changed"),
    ],
)
def test_a_schema_that_is_not_ours_is_neither_read_nor_written(
    path: Path, statement: str, named: str
) -> None:
    keep(path, article(1, "가", "본문"))
    change(path, statement)
    before = path.read_bytes()
    with pytest.raises(UnreadableArchiveError, match=named):
        open_archive(path)
    with pytest.raises(StoreError, match=named):
        Store.open(path)
    assert path.read_bytes() == before


def test_an_older_archive_with_a_trigger_is_not_migrated(old: Path) -> None:
    change(old, "CREATE TRIGGER fired AFTER INSERT ON runs BEGIN DELETE FROM articles; END")
    with pytest.raises(StoreError, match="trigger fired"):
        Store.open(old)


def test_tables_that_sqlite_keeps_for_itself_are_no_change(path: Path) -> None:
    keep(path, article(1, "가", "본문"))
    change(path, "ANALYZE")
    with open_archive(path) as archive:
        assert archive.count() == 1
    Store.open(path).close()
