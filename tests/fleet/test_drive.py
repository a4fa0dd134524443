"""Who gets which papers, and what becomes of papers whose machine is lost: no cluster is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawler import clock
from newscrawler.exceptions import LeaseHeldError
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.drive import Driver
from newscrawler.fleet.local import owner_of
from newscrawler.fleet.orders import Orders, Paper, Summary
from newscrawler.sites import Site
from tests.making import article, keep

START = datetime(2026, 1, 1, tzinfo=UTC)


def paper(name: str, lane: str = "", owner: str | None = None) -> Paper:
    return Paper(name, lane or name, name, owner)


class Machines:
    """A cluster that exists in name only, and its clock: each look takes a second."""

    def __init__(self, **owners: str) -> None:
        self.owners = owners
        self.now = START
        self.given: list[tuple[str, list[str]]] = []
        self.hangs: set[str] = set()
        self.refuses: set[str] = set()
        self.outcomes: dict[str, list[dict[str, Any]]] = {}
        self.at: dict[int, Callable[[], None]] = {}
        self._tasks: dict[int, tuple[str, list[str]]] = {}

    def workers(self) -> dict[str, str]:
        self.now += timedelta(seconds=1)
        self.at.pop(int((self.now - START).total_seconds()), lambda: None)()
        return dict(self.owners)

    def submit(self, worker: str, work: Callable[..., Any], *arguments: Any) -> int:
        self.given.append((worker, list(arguments[0])))
        self._tasks[len(self.given)] = self.given[-1]
        return len(self.given)

    def finished(self, tasks: Sequence[int], seconds: float) -> list[int]:
        return [t for t in tasks if self._tasks[t][0] not in self.hangs]

    def result(self, task: int) -> dict[str, Any] | None:
        worker, names = self._tasks[task]
        if worker in self.refuses:
            return {"summaries": [], "exit_code": 2, "said": "no site file"}
        told = []
        for name in names:
            more = self.outcomes.get(name) or [{}]
            what = more.pop(0)
            if what.get("killed"):
                return {"summaries": [], "exit_code": -9, "said": ""}
            summary = {"site": name, "outcome": "complete", "exit_code": 0, "diagnosis": None}
            summary |= {"owner": self.owners.get(worker), "until": None, "unshipped": False}
            told.append(summary | what)
        return {"summaries": told, "exit_code": 0, "said": ""}

    def drop(self, task: int) -> None:
        pass

    def who_had(self, name: str) -> list[str]:
        return [worker for worker, names in self.given if name in names]


def drive(machines: Machines, *papers: Paper, minutes: float = 10) -> dict[str, Summary]:
    orders = Orders("depot", None, (), START + timedelta(minutes=minutes), slice_minutes=1)
    driver = Driver(machines, orders, papers, now=lambda: machines.now)
    return {summary["site"]: summary for summary in driver.run()}


BUDGET = {"outcome": "budget", "exit_code": 3}


def test_each_machine_gets_its_share() -> None:
    machines = Machines(w1="a", w2="b", w3="c")
    done = drive(machines, *(paper(f"p{n}") for n in range(12)))
    assert sorted(len(names) for _, names in machines.given) == [4, 4, 4]
    assert {summary["outcome"] for summary in done.values()} == {"complete"}


def test_papers_of_one_lane_stay_together() -> None:
    machines = Machines(w1="a", w2="b")
    drive(machines, *(paper(f"p{n}", "vendor") for n in range(4)), paper("q1"), paper("q2"))
    assert sum("p0" in names for _, names in machines.given) == 1
    assert all({"p0", "p1", "p2", "p3"} <= set(n) for _, n in machines.given if "p0" in n)


def test_a_paper_goes_where_its_files_are() -> None:
    machines = Machines(w1="a", w2="b")
    drive(machines, paper("p1", owner="b"), paper("p2", owner="a"))
    assert (machines.who_had("p1"), machines.who_had("p2")) == (["w2"], ["w1"])


def test_a_machine_that_has_gone_keeps_nobody_waiting() -> None:
    machines = Machines(w1="a")
    drive(machines, paper("p1", owner="gone"))
    assert machines.who_had("p1") == ["w1"]


def test_what_is_not_finished_is_given_again_to_the_same_machine() -> None:
    machines = Machines(w1="a", w2="b")
    machines.outcomes = {"p1": [BUDGET, BUDGET]}
    done = drive(machines, paper("p1"), paper("p2"))
    assert len(machines.who_had("p1")) == 3
    assert len(set(machines.who_had("p1"))) == 1
    assert done["p1"]["outcome"] == "complete"


def test_a_lost_worker_has_its_papers_given_to_another() -> None:
    machines = Machines(w1="a", w2="b")
    machines.hangs = {"w1"}
    machines.at[5] = machines.owners.clear
    machines.at[6] = lambda: machines.owners.update(w2="b")
    done = drive(machines, paper("p1"), paper("p2"))
    assert {summary["outcome"] for summary in done.values()} == {"complete"}
    assert {"w1", "w2"} == set(machines.who_had("p1") + machines.who_had("p2"))


def test_a_task_that_never_starts_is_given_again() -> None:
    machines = Machines(w1="a")
    machines.hangs = {"w1"}
    machines.at[300] = machines.hangs.clear
    done = drive(machines, paper("p1"))
    assert machines.who_had("p1") == ["w1", "w1"]
    assert done["p1"]["outcome"] == "complete"


def test_all_workers_gone_and_others_come() -> None:
    machines = Machines(w1="a")
    machines.hangs = {"w1"}
    machines.at[3] = machines.owners.clear
    machines.at[9] = lambda: machines.owners.update(w9="z")
    assert drive(machines, paper("p1"))["p1"]["outcome"] == "complete"
    assert machines.who_had("p1") == ["w1", "w9"]


@pytest.mark.parametrize(("seconds", "tried_at"), [(20, [0, 20]), (90, [0, 60, 90])])
def test_a_lane_that_is_leased_elsewhere_is_tried_again_when_the_lease_ends_or_each_minute(
    seconds: int, tried_at: list[int]
) -> None:
    """A lease can be released before it ends."""
    machines = Machines(w1="a")
    until = clock.to_text(START + timedelta(seconds=seconds))
    locked = {"outcome": "locked", "exit_code": 5, "until": until}
    machines.outcomes = {"p1": [locked] * (len(tried_at) - 1)}
    assert drive(machines, paper("p1"))["p1"]["outcome"] == "complete"
    assert len(machines.given) == len(tried_at)
    assert machines.now >= START + timedelta(seconds=tried_at[-1])


def test_unshipped_work_stays_on_its_machine() -> None:
    machines = Machines(w1="a", w2="b")
    machines.outcomes = {"p1": [{"outcome": "unshipped", "exit_code": 6, "unshipped": True}] * 3}
    drive(machines, paper("p1"), paper("p2"), paper("p3"))
    assert len(machines.who_had("p1")) == 4
    assert len(set(machines.who_had("p1"))) == 1


def test_a_killed_crawl_is_started_again() -> None:
    machines = Machines(w1="a")
    machines.outcomes = {"p1": [{"killed": True}]}
    assert drive(machines, paper("p1"))["p1"]["outcome"] == "complete"
    assert len(machines.given) == 2


def test_what_nobody_had_time_for_is_said() -> None:
    done = drive(Machines(), paper("p1"), minutes=1)
    assert done["p1"]["exit_code"] == 3
    assert done["p1"]["diagnosis"] == "no worker that can crawl was connected"
    machines = Machines(w1="a")
    machines.hangs = {"w1"}
    done = drive(machines, paper("p1"), minutes=1)
    assert "no machine had time for it" in (done["p1"]["diagnosis"] or "")


def test_a_worker_that_lacks_the_site_file_leaves_the_paper_to_others() -> None:
    machines = Machines(w1="a", w2="b")
    machines.refuses = {"w1"}
    done = drive(machines, paper("p1", owner="a"), paper("p2", owner="a"))
    assert {summary["outcome"] for summary in done.values()} == {"complete"}
    assert machines.who_had("p1") == ["w1", "w2"]


def test_a_paper_that_every_worker_refuses_is_refused_once_by_each() -> None:
    machines = Machines(w1="a", w2="b")
    machines.refuses = {"w1", "w2"}
    done = drive(machines, paper("p1"))
    assert (done["p1"]["outcome"], done["p1"]["exit_code"]) == ("refused", 2)
    assert sorted(machines.who_had("p1")) == ["w1", "w2"]
    assert (done["p1"]["diagnosis"] or "").startswith("no site file (worker w")


def test_a_paper_that_waits_for_a_lost_worker_tells_why_another_refused_it() -> None:
    machines = Machines(w1="a", w2="b")
    machines.refuses, machines.hangs = {"w1"}, {"w2"}
    machines.at[8] = machines.owners.clear
    machines.at[9] = lambda: machines.owners.update(w1="a")
    done = drive(machines, paper("p1", owner="a"), minutes=1)
    assert done["p1"]["outcome"] == "budget"
    assert "no site file (worker w1)" in (done["p1"]["diagnosis"] or "")


def test_a_paper_that_the_site_blocks_is_not_tried_again() -> None:
    machines = Machines(w1="a")
    machines.outcomes = {"p1": [{"outcome": "blocked", "exit_code": 4}]}
    assert drive(machines, paper("p1"))["p1"]["exit_code"] == 4
    assert len(machines.given) == 1


class Threads:
    """Machines that claim, add an article, ship and give back; threads instead of crawls."""

    def __init__(self, depot: Depot, folder: Path, inside: list[str]) -> None:
        self.depot, self.folder, self.inside = depot, folder, inside
        self.most = 0
        self._pool = ThreadPoolExecutor(2)

    def workers(self) -> dict[str, str]:
        return {"w": owner_of(self.folder)}

    def submit(self, worker: str, work: Callable[..., Any], *arguments: Any) -> Any:
        return self._pool.submit(self._slice, list(arguments[0]))

    def finished(self, tasks: Sequence[Future[Any]], seconds: float) -> list[Future[Any]]:
        return list(wait(tasks, 0.02, FIRST_COMPLETED).done)

    def result(self, task: Future[Any]) -> Any:
        return task.result()

    def drop(self, task: object) -> None:
        pass

    def _slice(self, names: list[str]) -> dict[str, Any]:
        told = []
        for name in names:
            summary = {"site": name, "outcome": "complete", "exit_code": 0, "diagnosis": None}
            summary |= {"owner": owner_of(self.folder), "until": None, "unshipped": False}
            told.append(summary | self._one(name))
        return {"summaries": told, "exit_code": 0, "said": ""}

    def _one(self, name: str) -> dict[str, Any]:
        copy = Copy(
            self.folder, Site(name, name, f"http://{name}.example/{{idx}}", (f"{name}.example",))
        )
        try:
            until = datetime.now(UTC) + timedelta(minutes=1)
            claim = lease.claim(self.depot.objects, name, owner_of(self.folder), until)
        except LeaseHeldError:
            return {"outcome": "locked", "exit_code": 5}
        self.inside.append(name)
        self.most = max(self.most, self.inside.count(name))
        head = copy.freshen(self.depot, owner_of(self.folder))
        number = head.version + 1 if head else 1
        keep(copy.path, article(number, f"제목 {number}"), site=name)
        copy.ship(self.depot, claim.lease, lambda: claim.still_stands, {}, head)
        self.inside.remove(name)
        claim.release()
        return {"outcome": "complete" if number > 3 else "budget", "exit_code": 0}


def test_two_drivers_on_one_depot_do_no_harm(tmp_path: Path) -> None:
    depot = Depot.open(str(tmp_path / "depot"), new=True)
    began, inside = time.monotonic(), list[str]()
    machines = [Threads(depot, tmp_path / folder, inside) for folder in "ab"]

    def run(engine: Threads) -> list[Summary]:
        # A hundred times as fast: a lane that was locked is tried again after five seconds.
        now = lambda: START + 100 * timedelta(seconds=time.monotonic() - began)  # noqa: E731
        # Long slices: none is overdue, however busy the machine is.
        orders = Orders("depot", None, (), START + timedelta(hours=9), slice_minutes=120)
        return Driver(engine, orders, [paper(f"p{n}") for n in range(3)], now=now).run()

    with ThreadPoolExecutor(2) as pool:
        told = [summary for one in pool.map(run, machines) for summary in one]
    assert {summary["outcome"] for summary in told} == {"complete"}
    assert [engine.most for engine in machines] == [1, 1]
    for name in ("p0", "p1", "p2"):
        head = depot.head(name)
        assert head
        assert depot.versions(name) == list(range(1, head.version + 1))
        assert not depot.asides(name)
