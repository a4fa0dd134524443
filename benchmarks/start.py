"""What it costs to start: processor time of whole commands, beside Python with what all need."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Results

LEAST = "python -c 'import sqlite3, click'"
_PROGRAM = (sys.executable, "-m", "newscrawler")


def run(rounds: int) -> Results:
    """Medians of so many rounds of each command, in turns; bytecode is there, as installed."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "archive.db")
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _spent([*_PROGRAM, "demo", "--size", "40", "--db", database], environment)
        commands = {
            LEAST: [sys.executable, "-c", "import sqlite3, click"],
            "newscrawler --help": [*_PROGRAM, "--help"],
            "newscrawler status": [*_PROGRAM, "status", "--db", database],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                spent = _spent(command, environment)
                if number:  # the first one writes bytecode
                    times[name].append(spent)
    least = statistics.median(times[LEAST])
    return {
        "rounds": rounds,
        "commands": {
            name: {
                "ms of processor": 1000 * statistics.median(spent),
                "times the least": statistics.median(spent) / least,
            }
            for name, spent in times.items()
        },
    }


def _spent(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of processor time of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
