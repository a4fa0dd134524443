"""A complete, trustworthy archive of a Korean newspaper in one SQLite file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawler.version import __version__

if TYPE_CHECKING:
    from newscrawler.archive.filters import Filters, Order
    from newscrawler.archive.reader import Archive
    from newscrawler.exceptions import ArchiveError, InputError

__all__ = [
    "Archive",
    "ArchiveError",
    "Filters",
    "InputError",
    "Order",
    "__version__",
    "open_archive",
]

_HOMES = {
    "Archive": "newscrawler.archive.reader",
    "ArchiveError": "newscrawler.exceptions",
    "Filters": "newscrawler.archive.filters",
    "InputError": "newscrawler.exceptions",
    "Order": "newscrawler.archive.filters",
}
"""Modules of the names that are imported on first use, so that ``import newscrawler`` stays
fast."""


def open_archive(path: str | Path) -> Archive:
    """Open an archive for reading; see :class:`newscrawler.archive.reader.Archive`.

    Raises:
        ArchiveError: there is no archive at ``path``, or it cannot be read.
    """
    from newscrawler.archive.reader import Archive

    return Archive.open(path)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
