"""A depot's layout: the versions of each paper, their parts, and the keys of these.

    PAPER/v/000000017.json    manifest, made once: what version 17 consists of, by whom, how it went
    PAPER/f/000000012-TOKEN.db       a whole archive, zstd
    PAPER/f/000000017-TOKEN.pages    the pages that changed since the version before, zstd
    PAPER/aside/TOKEN.json    a note on work that came second: where it lies and why

Only leases are overwritten, and nothing is deleted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from newscrawler.exceptions import DamagedError, DepotSettingError, FencedError
from newscrawler.fleet import pages, records
from newscrawler.fleet.folder import FolderObjects
from newscrawler.fleet.local import refusals
from newscrawler.fleet.objects import PROBE, PROBE_CONTENT, Objects, probe


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

    def __post_init__(self) -> None:
        records.check_time(self.shipped_at)
        if strange := [part.key for part in self.parts if not self._is_ours(part.key)]:
            raise ValueError(f"{strange[0]!r} is no object of {self.paper}")

    def _is_ours(self, key: str) -> bool:
        return Path(key).parent == Path(self.paper, "f")

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.base, *self.deltas)


@dataclass(frozen=True, slots=True)
class Note:
    """Work that came second: on which machine its archive is, and why."""

    paper: str
    file: str
    owner: str
    why: str
    at: str


_MANIFEST = re.compile(r"[0-9]{9}\.json")
"""Other files among the manifests, such as an editor's or a file manager's, are left alone."""


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
        found = objects.get(PROBE)
        if found and found.data != PROBE_CONTENT:
            raise DepotSettingError(
                f"{url} is no depot: its {PROBE} was written by something else, or a proxy answers"
            )
        if not new and not found:
            begin = ": create one with --new" if write else ""
            raise DepotSettingError(f"there is no depot at {url}{begin}")
        if write:
            probe(objects)
        return cls(objects)

    def papers(self) -> list[str]:
        """Every paper that has a version, by name."""
        return [name for name in self.objects.folders() if self.versions(name)]

    def versions(self, paper: str, after: int = 0) -> list[int]:
        """The numbers of the versions after ``after``, ascending."""
        start = version_key(paper, after) if after else ""
        names = [Path(key) for key in self.objects.keys(f"{paper}/v/", after=start)]
        return [int(name.stem) for name in names if _MANIFEST.fullmatch(name.name)]

    def manifest(self, paper: str, version: int) -> Manifest:
        """The manifest of a version.

        Raises:
            DamagedError: it is missing, or cannot be read.
        """
        if found := self._manifest(paper, version):
            return found
        raise DamagedError(f"the depot has no version {version} of {paper}")

    def _manifest(self, paper: str, version: int) -> Manifest | None:
        key = version_key(paper, version)
        found = self.objects.get(key)
        if found is None:
            return None
        manifest = records.read(Manifest, found.data, key)
        if (manifest.paper, manifest.version) != (paper, version):
            raise DamagedError(
                f"{key} in the depot is the manifest of version {manifest.version} of"
                f" {manifest.paper}"
            )
        return manifest

    def head(self, paper: str, known: int = 0) -> Manifest | None:
        """The newest version; ``None`` if there is none.

        Args:
            known: a version that may exist; if it does, only later ones are searched.
        """
        if newest := max(self.versions(paper, known), default=0):
            return self.manifest(paper, newest)
        # Asked for by name: a store's list may lack what was written last.
        if known:
            return self._manifest(paper, known) or self.head(paper)
        return None

    def fetch(self, manifest: Manifest, file: Path) -> None:
        """Restore a version's archive as ``file``; an existing file is replaced.

        Raises:
            DamagedError: an object is missing or was changed; the message names the version before,
                which may be intact.
            DepotError: the depot cannot be used.
            StoreError: this machine's disk refuses the file.
        """
        with refusals(file):
            self._fetch(manifest, file)

    def _fetch(self, manifest: Manifest, file: Path) -> None:
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

    def note_aside(self, token: str, note: Note) -> None:
        """Store a note about work that was set aside on a machine."""
        text = json.dumps(asdict(note), ensure_ascii=False, indent=1)
        self.objects.create(f"{note.paper}/aside/{token}.json", text.encode())

    def asides(self, paper: str) -> list[Note]:
        """The notes of :meth:`note_aside`.

        Raises:
            DamagedError: one of them cannot be read.
        """
        keys = self.objects.keys(f"{paper}/aside/")
        found = ((key, self.objects.get(key)) for key in keys if key.endswith(".json"))
        return [records.read(Note, note.data, key) for key, note in found if note]


def _objects(url: str, *, make: bool) -> Objects:
    scheme, mark, _ = url.partition("://")
    if not mark and url.strip() and not url.startswith("s3:"):
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
