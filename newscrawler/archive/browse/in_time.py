"""The archive for one page of the browser view, which may not keep a reader waiting."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawler.archive.reader import Archive
from newscrawler.exceptions import TooLongError
from newscrawler.humanize.language import tr

SECONDS = 5.0
"""Time limit of a page, like Datasette's own."""

_STEPS = 20_000
"""SQLite's instructions between two looks at the clock: some milliseconds."""


@contextmanager
def open_in_time(path: Path) -> Iterator[Archive]:
    """The archive, whose queries are stopped when the page has taken :data:`SECONDS`.

    Raises:
        ArchiveError: the archive cannot be read.
        TooLongError: the time is over.
    """
    with Archive.open(path) as archive:
        end = time.monotonic() + SECONDS
        archive.connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            yield archive
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            told = tr(
                "the search took longer than {seconds:g} seconds: ask for fewer days",
                seconds=SECONDS,
            )
            raise TooLongError(told) from error
