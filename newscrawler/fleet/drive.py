"""The driver: assigns slices to machines, prefers machines that have the files, and reassigns lost
ones.

The driver stores nothing. It may end at any moment: running slices still upload their work, and the
next driver reads the state from the depot.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from newscrawler import clock
from newscrawler.fleet.work import slice_here
from newscrawler.outcomes import EXIT_BUG, EXIT_USAGE, Outcome
from newscrawler.sites import Site

logger = logging.getLogger(__name__)

LARGEST_SHARD = 100
"""Papers in one process: 100 took 0.4 of a core and 250 MB at a delay of 2 s."""
_LOOK_S = 1.0
"""How often the driver checks which workers are connected."""
_OVERTIME = timedelta(minutes=3)
"""How much longer than its slice a task may take, with timeout and upload, before it counts as
never started."""
_SHORTEST = timedelta(seconds=5)
"""A shorter slice is not started."""
_AGAIN = timedelta(seconds=5)
"""Time until a lane that was locked for an unknown time is tried again."""
_LOOK_AGAIN = timedelta(minutes=1)
"""Time until a lane that is leased elsewhere is tried again: a lease can be released early."""

_AGAIN_AT_ONCE = {
    str(outcome)
    for outcome in (
        Outcome.BUDGET,
        Outcome.FENCED,
        Outcome.UNSHIPPED,
        Outcome.INTERRUPTED,
        Outcome.RUNNING,
    )
}


class Engine(Protocol):
    """The part of a cluster that the driver uses."""

    def workers(self) -> dict[str, str]: ...

    def submit(self, worker: str, work: Callable[..., Any], *arguments: Any) -> Any: ...

    def finished(self, tasks: Sequence[Any], seconds: float) -> list[Any]: ...

    def result(self, task: Any) -> Any: ...

    def drop(self, task: Any) -> None: ...


@dataclass(slots=True)
class Lane:
    """Papers that are crawled together, and their state."""

    name: str
    papers: list[Site]
    not_before: datetime
    sticky: str | None = None
    """Owner of the folder with their files."""
    must_stay: bool = False
    """That folder has work that is not in the depot yet."""
    is_done: bool = False


@dataclass(slots=True)
class Running:
    """A task: its lanes, its worker, and when it must have ended."""

    task: Any
    worker: str
    lanes: list[Lane]
    overdue_at: datetime


@dataclass
class Orders:
    """The common parameters of all slices of a run."""

    depot: str
    folder: str | None
    assignments: Sequence[str]
    end: datetime
    slice_minutes: float
    as_it_is: bool = False
    """Re-parse stored answers instead of a crawl."""
    largest: int = LARGEST_SHARD
    words: Mapping[str, str] = field(default_factory=dict)
    """Paper's name → its argument on a command line: a name, or a site file."""


class Driver:
    """One run over many papers."""

    def __init__(
        self,
        engine: Engine,
        orders: Orders,
        papers: Iterable[Site],
        owners: Mapping[str, str],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.engine = engine
        self.orders = orders
        self._now = now
        self.lanes: dict[str, Lane] = {}
        for site in papers:
            lane = self.lanes.setdefault(site.lane_name, Lane(site.lane_name, [], now()))
            lane.papers.append(site)
            lane.sticky = lane.sticky or owners.get(site.name)
        self.running: list[Running] = []
        self.summaries: dict[str, dict[str, Any]] = {}
        self.slices = 0

    def run(self) -> list[dict[str, Any]]:
        """Run until every lane is done or the time is over; returns the last summary of each paper.

        Raises:
            EngineGoneError: the scheduler does not answer any more.
        """
        while self.running or self._waiting():
            workers = self.engine.workers()
            self._take_back(workers)
            self._hand_out(workers)
            for task in self.engine.finished([one.task for one in self.running], _LOOK_S):
                self._ended(next(one for one in self.running if one.task is task))
        return [
            self.summaries.get(site.name) or self._never(site)
            for lane in self.lanes.values()
            for site in lane.papers
        ]

    def _waiting(self) -> list[Lane]:
        """Lanes that are neither done nor running, if there is time for a slice."""
        if self._left() < _SHORTEST:
            return []
        busy = {lane.name for one in self.running for lane in one.lanes}
        return [lane for lane in self.lanes.values() if not lane.is_done and lane.name not in busy]

    def _left(self) -> timedelta:
        return self.orders.end - self._now()

    # -- handing out --------------------------------------------------------------

    def _hand_out(self, workers: Mapping[str, str]) -> None:
        """Give each idle worker a shard: lanes with files in its folder first, then lanes
        without."""
        ready = [lane for lane in self._waiting() if lane.not_before <= self._now()]
        busy = {one.worker for one in self.running}
        idle = [worker for worker in sorted(workers) if worker not in busy]
        if not ready or not idle:
            return
        live = sum(not lane.is_done for lane in self.lanes.values())
        share = math.ceil(live / len(workers))
        connected = set(workers.values())
        for worker in idle:
            shard = self._shard(ready, workers[worker], connected, share)
            ready = [lane for lane in ready if lane not in shard]
            if shard:
                self._submit(worker, shard)

    def _shard(self, ready: list[Lane], owner: str, connected: set[str], share: int) -> list[Lane]:
        """The lanes for a worker, at most its share, plus those that must stay with it."""

        def rank(lane: Lane) -> int:
            if lane.sticky == owner:
                return 0
            return 1 if lane.sticky not in connected else 2

        shard: list[Lane] = []
        papers = 0
        for lane in sorted(ready, key=rank):
            if lane.must_stay and lane.sticky != owner and lane.sticky in connected:
                continue
            over = len(shard) >= share or papers + len(lane.papers) > self.orders.largest
            if shard and over and not (lane.must_stay and lane.sticky == owner):
                continue
            shard.append(lane)
            papers += len(lane.papers)
        return shard

    def _submit(self, worker: str, shard: list[Lane]) -> None:
        orders = self.orders
        minutes = min(orders.slice_minutes, self._left().total_seconds() / 60)
        words = [orders.words.get(site.name, site.name) for lane in shard for site in lane.papers]
        task = self.engine.submit(
            *(worker, slice_here, words, orders.depot, orders.folder),
            *(minutes, list(orders.assignments), orders.as_it_is),
        )
        overdue_at = self._now() + timedelta(minutes=minutes) + _OVERTIME
        self.running.append(Running(task, worker, shard, overdue_at))
        self.slices += 1

    # -- taking back --------------------------------------------------------------

    def _take_back(self, workers: Mapping[str, str]) -> None:
        """Reassign the tasks of lost workers, and those that never end; leases prevent double
        work."""
        for one in list(self.running):
            if one.worker not in workers or self._now() >= one.overdue_at:
                logger.warning("%s is lost: its papers are assigned again", one.worker)
                self.running.remove(one)
                self.engine.drop(one.task)

    def _ended(self, one: Running) -> None:
        self.running.remove(one)
        result = self.engine.result(one.task)
        self.engine.drop(one.task)
        told = result["summaries"] if result else []
        by_name = {summary["site"]: summary for summary in told}
        for lane in one.lanes:
            found = [by_name[site.name] for site in lane.papers if site.name in by_name]
            if len(found) == len(lane.papers):
                self._learn(lane, found)
            elif result and result["exit_code"] in _FOR_GOOD:
                self._refuse(lane, result)
            else:
                lane.not_before = self._now() + _AGAIN  # it was killed

    def _learn(self, lane: Lane, found: list[dict[str, Any]]) -> None:
        for summary in found:
            self.summaries[summary["site"]] = summary
        outcomes = {summary["outcome"] for summary in found}
        lane.must_stay = any(summary["unshipped"] for summary in found)
        if outcomes & {str(Outcome.LOCKED)}:
            ends = [clock.from_text(one["until"]) for one in found if one["until"]]
            earliest, latest = self._now() + _AGAIN, self._now() + _LOOK_AGAIN
            lane.not_before = min(max([*ends, earliest]), latest)
            if not lane.must_stay:
                lane.sticky = None  # somebody else has it
            return
        lane.sticky = found[0]["owner"]
        lane.is_done = not outcomes & _AGAIN_AT_ONCE
        lane.not_before = self._now()

    def _refuse(self, lane: Lane, result: Mapping[str, Any]) -> None:
        """Whether an error would repeat: a command that refuses a paper refuses it again."""
        lane.is_done = True
        for site in lane.papers:
            self.summaries[site.name] = {
                "site": site.name,
                "outcome": str(Outcome.REFUSED),
                "exit_code": result["exit_code"],
                "diagnosis": result["said"] or "the command ended without a message",
            }

    def _never(self, site: Site) -> dict[str, Any]:
        return {
            "site": site.name,
            "outcome": str(Outcome.BUDGET),
            "exit_code": Outcome.BUDGET.exit_code,
            "diagnosis": "no machine had time for it, or none finished it",
        }


_FOR_GOOD = (EXIT_BUG, EXIT_USAGE)
"""Exit codes that a command would have again if it were repeated."""
