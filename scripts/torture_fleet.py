"""Many papers on several machines, killed, frozen and cut off: measures what a fleet promises.

    python scripts/torture_fleet.py [--papers N] [--size N] [--machines N] [ROW]…

Dask workers with a folder each stand for machines; papers, object store and
scheduler are on loopback. Each row replaces its lines in the second part of
docs/reliability.md. All rows take about 25 minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newscrawler import sites  # noqa: E402 - the tests' papers and store are used here too
from newscrawler.demo.audit import contents, manners  # noqa: E402
from newscrawler.demo.server import LocalServer  # noqa: E402
from newscrawler.exceptions import FencedError  # noqa: E402
from newscrawler.fleet import lease  # noqa: E402
from newscrawler.fleet.copy import Copy, owner_of  # noqa: E402
from newscrawler.fleet.depot import Depot  # noqa: E402
from newscrawler.store.store import Store  # noqa: E402
from tests.fleet.conftest import free_ports, object_store  # noqa: E402
from tests.fleet.papers import papers  # noqa: E402
from tests.making import article, keep  # noqa: E402

DELAY = 0.25
TIMEOUT_S = 3
SEED = 15
BEGINS = "\n## Many machines\n"
HEAD = f"""{BEGINS}
Measured by `scripts/torture_fleet.py ROW`: local papers at a delay of {DELAY} s, Dask workers with
a folder each, an S3-compatible store, all on loopback, on two cores that were busy with other work.
DOWNLOAD_TIMEOUT is {TIMEOUT_S} s, so that a lost lease runs out soon. Requests are counted from the
papers' logs; “equal” is the comparison of the table above, with archives of a plain crawl.

| row | case | measured | holds |
|---|---|---|---|
"""


@dataclass
class Row:
    """One line of the table."""

    what: str
    figures: str
    holds: bool


class Machine:
    """A Dask worker with a folder of its own, in a process group of its own."""

    def __init__(self, folder: Path, scheduler: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._command = [
            *(sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--no-nanny"),
            *("--nthreads", "1", "--no-dashboard", "--death-timeout", "600"),
        ]
        self._environment = {
            **environment,
            "NEWSCRAWLER_FOLDER": str(folder / "data"),
            # In the user agent, so that a paper's log tells the machines apart.
            "NEWSCRAWLER_CONTACT": f"{folder.name}@fleet.example",
        }
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )

    def restart_if_dead(self) -> None:
        """What systemd does with Restart=always."""
        if self.process.poll() is not None:
            self.process = self._start()

    def slices(self) -> list[int]:
        """Process ids of the slices that run in this folder, orphans included."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                ours = entry.name.isdigit() and (entry / "cwd").resolve() == self.folder
                if ours and b"\0slice\0" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def send(self, number: signal.Signals, *, worker: bool, crawl: bool) -> None:
        if crawl:
            for pid in self.slices():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        if worker and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self) -> None:
        self.send(signal.SIGCONT, worker=True, crawl=True)
        self.send(signal.SIGKILL, worker=True, crawl=True)
        self.process.wait()


class _Peak(threading.Thread):
    """The most memory that a process has had; looks every second until it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0
        self._process = process
        self.start()

    def run(self) -> None:
        while self._process.poll() is None:
            with suppress(OSError, IndexError):
                status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
                self.megabytes = int(status.split("VmHWM:")[1].split()[0]) // 1024
            time.sleep(1)


class Torture:
    """The cases, in order; each returns the rows that it measured."""

    def __init__(
        self, folder: Path, papers: int, size: int, machines: int, slice_s: float, kill_s: float
    ) -> None:
        self.folder = folder
        self.papers, self.size, self.machines = papers, size, machines
        self.slice_s, self.kill_s = slice_s, kill_s
        self.fleet = (
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
                peak = _Peak(driver)
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
            if not holds:
                print(err[-2000:], file=sys.stderr)
            return Row(f"{self.fleet}: {what}", figures, holds)

    # -- the cases ----------------------------------------------------------------

    def undisturbed(self) -> Iterator[Row]:
        with self.served():
            pass
        row = self.run("undisturbed", self.requests + 3 * 3 * self.papers)
        yield row

    def killed(self) -> Iterator[Row]:
        with self.served():
            pass
        dice = random.Random(SEED)
        done = 0

        def kill(machines: list[Machine], driver: Any, servers: object) -> None:
            nonlocal done
            while driver.poll() is None and done < 30:
                time.sleep(self.kill_s)
                if driver.poll() is not None:
                    return
                machine = dice.choice(machines)
                worker, crawl = dice.choice([(True, False), (False, True), (True, True)])
                machine.send(signal.SIGKILL, worker=worker, crawl=crawl)
                done += 1
                time.sleep(0.5)
                for one in machines:
                    one.restart_if_dead()

        what = f"kill -9 of worker, crawl or both, every {self.kill_s:g} s"
        row = self.run(what, 1.6 * self.requests, kill)
        yield replace(row, what=row.what.replace("kill -9", f"{done} times kill -9"))

    def frozen(self) -> Iterator[Row]:
        with self.served():
            pass
        late: list[int] = []
        frozen: list[int] = []

        def freeze(machines: list[Machine], driver: Any, servers: dict[str, LocalServer]) -> None:
            while all(_asked_by(one, servers) < 10 for one in machines):
                time.sleep(0.2)
            machine = max(machines, key=lambda one: _asked_by(one, servers))
            old = set(machine.slices())
            machine.send(signal.SIGSTOP, worker=True, crawl=True)
            time.sleep(self.slice_s + TIMEOUT_S + 30 + 15)
            before = _asked_by(machine, servers)
            machine.send(signal.SIGCONT, worker=True, crawl=True)
            while old & set(machine.slices()):
                time.sleep(0.2)
            late.append(_asked_by(machine, servers) - before)
            frozen.append(len(old))

        row = self.run("frozen past the lease, then thawed", 1.6 * self.requests, freeze)
        told = f"{sum(frozen)} crawl(s) frozen, {sum(late)} requests after the thaw; {row.figures}"
        yield replace(row, figures=told, holds=row.holds and sum(frozen) > 0 and late == [0])

    def scheduler(self) -> Iterator[Row]:
        with self.served() as servers, self.store() as s3:
            depot = f"s3://tests/{random.randrange(10**9)}"
            with self.cluster(s3) as (url, machines, scheduler):
                driver = self.drive(depot, url, servers, 12)
                self.wait_for(servers, 0.1)
                running = sum(len(machine.slices()) for machine in machines)
                scheduler.kill()
                _, err = driver.communicate(timeout=120)
                first = driver.returncode
                if first != 4:
                    print(err[-2000:], file=sys.stderr)
                deadline = time.monotonic() + self.slice_s + TIMEOUT_S + 60
                while any(m.slices() for m in machines) and time.monotonic() < deadline:
                    time.sleep(0.5)
                shipped = sum(bool(Depot.open(depot).versions(name)) for name in servers)
            with self.cluster(s3) as (url, machines, _):
                driver = self.drive(depot, url, servers, 12)
                driver.communicate(timeout=900)
            equal, asked, told, kept = self.judge(depot, servers)
        yield Row(
            f"{self.fleet}: scheduler killed; a new one",
            f"driver's exit {first}; {running} slices ran, {shipped}/{self.papers} papers shipped;"
            f" the next run {equal}/{self.papers} equal; {asked} requests against {self.requests};"
            f" {told}",
            first == 4 and shipped == self.papers and equal == self.papers and kept,
        )

    def away(self) -> Iterator[Row]:
        yield from self._away(40)
        yield from self._away(self.slice_s + TIMEOUT_S + 30 + 20)

    def _away(self, seconds: float) -> Iterator[Row]:
        place = Path(tempfile.mkdtemp(dir=self.folder))
        with self.served() as servers, object_store(place) as s3:
            os.environ.update(s3)
            depot = f"s3://tests/{random.randrange(10**9)}"
            with self.cluster(s3) as (url, machines, _):
                driver = self.drive(depot, url, servers, 12)
                self.wait_for(servers, 0.2)
                pid = int((place / "pid").read_text())
                os.kill(pid, signal.SIGSTOP)
                time.sleep(seconds)
                os.kill(pid, signal.SIGCONT)
                driver.communicate(timeout=900)
                aside = sum(len(list(m.folder.glob("data/aside/*.db"))) for m in machines)
            equal, asked, told, kept = self.judge(depot, servers)
            slices = max(len(Depot.open(depot).versions(name)) for name in servers)
        # Each slice asks for robots.txt, the home page and the feed again.
        most = 1.1 * self.requests + 3 * slices * self.papers
        yield Row(
            f"{self.fleet}: the store away for {seconds:g} s",
            f"{equal}/{self.papers} equal; {asked} requests against {self.requests}; {told};"
            f" {aside} set aside",
            equal == self.papers and kept and asked <= most and not aside,
        )

    def races(self) -> Iterator[Row]:
        place = Path(tempfile.mkdtemp(dir=self.folder))
        with object_store(place) as s3:
            os.environ.update(s3)
            for url in (str(place / "depot"), "s3://tests/races"):
                yield _races(url, place)

    def cost(self) -> Iterator[Row]:
        with self.store():
            yield _cost("s3://tests/cost", self.folder)

    def weight(self) -> Iterator[Row]:
        yield _weight(self.folder)

    def alone(self) -> Iterator[Row]:
        with self.served() as servers:
            depot = self.folder / "alone"
            driver = self._local(depot, "alone-data", servers)
            _, err = driver.communicate(timeout=900)
            if driver.returncode:
                print(err[-2000:], file=sys.stderr)
            equal, asked, told, kept = self.judge(str(depot), servers)
        yield Row(
            f"{self.papers} papers of {self.size} numbers: a folder as depot, without scheduler",
            f"{equal}/{self.papers} equal; {asked} requests against {self.requests}; {told}",
            driver.returncode == 0 and equal == self.papers and kept,
        )

    def drivers(self) -> Iterator[Row]:
        """Whoever comes second finds the lanes leased; later it only looks for new articles."""
        with self.served() as servers:
            depot = self.folder / "drivers"
            both = [self._local(depot, f"drivers-{n}", servers) for n in (1, 2)]
            for driver in both:
                driver.communicate(timeout=900)
            codes = sorted(driver.returncode for driver in both)
            equal, asked, told, kept = self.judge(str(depot), servers)
        most = self.requests + 12 * self.papers
        yield Row(
            f"{self.papers} papers of {self.size} numbers: two drivers on one depot at once",
            f"{equal}/{self.papers} equal; {asked} requests against {self.requests}; {told};"
            f" exits {codes[0]} and {codes[1]}",
            equal == self.papers and kept and asked <= most and set(codes) <= {0, 5},
        )

    def _local(
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

    def gone(self) -> Iterator[Row]:
        with self.served():
            pass

        def replace_all(machines: list[Machine], _: Any, servers: dict[str, LocalServer]) -> None:
            self.wait_for(servers, 0.1)
            for machine in machines:
                machine.send(signal.SIGKILL, worker=True, crawl=False)
            time.sleep(10)
            for machine in machines:
                machine.restart_if_dead()

        row = self.run("all workers gone, others come", 1.6 * self.requests, replace_all)
        yield row

    def lane(self) -> Iterator[Row]:
        """Twelve papers of one lane: whatever their addresses, one request at a time."""
        with self.served():
            pass
        lane = 'lane = "vendor"'
        with ExitStack() as stack:
            servers = stack.enter_context(self.served(lane))
            s3 = stack.enter_context(self.store())
            depot = f"s3://tests/{random.randrange(10**9)}"
            with self.cluster(s3) as (url, _, _scheduler):
                driver = self.drive(depot, url, servers, 1.5)
                driver.communicate(timeout=300)
        spans = sorted((a.started, a.ended) for s in servers.values() for a in s.log if a.ended)
        overlaps = sum(b[0] < a[1] for a, b in pairwise(spans))
        pause = min(b[0] - a[0] for a, b in pairwise(spans))
        yield Row(
            f"{self.fleet}, one lane, 90 s",
            f"{len(spans)} requests, {overlaps} overlapping pairs, shortest pause"
            f" {pause * 1000:.0f} ms over the whole cluster",
            overlaps == 0 and pause >= DELAY - 0.02,
        )

    def lake(self) -> Iterator[Row]:
        from deltalake import DeltaTable

        depot, lake = self.folder / "lake-depot", self.folder / "lake"
        folder = self.folder / "lake-data"
        folder.mkdir()
        store = Depot.open(str(depot), new=True)
        for name in list(sites.load_all())[:5]:
            made = (article(n, f"제목 {n}", f"본문 {n}\n\n" * 20) for n in range(1, 301))
            copy = Copy(folder, sites.load(name))
            keep(copy.path, *made, site=name)
            until = datetime.now(UTC) + timedelta(hours=1)
            claim = lease.claim(store.objects, name, owner_of(folder), until)
            copy.ship(store, claim.lease, lambda: True, {}, None)
        command = [
            *(sys.executable, "-m", "newscrawler", "fleet", "collect", "--all"),
            *("--depot", str(depot), "--lake", str(lake)),
        ]
        dice, wrong, killed = random.Random(SEED), 0, 0
        for _ in range(12):
            one = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(1.0, 4.0))
            killed += one.poll() is None
            one.kill()
            one.wait()
            with suppress(Exception):  # no table yet
                rows = DeltaTable(str(lake / "articles")).to_pyarrow_table(columns=["site", "idx"])
                keys = [(row["site"], row["idx"]) for row in rows.to_pylist()]
                wrong += len(set(keys)) != len(keys)
        done = subprocess.run(command, capture_output=True, check=False).returncode
        rows = DeltaTable(str(lake / "articles")).to_pyarrow_table(columns=["site", "idx"])
        yield Row(
            f"collect killed {killed} times",
            f"{wrong} snapshots with a row twice; at the end {rows.num_rows} articles of 5 papers",
            wrong == 0 and done == 0 and rows.num_rows == 1500,
        )


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


def _asked_by(machine: Machine, servers: Mapping[str, LocalServer]) -> int:
    """How many requests a machine has sent, by its name in the user agent."""
    name = f"{machine.folder.name}@"
    return sum(name in asked.user_agent for one in servers.values() for asked in one.log)


def _races(url: str, place: Path) -> Row:
    """Two shippers of one version, a hundred times."""
    depot, site = Depot.open(url, new=True), sites.load("amenews")
    kind = "a bucket" if "://" in url else "a folder"
    folders = [place / f"{kind[2:]}{n}" for n in range(2)]
    copies = []
    for number, folder in enumerate(folders):
        folder.mkdir()
        keep(folder / "amenews.db", article(number + 1, f"제목 {number}"))
        copies.append(Copy(folder, site))
    claim = lease.claim(depot.objects, "amenews", "races", datetime.now(UTC) + timedelta(hours=1))
    head, single = None, 0
    for turn in range(100):

        def ship(copy: Copy, before: Any = head) -> Any:
            own = replace(claim.lease, token=str(copy.path))
            try:
                return copy.ship(depot, own, lambda: True, {}, before)
            except FencedError:
                return None

        with ThreadPoolExecutor(2) as pool:
            won = [made for made in pool.map(ship, copies) if made]
        single += len(won) == 1
        head = won[0]
        for number, copy in enumerate(copies):
            copy.freshen(depot, "races")
            keep(copy.path, article(2 * turn + number + 10, f"제목 {turn} {number}"))
    aside = sum(len(list((folder / "aside").glob("*.db"))) for folder in folders)
    return Row(
        f"100 races of two shippers, {kind}",
        f"{single} single winners, {len(depot.versions('amenews'))} manifests, {aside} set aside",
        single == 100 and len(depot.versions("amenews")) == 100 and aside == 100,
    )


class _Counted:
    """A place of objects that counts what is asked of it."""

    def __init__(self, objects: Any) -> None:
        self.objects, self.asked = objects, 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self.objects, name)


def _cost(url: str, folder: Path) -> Row:
    """Claim, fetch and ship of papers with a day's articles more, without the crawl."""
    counted = _Counted(Depot.open(url, new=True).objects)
    depot, site = Depot(counted), sites.load("amenews")
    spent: dict[str, float] = dict.fromkeys(("claim", "fetch", "ship", "release"), 0.0)
    turns, asked, moved = 10, 0, 0
    dice = random.Random(SEED)

    def text() -> str:
        return " ".join(str(dice.randrange(10**6)) for _ in range(400))

    copy = Copy(folder / "cost", site)
    copy.path.parent.mkdir()
    keep(copy.path, *(article(n, f"제목 {n}", text()) for n in range(1, 801)))
    for turn in range(turns + 1):
        keep(copy.path, *(article(5000 + 15 * turn + n, "제목", text()) for n in range(15)))
        counted.asked, began = 0, time.process_time()
        until = datetime.now(UTC) + timedelta(hours=1)
        claim = lease.claim(depot.objects, "amenews", "cost", until)
        marks = [began, time.process_time()]
        head = copy.freshen(depot, "cost")
        marks.append(time.process_time())
        made = copy.ship(depot, claim.lease, lambda claim=claim: claim.still_stands, {}, head)
        marks.append(time.process_time())
        claim.release()
        marks.append(time.process_time())
        if turn:  # the first ships a whole file
            asked += counted.asked
            moved += made.parts[-1].bytes
            for name, (a, b) in zip(spent, pairwise(marks), strict=True):
                spent[name] += b - a
    told = ", ".join(f"{name} {s / turns * 1000:.0f} ms" for name, s in spent.items())
    return Row(
        "what a slice costs beside its crawl, a paper with 15 articles more",
        f"{told} of processor; {asked / turns:.0f} requests to the store (and 3 a slice);"
        f" {moved / turns / 1000:.0f} kB shipped",
        sum(spent.values()) / turns < 0.3,
    )


_SHIP = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime, timedelta
from newscrawler import sites
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
depot, site = Depot.open(sys.argv[1], new=True), sites.load("amenews")
copy = Copy(Path(sys.argv[2]), site)
claim = lease.claim(depot.objects, "amenews", "weight", datetime.now(UTC) + timedelta(hours=1))
head = depot.head("amenews")
began = time.process_time()
made = copy.ship(depot, claim.lease, lambda: True, {}, head)
memory = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(sum(p.bytes for p in made.parts) - (sum(p.bytes for p in head.parts) if head else 0),
      time.process_time() - began, memory)
"""


def _weight(folder: Path) -> Row:
    """A large archive and fifteen articles more."""
    data, depot = folder / "heavy", folder / "heavy-depot"
    data.mkdir()
    path = data / "amenews.db"
    dice = random.Random(SEED)
    keep(path, article(1, "하나", "본문"))
    number = 2
    # As much as 60,000 articles weigh: mostly answers, which are packed and do not pack again.
    with Store.open(path) as store:
        columns = (
            "site, fetched_at, url, http_status, headers, body_length, dictionary_id,"
            " digest, verdict, layout, parser_version"
        )
        while path.stat().st_size < 350_000_000:
            with store.transaction() as connection:
                connection.executemany(
                    f"INSERT INTO captures (idx, body, {columns})"
                    f" SELECT ?, ?, {columns} FROM captures WHERE id = 1",
                    [(number + n, dice.randbytes(6000)) for n in range(5000)],
                )
                number += 5000
            store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ship() -> list[float]:
        done = subprocess.run(
            [sys.executable, "-c", _SHIP, str(depot), str(data)],
            capture_output=True,
            text=True,
            check=True,
        )
        return [float(word) for word in done.stdout.split()]

    def text() -> str:
        return " ".join(str(dice.randrange(10**6)) for _ in range(400))

    first = ship()
    keep(path, *(article(number + n, f"제목 {number + n}", text()) for n in range(15)))
    moved, cpu, memory = ship()
    store = Depot.open(str(depot), new=True)
    head = store.head("amenews")
    assert head is not None
    restored = folder / "heavy-restored.db"
    store.fetch(head, restored)
    same = restored.read_bytes() == path.read_bytes()
    return Row(
        f"{head.size / 1e6:.0f} MB + 15 articles",
        f"first {first[0] / 1e6:.0f} MB, then {moved / 1e6:.2f} MB shipped, {cpu:.1f} s of"
        f" processor, {memory / 1024:.0f} MB of memory; restored"
        f" {'equal' if same else 'NOT equal'} to the byte",
        same and moved <= 1e6 and cpu <= 2.0 and memory <= 150 * 1024,
    )


CASES = (
    "undisturbed",
    "killed",
    "frozen",
    "scheduler",
    "away",
    "races",
    "cost",
    "weight",
    "alone",
    "drivers",
    "lane",
    "lake",
    "gone",
)


def _lines(row: str, measured: list[Row]) -> list[str]:
    return [
        f"| `{row}` | {one.what} | {one.figures} | {'yes' if one.holds else '**no**'} |"
        for one in measured
    ]


def write(page: Path, row: str, measured: list[Row]) -> None:
    """Replace the lines of a row in the page; the other rows stay as they are."""
    before, _, after = page.read_text("utf-8").partition(BEGINS)
    kept = [line for line in after.splitlines() if line.startswith("| `")]
    lines = [line for line in kept if not line.startswith(f"| `{row}` ")] + _lines(row, measured)
    lines.sort(key=lambda line: CASES.index(line.split("`")[1]))
    page.write_text(before.rstrip("\n") + "\n" + HEAD + "\n".join(lines) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", metavar="ROW", nargs="*", choices=[*CASES, []], default=[])
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--size", type=int, default=120, help="numbers of a paper")
    parser.add_argument("--machines", type=int, default=3)
    parser.add_argument("--slice", type=float, default=60, metavar="S", help="seconds")
    parser.add_argument("--kill-every", type=float, default=8, metavar="S", help="seconds")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    # A time-out from outside must leave no worker behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    all_hold = True
    try:
        torture = Torture(
            folder, given.papers, given.size, given.machines, given.slice, given.kill_every
        )
        for name in given.rows or CASES:
            measured = list(getattr(torture, name)())
            for row in measured:
                print("holds " if row.holds else "FAILS ", row.what, "|", row.figures, flush=True)
            write(ROOT / "docs/reliability.md", name, measured)
            all_hold &= all(row.holds for row in measured)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
