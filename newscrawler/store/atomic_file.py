"""Atomic files: exports, reports, metrics for Prometheus.

Own code, because the standard library has no function for all of it: the file appears complete or
not at all, survives a power failure, and is never written through a symbolic link or over a
database.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DATABASE = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""The first bytes of an SQLite database, and of its -wal file: sqlite.org/fileformat2.html."""


def begins_as_database(path: Path) -> bool:
    """Whether there is an SQLite database, or its log, at ``path``; ``False`` if unreadable."""
    with suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(16).startswith(_DATABASE)
    return False


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a temporary file that replaces ``path`` at the end of the block.

    An older file stays unchanged until then, and its permissions are kept. After any exception,
    Ctrl-C included, no file is left behind. What is not a regular file (``/dev/null``, a pipe) is
    written directly.

    Raises:
        OSError: it cannot be written, also if the disk is full at the end; before anything is
            written, for a symbolic link to a file and for a database.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link: name the file itself", str(path))
    if begins_as_database(path):
        raise OSError(errno.EEXIST, "it is a database; databases are never overwritten", str(path))
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    # Not tempfile: its files are for their owner alone, whatever the umask says.
    out = part.open("xb")
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.absolute().parent)


def _sync(directory: Path) -> None:
    """Make the new name survive a power failure too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
