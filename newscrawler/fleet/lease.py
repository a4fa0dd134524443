"""Leases: who may crawl a lane until when; one object, changed by compare-and-set.

A lease is never renewed. The crawl has a fixed end, and the lease lasts a little longer: the
timeout of the last request, and half a minute for the upload and for different clocks.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from newscrawler import clock
from newscrawler.exceptions import ClockError, DamagedError, LeaseHeldError
from newscrawler.fleet import records
from newscrawler.fleet.objects import Objects

MARGIN = timedelta(seconds=30)
"""Seconds after the timeout of the last request, for the upload and for different clocks."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The content of ``LANE/lease.json``."""

    lane: str
    owner: str
    """Random id in a folder of archives: the same folder, the same owner."""
    machine: str
    """The name of its host, for people."""
    token: str
    """Random, of this one claim."""
    since: str
    until: str
    """UTC; a released lease ends at its release."""

    def __post_init__(self) -> None:
        records.check_time(self.since)
        records.check_time(self.until)

    @property
    def ends(self) -> datetime:
        return clock.from_text(self.until)

    def is_from_the_future(self, now: datetime) -> bool:
        """Whether it was taken on a machine whose clock is ahead of this one."""
        return clock.from_text(self.since) > now + MARGIN

    def __str__(self) -> str:
        return f"{self.machine} ({self.owner[:8]}) since {self.since}"


def key(lane: str) -> str:
    return f"{lane}/lease.json"


def read(objects: Objects, lane: str) -> Lease | None:
    """The current lease, of any machine; ``None`` if there never was one."""
    found = objects.get(key(lane))
    return _parse(found.data, lane) if found else None


class Claim:
    """A lane that this machine has until :attr:`lease` ends or :meth:`release`."""

    def __init__(self, objects: Objects, lease: Lease) -> None:
        self._objects = objects
        self.lease = lease

    @property
    def still_stands(self) -> bool:
        """Whether no other machine has taken the lane since; a deleted lease is nobody's."""
        found = read(self._objects, self.lease.lane)
        return found is None or found.token == self.lease.token

    def release(self) -> None:
        """Release the lane, unless another machine has it by now."""
        found = self._objects.get(key(self.lease.lane))
        if found is None or _parse(found.data, self.lease.lane).token != self.lease.token:
            return
        ended = replace(self.lease, until=clock.to_text(clock.now()))
        self._objects.swap(key(self.lease.lane), _text(ended), found.tag)


def claim(
    objects: Objects,
    lane: str,
    owner: str,
    until: datetime,
    now: Callable[[], datetime] = clock.now,
) -> Claim:
    """Take a lane.

    A lease of the same folder on the same host is taken over at once: the caller holds a lock in
    the folder, so the process that took it is dead. On another host the folder may be a copy, as in
    a cloned machine, and the process may be alive.

    Raises:
        LeaseHeldError: another machine has it.
        ClockError: the depot's clock, or that of the one before, differs from this machine's.
        DepotError: the depot cannot be used.
    """
    wanted = Lease(
        lane, owner, socket.gethostname(), uuid4().hex, clock.to_text(now()), clock.to_text(until)
    )
    found = objects.get(key(lane))
    if found is None:
        taken = objects.create(key(lane), _text(wanted))
    else:
        held = _parse(found.data, lane)
        if (held.owner, held.machine) != (owner, wanted.machine):
            _refuse(held, now())
        taken = objects.swap(key(lane), _text(wanted), found.tag)
    if not taken:
        raise LeaseHeldError(f"another machine has just taken the lane {lane}")
    ours = Claim(objects, wanted)
    written = objects.written_at(key(lane))
    if written and abs(written - now()) > MARGIN:
        ours.release()
        raise ClockError(
            f"this machine's clock says {clock.to_text(now())}, the depot's"
            f" {clock.to_text(written)}: correct the clock, because leases end at a time"
        )
    return ours


def _refuse(held: Lease, now: datetime) -> None:
    if held.is_from_the_future(now):
        raise ClockError(
            f"the lease of {held.lane} was taken at {held.since} by {held.machine}, but it is"
            f" {clock.to_text(now)} here: one of the two clocks is wrong"
        )
    if held.ends > now:
        raise LeaseHeldError(
            f"the lane {held.lane} is leased to {held} until {held.until}", held.ends
        )


def _text(lease: Lease) -> bytes:
    return json.dumps(asdict(lease), ensure_ascii=False, indent=1).encode()


def _parse(data: bytes, lane: str) -> Lease:
    try:
        return records.read(Lease, data, key(lane))
    except DamagedError as error:
        raise DamagedError(f"{error}; delete it when no machine crawls the lane {lane}") from error
