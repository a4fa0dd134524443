"""Files that are written whole: exports, reports, figures for Prometheus.

Written by hand, because no library of the standard one does all of it: the file
appears complete or not at all, survives a power cut, and is never written
through a symbolic link or over a database.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DATABASE = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How a database of SQLite begins, and the -wal file beside it: sqlite.org/fileformat2.html."""


def begins_as_database(path: Path) -> bool:
    """Whether there is a database of SQLite, or its log, at ``path``; ``False`` if unreadable."""
    with suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(16).startswith(_DATABASE)
    return False


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a file beside ``path`` that takes its place at the end of the block.

    An older file stays as it was until then, and its permissions are kept, as
    ``cp`` does. On any exception, Ctrl-C included, nothing is left behind. What
    is no regular file (``/dev/null``, a pipe) is written directly.

    Raises:
        OSError: it cannot be written; also when the disk turns out to be full at the end,
            and for a symbolic link to a file and for a database, before anything is written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link: name the file itself", str(path))
    if begins_as_database(path):
        raise OSError(errno.EEXIST, "it is a database; databases are never overwritten", str(path))
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
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
    """Make the new name survive a power cut too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
