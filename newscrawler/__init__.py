"""A complete, trustworthy archive of a Korean newspaper in one SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newscrawler.version import __version__

if TYPE_CHECKING:
    from newscrawler.archive.reader import Archive

__all__ = ["__version__", "open_archive"]


def open_archive(path: str | Path) -> Archive:
    """An archive, open for reading; see :class:`newscrawler.archive.reader.Archive`.

    Raises:
        newscrawler.exceptions.ArchiveError: there is none at ``path``, or it cannot be read.
    """
    # Imported here so that ``import newscrawler`` stays light.
    from newscrawler.archive.reader import Archive

    return Archive.open(path)
