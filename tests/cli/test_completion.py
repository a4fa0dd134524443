"""What a shell completes: papers, settings, sections, reporters; and how the program is called."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from newscrawler.cli import cli
from newscrawler.cli.common import program
from tests.making import article, keep


def completed(words: list[str], incomplete: str) -> list[str]:
    shell = ShellComplete(cli, {}, "newscrawler", "_NEWSCRAWLER_COMPLETE")
    return [item.value for item in shell.get_completions(words, incomplete)]


def test_papers_and_settings_are_completed() -> None:
    assert completed(["crawl"], "am") == ["amenews"]
    assert completed(["crawl", "-s"], "DOWNLOAD_D") == ["DOWNLOAD_DELAY="]


def test_sections_and_reporters_come_from_the_archive(tmp_path: Path) -> None:
    path = keep(tmp_path / "a.db", article(1, "one", section="금속"), article(2, "two"))
    assert completed(["search", "--db", str(path), "--section"], "금") == ["금속"]
    assert completed(["search", "--db", str(path), "--section"], "x") == []


def test_without_an_archive_nothing_is_completed_and_nothing_said(tmp_path: Path) -> None:
    assert completed(["search", "--db", str(tmp_path / "none.db"), "--reporter"], "") == []


def test_a_hint_names_the_program_as_it_can_be_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "my env" / "newscrawler"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.argv", [str(script)])
    monkeypatch.setenv("PATH", "/nowhere")
    assert program() == f"'{script}'"
    monkeypatch.setenv("PATH", str(script.parent))
    assert program() == "newscrawler"
    monkeypatch.setattr("sys.argv", ["/x/newscrawler/__main__.py"])
    monkeypatch.chdir(tmp_path)
    assert program() == str(Path(sys.executable).with_name("newscrawler"))
    monkeypatch.chdir(Path(sys.executable).parent.parent)
    assert program() == "bin/newscrawler"
    monkeypatch.setattr("sys.executable", "/x/bin/python")
    assert program() == "/x/bin/python -m newscrawler"
