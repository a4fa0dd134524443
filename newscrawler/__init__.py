"""A complete, trustworthy archive of a Korean newspaper in one SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawler.archive.reader import Archive

__version__ = "0.1.0"


def open_archive(path: str | Path) -> Archive:
    """An archive, open for reading; see :class:`newscrawler.archive.reader.Archive`.

    Raises:
        newscrawler.archive.reader.ArchiveError: there is none at ``path``, or it cannot be read.
    """
    # Imported here so that ``import newscrawler`` stays light.
    from newscrawler.archive.reader import Archive

    return Archive.open(path)
