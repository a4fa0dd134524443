"""What every command that reads an archive shares: its options, its way to fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from newscrawler.outcomes import EXIT_STORAGE
from newscrawler.readers import (
    AmbiguousSiteError,
    Archive,
    ArchiveError,
    Filters,
    UnreadableArchiveError,
)
from newscrawler.search import SearchError

DEFAULT_DB = Path("data/amenews.db")

db_option = click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    default=DEFAULT_DB,
    show_default=True,
    metavar="PATH",
    help="The archive.",
)


class StorageError(click.ClickException):
    """The database is of no use to this program: another program's, newer, damaged."""

    exit_code = EXIT_STORAGE


@contextmanager
def open_for_reading(path: Path) -> Iterator[Archive]:
    """The archive at ``path``; what goes wrong with it, or with a search, ends the command.

    Exit 2 for what the user can mend (no such file, words that cannot be looked
    for), 6 for a file that is not ours, newer or damaged.
    """
    try:
        with Archive.open(path) as archive:
            yield archive
    except UnreadableArchiveError as error:
        raise StorageError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} cannot be read: {error}") from error
    except AmbiguousSiteError as error:
        raise click.UsageError(f"{error} with --site") from error
    except (ArchiveError, SearchError) as error:
        raise click.UsageError(str(error)) from error


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--since --until --section --reporter --site …`` gathered into one argument ``filters``.

    The words of a search are not among them: search takes them as arguments,
    other commands as they like (``dataclasses.replace(filters, words=…)``).
    """
    day = click.DateTime(formats=["%Y-%m-%d"])

    @click.option("--since", type=day, metavar="DAY", help="Published on this day or later.")
    @click.option("--until", type=day, metavar="DAY", help="Published on this day or before.")
    @click.option("--section", metavar="NAME", help="A section's name or its code.")
    @click.option("--reporter", metavar="NAME", help="A reporter's name or e-mail address.")
    @click.option("--site", metavar="SITE", help="One paper of an archive that holds several.")
    @click.option("--no-duplicates", is_flag=True, help="Leave out exact reprints.")
    @click.option("--no-removed", is_flag=True, help="Leave out what the paper has withdrawn.")
    @wraps(command)
    def gathered(
        *args: Any,
        since: datetime | None,
        until: datetime | None,
        section: str | None,
        reporter: str | None,
        site: str | None,
        no_duplicates: bool,
        no_removed: bool,
        **kwargs: Any,
    ) -> Any:
        filters = Filters(
            since=since and since.date(),
            until=until and until.date(),
            section=section,
            reporter=reporter,
            site=site,
            duplicates=not no_duplicates,
            removed=not no_removed,
        )
        return command(*args, filters=filters, **kwargs)

    return gathered
