"""A depot's layout: the versions of each paper, their parts, and the keys of these.

    PAPER/v/000000017.json    manifest, made once: what version 17 consists of, by whom, how it went
    PAPER/f/000000012-TOKEN.db       a whole archive, zstd
    PAPER/f/000000017-TOKEN.pages    the pages that changed since the version before, zstd
    PAPER/aside/TOKEN.json    a note on work that came second: where it lies and why

Only leases are overwritten, and nothing is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from newscrawler.exceptions import DamagedError, DepotSettingError, FencedError
from newscrawler.fleet import pages
from newscrawler.fleet.folder import FolderObjects
from newscrawler.fleet.objects import PROBE, Objects, probe


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a version."""

    key: str
    sha256: str
    """Of the stored object."""
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of a paper's archive."""

    paper: str
    version: int
    base: Part
    deltas: tuple[Part, ...]
    """Applied to the base, in this order."""
    size: int
    sha256: str
    """Size and digest of the resulting archive."""
    by: str
    machine: str
    token: str
    """Owner, host and claim of the machine that uploaded it."""
    shipped_at: str
    program: str
    site_digest: str
    """Digest of that machine's site file for the paper."""
    outcome: str | None = None
    left: int | None = None
    """Numbers that the run did not request."""
    settled: int | None = None
    newest: int | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.base, *self.deltas)


def version_key(paper: str, version: int) -> str:
    return f"{paper}/v/{version:09d}.json"


class Depot:
    """The versions in an object store or folder."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    @classmethod
    def open(cls, url: str, *, write: bool = True, new: bool = False) -> Depot:
        """Open the depot at a folder's path or at ``s3://BUCKET[/PREFIX]``.

        Args:
            write: check at once that it can be written and supports conditional writes.
            new: create it if there is none. Without it, a typing error in the address is an error;
                otherwise it would crawl everything again.

        Raises:
            DepotSettingError: there is none, the address is invalid, a library is missing, or the
                store ignores conditions.
            DepotError: it cannot be used.
        """
        objects = _objects(url, make=new)
        if not new and objects.get(PROBE) is None:
            begin = ": create one with --new" if write else ""
            raise DepotSettingError(f"there is no depot at {url}{begin}")
        if write:
            probe(objects)
        return cls(objects)

    def papers(self) -> list[str]:
        """Every paper that has a version, by name."""
        return [name for name in self.objects.folders() if self.objects.keys(f"{name}/v/")]

    def versions(self, paper: str, after: int = 0) -> list[int]:
        """The numbers of the versions after ``after``, ascending."""
        start = version_key(paper, after) if after else ""
        found = self.objects.keys(f"{paper}/v/", after=start)
        return [int(Path(key).stem) for key in found]

    def manifest(self, paper: str, version: int) -> Manifest:
        """The manifest of a version.

        Raises:
            DamagedError: it is missing, or cannot be read.
        """
        key = version_key(paper, version)
        found = self.objects.get(key)
        if found is None:
            raise DamagedError(f"the depot has no version {version} of {paper}")
        try:
            table: dict[str, Any] = json.loads(found.data)
            known = {field.name for field in fields(Manifest)}
            given = {name: value for name, value in table.items() if name in known}
            given["base"] = Part(**given["base"])
            given["deltas"] = tuple(Part(**part) for part in given["deltas"])
            return Manifest(**given)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DamagedError(f"{key} in the depot cannot be read: {error}") from error

    def head(self, paper: str, known: int = 0) -> Manifest | None:
        """The newest version; ``None`` if there is none.

        Args:
            known: a version that exists; only later ones are searched.
        """
        newest = max(self.versions(paper, known), default=known)
        return self.manifest(paper, newest) if newest else None

    def fetch(self, manifest: Manifest, file: Path) -> None:
        """Restore a version's archive as ``file``; an existing file is replaced.

        Raises:
            DamagedError: an object is missing or was changed; the message names the version before,
                which may be intact.
            DepotError: the depot cannot be used.
        """
        packed, whole = (file.with_name(f"{file.name}.{end}") for end in ("packed", "fetched"))
        try:
            for number, part in enumerate(manifest.parts):
                self.objects.download(part.key, packed)
                if pages.fingerprint(packed).sha256 != part.sha256:
                    raise DamagedError(f"{part.key} is damaged: its SHA-256 is wrong")
                (pages.apply_pages if number else pages.unpack)(packed, whole)
            if pages.fingerprint(whole).sha256 != manifest.sha256:
                raise DamagedError("the parts are intact, but the resulting archive is not")
            whole.replace(file)
        except DamagedError as error:
            raise DamagedError(
                f"version {manifest.version} of {manifest.paper} cannot be restored: {error};"
                f" {self._before(manifest)}"
            ) from error
        finally:
            packed.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)

    def _before(self, manifest: Manifest) -> str:
        if manifest.version < 2:
            return "there is no version before"
        before = manifest.version - 1
        return f"try the version before: newscrawler fleet pull {manifest.paper} --version {before}"

    def add(self, manifest: Manifest, stands: Callable[[], bool]) -> None:
        """Publish a version, whose parts are stored already.

        Args:
            stands: whether its lease is still valid, checked last.

        Raises:
            FencedError: the lease is lost, or that version exists already.
            DepotError: the depot cannot be used.
        """
        if not stands():
            raise FencedError(f"the lease of {manifest.paper} has gone to another machine")
        key = version_key(manifest.paper, manifest.version)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        if self.objects.create(key, text.encode()):
            return
        # An answer may get lost on the way while the manifest itself has arrived.
        if self.manifest(manifest.paper, manifest.version).token != manifest.token:
            raise FencedError(
                f"version {manifest.version} of {manifest.paper} was uploaded already by another"
                " machine"
            )

    def note_aside(self, paper: str, token: str, note: dict[str, Any]) -> None:
        """Store a note about work that was set aside on a machine."""
        text = json.dumps({"paper": paper, **note}, ensure_ascii=False, indent=1)
        self.objects.create(f"{paper}/aside/{token}.json", text.encode())

    def asides(self, paper: str) -> list[dict[str, Any]]:
        """The notes of :meth:`note_aside`."""
        found = (self.objects.get(key) for key in self.objects.keys(f"{paper}/aside/"))
        return [json.loads(note.data) for note in found if note]


def _objects(url: str, *, make: bool) -> Objects:
    scheme, mark, _ = url.partition("://")
    if not mark:
        return FolderObjects(Path(url), make=make)
    if scheme != "s3":
        raise DepotSettingError(f"a depot must be a folder or s3://BUCKET/PREFIX, not {url!r}")
    try:
        from newscrawler.fleet.s3 import S3Objects
    except ImportError as error:
        raise DepotSettingError(
            "a depot in a bucket needs obstore: pip install 'newscrawler[fleet]'"
        ) from error
    return S3Objects(url)
