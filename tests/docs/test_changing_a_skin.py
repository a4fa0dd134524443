"""docs/changing-a-skin.md is carried out: its file and commands, on a paper that has changed."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawler import sites
from newscrawler.archive import page_cases
from newscrawler.cli import cli
from newscrawler.demo.newspaper import Newspaper
from newscrawler.store.store import Store
from tests.local_archive import Reader

PAGE = Path(__file__).parents[2] / "docs/changing-a-skin.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the archive of a paper whose last ten pages have new names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sites, "_given", {})
    (tmp_path / "data").mkdir()
    paper = Newspaper(size=40, gap="alert")
    with Store.open(tmp_path / "data/amenews.db") as store:
        reader = Reader(paper, store)
        for idx in range(1, 41):
            capture = reader.capture(idx)
            if idx > 30:
                page = capture.body.replace(b"viewContent", b"story")
                page = page.replace(b"storyWrap", b"viewContentWrap")
                capture = replace(capture, body=page.replace(b"registModifyDate", b"story-dates"))
            reader.save(capture)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def states() -> dict[str, int]:
    with closing(sqlite3.connect("data/amenews.db")) as connection, connection:
        return dict(connection.execute("SELECT state, count(*) FROM ledger GROUP BY state"))


def write_site_file(folder: Path) -> None:
    found = re.search(r"`([\w.]+)`:\n\n```toml\n(.*?)```", TEXT, re.DOTALL)
    assert found
    (folder / found[1]).write_text(found[2], encoding="utf-8")
    assert len(found[2].splitlines()) <= 10


def test_the_page_mends_a_changed_paper_without_a_request(changed: Path) -> None:
    before = states()
    assert before["unknown"] > 5
    write_site_file(changed)
    shown = [line[2:] for line in TEXT.splitlines() if line.startswith("$ newscrawler ")]
    assert len(shown) >= 7
    said = {}
    for line in shown:
        result = run(*shlex.split(line)[1:])
        assert result.exit_code in (0, 3), (line, result.output)
        said[line] = result.output
        if "--dry-run" in line:
            assert states() == before
    assert "unknown" in said["newscrawler read 38"]
    assert "#story" in said["newscrawler read 38 --site redesign.toml"]
    assert "finds nothing" not in said["newscrawler sites redesign.toml"]
    assert "unknown" not in states()
    assert states()["article"] == before["article"] + before["unknown"]
    assert page_cases.load(changed / "cases/redesign").idx == 38


def test_a_selector_that_finds_nothing_is_named(changed: Path) -> None:
    file = changed / "mine.toml"
    file.write_text(
        'name = "amenews"\n[skins.redesign]\nlike = "classic"\n'
        'body = "#story"\ndates = [".story-dates", ".never-there"]\n',
        encoding="utf-8",
    )
    said = " ".join(run("sites", "mine.toml").output.split())
    assert "[skins.redesign] dates: '.never-there' finds nothing" in said
    assert "#story" not in said


def test_a_wrong_selector_is_refused_before_anything_is_done(changed: Path) -> None:
    (changed / "mine.toml").write_text('name = "amenews"\n[skins.classic]\nbody = "#a["\n')
    for command in (["read", "38", "--site", "mine.toml"], ["reparse", "mine.toml"]):
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 2
        assert "mine.toml: [skins.classic] body: '#a[' is not a CSS selector" in result.output
