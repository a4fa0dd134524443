"""Checks of what a crawl uses besides its settings: proxies, the log file, open files.

The libraries that use them would fail late, or with a traceback.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from newscrawler.config.option import HasSettings
from newscrawler.exceptions import SettingError
from newscrawler.store.atomic_file import begins_as_database

_SIDE_FILES = ("", "-wal", "-shm", "-journal", ".lock")
"""Endings of the files that belong to a database."""


_OPEN_FILES = 20
"""Descriptors that a crawl needs; with 16 a module that is loaded late cannot be opened."""


def check_open_files() -> None:
    """Raise the soft limit of open files, if it is too low for a crawl, as far as it may be raised.

    Raises:
        SettingError: the hard limit is too low.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _OPEN_FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < _OPEN_FILES:
        raise SettingError(
            f"a crawl needs {_OPEN_FILES} open files, and the limit is {hard}: raise it (ulimit -n)"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, hard))


def check_proxy(url: str) -> None:
    """Refuse a proxy from the environment that a request for ``url`` would use and cannot.

    Scrapy speaks HTTP to a proxy, and nothing else (no SOCKS).

    Raises:
        SettingError: the message names the variable, and never shows a password.
    """
    target, proxy = urlsplit(url), proxy_for(url)
    if not proxy:
        return
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        usable = bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
        shown = f"{parts.scheme}://{parts.hostname or ''}"
    except ValueError:
        usable, shown = False, "an invalid address"
    if not usable:
        raise SettingError(
            f"the environment variable {target.scheme}_proxy must name an http:// or https://"
            f" proxy, not {shown}; unset it, or list the host in no_proxy"
        )


def proxy_for(url: str) -> str | None:
    """The environment's proxy for requests to ``url``, as written there; ``None``: none."""
    target = urlsplit(url)
    return None if proxy_bypass(target.hostname or "") else getproxies().get(target.scheme)


def check_log_file(settings: HasSettings, database: Path) -> None:
    """Refuse a LOG_FILE that cannot be written, or that would damage a database.

    Raises:
        SettingError: the message says why.
    """
    name = settings.get("LOG_FILE")
    if not name:
        return
    path = Path(str(name))
    try:
        refuse_database("LOG_FILE", path, database)
        # Opened for appending, and nothing is written: the file stays as it is.
        with path.open("ab"):
            pass
    except (OSError, ValueError) as error:
        if isinstance(error, SettingError):
            raise
        why = getattr(error, "strerror", None) or error
        raise SettingError(f"LOG_FILE cannot be written: {path}: {why}") from error


def refuse_database(what: str, path: Path, database: Path) -> None:
    """Refuse to write over the database of a crawl, one of its files, or another database.

    Raises:
        SettingError: the message names ``what`` would be written there.
        OSError, ValueError: the path cannot be read.
    """
    own = [database.with_name(f"{database.name}{ending}") for ending in _SIDE_FILES]
    if os.path.realpath(path) in {os.path.realpath(one) for one in own}:
        raise SettingError(f"{what} must not be the database or one of its files: {path}")
    if begins_as_database(path):
        raise SettingError(f"{what} must not be a database: {path}")
