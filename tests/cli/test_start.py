"""What the quick commands load: nothing that only a crawl or a notebook needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newscrawler import cli
from tests.making import article, keep

HEAVY = {
    "aiohttp", "backports", "lxml", "numpy", "pandas", "parsel", "pyarrow", "scrapy",
    "sqlite_utils", "twisted",
}  # fmt: skip
"""Each takes longer to load than ``status`` takes on a small archive."""

SCRIPT = """
import sys
from newscrawler.cli import main
try:
    main()
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


RECORDS = {"newscrawler.archive.filters", "newscrawler.items", "newscrawler.store.records"}
"""The classes of articles, captures and filters take as long to make as rich takes to load."""


def loaded(*arguments: str) -> set[str]:
    """The modules, and the packages around them, that a command has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    modules = done.stderr.splitlines()[-1].split()
    return {*modules, *(name.partition(".")[0] for name in modules)}


@pytest.mark.parametrize("arguments", [("status",), ("gaps",), ("show", "1"), ("search", "본문")])
def test_a_reading_command_loads_no_heavy_library(tmp_path: Path, arguments: tuple[str]) -> None:
    path = keep(tmp_path / "archive.db", article(1, "가", "본문"))
    assert loaded(*arguments, "--db", str(path)) & HEAVY == set()


@pytest.mark.parametrize("command", ["status", "gaps"])
def test_a_command_that_only_counts_makes_no_class_of_a_record(
    tmp_path: Path, command: str
) -> None:
    path = keep(tmp_path / "archive.db", article(1, "가", "본문"))
    assert loaded(command, "--db", str(path)) & RECORDS == set()


def test_the_help_loads_nothing_but_click() -> None:
    assert loaded("--help") & (HEAVY | {"rich", "sqlite3", "tomllib"}) == set()


def test_a_lack_of_memory_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lack(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cli.cli, "invoke", lack)
    monkeypatch.setattr(sys, "argv", ["newscrawler", "sites"])
    assert cli._run() == 6
    told = capsys.readouterr().err
    assert "not enough memory" in told
    assert told.count("\n") == 1
