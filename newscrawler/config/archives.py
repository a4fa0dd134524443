"""The path of a paper's archive, for crawls and for reading commands.

The path is taken from the first of these that names one: ``--db`` (or ``-s NEWSCRAWLER_DB``), the
environment, the paper's site file, ``data/SITE.db``. ``{site}`` in it becomes the paper's name.
This module does not import Scrapy, so that a reading command starts quickly.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newscrawler import sites
from newscrawler.config import options
from newscrawler.config.option import HasSettings
from newscrawler.exceptions import NoArchiveError
from newscrawler.humanize import one_slip_apart
from newscrawler.humanize.language import tr
from newscrawler.sites import Site
from newscrawler.store.schema import APPLICATION_ID

DEFAULT_PATH = "data/{site}.db"
VARIABLE = options.NEWSCRAWLER_DB.name
"""The environment variable has the name of the setting itself."""


def of_settings(settings: HasSettings, site: Site) -> Path:
    """The archive of a crawl whose settings are already merged.

    Raises:
        SettingError: the path is not one that a file can have.
    """
    return _filled(options.NEWSCRAWLER_DB.read(settings), site.name)


_BEGIN_ONE = "--new (scrapy crawl: -a new=True)"


def check_beginning(settings: HasSettings, site: Site, *, meant: bool) -> None:
    """Refuse to create an archive if its path looks like a typing error: a crawl of it takes days.

    Expected is the archive that the site file names, or the default one. Any other path is refused
    if its folder does not exist, or if it differs by one letter from an archive in the same folder.

    Args:
        meant: the operator has asked for a new archive.

    Raises:
        NoArchiveError: the message says what exists, and how to create the archive anyway.
        SettingError: the path is not one that a file can have.
    """
    path, expected = of_settings(settings, site), of_site(site, environment={})
    if meant or path == expected or os.path.lexists(path):
        return
    folder = path.parent
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir() raises where one may not look
        if folder == expected.parent:
            return
        there = f" ({expected} is there)" if os.path.lexists(expected) else ""
        raise NoArchiveError(f"there is no folder {folder}{there}: create it with {_BEGIN_ONE}")
    for other in list_archives(folder):
        if path.stem != site.name and one_slip_apart(path.name, other.name):
            raise NoArchiveError(
                f"there is no archive {path}, but {other}: name that one, or create a new"
                f" archive with {_BEGIN_ONE}"
            )


def of_site(
    site: Site, db: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Path:
    """The archive that a crawl of ``site`` with ``--db db`` writes.

    Raises:
        SettingError: the path is not one that a file can have.
    """
    return _filled(_named(site, db, environment) or "", site.name)


def _named(site: Site | None, db: Path | None, environment: Mapping[str, str]) -> str | None:
    """The path from any of the sources; ``None`` if none names one."""
    named = str(db) if db else environment.get(VARIABLE)
    if named is None and site is not None:
        named = site.settings.get(VARIABLE)
    return options.NEWSCRAWLER_DB.parse(named) if named else None


def _filled(template: str, site: str) -> Path:
    return Path((template or DEFAULT_PATH).replace("{site}", site))


@dataclass(frozen=True, slots=True)
class Found:
    """An archive to read."""

    path: Path
    instead_of: Path | None = None
    """The default path, if there is no file and ``path`` is the only archive in its folder."""


def to_read(
    site: str | None = None, db: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Found:
    """The archive that a reading command opens.

    If no source names a path and there is no file at the default path, the only archive in that
    folder is used.

    Args:
        site: a paper's name, as the user gave it; ``None`` for the default paper.

    Raises:
        NoArchiveError: no file at the default path, and no or several archives in its folder.
        SettingError: the path is not one that a file can have.
    """
    name = site or sites.DEFAULT
    # The archive may hold a paper whose site file is not known here.
    paper = sites.load_all().get(name)
    if named := _named(paper, db, environment):
        return Found(_filled(named, name))
    path = _filled("", name)
    if os.path.lexists(path):
        return Found(path)
    there = list_archives(path.parent)
    if len(there) == 1:
        return Found(there[0], instead_of=path)
    if there:
        listed = ", ".join(str(one) for one in there)
        told = tr(
            "there is no archive at {path}; name one with --db: {listed}", path=path, listed=listed
        )
        raise NoArchiveError(told)
    raise NoArchiveError(tr("there is no archive at {path}; name another one with --db", path=path))


def list_archives(folder: Path) -> list[Path]:
    """The archives of this program in a folder, by name, without unreadable files."""
    with suppress(OSError):
        return sorted(path for path in folder.glob("*.db") if _is_archive(path))
    return []


def _is_archive(path: Path) -> bool:
    """Whether a file is one of our archives, by the application id in its header:
    https://sqlite.org/fileformat2.html, 1.3.17."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(72)
            return head.startswith(b"SQLite format 3\0") and (
                int.from_bytes(head[68:72], "big") == APPLICATION_ID
            )
    return False
