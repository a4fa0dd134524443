"""A machine's copy of a paper's archive: downloaded if it is out of date, uploaded if it has
changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from newscrawler import __version__, clock
from newscrawler.exceptions import DamagedError, DepotError
from newscrawler.fleet import pages, records
from newscrawler.fleet.depot import Depot, Manifest, Note, Part
from newscrawler.fleet.facts import site_digest, sqlite_errors
from newscrawler.fleet.lease import Lease
from newscrawler.fleet.local import refusals
from newscrawler.fleet.pages import Fingerprint
from newscrawler.sites import Site
from newscrawler.store.connection import BESIDE, connect_writer, is_one_file, leave_as_one_file
from newscrawler.store.lock import FileLock, InodeLock

_LONGEST_CHAIN = 200
"""Maximum deltas before a whole file is uploaded again: restoring reads them all."""
_LARGEST_CHAIN = 0.5
"""…or if their size would be this share of the base."""


@dataclass(frozen=True, slots=True)
class State:
    """The recorded state of the copy: its version, and size and time of the file then."""

    version: int
    size: int
    mtime_ns: int
    sha256: str | None = None
    """Of that version: a depot that was restored may have another one of the same number. ``None``:
    recorded before this was."""

    def is_of(self, manifest: Manifest) -> bool:
        """Whether that version is the manifest's."""
        return self.version == manifest.version and self.sha256 in (None, manifest.sha256)


class Copy:
    """The archive of one paper in a folder of this machine."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        self.path = folder / f"{site.name}.db"
        self._state = folder / f"{site.name}.db.depot"
        self._pages = folder / f"{site.name}.db.pages"

    @property
    def state(self) -> State | None:
        """The state when it was last downloaded or uploaded; ``None``: never."""
        with suppress(OSError, DamagedError):
            return records.read(State, self._state.read_bytes(), self._state.name)
        return None

    @property
    def has_unshipped_work(self) -> bool:
        """Whether the file has changed since then, or came from elsewhere."""
        if not self.path.exists():
            return False
        state, wal = self.state, self.path.with_name(f"{self.path.name}-wal")
        now = self.path.stat()
        untouched = state and (state.size, state.mtime_ns) == (now.st_size, now.st_mtime_ns)
        return not untouched or (wal.exists() and wal.stat().st_size > 0)

    def freshen(self, depot: Depot, owner: str) -> Manifest | None:
        """Update the copy to the newest version; its own later work stays.

        Work that is based on an older version came second: it is set aside, never deleted. So is a
        version that the depot has no more, or has another one in its place.

        Returns:
            The newest version; ``None`` if the depot has none yet.

        Raises:
            LockedError: a process is writing the copy.
            DamagedError, DepotError: the version cannot be downloaded.
        """
        state = self.state if self.path.exists() else None
        head = depot.head(self.site.name, state.version if state else 0)
        if head is None or (state and state.is_of(head)):
            return head
        with self.held():
            if self._is_already(head):
                return head
            if self.has_unshipped_work or (state and state.version >= head.version):
                self.set_aside(depot, owner, f"version {head.version} was uploaded by another")
            self._replace(depot, head)
        return head

    def _is_already(self, head: Manifest) -> bool:
        """Whether the copy is that version, although a kill came before it was recorded."""
        if not self.path.exists():
            return False
        with suppress(sqlite3.Error):
            self._settle()
        now = pages.fingerprint(self.path)
        if now.sha256 != head.sha256:
            return False
        self._note(head, now)
        return True

    def fetch(self, depot: Depot, manifest: Manifest) -> None:
        """Replace the copy by a version, in any case."""
        with self.held():
            self._replace(depot, manifest)

    def _replace(self, depot: Depot, manifest: Manifest) -> None:
        fetched = self.path.with_name(f"{self.path.name}.new")
        depot.fetch(manifest, fetched)
        self._state.unlink(missing_ok=True)
        for end in BESIDE:
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        fetched.replace(self.path)
        self._note(manifest, pages.fingerprint(self.path))

    def ship(
        self,
        depot: Depot,
        lease: Lease,
        stands: Callable[[], bool],
        facts: Mapping[str, Any],
        head: Manifest | None,
    ) -> Manifest:
        """Make the copy the newest version: pages that changed, or the whole file.

        Args:
            head: the version on which this work is based.
            facts: fields of :class:`Manifest` about the run.

        Raises:
            FencedError: another machine has uploaded meanwhile, or has the lane.
            LockedError: a process is writing the copy.
            DepotError: the depot cannot be used.
        """
        with self.held():
            self._settle()
            now = pages.fingerprint(self.path)
            if head and head.sha256 == now.sha256:
                self._note(head, now)
                return head
            version = head.version + 1 if head else 1
            base, deltas = self._upload(depot, head, now, f"{version:09d}-{uuid4().hex[:12]}")
            manifest = Manifest(
                paper=self.site.name,
                version=version,
                base=base,
                deltas=deltas,
                size=now.size,
                sha256=now.sha256,
                by=lease.owner,
                machine=lease.machine,
                token=lease.token,
                shipped_at=clock.to_text(clock.now()),
                program=__version__,
                site_digest=site_digest(self.site),
                **facts,
            )
            depot.add(manifest, stands)
            self._note(manifest, now)
            return manifest

    def _upload(
        self, depot: Depot, head: Manifest | None, now: Fingerprint, name: str
    ) -> tuple[Part, tuple[Part, ...]]:
        """Upload what is new; returns the base and the deltas of the new version."""
        packed = self.path.with_name(f"{self.path.name}.packed")
        key = f"{self.site.name}/f/{name}"
        try:
            known = self._known_pages(head)
            if head and known is not None and len(head.deltas) < _LONGEST_CHAIN:
                pages.pack_pages(self.path, pages.changed(known, now.pages), packed)
                chain = sum(part.bytes for part in head.deltas) + packed.stat().st_size
                if chain <= _LARGEST_CHAIN * head.base.bytes:
                    return head.base, (*head.deltas, self._store(depot, f"{key}.pages", packed))
            pages.pack(self.path, packed)
            return self._store(depot, f"{key}.db", packed), ()
        finally:
            packed.unlink(missing_ok=True)

    def _known_pages(self, head: Manifest | None) -> bytes | None:
        """Digests of the pages of the version on which this copy is based, if they are stored."""
        state = self.state
        if head is None or state is None or not state.is_of(head):
            return None
        with suppress(OSError):
            version, _, digests = self._pages.read_bytes().partition(b"\n")
            if version == str(head.version).encode():
                return digests
        return None

    def _store(self, depot: Depot, key: str, packed: Path) -> Part:
        depot.objects.upload(key, packed)
        return Part(key, pages.fingerprint(packed).sha256, packed.stat().st_size)

    def set_aside(self, depot: Depot | None, owner: str, why: str) -> Path | None:
        """Move the archive, with its other files, to another name, and leave a note in the depot.

        The caller holds its lock. The note is optional: if the depot does not answer there is none.
        """
        if not self.path.exists():
            return None
        with suppress(DepotError, sqlite3.Error):
            self._settle()
        token = uuid4().hex[:12]
        folder = self.path.parent / "aside"
        folder.mkdir(exist_ok=True)
        target = folder / f"{self.site.name}-{clock.now():%Y%m%dT%H%M%SZ}-{token}.db"
        for end in (*BESIDE, ""):
            with suppress(FileNotFoundError):
                source = self.path.with_name(f"{self.path.name}{end}")
                source.rename(target.with_name(f"{target.name}{end}"))
        self._state.unlink(missing_ok=True)
        if depot:
            with suppress(DepotError):
                at = clock.to_text(clock.now())
                note = Note(self.site.name, str(target.resolve()), owner, why, at)
                depot.note_aside(token, note)
        return target

    @contextmanager
    def held(self) -> Iterator[None]:
        """The archive's own locks: no other process writes it meanwhile, by whatever name.

        Raises:
            LockedError: a process is writing it.
            StoreError: it is damaged, or the disk refuses it.
        """
        with refusals(self.path), sqlite_errors(self.path), ExitStack() as locks:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            locks.callback(FileLock(self.path, clock.now()).release)
            if self.path.exists():
                locks.callback(InodeLock(self.path).release)
            yield

    def _settle(self) -> None:
        """Write the write-ahead log into the file, so that its pages are complete.

        Raises:
            DepotError: a reader prevents this.
        """
        if is_one_file(self.path):
            return  # a crawl that came to its end leaves it so
        connection = connect_writer(self.path)
        try:
            connection.execute("PRAGMA busy_timeout = 20000")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                leave_as_one_file(connection)
        finally:
            connection.close()
        if busy:
            raise DepotError(
                f"{self.path} is being read, so it cannot be uploaded now: close its readers"
            )

    def _note(self, manifest: Manifest, now: Fingerprint) -> None:
        """Record which version the file is, and the digests of its pages."""
        self._state.unlink(missing_ok=True)
        self._pages.write_bytes(f"{manifest.version}\n".encode() + now.pages)
        seen = self.path.stat()
        state = State(manifest.version, seen.st_size, seen.st_mtime_ns, manifest.sha256)
        text = json.dumps(asdict(state))
        written = self._state.with_name(f"{self._state.name}.new")
        written.write_text(text, "utf-8")
        written.replace(self._state)
