"""The exception classes of the program, and the exit code with which a command ends.

::

    NewscrawlerError                1  a bug, unless a class below says otherwise
     ├─ InputError                  2  invalid input of the user
     │   ├─ SettingError               a setting's name or value
     │   ├─ SelectionError             the numbers to crawl
     │   ├─ SiteError                  a site file, or the name of a newspaper
     │   ├─ SearchError                the words to search for
     │   ├─ DayError                   a day of the calendar
     │   ├─ SqlError                   a statement of SQL
     │   │   └─ TooLongError           it was stopped when its time was over
     │   ├─ TooManyError               more rows than a format holds
     │   └─ MissingLibraryError        an extra that is not installed
     ├─ LockedError                 5  another process is writing the database
     ├─ StoreError                  6  the database cannot be written
     ├─ ArchiveError                2  the archive cannot be read
     │   ├─ NoArchiveError             there is no such file
     │   ├─ AmbiguousSiteError         it holds several papers, and none was named
     │   ├─ UnreadableArchiveError  6  not a database, another program's, or of another schema
     │   └─ DamagedArchiveError     6  stored data is not what was written
     ├─ DepotError                  6  a depot of archives cannot be used
     │   ├─ DepotSettingError       2  its address, its credentials, its kind of server
     │   ├─ AwayError                  it does not answer now
     │   ├─ DamagedError               an object is not what its manifest says
     │   ├─ ClockError              2  two clocks differ so much that a lease means nothing
     │   ├─ LeaseHeldError          5  another machine has the lane
     │   └─ FencedError             5  another machine was first
     ├─ EngineGoneError             4  the scheduler of a cluster does not answer
     ├─ ReplayError                 1  a process that reads captures has died
     ├─ ArticleError                   an implausible article
     ├─ HeadError                      an invalid status line, or headers that are too long
     ├─ UnpackError                    an answer that cannot be decompressed
     ├─ ProxyError                     no answer came through a proxy
     ├─ UnreadableError                a robots.txt that cannot be read
     ├─ OverBoundError                 an answer that takes too much time or memory to read
     ├─ OverdueError                   code that exceeded its limit of processor time
     ├─ WorkerError                    the process that reads pages has died
     │   ├─ WorkerOverdueError         it exceeded its limit of processor time
     │   └─ WorkerUnusableError        no process can be started
     ├─ StoppingError                  the crawl is ending (``extensions/pacer.py``)
     └─ ForbiddenError                 robots.txt disallows it (``middlewares/robots.py``)

The message is always one sentence for the user. The command line prints it and ends with
``exit_code``. The classes from ``ArticleError`` on are caught during the crawl and never reach the
command line. The last two are not in this file: they are subclasses of Scrapy's ``IgnoreRequest``,
and commands that must start without Scrapy import this module.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from newscrawler.outcomes import EXIT_BUG, EXIT_LOCKED, EXIT_STOPPED, EXIT_STORAGE, EXIT_USAGE


class NewscrawlerError(Exception):
    """The base class: ``str(error)`` is one sentence for the user."""

    exit_code: ClassVar[int] = EXIT_BUG
    """The exit code of the command, if nothing catches the error earlier."""


class InputError(NewscrawlerError, ValueError):
    """The user's input is invalid."""

    exit_code = EXIT_USAGE


class SettingError(InputError):
    """An invalid setting; the message names it and says which values are valid."""


class SelectionError(InputError):
    """An invalid selection; the message says what is valid."""


class SiteError(InputError):
    """No newspaper of that name, or an invalid site file."""


class SearchError(InputError):
    """The search query is invalid."""


class DayError(InputError):
    """Not a day of the calendar."""


class SqlError(InputError):
    """An SQL statement that cannot be run."""


class TooLongError(SqlError):
    """An SQL statement that was stopped at its time limit."""


class TooManyError(InputError):
    """A file format cannot hold so many rows; the message names one that can."""


class MissingLibraryError(InputError):
    """A library is not installed; the message names the extra to install."""


class LockedError(NewscrawlerError):
    """Another process is writing this database; the message says which."""

    exit_code = EXIT_LOCKED


class StoreError(NewscrawlerError):
    """The database cannot be written: disk full, read-only, another program's, a newer schema."""

    exit_code = EXIT_STORAGE


class ArchiveError(NewscrawlerError):
    """The archive cannot be read."""

    exit_code = EXIT_USAGE


class NoArchiveError(ArchiveError):
    """There is no such file."""


class AmbiguousSiteError(ArchiveError):
    """The archive has several papers, and none was named."""


class UnreadableArchiveError(ArchiveError):
    """Not a database, another program's, or with a schema that this program cannot read."""

    exit_code = EXIT_STORAGE


class DamagedArchiveError(ArchiveError):
    """Stored data is not what was written: a changed bit, a missing part."""

    exit_code = EXIT_STORAGE


class DepotError(NewscrawlerError):
    """The depot cannot be used; the message says why and what to do."""

    exit_code = EXIT_STORAGE


class DepotSettingError(DepotError):
    """The depot's address or credentials are invalid, or its server lacks what a depot needs."""

    exit_code = EXIT_USAGE


class AwayError(DepotError):
    """The depot does not answer now; the same may work later."""


class DamagedError(DepotError):
    """An object differs from its manifest."""


class ClockError(DepotError):
    """Two clocks differ so much that a lease means nothing."""

    exit_code = EXIT_USAGE


class LeaseHeldError(DepotError):
    """Another machine has the lane, until ``until`` if that is known."""

    exit_code = EXIT_LOCKED

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class FencedError(DepotError):
    """Another machine has uploaded meanwhile, or has the lane: this copy is out of date."""

    exit_code = EXIT_LOCKED


class EngineGoneError(NewscrawlerError):
    """The scheduler of the cluster does not answer, or not any more."""

    exit_code = EXIT_STOPPED


class ReplayError(NewscrawlerError):
    """A process that reads captures has died; what was written before is complete."""


class ArticleError(NewscrawlerError, ValueError):
    """An implausible article; the message says what is wrong with it.

    It is stored as an unknown answer, with its capture.
    """


class HeadError(NewscrawlerError):
    """An answer with endless headers or an invalid status line."""


class UnpackError(NewscrawlerError):
    """An answer that is truncated, not compressed as its headers say, or larger than
    DOWNLOAD_MAXSIZE."""


class ProxyError(NewscrawlerError):
    """No answer came through the proxy; the message names the proxy."""


class UnreadableError(NewscrawlerError):
    """The robots.txt of the origin of a redirect's target cannot be read."""


class WorkerError(NewscrawlerError):
    """The second process has died without an answer."""


class WorkerOverdueError(WorkerError):
    """The call exceeded its limit of processor time."""


class WorkerUnusableError(WorkerError):
    """No second process can be started."""


class OverdueError(NewscrawlerError):
    """The code exceeded its limit of processor time."""


class OverBoundError(NewscrawlerError):
    """Reading an answer exceeds the limit of time or memory; the message says which."""
