"""What commands share: their options, and the way errors become exit codes."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from newscrawler import sites
from newscrawler.archive import opening
from newscrawler.archive.days import first_day, last_day
from newscrawler.cli.arguments import mode_of
from newscrawler.cli.errors import sentence
from newscrawler.config import archives, options
from newscrawler.exceptions import ArchiveError, DayError, NewscrawlerError
from newscrawler.humanize import language
from newscrawler.humanize.language import tr
from newscrawler.sites import Site, urls
from newscrawler.store.atomic_file import begins_as_database

if TYPE_CHECKING:
    from rich.console import Console
from newscrawler.extensions.console import SafeConsole


class SiteParameter(click.ParamType[Site]):
    """The name of a newspaper, converted to its :class:`Site`."""

    name = "site"

    def convert(self, value: Any, param: Any, ctx: Any) -> Site:
        if isinstance(value, Site):
            return value
        site = sites.load(value)
        if ctx:
            ctx.meta[f"{_TYPED}.{site.name}"] = str(value)
        return site

    def shell_complete(self, ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
        papers = sites.load_all().values()
        found = [CompletionItem(one.name, help=one.title) for one in papers]
        # Or the user's own site file.
        return _beginning(incomplete, found) or [CompletionItem(incomplete, type="file")]


_TYPED = "newscrawler.site"


def as_typed(site: Site) -> str:
    """The paper as the user named it, so that a hint can be copied: its name, or its site file."""
    meta = click.get_current_context().meta
    return shlex.quote(str(meta.get(f"{_TYPED}.{site.name}", site.name)))


def _beginning(incomplete: str, items: Iterable[CompletionItem]) -> list[CompletionItem]:
    return [item for item in items if str(item.value).startswith(incomplete)]


def complete_setting(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` of every option, with its purpose."""
    return _beginning(
        incomplete, (CompletionItem(f"{one.name}=", help=one.what) for one in options.OPTIONS)
    )


def complete_section(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """The names of the sections in the archive that the command reads."""
    return _from_archive(ctx, "SELECT DISTINCT section FROM articles ORDER BY 1", incomplete)


def complete_reporter(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """The reporters in the archive that the command reads."""
    return _from_archive(ctx, "SELECT DISTINCT name FROM article_reporters ORDER BY 1", incomplete)


def _from_archive(ctx: Any, sql: str, incomplete: str) -> list[CompletionItem]:
    """Values of a column; none, and no message, without a readable archive."""
    with suppress(NewscrawlerError, OSError, sqlite3.Error):
        path = archives.to_read(db=ctx.params.get("db")).path
        with closing(opening.connect(path)) as connection:
            rows = connection.execute(sql).fetchall()
        return _beginning(incomplete, (CompletionItem(row[0]) for row in rows if row[0]))
    return []


class IdxParameter(click.ParamType[int]):
    """An article's number."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        text = str(value).strip()
        number = urls.whole(text)
        if not number:
            told = tr(
                "{value} is not an article number; give a whole number from 1", value=repr(value)
            )
            self.fail(told, param, ctx)
        return number


class CountParameter(click.IntRange):
    """A count or a limit."""

    @property
    def name(self) -> str:  # type: ignore[override]  # click only reads it
        return tr("whole number")


class DayParameter(click.ParamType[date]):
    """A date; for a month or a year its first day, or with ``last`` its last day."""

    name = "day"

    def __init__(self, *, last: bool = False) -> None:
        self._read = last_day if last else first_day

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            return self._read(value)
        except DayError as error:
            self.fail(str(error), param, ctx)


class DatabasePath(click.Path):
    """A possible file name; the command itself checks whether the file exists."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        mode = mode_of(self, value, param, ctx)
        if mode is not None and stat.S_ISDIR(mode):
            self.fail(tr("{value} is a folder: name a file", value=value), param, ctx)
        if mode is not None and not stat.S_ISREG(mode):
            self.fail(tr("{value} is not a regular file", value=value), param, ctx)
        return super().convert(value, param, ctx)


class OutputPath(click.Path):
    """A file to write, or ``-``; a database is refused, so that no archive is overwritten."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, allow_dash=True, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        mode_of(self, value, param, ctx)
        path = super().convert(value, param, ctx)
        if begins_as_database(Path(value)):
            told = tr("{value} is a database, and databases are never overwritten", value=value)
            self.fail(told, param, ctx)
        return path


def program() -> str:
    """How the user can call this program again: its name if the shell finds it, else its path
    (a venv that is not active, a checkout)."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        called = Path(sys.executable).with_name("newscrawler")
        if not called.exists():
            return f"{shlex.quote(sys.executable)} -m newscrawler"
    found = shutil.which(called.name)
    if found and os.path.realpath(found) == os.path.realpath(called):
        return called.name
    # Short where it can be: .venv/bin/newscrawler in the folder of a checkout.
    if called.is_absolute() and called.parent != Path.cwd():
        with suppress(ValueError):
            called = called.relative_to(Path.cwd())
    return shlex.quote(str(called))


def results_console() -> Console:
    """Standard output for tables: lines are not wrapped in a file or a pipe."""

    whole = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
    return SafeConsole(highlight=False, width=_ENDLESS if whole else None)


_ENDLESS = 100_000


def only_site(context: click.Context, parameter: click.Parameter, site: Site | None) -> Site:
    """The paper that was named; else the only one in the archive; else the default one.

    Also decides which archive it is, and stores its path as ``--db``.
    """
    if site is not None:
        return site
    path = context.params["db"] = found_archive(context.params.get("db"))
    name = sites.DEFAULT
    # A problem with the archive is reported when the command opens it.
    with (
        suppress(ArchiveError, OSError, sqlite3.Error),
        closing(opening.connect(path)) as connection,
    ):
        name = next(iter(held), name) if len(held := opening.sites_in(connection)) == 1 else name
    return sites.load(name)


def found_archive(db: Path | None, site: str | None = None) -> Path:
    """The archive for a command that reads; prints a message when it is not the default one.

    Raises:
        NoArchiveError: nobody named one, and none can be chosen.
    """
    found = archives.to_read(site, db)
    if found.instead_of:
        told = tr(
            "{missing} does not exist; using {path}", missing=found.instead_of, path=found.path
        )
        click.echo(f"newscrawler: {sentence(told)}", err=True)
    return found.path


def print_json_array(values: Iterable[Any]) -> None:
    """Print one JSON array on stdout, with one value a line."""
    lines = (json.dumps(value, ensure_ascii=False) for value in values)
    click.echo("[" + ",\n ".join(lines) + "]")


lang_option = click.option(
    "--lang",
    type=click.Choice(language.LANGUAGES),
    # Read by TranslatedCommand, before other options, which may complain.
    expose_value=False,
    help="The language of the output; JSON and CSV are not translated."
    "  [default: that of the locale, else en]",
)
"""For commands that show something to readers: each is a :class:`TranslatedCommand`."""

csv_option = click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values on stdout.")
site_argument = click.argument("site", type=SiteParameter(), default=sites.DEFAULT)
held_site_argument = click.argument(
    "site", type=SiteParameter(), required=False, callback=only_site
)
"""For commands that read an archive: without SITE, the archive decides."""

db_option = click.option(
    "--db",
    type=DatabasePath(),
    # Read before SITE, which may be found in it.
    is_eager=True,
    envvar=archives.VARIABLE,
    help="The archive file; or set NEWSCRAWLER_DB.  [default: data/SITE.db]",
)


settings_option = click.option(
    "-s",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a setting; repeatable.",
    shell_complete=complete_setting,
)


def with_db(db: Path | None, assignments: tuple[str, ...]) -> list[str]:
    """``-s`` texts of a command with ``--db`` as the first of them.

    From the environment the settings take it themselves, and know whence it came.
    """
    named = db is not None and str(db) != os.environ.get(archives.VARIABLE)
    return [*([f"{archives.VARIABLE}={db}"] if named else []), *assignments]
