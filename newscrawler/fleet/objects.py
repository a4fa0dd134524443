"""The operations that a depot needs of its store: four writes, four reads, two conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from newscrawler.exceptions import DepotSettingError


@dataclass(frozen=True, slots=True)
class Found:
    """An object's content, and the tag of exactly this content."""

    data: bytes
    tag: str


class Objects(Protocol):
    """Objects by key. Every method may raise :class:`DepotError`."""

    def get(self, key: str) -> Found | None:
        """A small object; ``None`` if there is none."""

    def create(self, key: str, data: bytes) -> bool:
        """Create a small object; ``False`` if there is one already, which stays unchanged."""

    def swap(self, key: str, data: bytes, tag: str) -> bool:
        """Replace a small object; ``False`` if it has another tag by now."""

    def keys(self, prefix: str, after: str = "") -> list[str]:
        """The keys with a prefix that ends in ``/``, sorted; only those after ``after``."""

    def folders(self) -> list[str]:
        """The first parts of all keys, sorted."""

    def upload(self, key: str, file: Path) -> None:
        """Store a file; the key is a new one."""

    def download(self, key: str, file: Path) -> None:
        """Download an object into a file.

        Raises:
            DamagedError: there is none.
        """

    def written_at(self, key: str) -> datetime | None:
        """When an object was written, by the depot's own clock."""


PROBE = "probe.json"
"""Written by the first check, so every depot has it."""
PROBE_CONTENT = b"{}"


def probe(objects: Objects) -> None:
    """Check that the store can be written and supports conditional writes, which leases need.

    Raises:
        DepotSettingError: a condition was ignored.
        DepotError: it cannot be read or written.
    """
    objects.create(PROBE, PROBE_CONTENT)
    if objects.create(PROBE, PROBE_CONTENT) or objects.swap(PROBE, PROBE_CONTENT, "0" * 32):
        raise DepotSettingError(
            "this depot ignores conditional writes (If-None-Match, If-Match), so two machines"
            " could crawl one paper at once: use a store that supports them"
        )
