"""What all commands that read an archive share: filters and error handling."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawler.archive import opening
from newscrawler.archive.damage import STUMBLES, first_damage
from newscrawler.cli.common import (
    DayParameter,
    complete_reporter,
    complete_section,
    found_archive,
    program,
)
from newscrawler.cli.errors import Refusal
from newscrawler.exceptions import (
    AmbiguousSiteError,
    DamagedArchiveError,
    NewscrawlerError,
    UnreadableArchiveError,
)
from newscrawler.humanize.language import mark, tr
from newscrawler.outcomes import EXIT_STORAGE, EXIT_USAGE
from newscrawler.store.connection import Connection

if TYPE_CHECKING:
    from newscrawler.archive.reader import Archive


def archive_path(db: Path | None, site: str | None = None) -> Path:
    """``db``, or else the archive that a crawl of ``site`` writes; it must exist.

    Raises:
        Refusal: there is none (exit 2), or whether there is cannot be seen (6).
    """
    path = found_archive(db, site)
    try:
        path.stat()
    except FileNotFoundError:
        told = tr("there is no archive at {path}", path=path)
        raise Refusal(told, EXIT_USAGE) from None
    except OSError as error:
        told = tr("{path} cannot be read: {why}", path=path, why=error.strerror)
        raise Refusal(told, EXIT_STORAGE) from error
    return path


@contextmanager
def open_for_reading(db: Path | None, site: str | None = None) -> Iterator[Archive]:
    """The archive at :func:`archive_path`, open; see :func:`connect_for_reading`."""
    from newscrawler.archive.reader import Archive  # what only counts needs no class of a record

    path = archive_path(db, site)
    with connect_for_reading(path, site) as connection:
        yield Archive(path, connection)


@contextmanager
def connect_for_reading(db: Path | None, site: str | None = None) -> Iterator[Connection]:
    """A connection to the archive at :func:`archive_path`.

    An error in it, or in a search, ends the command: exit 2 for a mistake of the user
    (no such file, a ``site`` that it does not hold, words that cannot be searched
    for), 6 for a file that is not ours, newer or damaged.
    """
    path = archive_path(db, site)
    try:
        with damage_is_said(path), closing(opening.connect(path)) as connection:
            if site and site not in (held := opening.sites_in(connection)):
                there = ", ".join(held) or tr("no paper yet")
                told = tr(
                    "{path} does not hold the paper {site}; it holds {papers}",
                    path=path,
                    site=site,
                    papers=there,
                )
                raise Refusal(told, EXIT_USAGE)
            yield connection
    except UnreadableArchiveError as error:
        if _lacks_room(error.__cause__):
            told = tr(_FOLDER_NOT_YOURS)
            raise UnreadableArchiveError(f"{path}: {told}") from error
        raise
    except AmbiguousSiteError as error:
        raise AmbiguousSiteError(tr("{message} with --site", message=error)) from error


@contextmanager
def damage_is_said(path: Path) -> Iterator[None]:
    """An error of SQLite within is a sentence and exit 6; so is an unexpected exception, if the
    archive is damaged, with the command that shows where."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        told = tr("{path} cannot be read: {why}", path=path, why=error)
        raise Refusal(told, EXIT_STORAGE) from error
    except STUMBLES as error:
        if isinstance(error, NewscrawlerError) or not (damage := first_damage(path)):
            raise
        command = f"{program()} verify --db {path}"
        told = tr(
            "{path} is damaged ({damage}); this command shows where: {command}",
            path=path,
            damage=damage,
            command=command,
        )
        raise DamagedArchiveError(told) from error


_FOLDER_NOT_YOURS = mark(
    "the last crawl was killed; until the next one, the archive can be read only by a user who may"
    " write in its folder. Run a crawl or a reparse as the user who crawls"
)


def _lacks_room(error: BaseException | None) -> bool:
    """Whether SQLite could not create the files of WAL beside the archive; even a reader must."""
    return isinstance(error, sqlite3.Error) and (error.sqlite_errorcode & 0xFF) in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
    )


def refuse_no_days(since: date | None, until: date | None, options: str = "--") -> None:
    """Nothing can be published from a day to an earlier one.

    ``options`` is how the names of the two options begin.

    Raises:
        click.UsageError: ``until`` is before ``since``.
    """
    if since and until and since > until:
        first, last = f"{options}since {since}", f"{options}until {until}"
        told = tr("{since} is later than {until}", since=first, until=last)
        raise click.UsageError(told, click.get_current_context())


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--since --until --section --reporter --site …`` gathered into one argument ``filters``.

    The words of a search are not among them: `search` takes them as arguments, other
    commands as an option (``dataclasses.replace(filters, words=…)``).
    """

    @click.option(
        "--since", type=DayParameter(), metavar="DAY", help="Published on this day or later."
    )
    @click.option(
        "--until",
        type=DayParameter(last=True),
        metavar="DAY",
        help="Published on this day or before.",
    )
    @click.option(
        "--section",
        metavar="NAME",
        shell_complete=complete_section,
        help="The name or code of a section.",
    )
    @click.option(
        "--reporter",
        metavar="NAME",
        shell_complete=complete_reporter,
        help="The name or e-mail address of a reporter.",
    )
    @click.option("--site", metavar="SITE", help="One paper of an archive that holds several.")
    @click.option("--no-duplicates", is_flag=True, help="Leave out exact reprints.")
    @click.option("--no-removed", is_flag=True, help="Leave out withdrawn articles.")
    @wraps(command)
    def gathered(
        *args: Any,
        since: date | None,
        until: date | None,
        section: str | None,
        reporter: str | None,
        site: str | None,
        no_duplicates: bool,
        no_removed: bool,
        **kwargs: Any,
    ) -> Any:
        from newscrawler.archive.filters import Filters  # commands without filters share the module

        refuse_no_days(since, until)
        filters = Filters(
            since=since,
            until=until,
            section=section,
            reporter=reporter,
            site=site,
            duplicates=not no_duplicates,
            removed=not no_removed,
        )
        return command(*args, filters=filters, **kwargs)

    return gathered
