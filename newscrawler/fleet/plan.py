"""Estimates a run over many papers, before any request: lanes, numbers, hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newscrawler.fleet.depot import Depot, Manifest
from newscrawler.sites import Site

PAPERS_A_PROCESS = 250
"""Papers for one core at a delay of 2 s: 100 took 0.4 of a core."""


@dataclass(frozen=True, slots=True)
class LanePlan:
    """One lane: its papers share one delay, so their numbers add up."""

    lane: str
    papers: list[str]
    hosts: list[str]
    numbers: int | None
    """Unsettled numbers, by the depot; ``None``: a paper was never crawled."""
    seconds: float | None
    """With the delay of its slowest paper, and half its jitter."""
    bytes: int
    """Size of its archives now."""


def plan(depot: Depot, papers: Iterable[tuple[Site, float]]) -> list[LanePlan]:
    """The lanes, the longest first.

    Args:
        papers: each with the seconds that one of its requests takes on average.
    """
    lanes: dict[str, list[tuple[Site, float]]] = {}
    for site, seconds in papers:
        lanes.setdefault(site.lane_name, []).append((site, seconds))
    found = [_lane(depot, name, members) for name, members in lanes.items()]
    return sorted(found, key=lambda lane: (lane.numbers is not None, -(lane.numbers or 0)))


def _lane(depot: Depot, name: str, members: list[tuple[Site, float]]) -> LanePlan:
    heads = [depot.head(site.name) for site, _ in members]
    left = [_left(head, site) for head, (site, _) in zip(heads, members, strict=True)]
    known = [number for number in left if number is not None]
    numbers = sum(known) if len(known) == len(left) else None
    slowest = max(seconds for _, seconds in members)
    return LanePlan(
        lane=name,
        papers=[site.name for site, _ in members],
        hosts=sorted({host for site, _ in members for host in site.hosts}),
        numbers=numbers,
        seconds=None if numbers is None else numbers * slowest,
        bytes=sum(head.size for head in heads if head),
    )


def _left(head: Manifest | None, site: Site) -> int | None:
    if head is None or head.newest is None or head.settled is None:
        return None
    return max(0, head.newest - site.first_idx + 1 - head.settled)
