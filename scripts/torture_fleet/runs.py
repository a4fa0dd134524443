"""Whole runs of a fleet, against something that happens to it meanwhile."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from newscrawler.demo.server import LocalServer
from newscrawler.fleet.depot import Depot
from scripts.torture.table import Row
from scripts.torture_fleet.fleet import DELAY, SEED, TIMEOUT_S, Fleet
from scripts.torture_fleet.machines import Machine
from tests.fleet.conftest import object_store


def undisturbed(fleet: Fleet) -> Iterator[Row]:
    with fleet.served():
        pass
    row = fleet.run("undisturbed", fleet.requests + 3 * 3 * fleet.papers)
    yield row


def killed(fleet: Fleet) -> Iterator[Row]:
    with fleet.served():
        pass
    dice = random.Random(SEED)
    done = 0

    def kill(machines: list[Machine], driver: Any, servers: object) -> None:
        nonlocal done
        while driver.poll() is None and done < 30:
            time.sleep(fleet.kill_s)
            if driver.poll() is not None:
                return
            machine = dice.choice(machines)
            worker, crawl = dice.choice([(True, False), (False, True), (True, True)])
            machine.send(signal.SIGKILL, worker=worker, crawl=crawl)
            done += 1
            time.sleep(0.5)
            for one in machines:
                one.restart_if_dead()

    what = f"kill -9 of worker, crawl or both, every {fleet.kill_s:g} s"
    row = fleet.run(what, 1.6 * fleet.requests, kill)
    yield replace(row, what=row.what.replace("kill -9", f"{done} times kill -9"))


def frozen(fleet: Fleet) -> Iterator[Row]:
    with fleet.served():
        pass
    late: list[int] = []
    frozen: list[int] = []

    def freeze(machines: list[Machine], driver: Any, servers: dict[str, LocalServer]) -> None:
        while all(_asked_by(one, servers) < 10 for one in machines):
            time.sleep(0.2)
        machine = max(machines, key=lambda one: _asked_by(one, servers))
        old = set(machine.slices())
        machine.send(signal.SIGSTOP, worker=True, crawl=True)
        time.sleep(fleet.slice_s + TIMEOUT_S + 30 + 15)
        before = _asked_by(machine, servers)
        machine.send(signal.SIGCONT, worker=True, crawl=True)
        while old & set(machine.slices()):
            time.sleep(0.2)
        late.append(_asked_by(machine, servers) - before)
        frozen.append(len(old))

    row = fleet.run("frozen past the lease, then thawed", 1.6 * fleet.requests, freeze)
    told = f"{sum(frozen)} crawl(s) frozen, {sum(late)} requests after the thaw; {row.figures}"
    yield replace(row, figures=told, holds=row.holds and sum(frozen) > 0 and late == [0])


def scheduler(fleet: Fleet) -> Iterator[Row]:
    with fleet.served() as servers, fleet.store() as s3:
        depot = f"s3://tests/{random.randrange(10**9)}"
        with fleet.cluster(s3) as (url, machines, scheduler):
            driver = fleet.drive(depot, url, servers, 12)
            fleet.wait_for(servers, 0.1)
            running = sum(len(machine.slices()) for machine in machines)
            scheduler.kill()
            _, err = driver.communicate(timeout=120)
            first = driver.returncode
            if first != 4:
                print(err[-2000:], file=sys.stderr)
            deadline = time.monotonic() + fleet.slice_s + TIMEOUT_S + 60
            while any(m.slices() for m in machines) and time.monotonic() < deadline:
                time.sleep(0.5)
            shipped = sum(bool(Depot.open(depot).versions(name)) for name in servers)
        with fleet.cluster(s3) as (url, machines, _):
            driver = fleet.drive(depot, url, servers, 12)
            driver.communicate(timeout=900)
        equal, asked, told, kept = fleet.judge(depot, servers)
    yield Row(
        f"{fleet.title}: scheduler killed; a new one",
        f"driver's exit {first}; {running} slices ran, {shipped}/{fleet.papers} papers shipped;"
        f" the next run {equal}/{fleet.papers} equal; {asked} requests against {fleet.requests};"
        f" {told}",
        first == 4 and shipped == fleet.papers and equal == fleet.papers and kept,
    )


def away(fleet: Fleet) -> Iterator[Row]:
    yield from _away(fleet, 40)
    yield from _away(fleet, fleet.slice_s + TIMEOUT_S + 30 + 20)


def _away(fleet: Fleet, seconds: float) -> Iterator[Row]:
    place = Path(tempfile.mkdtemp(dir=fleet.folder))
    with fleet.served() as servers, object_store(place) as s3:
        os.environ.update(s3)
        depot = f"s3://tests/{random.randrange(10**9)}"
        with fleet.cluster(s3) as (url, machines, _):
            driver = fleet.drive(depot, url, servers, 12)
            fleet.wait_for(servers, 0.2)
            pid = int((place / "pid").read_text())
            os.kill(pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(pid, signal.SIGCONT)
            driver.communicate(timeout=900)
            aside = sum(len(list(m.folder.glob("data/aside/*.db"))) for m in machines)
        equal, asked, told, kept = fleet.judge(depot, servers)
        slices = max(len(Depot.open(depot).versions(name)) for name in servers)
    # Each slice asks for robots.txt, the home page and the feed again.
    most = 1.1 * fleet.requests + 3 * slices * fleet.papers
    yield Row(
        f"{fleet.title}: the store away for {seconds:g} s",
        f"{equal}/{fleet.papers} equal; {asked} requests against {fleet.requests}; {told};"
        f" {aside} set aside",
        equal == fleet.papers and kept and asked <= most and not aside,
    )


def alone(fleet: Fleet) -> Iterator[Row]:
    with fleet.served() as servers:
        depot = fleet.folder / "alone"
        driver = fleet.drive_alone(depot, "alone-data", servers)
        _, err = driver.communicate(timeout=900)
        if driver.returncode:
            print(err[-2000:], file=sys.stderr)
        equal, asked, told, kept = fleet.judge(str(depot), servers)
    yield Row(
        f"{fleet.papers} papers of {fleet.size} numbers: a folder as depot, without scheduler",
        f"{equal}/{fleet.papers} equal; {asked} requests against {fleet.requests}; {told}",
        driver.returncode == 0 and equal == fleet.papers and kept,
    )


def drivers(fleet: Fleet) -> Iterator[Row]:
    """Whoever comes second finds the lanes leased; later it only looks for new articles."""
    with fleet.served() as servers:
        depot = fleet.folder / "drivers"
        both = [fleet.drive_alone(depot, f"drivers-{n}", servers) for n in (1, 2)]
        for driver in both:
            driver.communicate(timeout=900)
        codes = sorted(driver.returncode for driver in both)
        equal, asked, told, kept = fleet.judge(str(depot), servers)
    most = fleet.requests + 12 * fleet.papers
    yield Row(
        f"{fleet.papers} papers of {fleet.size} numbers: two drivers on one depot at once",
        f"{equal}/{fleet.papers} equal; {asked} requests against {fleet.requests}; {told};"
        f" exits {codes[0]} and {codes[1]}",
        equal == fleet.papers and kept and asked <= most and set(codes) <= {0, 5},
    )


def gone(fleet: Fleet) -> Iterator[Row]:
    with fleet.served():
        pass

    def replace_all(machines: list[Machine], _: Any, servers: dict[str, LocalServer]) -> None:
        fleet.wait_for(servers, 0.1)
        for machine in machines:
            machine.send(signal.SIGKILL, worker=True, crawl=False)
        time.sleep(10)
        for machine in machines:
            machine.restart_if_dead()

    row = fleet.run("all workers gone, others come", 1.6 * fleet.requests, replace_all)
    yield row


def lane(fleet: Fleet) -> Iterator[Row]:
    """Twelve papers of one lane: whatever their addresses, one request at a time."""
    with fleet.served():
        pass
    lane = 'lane = "vendor"'
    with ExitStack() as stack:
        servers = stack.enter_context(fleet.served(lane))
        s3 = stack.enter_context(fleet.store())
        depot = f"s3://tests/{random.randrange(10**9)}"
        with fleet.cluster(s3) as (url, _, _scheduler):
            driver = fleet.drive(depot, url, servers, 1.5)
            driver.communicate(timeout=300)
    spans = sorted((a.started, a.ended) for s in servers.values() for a in s.log if a.ended)
    overlaps = sum(b[0] < a[1] for a, b in pairwise(spans))
    pause = min(b[0] - a[0] for a, b in pairwise(spans))
    yield Row(
        f"{fleet.title}, one lane, 90 s",
        f"{len(spans)} requests, {overlaps} overlapping pairs, shortest pause"
        f" {pause * 1000:.0f} ms over the whole cluster",
        overlaps == 0 and pause >= DELAY - 0.02,
    )


def _asked_by(machine: Machine, servers: Mapping[str, LocalServer]) -> int:
    """How many requests a machine has sent, by its name in the user agent."""
    name = f"{machine.folder.name}@"
    return sum(name in asked.user_agent for one in servers.values() for asked in one.log)
