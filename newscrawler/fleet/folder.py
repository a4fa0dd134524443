"""A folder as depot: hard links create an object only once, a file lock protects a replacement."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from newscrawler.exceptions import DamagedError, DepotError, DepotSettingError
from newscrawler.fleet.objects import Found

_WRITING = ".writing-"
"""The name prefix of a file until it is complete."""
_SWAPS = ".swaps"
"""The file whose lock protects all replacements in a depot; one takes a millisecond."""


class FolderObjects:
    """Objects as files in a folder.

    Args:
        make: create the folder if it does not exist.

    Raises:
        DepotSettingError: it cannot be made.
    """

    def __init__(self, root: Path, *, make: bool = True) -> None:
        self.root = root
        if not make:
            return
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DepotSettingError(
                f"the depot {root} cannot be created: {error.strerror or error}"
            ) from error

    def get(self, key: str) -> Found | None:
        with self._errors():
            try:
                data = (self.root / key).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
            return Found(data, _tag(data))

    def create(self, key: str, data: bytes) -> bool:
        with self._errors(), self._written(key, data) as file:
            try:
                os.link(file, self.root / key)
            except FileExistsError:
                return False
            return True

    def swap(self, key: str, data: bytes, tag: str) -> bool:
        with self._errors(), (self.root / _SWAPS).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = self.get(key)
            if found is None or found.tag != tag:
                return False
            with self._written(key, data) as file:
                file.replace(self.root / key)
            return True

    def keys(self, prefix: str, after: str = "") -> list[str]:
        with self._errors():
            folder = self.root / prefix
            if not folder.is_dir():
                return []
            names = (f"{prefix}{name.name}" for name in folder.iterdir() if name.is_file())
            return sorted(key for key in names if key > after and _WRITING not in key)

    def folders(self) -> list[str]:
        with self._errors():
            return sorted(entry.name for entry in self.root.iterdir() if entry.is_dir())

    def upload(self, key: str, file: Path) -> None:
        with self._errors(), self._written(key, b"") as copy:
            shutil.copyfile(file, copy)
            with copy.open("rb") as written:
                os.fsync(written.fileno())
            copy.replace(self.root / key)

    def download(self, key: str, file: Path) -> None:
        with self._errors():
            try:
                source = (self.root / key).open("rb")
            except FileNotFoundError:
                raise DamagedError(f"{key} is missing in the depot") from None
        with source, file.open("wb") as out:
            shutil.copyfileobj(source, out)

    def written_at(self, key: str) -> datetime | None:
        with self._errors():
            try:
                return datetime.fromtimestamp((self.root / key).stat().st_mtime, UTC)
            except FileNotFoundError:
                return None

    @contextmanager
    def _written(self, key: str, data: bytes) -> Iterator[Path]:
        """A complete temporary file next to ``key``; deleted afterwards."""
        target = self.root / key
        # Not with parents=True: a depot that has been removed, or is not mounted, is not created.
        for part in reversed(target.relative_to(self.root).parents[:-1]):
            (self.root / part).mkdir(exist_ok=True)
        file = target.with_name(f"{_WRITING}{uuid4().hex}")
        try:
            with file.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            yield file
        finally:
            file.unlink(missing_ok=True)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DepotError(
                f"the depot {self.root} cannot be used: {error.strerror or error}"
                f" ({error.filename2 or error.filename or self.root})"
            ) from error


def _tag(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
