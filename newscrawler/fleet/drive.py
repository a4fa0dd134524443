"""The driver: assigns slices to machines, prefers machines that have the files, and reassigns lost
ones.

The driver stores nothing. It may end at any moment: running slices still upload their work, and the
next driver reads the state from the depot.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from newscrawler import clock
from newscrawler.fleet.orders import Engine, Orders, Paper, Summary
from newscrawler.fleet.work import SliceResult, slice_here
from newscrawler.outcomes import EXIT_BUG, EXIT_USAGE, Outcome

logger = logging.getLogger(__name__)

_CHECK_WORKERS_S = 1.0
"""Longest wait for a task to finish before the driver checks which workers are connected."""
_OVERTIME = timedelta(minutes=3)
"""How much longer than its slice a task may take, with timeout and upload, before it counts as
never started."""
_SHORTEST_SLICE = timedelta(seconds=5)
"""A shorter slice is not started."""
_SHORTEST_PAUSE = timedelta(seconds=5)
"""Time until a lane is tried again after its slice was killed, or while it is locked for an unknown
time."""
_LONGEST_PAUSE = timedelta(minutes=1)
"""Most time until a lane that is leased elsewhere is tried again: a lease can be released early."""

_UNFINISHED = frozenset(
    {
        Outcome.BUDGET,
        Outcome.FENCED,
        Outcome.UNSHIPPED,
        Outcome.INTERRUPTED,
        Outcome.RUNNING,
    }
)
"""Outcomes after which a lane gets another slice at once."""
_REPEATING_EXIT_CODES = (EXIT_BUG, EXIT_USAGE)
"""Exit codes with which a command would end again if it were repeated."""


@dataclass(slots=True)
class Lane:
    """Papers that are crawled together, and their state."""

    name: str
    papers: list[Paper]
    not_before: datetime
    sticky: str | None = None
    """Owner of the folder with their files."""
    must_stay: bool = False
    """That folder has work that is not in the depot yet."""
    is_done: bool = False
    refused_by: set[str] = field(default_factory=set)
    """Workers whose command ended at once: without the site file, or of another version."""
    refusal: str = ""
    """What the last of them said."""


@dataclass(slots=True)
class Running:
    """A task: its lanes, its worker, and when it must have ended."""

    task: Any
    worker: str
    lanes: list[Lane]
    overdue_at: datetime


class Driver:
    """One run over many papers."""

    def __init__(
        self,
        engine: Engine,
        orders: Orders,
        papers: Iterable[Paper],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.engine = engine
        self.orders = orders
        self._now = now
        self.lanes: dict[str, Lane] = {}
        for paper in papers:
            lane = self.lanes.setdefault(paper.lane, Lane(paper.lane, [], now()))
            lane.papers.append(paper)
            lane.sticky = lane.sticky or paper.owner
        self.running: list[Running] = []
        self.summaries: dict[str, Summary] = {}
        self._has_slices = False

    def run(self) -> list[Summary]:
        """Run until every lane is done or the time is over; returns the last summary of each paper.

        Raises:
            EngineGoneError: the scheduler does not answer any more.
        """
        while self.running or self._waiting():
            workers = self.engine.workers()
            self._take_back(workers)
            self._hand_out(workers)
            tasks = [running.task for running in self.running]
            for task in self.engine.finished(tasks, _CHECK_WORKERS_S):
                running = next(each for each in self.running if each.task is task)
                self._take_result(running, workers)
        return [
            self.summaries.get(paper.name) or self._without_time(paper, lane.refusal)
            for lane in self.lanes.values()
            for paper in lane.papers
        ]

    def _waiting(self) -> list[Lane]:
        """Lanes that are neither done nor running, if there is time for a slice."""
        if self._left() < _SHORTEST_SLICE:
            return []
        busy = {lane.name for running in self.running for lane in running.lanes}
        return [lane for lane in self.lanes.values() if not lane.is_done and lane.name not in busy]

    def _left(self) -> timedelta:
        return self.orders.end - self._now()

    # -- handing out --------------------------------------------------------------

    def _hand_out(self, workers: Mapping[str, str]) -> None:
        """Give each idle worker a shard: lanes with files in its folder first, then lanes
        without."""
        ready = [lane for lane in self._waiting() if lane.not_before <= self._now()]
        busy = {running.worker for running in self.running}
        idle = [worker for worker in sorted(workers) if worker not in busy]
        if not ready or not idle:
            return
        live = sum(not lane.is_done for lane in self.lanes.values())
        share = math.ceil(live / len(workers))
        connected = set(workers.values())
        for worker in idle:
            open_to = [lane for lane in ready if worker not in lane.refused_by]
            shard = self._shard(open_to, workers[worker], connected, share)
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
            over = len(shard) >= share or papers + len(lane.papers) > self.orders.largest_shard
            if shard and over and not (lane.must_stay and lane.sticky == owner):
                continue
            shard.append(lane)
            papers += len(lane.papers)
        return shard

    def _submit(self, worker: str, shard: list[Lane]) -> None:
        orders = self.orders
        minutes = min(orders.slice_minutes, self._left().total_seconds() / 60)
        arguments = [paper.argument for lane in shard for paper in lane.papers]
        task = self.engine.submit(
            *(worker, slice_here, arguments, orders.depot, orders.folder),
            *(minutes, list(orders.assignments), orders.reparse),
        )
        overdue_at = self._now() + timedelta(minutes=minutes) + _OVERTIME
        self.running.append(Running(task, worker, shard, overdue_at))
        self._has_slices = True

    # -- taking back --------------------------------------------------------------

    def _take_back(self, workers: Mapping[str, str]) -> None:
        """Reassign the tasks of lost workers, and those that never end; leases prevent double
        work."""
        for running in list(self.running):
            if running.worker not in workers or self._now() >= running.overdue_at:
                logger.warning("%s is lost: its papers are assigned again", running.worker)
                self.running.remove(running)
                self.engine.drop(running.task)

    def _take_result(self, running: Running, workers: Iterable[str]) -> None:
        """Learn from a task that has ended what its lanes need next."""
        self.running.remove(running)
        result: SliceResult | None = self.engine.result(running.task)
        self.engine.drop(running.task)
        summaries: list[Summary] = result["summaries"] if result else []
        by_name = {summary["site"]: summary for summary in summaries}
        for lane in running.lanes:
            found = [by_name[paper.name] for paper in lane.papers if paper.name in by_name]
            if len(found) == len(lane.papers):
                self._learn(lane, found)
            elif result and result["exit_code"] in _REPEATING_EXIT_CODES:
                said = result["said"] or "the command ended without a message"
                lane.refused_by.add(running.worker)
                lane.refusal = f"{said} (worker {running.worker})"
                if lane.refused_by.issuperset(workers):
                    self._give_up(lane, result["exit_code"])
            else:
                lane.not_before = self._now() + _SHORTEST_PAUSE  # it was killed

    def _learn(self, lane: Lane, found: list[Summary]) -> None:
        """Whether a lane is done, and else when and where its next slice may run."""
        for summary in found:
            self.summaries[summary["site"]] = summary
        outcomes = {summary["outcome"] for summary in found}
        lane.must_stay = any(summary["unshipped"] for summary in found)
        if Outcome.LOCKED in outcomes:
            ends = [clock.from_text(until) for summary in found if (until := summary["until"])]
            earliest, latest = self._now() + _SHORTEST_PAUSE, self._now() + _LONGEST_PAUSE
            lane.not_before = min(max([*ends, earliest]), latest)
            if not lane.must_stay:
                lane.sticky = None  # somebody else has it
            return
        lane.sticky = found[0]["owner"]
        lane.is_done = not outcomes & _UNFINISHED
        lane.not_before = self._now()

    def _give_up(self, lane: Lane, exit_code: int) -> None:
        """Give a lane no more slices: its command failed on every worker, and would fail again."""
        lane.is_done = True
        for paper in lane.papers:
            self.summaries[paper.name] = {
                "site": paper.name,
                "outcome": str(Outcome.REFUSED),
                "exit_code": exit_code,
                "diagnosis": lane.refusal,
            }

    def _without_time(self, paper: Paper, refusal: str) -> Summary:
        """The summary of a paper of which no slice has ended."""
        why = "no worker that can crawl was connected"
        if self._has_slices:
            why = "no machine had time for it, or none finished it"
        if refusal:
            why += f"; the last one could not begin: {refusal}"
        return {
            "site": paper.name,
            "outcome": str(Outcome.BUDGET),
            "exit_code": Outcome.BUDGET.exit_code,
            "diagnosis": why,
        }
