"""``newscrawler demo``: a crawl of the local newspaper, and a week later another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler.cli import cli
from newscrawler.demo.weeks import paper_after

SIZE = 40


def hashes(db: Path) -> dict[int, str]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT idx, content_hash FROM articles WHERE removed_at IS NULL")
        return dict(rows.fetchall())


def held(week: int) -> dict[int, str]:
    truths = paper_after(week, SIZE).truths()
    return {truth.idx: truth.article.content_hash for truth in truths if truth.article}


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[int, str]]]:
    """What two demos printed, and the texts in the archive after each."""
    folder = tmp_path_factory.mktemp("demo")
    seen = []
    for _ in range(2):
        arguments = ["demo", "--size", str(SIZE), "--db", str(folder / "demo.db")]
        result = CliRunner().invoke(cli, arguments, env={"COLUMNS": "80"})
        assert result.exit_code == 0, result.output
        seen.append((result.stdout, hashes(folder / "demo.db")))
    return seen


def test_the_archive_holds_what_the_paper_holds_week_by_week(
    demos: list[tuple[str, dict[int, str]]],
) -> None:
    assert [texts for _, texts in demos] == [held(0), held(1)]


def test_the_demo_shows_what_it_found(demos: list[tuple[str, dict[int, str]]]) -> None:
    first, second = (out for out, _ in demos)
    assert "complete from 1 to 40; 40 of 40 numbers settled (100.0%)" in first
    assert "of 2010 to 2026 in 7 sections" in first
    assert "complete from 1 to 82; 82 of 82 numbers settled (100.0%)" in second
    counted = " ".join(second.split())  # the sentence may be wrapped at any word
    assert " withdrawn later" in counted
    assert " edited later" in counted
    assert "1 week later" in second


def test_its_table_stays_in_80_columns_and_every_article_has_a_section(
    demos: list[tuple[str, dict[int, str]]],
) -> None:
    for out, _ in demos:
        head, *rows = out.partition("idx ")[2].split("\n\n")[0].splitlines()
        assert "title" in head
        assert len(rows) == 8
        assert all("·" in row or "가스" in row or "3D" in row for row in rows)


def test_a_reprint_with_changes_is_counted(demos: list[tuple[str, dict[int, str]]]) -> None:
    pytest.importorskip("rensa")
    assert " reprinted with changes" in demos[1][0]
    assert " duplicates --db " in demos[1][0]


def test_next_steps_name_the_archive_where_it_is_not_found_by_itself(
    demos: list[tuple[str, dict[int, str]]],
) -> None:
    assert "search 수소 --db " in demos[0][0]
    assert "diff " in demos[1][0]
