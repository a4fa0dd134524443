"""The folder of this machine's copies: its owner, and what its disk refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from newscrawler.exceptions import StoreError


def folder_here(folder: str | Path | None) -> Path:
    """The folder of this machine's copies: the given one, or the environment's, or ``data``."""
    return Path(folder or os.environ.get("NEWSCRAWLER_FOLDER") or "data")


@contextmanager
def refusals(place: Path) -> Iterator[None]:
    """Turn an error of the disk (full, read-only, another user's) into one sentence.

    Raises:
        StoreError: what the disk refused in or below ``place``.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or place} cannot be used: {error.strerror or error}"
        ) from error


def owner_of(folder: Path) -> str:
    """The random id of a folder of archives, created on first use.

    Raises:
        StoreError: the folder cannot be written.
    """
    file = folder / "owner"
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not _holds_id(file):
            new = file.with_name(f"{file.name}.{uuid4().hex}")
            try:
                new.write_text(uuid4().hex, "utf-8")
                os.link(new, file)  # of several processes one makes it
            except FileExistsError:
                if not _holds_id(file):
                    new.replace(file)  # a full disk left it empty
            finally:
                new.unlink(missing_ok=True)
        return file.read_text("utf-8").strip()


def _holds_id(file: Path) -> bool:
    with suppress(FileNotFoundError, UnicodeDecodeError):
        return re.fullmatch(r"[0-9a-f]{32}", file.read_text("utf-8").strip()) is not None
    return False
