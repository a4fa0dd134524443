"""A whole fleet on loopback, and the judgement of what it has brought."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from newscrawler.demo.audit import contents, manners
from newscrawler.demo.server import LocalServer
from newscrawler.fleet.depot import Depot
from scripts.torture.table import Row
from scripts.torture_fleet.machines import Machine, Peak
from tests.fleet.conftest import free_ports, object_store
from tests.fleet.papers import papers

DELAY = 0.25
TIMEOUT_S = 3
SEED = 15
LARGEST_DRIVER_MB = 66
"""60 were measured with numpy, which Dask loads; what reads the depot took 10 more."""


class Fleet:
    """Papers, machines, a scheduler and an object store, all on loopback."""

    def __init__(
        self, folder: Path, papers: int, size: int, machines: int, slice_s: float, kill_s: float
    ) -> None:
        self.folder = folder
        self.papers, self.size, self.machines = papers, size, machines
        self.slice_s, self.kill_s = slice_s, kill_s
        self.title = (
            f"{papers} papers of {size} numbers, {machines} machines, slices of {slice_s:g} s"
        )
        self.plain: dict[str, str] = {}
        self.requests = 0

    @contextmanager
    def served(self, more: str = "") -> Iterator[dict[str, LocalServer]]:
        """The papers; the first time a plain crawl of them is taken as the measure."""
        site_files = Path(tempfile.mkdtemp(dir=self.folder))
        with papers(site_files, self.papers, size=self.size, delay=DELAY, more=more) as servers:
            self.environment = {**os.environ, "NEWSCRAWLER_SITES": str(site_files)}
            os.environ["NEWSCRAWLER_SITES"] = str(site_files)
            if not self.plain:
                calm = self.folder / "calm"
                calm.mkdir()
                command = [sys.executable, "-m", "newscrawler", "crawl", *servers]
                subprocess.run(command, cwd=calm, env=self.environment, check=True)
                self.plain = {name: _rows(calm / f"data/{name}.db") for name in servers}
                self.requests = sum(len(server.log) for server in servers.values())
                for server in servers.values():
                    server.log.clear()
            yield servers

    @contextmanager
    def store(self) -> Iterator[dict[str, str]]:
        """An empty object store; its variables are in this process's environment, too."""
        with object_store(Path(tempfile.mkdtemp(dir=self.folder))) as variables:
            os.environ.update(variables)
            yield variables

    @contextmanager
    def cluster(self, environment: Mapping[str, str]) -> Iterator[tuple[str, list[Machine], Any]]:
        """A scheduler and its machines."""
        (port,) = free_ports(1)
        url = f"tcp://127.0.0.1:{port}"
        command = [
            *(sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"),
            *("--port", str(port), "--no-dashboard"),
        ]
        place = Path(tempfile.mkdtemp(dir=self.folder))
        whole = {**self.environment, **environment}
        with (place / "scheduler.log").open("wb") as log:
            scheduler = subprocess.Popen(command, stdout=log, stderr=log, env=whole, cwd=place)
        machines: list[Machine] = []
        try:
            machines += [Machine(place / f"m{n}", url, whole) for n in range(self.machines)]
            yield url, machines, scheduler
        finally:
            for machine in machines:
                machine.stop()
            scheduler.kill()
            scheduler.wait()

    def drive(
        self,
        depot: str,
        url: str,
        servers: Mapping[str, LocalServer],
        minutes: float,
    ) -> subprocess.Popen[str]:
        command = [
            *(
                sys.executable,
                "-m",
                "newscrawler",
                "fleet",
                "crawl",
                *servers,
                "--depot",
                depot,
                "--new",
            ),
            *(
                "--scheduler",
                url,
                "--minutes",
                f"{minutes}",
                "--slice-minutes",
                f"{self.slice_s / 60}",
            ),
            *("-s", f"DOWNLOAD_TIMEOUT={TIMEOUT_S}", "--json"),
        ]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment, **os.environ},
            cwd=self.folder,
        )

    def drive_alone(
        self, depot: Path, folder: str, servers: Mapping[str, LocalServer]
    ) -> subprocess.Popen[str]:
        """A driver with a cluster of its own and a folder as depot."""
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "newscrawler", "fleet", "crawl", *servers),
                *("--depot", str(depot), "--new", "--folder", str(self.folder / folder)),
                *("--minutes", "10", "--json"),
            ],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, servers: Mapping[str, LocalServer], share: float) -> None:
        """Until so much of a plain crawl's requests has come, however busy the machine is."""
        while sum(len(server.log) for server in servers.values()) < share * self.requests:
            time.sleep(0.2)

    def judge(self, depot: str, servers: Mapping[str, LocalServer]) -> tuple[int, int, str, bool]:
        """How many archives in the depot are equal, requests, manners in words, manners kept."""
        store = Depot.open(depot, write=False)
        equal = 0
        for name in servers:
            restored = self.folder / "restored.db"
            head = store.head(name)
            if head:
                store.fetch(head, restored)
                if _rows(restored) == self.plain[name]:
                    equal += 1
                else:
                    print(f"{name} differs:", *_waiting(restored), sep="\n  ", file=sys.stderr)
        seen = [manners(server.log) for server in servers.values() if server.log]
        most = max((one.most_at_once for one in seen), default=0)
        pause = min((one.shortest_pause for one in seen), default=0.0)
        asked = sum(len(server.log) for server in servers.values())
        # The server's clock and the crawler's differ by what the loop of a busy machine takes.
        kept = most == 1 and pause >= DELAY - 0.02
        told = f"at most {most} in flight at a host, shortest pause {pause * 1000:.0f} ms"
        return equal, asked, told, kept

    def run(
        self,
        what: str,
        most: float,
        while_it_runs: Callable[[list[Machine], Any, dict[str, LocalServer]], None] | None = None,
        more: str = "",
    ) -> Row:
        """A whole run of the fleet against something that happens meanwhile."""
        with (
            self.served(more) as servers,
            self.store() as s3,
        ):
            depot = f"s3://tests/{random.randrange(10**9)}"
            with self.cluster(s3) as (url, machines, _):
                began = time.monotonic()
                driver = self.drive(depot, url, servers, 12)
                if while_it_runs:
                    watcher = threading.Thread(
                        target=while_it_runs, args=(machines, driver, servers), daemon=True
                    )
                    watcher.start()
                peak = Peak(driver)
                _, err = driver.communicate(timeout=900)
                took = time.monotonic() - began
                aside = sum(len(list(m.folder.glob("data/aside/*.db"))) for m in machines)
            equal, asked, told, kept = self.judge(depot, servers)
            figures = (
                f"{equal}/{self.papers} equal; {asked} requests against {self.requests}; {told};"
                f" {aside} set aside; driver's exit {driver.returncode} after {took:.0f} s,"
                f" {peak.megabytes} MB"
            )
            holds = equal == self.papers and kept and asked <= most and driver.returncode == 0
            holds = holds and peak.megabytes <= LARGEST_DRIVER_MB
            if not holds:
                print(err[-2000:], file=sys.stderr)
            return Row(f"{self.title}: {what}", figures, holds)


def _rows(archive: Path) -> str:
    """All that two crawls of a paper must agree on, whatever port it is served at."""
    return re.sub(r"//127\.0\.0\.1:\d+/", "//paper/", repr(contents(archive)))


def _waiting(archive: Path) -> list[str]:
    """Why numbers wait in an archive that should be complete."""
    with closing(sqlite3.connect(archive)) as connection:
        rows = connection.execute(
            "SELECT idx, state, code, reason, next_attempt_at FROM ledger"
            " WHERE state IN ('pending', 'failed', 'unknown')"
        )
        return [str(row) for row in rows]
