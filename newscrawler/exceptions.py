"""Every error of the program that has a name of its own, and the exit code that it ends with.

::

    NewscrawlerError                1  a fault of the program, unless a class below says otherwise
     ├─ InputError                  2  what the user gave cannot be used
     │   ├─ SettingError               a setting's name or value
     │   ├─ SelectionError             the numbers to crawl
     │   ├─ SiteError                  a site file, or the name of a newspaper
     │   ├─ SearchError                the words to search for
     │   ├─ DayError                   a day of the calendar
     │   ├─ SqlError                   a statement of SQL
     │   │   └─ TooLongError           it was stopped when its time was over
     │   ├─ TooManyError               more rows than a format holds
     │   └─ MissingLibraryError        an extra that is not installed
     ├─ LockedError                 5  another process writes the database
     ├─ StoreError                  6  the database cannot be written
     ├─ ArchiveError                2  the archive cannot be read
     │   ├─ NoArchiveError             there is no such file
     │   ├─ AmbiguousSiteError         it holds several papers, and none was named
     │   ├─ UnreadableArchiveError  6  not a database, another program's, or of another schema
     │   └─ DamagedArchiveError     6  what is stored is not what was once written
     ├─ DepotError                  6  a depot of archives cannot be used
     │   ├─ DepotSettingError       2  its address, its credentials, its kind of server
     │   ├─ AwayError                  it does not answer now
     │   ├─ DamagedError               an object is not what its manifest says
     │   ├─ ClockError              2  two clocks differ so much that a lease means nothing
     │   ├─ LeaseHeldError          5  another machine has the lane (``fleet/lease.py``)
     │   └─ FencedError             5  another machine was first
     ├─ EngineGoneError             4  the scheduler of a cluster does not answer
     ├─ ReplayError                 1  a process that re-reads captures has died
     ├─ ArticleError                   an article that cannot be right
     ├─ HeadError                      a status line or headers out of bounds
     ├─ UnpackError                    an answer that cannot be unpacked
     ├─ ProxyError                     no answer came through a proxy
     ├─ UnreadableError                a robots.txt that cannot be read
     ├─ OverBoundError                 an answer that takes too much time or memory to read
     ├─ OverdueError                   code that took more processor time than it may
     ├─ WorkerError                    the process that reads pages has died
     │   ├─ WorkerOverdueError         it took too much processor time
     │   └─ WorkerUnusableError        no process can be started
     ├─ StoppingError                  the crawl is ending (``extensions/pacer.py``)
     └─ ForbiddenError                 robots.txt disallows it (``middlewares/robots.py``)

The message is always one sentence for the user. The command line prints it and
ends with ``exit_code``; the errors from ``ArticleError`` on are answered within
the crawl and never reach it. The last two are also Scrapy's ``IgnoreRequest``
and stand with the code that raises them, because this module is imported by
commands that need no Scrapy.
"""

from __future__ import annotations

from typing import ClassVar

from newscrawler.outcomes import EXIT_BUG, EXIT_LOCKED, EXIT_STOPPED, EXIT_STORAGE, EXIT_USAGE


class NewscrawlerError(Exception):
    """The base of all: ``str(error)`` is one sentence for the user."""

    exit_code: ClassVar[int] = EXIT_BUG
    """What the command ends with when nothing catches the error earlier."""


class InputError(NewscrawlerError, ValueError):
    """What the user gave cannot be used."""

    exit_code = EXIT_USAGE


class SettingError(InputError):
    """A setting that cannot be used; the message names it and says what it takes."""


class SelectionError(InputError):
    """A selection that makes no sense; the message says which ones do."""


class SiteError(InputError):
    """No newspaper of that name, or a site file that is wrong."""


class SearchError(InputError):
    """The words cannot be searched for."""


class DayError(InputError):
    """Not a day of the calendar."""


class SqlError(InputError):
    """A statement that cannot be answered."""


class TooLongError(SqlError):
    """A statement that was stopped because its time was over."""


class TooManyError(InputError):
    """A format cannot hold so many rows; the message says which can."""


class MissingLibraryError(InputError):
    """A library is not installed; the message says which extra brings it."""


class LockedError(NewscrawlerError):
    """Another process writes this database; the message says which."""

    exit_code = EXIT_LOCKED


class StoreError(NewscrawlerError):
    """The database cannot be written: disk full, read-only, not ours, newer schema."""

    exit_code = EXIT_STORAGE


class ArchiveError(NewscrawlerError):
    """The archive cannot be read."""

    exit_code = EXIT_USAGE


class NoArchiveError(ArchiveError):
    """There is no such file."""


class AmbiguousSiteError(ArchiveError):
    """The archive holds several papers, and the question names none."""


class UnreadableArchiveError(ArchiveError):
    """Not a database, another program's, or of a schema that this program does not read."""

    exit_code = EXIT_STORAGE


class DamagedArchiveError(ArchiveError):
    """What is stored is not what was once written: a flipped bit, a part cut off."""

    exit_code = EXIT_STORAGE


class DepotError(NewscrawlerError):
    """The depot cannot be used; the message says why and what to do."""

    exit_code = EXIT_STORAGE


class DepotSettingError(DepotError):
    """The depot's address, its credentials or its server are not what a depot needs."""

    exit_code = EXIT_USAGE


class AwayError(DepotError):
    """The depot does not answer now; the same may work later."""


class DamagedError(DepotError):
    """An object is not what its manifest says."""


class ClockError(DepotError):
    """Two clocks differ so much that a lease means nothing."""

    exit_code = EXIT_USAGE


class FencedError(DepotError):
    """Another machine has shipped meanwhile, or has the lane: what is here came second."""

    exit_code = EXIT_LOCKED


class EngineGoneError(NewscrawlerError):
    """There is no scheduler, or none any more."""

    exit_code = EXIT_STOPPED


class ReplayError(NewscrawlerError):
    """A process that re-reads captures has died; what was written before is whole."""


class ArticleError(NewscrawlerError, ValueError):
    """An article that cannot be right; the message says what is wrong with it.

    It is stored as an answer that was not understood, with its capture.
    """


class HeadError(NewscrawlerError):
    """An answer whose headers have no end, or whose status line makes no sense."""


class UnpackError(NewscrawlerError):
    """An answer that is cut off, is not packed as it says, or grows beyond DOWNLOAD_MAXSIZE."""


class ProxyError(NewscrawlerError):
    """No answer came through the proxy; the message names it."""


class UnreadableError(NewscrawlerError):
    """The robots.txt of an origin to which a redirect leads cannot be read."""


class WorkerError(NewscrawlerError):
    """The process has died; what it was asked is not answered."""


class WorkerOverdueError(WorkerError):
    """The call took more processor time than it may."""


class WorkerUnusableError(WorkerError):
    """No process can be started."""


class OverdueError(NewscrawlerError):
    """The code took more processor time than it may."""


class OverBoundError(NewscrawlerError):
    """An answer that takes more time or memory to read than it may; the message says which."""
