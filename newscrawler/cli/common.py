"""What commands share: their options, and the way errors become exit codes."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from newscrawler import sites
from newscrawler.archive.days import DayError, first_day, last_day
from newscrawler.archive.reader import Archive, ArchiveError
from newscrawler.config.options import SettingError
from newscrawler.config.selection import SelectionError
from newscrawler.outcomes import EXIT_LOCKED, EXIT_STORAGE, EXIT_USAGE
from newscrawler.sites import Site, SiteError, urls
from newscrawler.store.lock import LockedError
from newscrawler.store.store import StoreError


class Refusal(click.ClickException):
    """One sentence on stderr and an exit code; never a traceback."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click declares a class variable

    def show(self, file: Any = None) -> None:
        click.echo(f"newscrawler: {self.message}", file=sys.stderr)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the errors that a user can cause into a :class:`Refusal`."""
    try:
        yield
    except (SettingError, SelectionError, SiteError) as error:
        raise Refusal(str(error), EXIT_USAGE) from error
    except LockedError as error:
        raise Refusal(str(error), EXIT_LOCKED) from error
    except StoreError as error:
        raise Refusal(str(error), EXIT_STORAGE) from error


class SiteParameter(click.ParamType[Site]):
    """The name of a newspaper, converted to its :class:`Site`."""

    name = "site"

    def convert(self, value: Any, param: Any, ctx: Any) -> Site:
        if isinstance(value, Site):
            return value
        with refusals():
            return sites.load(value)


class IdxParameter(click.ParamType[int]):
    """An article's number."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        text = str(value).strip()
        number = urls.whole(text)
        if not number:
            self.fail(f"{value!r} is no article's number", param, ctx)
        return number


class CountParameter(click.IntRange):
    """How many, or how much at most."""

    name = "whole number"


class DayParameter(click.ParamType[date]):
    """A day of the calendar; of a month or a year its first day, or its ``last``."""

    name = "day"

    def __init__(self, *, last: bool = False) -> None:
        self._read = last_day if last else first_day

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            return self._read(value)
        except DayError as error:
            self.fail(str(error), param, ctx)


class DatabasePath(click.Path):
    """A name that a file can have; whether there is such a file is for the command to see."""

    _IMPOSSIBLE = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP)

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not str(value):
            self.fail("the name of a file is missing", param, ctx)
        try:
            mode = Path(value).stat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                self.fail(f"{value} is no ordinary file", param, ctx)
        except OSError as error:
            if error.errno in self._IMPOSSIBLE:
                self.fail(f"{_short(str(value))}: {os.strerror(error.errno)}", param, ctx)
        except ValueError:
            self.fail(f"{value!r} is no name of a file", param, ctx)
        return super().convert(value, param, ctx)


class OutputPath(click.Path):
    """A file to be written, or ``-``; never a database, which is worth more than an export."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, allow_dash=True, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        path = super().convert(value, param, ctx)
        if _begins_as_database(Path(value)):
            self.fail(f"{value} is a database, which is not overwritten", param, ctx)
        return path


_DATABASE = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How a database of SQLite begins, and the -wal file beside it: sqlite.org/fileformat2.html."""


def _begins_as_database(path: Path) -> bool:
    with suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(16).startswith(_DATABASE)
    return False


def _short(name: str) -> str:
    """A name that is told in a sentence; its beginning is enough."""
    return name if len(name) <= 60 else f"{name[:59]}…"


def results_console() -> Console:
    """Standard output for tables: a file or a pipe gets whole lines, not those of a terminal."""
    whole = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
    return Console(highlight=False, width=_ENDLESS if whole else None)


_ENDLESS = 100_000


def _only_site(context: click.Context, parameter: click.Parameter, site: Site | None) -> Site:
    """The paper that was named; else the only one in the archive; else amenews."""
    if site is not None:
        return site
    name = "amenews"
    if db := context.params.get("db"):
        with suppress(ArchiveError, OSError, sqlite3.Error), Archive.open(db) as archive:
            name = next(iter(held), name) if len(held := archive.sites()) == 1 else name
    with refusals():
        return sites.load(name)


site_argument = click.argument("site", type=SiteParameter(), default="amenews")
held_site_argument = click.argument(
    "site", type=SiteParameter(), required=False, callback=_only_site
)
"""For commands about an archive that exists: it knows whose it is."""

db_option = click.option(
    "--db",
    type=DatabasePath(),
    # Read before SITE, which may be found in it.
    is_eager=True,
    envvar="NEWSCRAWLER_DB",
    help="The archive; NEWSCRAWLER_DB names it too.  [default: data/SITE.db]",
)


def database(db: Path | None, site: Site) -> Path:
    """The archive that a command is about."""
    return db or Path(f"data/{site.name}.db")
