"""A real scrapyd on loopback: the project is deployed as an egg, scheduled, and crawls."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.conftest import Desk

pytest.importorskip("scrapyd", reason="the extra deploy is not installed")

ROOT = Path(__file__).parents[2]
PROJECT = ("pyproject.toml", "setup.py", "scrapy.cfg", "README.md", "LICENSE")
T = TypeVar("T")


def within(seconds: float, look: Callable[[], T | None]) -> T:
    """What ``look`` finds, waiting for it."""
    until = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.1)
    return found


def ask(address: str, **values: str | list[str]) -> dict[str, Any]:
    body = urlencode(values, doseq=True).encode() if values else None
    with urlopen(address, body, timeout=20) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


@pytest.fixture
def scrapyd(tmp_path: Path) -> Iterator[str]:
    """A scrapyd in a folder of its own; its address."""
    folder = tmp_path / "scrapyd"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "scrapyd.conf").write_text(
        f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {port}\npoll_interval = 0.2\n"
    )
    command = [sys.executable, "-m", "scrapyd"]
    with (folder / "out").open("wb") as out:
        server = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"

    def answering() -> str | None:
        try:
            return address if ask(f"{address}/daemonstatus.json")["status"] == "ok" else None
        except OSError:
            return None

    try:
        yield within(20, answering)
    finally:
        server.terminate()
        server.wait(20)


def test_deployed_scheduled_and_crawled(desk: Desk, scrapyd: str, tmp_path: Path) -> None:
    # A copy, since building leaves traces where it happens.
    project = tmp_path / "project"
    shutil.copytree(
        ROOT / "newscrawler", project / "newscrawler", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in PROJECT:
        shutil.copy(ROOT / name, project)
    target = (project / "scrapy.cfg").read_text()
    (project / "scrapy.cfg").write_text(target.replace("http://localhost:6800", scrapyd))

    deploy = [sys.executable, "-m", "scrapyd_client.deploy", "--version", "1"]
    done = subprocess.run(
        deploy, cwd=project, capture_output=True, text=True, timeout=60, check=False
    )
    assert '"status": "ok"' in done.stdout, done.stdout + done.stderr
    egg = tmp_path / "scrapyd" / "eggs" / "newscrawler" / "1.egg"
    carried = {Path(name).name for name in zipfile.ZipFile(egg).namelist()}
    assert {path.name for path in (ROOT / "newscrawler" / "sites").glob("*.toml")} <= carried

    scheduled = ask(
        f"{scrapyd}/schedule.json",
        project="newscrawler",
        spider="amenews",
        range="1-20",
        base_url=desk.server.base_url,
        setting=[f"NEWSCRAWLER_DB={desk.db}", *desk.settings],
        jobid="first",
    )
    assert scheduled == {**scheduled, "status": "ok", "jobid": "first"}

    def finished() -> Any:
        return ask(f"{scrapyd}/listjobs.json?project=newscrawler")["finished"] or None

    assert [job["id"] for job in within(60, finished)] == ["first"]
    truth = {truth.idx: truth.state for truth in desk.newspaper.truths() if truth.idx <= 20}
    assert desk.states() == truth
    log = tmp_path / "scrapyd" / "logs" / "newscrawler" / "amenews" / "first.log"
    assert "Spider closed (finished)" in log.read_text(encoding="utf-8")
