"""A file that appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a file beside ``path`` that takes its place at the end of the block.

    An older file stays as it was until then, and its permissions are kept, as
    ``cp`` does; a link is followed. On any exception, Ctrl-C included, nothing
    is left behind. What is no regular file (``/dev/null``, a pipe) is written
    directly.

    Raises:
        OSError: it cannot be written; also when the disk turns out to be full at the end.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    target = path.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    # Not tempfile: its files are for their owner alone, whatever the umask says.
    out = part.open("xb")
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(directory: Path) -> None:
    """Make the new name survive a power cut too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
