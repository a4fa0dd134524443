"""One writer per database: an advisory lock on a file next to it, which says who holds it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from newscrawler import clock
from newscrawler.exceptions import LockedError, StoreError


@dataclass(frozen=True, slots=True)
class Holder:
    """Who wrote a lock file last."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since} ({self.command})"

    def is_alive(self) -> bool:
        """Whether the process still runs; one on another machine is assumed to run."""
        if self.host != os.uname().nodename:
            return True
        try:
            os.kill(self.pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            pass  # somebody else's, but there
        return True


class FileLock:
    """Held from construction to :meth:`release`, or to the end of the process.

    Raises:
        LockedError: another process holds it.
        StoreError: the lock file is a link, or another program's.
        OSError: the lock file cannot be made (read-only folder, no such folder).
    """

    def __init__(self, database: Path, now: datetime) -> None:
        self.path = _path(database)
        self._file = _open(self.path)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            who = holder(database) or "another process"
            raise LockedError(f"{database} is being written by {who}") from None
        self._file.seek(0)
        self._file.truncate()
        me = Holder(os.getpid(), os.uname().nodename, _command(), clock.to_text(now))
        self._file.write(json.dumps(asdict(me)))
        self._file.flush()

    def release(self) -> None:
        """Release the lock. The file stays: deleting it would race with the next holder."""
        self._file.truncate(0)
        self._file.close()


def _open(path: Path) -> IO[str]:
    """Open the lock file, or create it; another program's file is never written.

    Raises:
        StoreError: a link, or a file that another program wrote.
        OSError: it cannot be made.
    """
    try:
        file = os.fdopen(os.open(path, _FLAGS, 0o666), "r+")
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise StoreError(
                f"{path} is a link, and a lock file must not be one: remove it"
            ) from error
        raise
    try:
        status = os.fstat(file.fileno())
        ours = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
        if ours and file.read(len(_BEGINS)) in ("", _BEGINS):
            return file
    except ValueError:
        pass  # no text
    except BaseException:
        file.close()
        raise
    file.close()
    raise StoreError(
        f"{path} belongs to another program and was not touched: give the archive another name"
    )


_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""To create and open a lock file, without waiting for the other end of a pipe."""
_BEGINS = '{"pid": '
"""The beginning of a :class:`Holder` in a lock file."""


class InodeLock:
    """A lock on the database itself: a file with two names must not be written under both.

    SQLite must not even read it by another name meanwhile, because the log has the first name. Take
    it before SQLite opens the file and release it after SQLite has closed it: closing any
    descriptor of a file releases the locks that SQLite has on it.

    Raises:
        LockedError: somebody else holds it.
        OSError: the file cannot be opened.
    """

    def __init__(self, database: Path) -> None:
        self._descriptor = os.open(database, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            who = holder(database) or "another process, perhaps under another name of the file"
            raise LockedError(f"{database} is being written by {who}") from None
        except OSError:
            pass  # a file system without such locks: the file beside it is all there is

    def release(self) -> None:
        os.close(self._descriptor)


class LaneLock:
    """Held by the process that sends requests to a server with several papers.

    The lock file is next to the archives: ``data/LANE.lane.lock``.

    Raises:
        LockedError: another process uses the lane.
        OSError: the lock file cannot be made.
    """

    def __init__(self, folder: Path, lane: str, now: datetime) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{lane}.lane"
        try:
            self._lock = FileLock(path, now)
        except LockedError:
            who = holder(path) or "another process"
            raise LockedError(
                f"the lane {lane} is in use by {who}: wait, or crawl its papers with one command"
            ) from None

    def release(self) -> None:
        self._lock.release()


def _command() -> str:
    """The command line, with addresses without their paths: PING_URL has a secret there."""
    words = [Path(sys.argv[0]).name, *sys.argv[1:]]
    return re.sub(r"(https?://[^/\s]+)/\S*", r"\1/…", " ".join(words))


def holder(database: Path) -> Holder | None:
    """Who is writing a database, by its lock file; ``None``: nobody, or it cannot be read.

    The lock itself is not taken, so a crawl that starts meanwhile is not refused.
    """
    try:
        # Without waiting for somebody to write into a pipe of that name.
        descriptor = os.open(_path(database), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return _holder(json.loads(file.read(_LONGEST)))
    except (OSError, ValueError, TypeError, RecursionError):
        return None


_LONGEST = 1_000_000
"""Bytes of a lock file that are read; a command line is shorter."""


def _holder(said: dict[str, Any]) -> Holder:
    """What a lock file says.

    Raises:
        TypeError, ValueError: it is not what a :class:`FileLock` writes.
    """
    found = Holder(**said)
    others = (found.host, found.command, found.since)
    if type(found.pid) is not int or found.pid < 1 or not all(isinstance(o, str) for o in others):
        raise ValueError(said)
    return found


def _path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")
