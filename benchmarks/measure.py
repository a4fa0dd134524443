"""What the benchmarks share: a local paper in a process of its own, medians, the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lxml import etree

Results = dict[str, Any]


def tree_of(page: bytes) -> object:
    """What lxml alone makes of a page: the limit of whoever reads pages with it."""
    return etree.fromstring(page, etree.HTMLParser(encoding="utf-8", huge_tree=True))


@dataclass(frozen=True, slots=True)
class Server:
    """A newspaper that is being served by another process."""

    base_url: str
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of processor time that it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def newspaper(size: int, *, boilerplate: int = 40_000, gap_share: float = 0.11) -> Iterator[Server]:
    """``python -m newscrawler.demo`` with every page rendered before the first question."""
    given = {"size": size, "boilerplate": boilerplate, "gap-share": gap_share, "gap": "alert"}
    options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    with subprocess.Popen(
        [sys.executable, "-m", "newscrawler.demo", "--warm", *options],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield Server(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


def median(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Field by field."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def remove(database: Path) -> None:
    """The database and what SQLite and the lock put beside it."""
    for suffix in ("", "-wal", "-shm", ".lock"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def machine() -> Results:
    """Where figures come from: they are worth nothing without it."""
    packages = ("scrapy", "lxml", "trafilatura", "newspaper4k", "news-please")
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load when begun": round(os.getloadavg()[0], 2),
        **{name: found for name in packages if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
