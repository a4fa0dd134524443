"""The state of every paper, read from the depot only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from newscrawler import clock
from newscrawler.exceptions import DepotError
from newscrawler.fleet import lease
from newscrawler.fleet.depot import Depot, Manifest
from newscrawler.fleet.facts import site_digest
from newscrawler.sites import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """One paper in a depot."""

    site: str
    version: int | None
    shipped_at: str | None
    age_seconds: int | None
    machine: str | None
    by: str | None
    outcome: str | None
    left: int | None
    settled: int | None
    newest: int | None
    settled_share: float | None
    """Share of settled numbers up to the newest; 0 to 1."""
    bytes: int | None
    lease: dict[str, str] | None
    """The lease of the paper's lane, while it lasts: machine, owner, since, until."""
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    is_overdue: bool = False
    troubles: list[str] = field(default_factory=list)


def standing(
    depot: Depot, paper: str, site: Site | None, now: datetime, overdue: timedelta
) -> Standing:
    """The state of a paper.

    Args:
        site: its site file on this machine; ``None``: not known here.
        overdue: from which age the newest version is overdue.
    """
    troubles: list[str] = []

    def tried(read: Callable[[], T | None]) -> T | None:
        try:
            return read()
        except DepotError as error:
            troubles.append(str(error))
            return None

    head = tried(lambda: depot.head(paper))
    held = tried(lambda: lease.read(depot.objects, site.lane_name if site else paper))
    asides = tried(lambda: depot.asides(paper)) or []
    if held and held.is_from_the_future(now):
        troubles.append(
            f"{held.machine} took the lease at {held.since}: the clock of that machine is ahead"
        )
    if head and site and head.site_digest != site_digest(site):
        troubles.append(f"{head.machine} has another site file than this machine")
    age = int((now - clock.from_text(head.shipped_at)).total_seconds()) if head else None
    lasts = held and held.ends > now
    return Standing(
        site=paper,
        version=head.version if head else None,
        shipped_at=head.shipped_at if head else None,
        age_seconds=age,
        machine=head.machine if head else None,
        by=head.by if head else None,
        outcome=head.outcome if head else None,
        left=head.left if head else None,
        settled=head.settled if head else None,
        newest=head.newest if head else None,
        settled_share=_share(head, site),
        bytes=head.size if head else None,
        lease=asdict(held) if held and lasts else None,
        set_aside=[asdict(note) for note in asides],
        is_overdue=age is None or age > overdue.total_seconds(),
        troubles=troubles,
    )


def _share(head: Manifest | None, site: Site | None) -> float | None:
    if head is None or head.settled is None or not head.newest:
        return None
    first = site.first_idx if site else 1
    return min(1.0, head.settled / max(1, head.newest - first + 1))


def owners(depot: Depot, papers: Iterable[str]) -> dict[str, str]:
    """Paper → owner of the folder that uploaded it last, if any."""
    found: dict[str, str] = {}
    for paper in papers:
        if head := depot.head(paper):
            found[paper] = head.by
    return found
