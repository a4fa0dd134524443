"""What a driver is given, papers, orders and machines, and the summaries that it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, Protocol, TypedDict

LARGEST_SHARD = 100
"""Papers in one process: 100 took 0.4 of a core and 250 MB at a delay of 2 s."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the driver knows of a paper."""

    name: str
    lane: str
    argument: str
    """Its argument on a command line: the name, or a site file."""
    owner: str | None = None
    """Owner of the folder that uploaded it last."""


@dataclass
class Orders:
    """The common parameters of all slices of a run."""

    depot: str
    folder: str | None
    assignments: Sequence[str]
    end: datetime
    slice_minutes: float
    reparse: bool = False
    """Re-parse stored answers instead of a crawl."""
    largest_shard: int = LARGEST_SHARD
    """Papers in one process at most, unless one lane has more."""


class Summary(TypedDict):
    """What the driver reads of a paper's summary; a slice's summary has more keys."""

    site: str
    outcome: str
    exit_code: int
    diagnosis: str | None
    owner: NotRequired[str]
    """Owner of the folder with the paper's files."""
    until: NotRequired[str | None]
    """When another machine's lease ends (UTC)."""
    unshipped: NotRequired[bool]
    """Whether that folder has work that is not in the depot yet."""


class Engine(Protocol):
    """The part of a cluster that the driver uses."""

    def workers(self) -> dict[str, str]: ...

    def submit(self, worker: str, work: Callable[..., Any], *arguments: Any) -> Any: ...

    def finished(self, tasks: Sequence[Any], seconds: float) -> list[Any]: ...

    def result(self, task: Any) -> Any: ...

    def drop(self, task: Any) -> None: ...
