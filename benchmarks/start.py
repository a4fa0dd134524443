"""What it costs to start: processor time of whole commands, beside Python with what all need.

``status`` is measured a second time with the modules of the extra ``research`` hidden, since a
reading command must not become slower where they are installed.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import Results

LEAST = "python -c 'import sqlite3, click'"
STATUS = "newscrawler status"
ALONE = "newscrawler status without research"
_PROGRAM = (sys.executable, "-m", "newscrawler")
_HIDING = "import sys; sys.modules.update(dict.fromkeys({names}))  # None: its import fails\n"


def run(rounds: int) -> Results:
    """Medians of so many rounds of each command, in turns; bytecode is there, as installed."""
    extra = _modules_of("research")
    if missing := [name for name in extra if find_spec(name) is None]:
        raise SystemExit(f"install the extra research first; not found: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "archive.db")
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # Python imports a module of this name when it starts.
        (Path(folder) / "sitecustomize.py").write_text(_HIDING.format(names=extra))
        hiding = {**environment, "PYTHONPATH": folder}
        _spent([*_PROGRAM, "demo", "--size", "40", "--db", database], environment)
        commands = {
            LEAST: ([sys.executable, "-c", "import sqlite3, click"], environment),
            "newscrawler --help": ([*_PROGRAM, "--help"], environment),
            STATUS: ([*_PROGRAM, "status", "--db", database], environment),
            ALONE: ([*_PROGRAM, "status", "--db", database], hiding),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, (command, surroundings) in commands.items():
                spent = _spent(command, surroundings)
                if number:  # the first one writes bytecode
                    times[name].append(spent)
    least = statistics.median(times[LEAST])
    with_extra, without = (statistics.median(times[name]) for name in (STATUS, ALONE))
    return {
        "rounds": rounds,
        "status with research ÷ without": with_extra / without,
        "commands": {
            name: {
                "ms of processor": 1000 * statistics.median(spent),
                "times the least": statistics.median(spent) / least,
            }
            for name, spent in times.items()
        },
    }


def _modules_of(extra: str) -> list[str]:
    """The modules that an extra installs; each is named as its distribution."""
    mine = (each for each in requires("newscrawler") or () if f'extra == "{extra}"' in each)
    return sorted(re.split(r"[^\w]", each, maxsplit=1)[0] for each in mine)


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
