"""What runs unattended: silence under cron, and units that systemd accepts."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from newscrawler import clock
from newscrawler.cli.summaries import print_summary
from newscrawler.demo.faults import Faults
from newscrawler.store.lock import FileLock
from tests.conftest import Desk, run

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = ("newscrawler@amenews.service", "newscrawler@amenews.timer")

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Let systemd look at the units, with a program in place of the one that is not installed."""
    service = (DEPLOY / "newscrawler@.service").read_text()
    program = "/opt/newscrawler/bin/newscrawler"
    assert f"ExecStart={program} crawl %i" in service
    (folder / "newscrawler@.service").write_text(service.replace(program, sys.executable))
    shutil.copy(DEPLOY / "newscrawler@.timer", folder)
    return subprocess.run(
        ["systemd-analyze", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=folder,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"},
        check=False,
    )


@systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_the_unit(unit: str, tmp_path: Path) -> None:
    done = analyze(tmp_path, "verify", unit)
    complaints = [line for line in done.stderr.splitlines() if "newscrawler@" in line]
    assert (done.returncode, complaints) == (0, [])


@systemd
def test_the_service_is_confined(tmp_path: Path) -> None:
    """Out of 10, where a service without any hardening has 9.6."""
    limit = ("--offline=yes", "--threshold=20")
    done = analyze(tmp_path, "security", *limit, "newscrawler@.service")
    assert done.returncode == 0, done.stdout


def test_success_is_silent_when_nobody_watches(desk: Desk) -> None:
    done = desk.crawl()
    assert (done.exit_code, done.out, done.err) == (0, "", "")


def test_failure_says_what_happened_once(desk: Desk) -> None:
    desk.server.faults = Faults.always("block")
    done = desk.crawl()
    assert done.exit_code == 4
    assert done.out == ""
    assert "amenews (catch up): stopped: blocked" in done.err
    assert "Traceback" not in done.err


def test_a_budgeted_run_says_how_long_the_rest_takes(desk: Desk) -> None:
    done = desk.crawl("--max-requests", "33", settings=("DOWNLOAD_DELAY=0.05",))
    assert done.exit_code == 3
    # Robots.txt, home, the probe, 29 numbers, and the gap among them a second time.
    assert "left:     31 numbers, about " in done.err


def test_what_is_mailed_is_not_wrapped_to_a_terminals_width(desk: Desk) -> None:
    desk.server.faults = Faults.always("block")
    result = desk.crawl()
    assert result.exit_code == 4
    assert max(map(len, result.err.splitlines())) > 100
    assert [line.split(":")[0] for line in result.err.splitlines()[1:]] == [
        *("amenews (catch up)", "  the newest number cannot be found (the home page"),
        *("  articles", "  traffic"),
    ]


def test_a_run_during_which_the_clock_was_set_back_lasted_no_negative_time(desk: Desk) -> None:
    summary = desk.crawl_here(range="1-30")
    page = io.StringIO()
    print_summary(Console(file=page), {**summary, "left": 30, "started_at": "2999-01-01T00:00:00Z"})
    told = page.getvalue()
    assert "left:     30 numbers\n" in told
    assert told.endswith(", the clock was set back\n")


def test_log_lines_are_json_where_wished(desk: Desk) -> None:
    desk.server.faults = Faults.always("block")
    done = desk.crawl(settings=("LOG_JSON=on",))
    lines = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    stopping = [line for line in lines if line["message"].startswith("Stopping")]
    assert [(line["level"], line["site"]) for line in stopping] == [("ERROR", "amenews")]


def test_the_log_goes_to_a_file_where_wished(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "crawl.log"
    desk.server.faults = Faults.always("block")
    desk.crawl(settings=(f"LOG_FILE={path}", "LOG_LEVEL=INFO"))
    assert "Stopping" in path.read_text(encoding="utf-8")


def test_a_second_crawl_of_the_same_archive_is_turned_away(desk: Desk) -> None:
    lock = FileLock(desk.db, clock.now())
    try:
        done = desk.crawl()
    finally:
        lock.release()
    assert done.exit_code == 5
    assert "is being written by process" in done.err
    assert desk.server.log == []


def test_the_environment_is_enough(desk: Desk) -> None:
    done = run(
        *("crawl", "--base-url", desk.server.base_url, "--range", "1-3"),
        NEWSCRAWLER_DB=str(desk.db),
        NEWSCRAWLER_DOWNLOAD_DELAY="0",
    )
    assert (done.exit_code, done.err) == (0, "")
    assert list(desk.states()) == [1, 2, 3]
