"""docs/first-evening.md is carried out line by line, cron's line as cron runs it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/first-evening.md").read_text(encoding="utf-8")
_OFFLINE = {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
"""The dependencies are borrowed from the environment that runs the tests."""


@dataclass
class Step:
    """A line that is typed, and the lines below it, which must be printed."""

    typed: str
    shown: list[str]


def steps() -> list[Step]:
    """The page's lines in their order."""
    found: list[Step] = []
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if kind == "cron":
                # As cron does it: a shell with next to no environment.
                line = re.sub(r"^\S+ \S+ \* \* \* (.*)", r"env -i HOME='$PWD' sh -c '\1'", line)
                found.append(Step(line.replace("'$PWD'", '"$PWD"'), []))
            elif line.startswith("$ "):
                found.append(Step(line[2:], []))
            elif (shown := line.removesuffix("…").strip()) and found:
                found[-1].shown.append(shown)
    return found


def _words(text: str) -> str:
    """Tables are as wide as their widest cell."""
    return " ".join(text.split())


def _prepared(typed: str) -> str:
    """The line, without what would need the internet."""
    if typed.startswith("git clone"):
        return "mv checkout newscrawler"
    packages = Path(sysconfig.get_path("purelib"))
    if " -m venv " in typed:
        # In place of the old one that venvs of Python 3.11 bring.
        builder = " ".join(f"'{path}'" for path in packages.glob("setuptools*"))
        there = "venv/lib/python3*/site-packages"
        return (
            f"'{sys.executable}' -m venv venv"
            f" && rm -rf {there}/setuptools* && ln -s {builder} {there}/"
        )
    if "pip install" in typed:
        borrow = f"for d in venv/lib/python3*/site-packages; do echo '{packages}' > $d/x.pth; done"
        return f"{typed} && {borrow}"
    return typed


def test_every_line_of_the_page_runs_and_prints_what_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", "77")
    pytest.importorskip("datasette")
    ignored = shutil.ignore_patterns(".*", "__pycache__", "data", "*.egg-info", "tests", "docs")
    shutil.copytree(ROOT, tmp_path / "checkout", ignore=ignored)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    lines = [
        line
        for number, step in enumerate(steps())
        # The mark's own exit code must not hide that of the step before it.
        for line in (
            f"c=$?; echo '@@{number}@'; (exit $c)",
            _prepared(step.typed).replace("8000", port),
        )
    ]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NEWSCRAWLER_")}
    # Into a file: a process of the page that outlives the shell would keep a pipe open.
    with (tmp_path / "said.txt").open("w", encoding="utf-8") as said:
        subprocess.run(
            ["sh", "-c", "\n".join([*lines, "echo '@@end@'"])],
            cwd=tmp_path,
            env={**clean, **_OFFLINE, "LC_ALL": "C.UTF-8", "COLUMNS": "100"},
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=400,
            check=False,
        )
    out = (tmp_path / "said.txt").read_text(encoding="utf-8")
    parts = re.split(r"^@@\w+@\n", out, flags=re.MULTILINE)[1:]
    assert len(parts) == len(steps()) + 1, out
    for step, printed in zip(steps(), parts, strict=False):
        for line in step.shown:
            assert _words(line.replace("8000", port)) in _words(printed), (step.typed, out)
        assert "Traceback" not in printed
        if step.typed.startswith("env"):
            assert printed == "", "cron would send mail"
    assert (tmp_path / "articles.csv").stat().st_size > 10_000
