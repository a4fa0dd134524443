"""One writer per database: an advisory lock beside the file that says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import IO

from newscrawler import clock


class LockedError(Exception):
    """Another process is writing this database; the message says who."""


class FileLock:
    """Held from construction to :meth:`release`, or until the process dies, however it dies.

    Raises:
        LockedError: somebody else holds it.
        OSError: the lock file cannot be made (read-only folder, no such folder).
    """

    def __init__(self, database: Path, now: datetime) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._file: IO[str] = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _describe(self._file)
            self._file.close()
            raise LockedError(f"{database} is being written by {holder}") from None
        self._file.truncate(0)
        me = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": _command(),
            "since": clock.to_text(now),
        }
        self._file.write(json.dumps(me, ensure_ascii=False))
        self._file.flush()

    def release(self) -> None:
        """Let go. The file stays: to delete it would race with the next holder."""
        self._file.truncate(0)
        self._file.close()


def _command() -> str:
    """What was called, addresses without their path: a PING_URL's is a secret."""
    words = [Path(sys.argv[0]).name, *sys.argv[1:]]
    return re.sub(r"(https?://[^/\s]+)/\S*", r"\1/…", " ".join(words))


def _describe(file: IO[str]) -> str:
    try:
        file.seek(0)
        holder = json.loads(file.read())
        return (
            f"process {holder['pid']} on {holder['host']}"
            f" since {holder['since']} ({holder['command']})"
        )
    except (ValueError, KeyError, TypeError):
        return "another process"
