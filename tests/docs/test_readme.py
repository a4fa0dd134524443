"""README's commands work as typed after two ``make demo``, and show what README shows."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler.cli import cli
from newscrawler.demo.weeks import paper_after
from tests.making import FETCHED, keep_newspaper, learn_sections

README, README_KO = (
    (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    for name in ("README.md", "README.ko.md")
)
_TRY, _RESEARCHERS = (
    README.partition(f"## {heading}")[2].partition("\n## ")[0]
    for heading in ("Try it", "For researchers")
)
KOREAN = README_KO.partition("## 읽기")[2]
"""What stands in README.ko.md after the installation and the demo."""


def commands(text: str) -> list[list[str]]:
    """The commands, without the program's name; ``serve``, which does not end, is left out."""
    return [
        shlex.split(line, comments=True)[1:]
        for line in re.findall(r"^\$ (newscrawler .+)", text, re.MULTILINE)
        if line.split()[1] != "serve"
    ]


COMMANDS = commands(_RESEARCHERS)
COMMANDS_KO = commands(KOREAN)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which one demo has left its archive."""
    folder = tmp_path_factory.mktemp("readme")
    keep_newspaper(folder / "data" / "demo.db", paper_after(0, 300))
    return folder


@pytest.fixture(scope="module")
def twice(once: Path, shown_sql: list[tuple[list[str], list[str]]]) -> Path:
    """… and another a week later. ``shown_sql`` is asked for first: it reads the first week."""
    path, paper = once / "data" / "demo.db", paper_after(1, 300)
    keep_newspaper(path, paper, FETCHED + timedelta(days=7))
    learn_sections(path, paper)
    return once


@pytest.fixture(scope="module")
def shown_sql(once: Path) -> list[tuple[list[str], list[str]]]:
    """Of each query with ``sqlite3``: the rows that README shows, and those of the archive."""
    blocks = re.findall(r'^\$ sqlite3 (\S+) "(.+)"\n((?:[^$`].*\n)+)', _TRY, re.MULTILINE)
    found = []
    for path, sql, shown in blocks:
        with closing(sqlite3.connect(f"file:{once / path}?mode=ro", uri=True)) as connection:
            rows = ["|".join(map(str, row)) for row in connection.execute(sql)]
        found.append((shown.splitlines(), rows))
    return found


def test_queries_show_what_readme_shows(shown_sql: list[tuple[list[str], list[str]]]) -> None:
    assert len(shown_sql) == 2
    for shown, rows in shown_sql:
        assert rows == shown


def test_headlines_in_the_table_are_those_of_the_paper() -> None:
    paper = paper_after(0, 300)
    rows = re.findall(r"^(\d{3})  \d{4}-\d\d-\d\d  \S+ +(.+?)…", _TRY, re.MULTILINE)
    assert len(rows) == 3
    for idx, title in rows:
        assert paper.headline(int(idx)).startswith(title.strip())


def test_the_commands_for_researchers_are_here() -> None:
    names = {command[0] for command in COMMANDS}
    assert {"status", "gaps", "search", "sql", "trend", "show", "diff", "export"} <= names


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_for_researchers_works_as_typed(
    twice: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(twice)
    result = CliRunner().invoke(cli, command, env={"COLUMNS": "80", "NEWSCRAWLER_DB": None})
    assert result.exit_code == 0, result.output
    assert len(result.stdout.strip()) > 10 or command[0] == "export"
    if command[0] == "diff":
        assert "has not changed" not in result.stdout
    if command[0] == "duplicates":
        assert {"same as", "% of"} <= set(re.findall("same as|% of", result.stdout))
    if "--output" in command:
        assert (twice / command[-1]).stat().st_size > 1000


@pytest.mark.parametrize("command", COMMANDS_KO, ids=" ".join)
def test_a_command_of_the_korean_readme_works_as_typed_and_speaks_korean(
    twice: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(twice)
    locale = {"LANG": "ko_KR.UTF-8", "LC_ALL": None, "LANGUAGE": None}
    environment = {"COLUMNS": "80", "NEWSCRAWLER_DB": None, **locale}
    result = CliRunner().invoke(cli, command, env=environment)
    assert result.exit_code == 0, result.output
    if "--output" in command:
        assert (twice / command[command.index("--output") + 1]).stat().st_size > 400
    elif command[0] == "search":
        # Sections are learned by a crawl; here is what a store has written.
        if "--section" not in command:
            assert re.search(r"^\d+ +\d{4}-\d\d-\d\d ", result.stdout), result.stderr
        assert re.search(r"기사 [\d,]+건", result.stderr)
    elif command[0] != "report":
        assert re.search("[가-힣]", result.stdout)


def test_the_sql_of_the_korean_readme_finds_articles(twice: Path) -> None:
    (statement,) = re.findall(r"```sql\n(.+?)```", KOREAN, re.DOTALL)
    with closing(sqlite3.connect(f"file:{twice}/data/demo.db?mode=ro", uri=True)) as connection:
        assert connection.execute(statement).fetchall()


@pytest.mark.parametrize("text", [_RESEARCHERS, KOREAN], ids=["English", "Korean"])
def test_the_python_of_readme_runs(
    twice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    monkeypatch.chdir(twice)
    blocks = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    assert len(blocks) == 1
    exec(blocks[0], {})
    assert len(capsys.readouterr().out.splitlines()) == 3
