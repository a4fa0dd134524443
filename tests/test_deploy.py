"""Containers: the files of deploy/ name what is there, and the daily crawl ends when asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from newscrawler.cli import cli

ROOT = Path(__file__).parents[1]
DAILY = ROOT / "deploy/daily-crawl"


@pytest.fixture
def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    text = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return services


def test_the_image_copies_what_is_there_and_not_ignored() -> None:
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    copies = re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", text, re.MULTILINE)
    sources = [source for line in copies for source in line.split()]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, each) or source.startswith(f"{each}/") for each in allowed)


def test_the_image_does_not_run_as_root() -> None:
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert last.index("\nUSER ") < last.index("\nENTRYPOINT ")


def test_the_commands_of_the_compose_file_are_accepted(compose: dict[str, Any]) -> None:
    crawl = ["crawl", *compose["crawl"]["command"]]
    for words in (crawl, compose["browse"]["command"]):
        context = cli.make_context("newscrawler", list(words), resilient_parsing=False)
        command = cli.get_command(context, words[0])
        assert command
        assert command.make_context(words[0], list(words[1:]), parent=context)
    assert all("archive" in service["volumes"][0] for service in compose.values())


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A program ``newscrawler`` that notes how it was called, and stops at SIGTERM."""
    program = tmp_path / "newscrawler"
    program.write_text(
        "#!/bin/sh\n"
        "trap 'echo stopped >> calls; exit 130' TERM\n"
        'echo "$@" >> calls\n'
        'if [ "$2" = long ]; then sleep 30 & wait; fi\n'
        '[ "$2" != wrong ] || exit 2\n'
        "exit 3\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return tmp_path


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.Popen(
        ["sh", DAILY, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "DAILY_CRAWL_PERIOD": "1"},
    )


def _calls(folder: Path, enough: int) -> list[str]:
    """What the stand-in noted, once it is ``enough`` lines."""
    file = folder / "calls"
    for _ in range(600):
        noted = file.read_text().splitlines() if file.exists() else []
        if len(noted) >= enough:
            return noted
        time.sleep(0.05)
    raise AssertionError(f"only {noted}")


def test_the_daily_crawl_goes_on_after_every_crawl(stand_in: Path) -> None:
    with _start(stand_in, "amenews", "--max-minutes", "9") as loop:
        assert _calls(stand_in, 2)[:2] == ["crawl amenews --max-minutes 9"] * 2
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(20) == 0


def test_the_daily_crawl_hands_the_signal_to_the_crawl_and_waits_for_it(stand_in: Path) -> None:
    with _start(stand_in, "long") as loop:
        _calls(stand_in, 1)
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(20) == 0
    assert _calls(stand_in, 2) == ["crawl long", "stopped"]


def test_the_daily_crawl_ends_when_its_arguments_are_wrong(stand_in: Path) -> None:
    with _start(stand_in, "wrong") as loop:
        assert loop.wait(20) == 2
