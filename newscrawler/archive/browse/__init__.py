"""The archive in a browser: Datasette with our search, an article page, the cookbook's questions.

Needs the extra ``research``; nothing else imports this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from newscrawler.archive.browse import plugin
from newscrawler.archive.browse.metadata import metadata
from newscrawler.archive.report import PLOTS
from newscrawler.humanize.language import spoken
from newscrawler.store.connection import Connection, connect_reader

_HERE = Path(__file__).parent

SETTINGS = {
    # Views over a whole paper take longer than Datasette's second.
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 1000,
    "default_page_size": 50,
    # A row's page has the whole text; in a table one article must not push out the others.
    "truncate_cells_html": 200,
    "suggest_facets": False,
    # A crawl may be writing: what is shown should be what is there.
    "default_cache_ttl": 0,
    # A copy of the bare file would lack what is still in the write-ahead log.
    "allow_download": False,
}


class ReadOnlyDatabase(Database):  # type: ignore[misc]
    """A database that Datasette opens read-only, like every reader of this program.

    Never ``immutable``: SQLite would ignore a crawl that is writing.
    """

    def connect(self, write: bool = False) -> Connection:
        if write:
            raise PermissionError(f"{self.path} is open for reading only")
        connection = connect_reader(Path(self.path))
        self._all_file_connections.append(connection)
        return connection


def datasette(path: Path, paper: str, also: Sequence[Path] = ()) -> Datasette:
    """Datasette for the archive at ``path``, in the current language.

    Args:
        paper: the newspaper's own name.
        also: other archives to show too, each by its file's name.
    """
    if not pm.is_registered(plugin):
        pm.register(plugin, name="newscrawler")
    name = path.stem
    told = metadata(name, paper, spoken())
    for other in also:
        told["databases"] |= metadata(other.stem, other.stem, spoken())["databases"]
    application: Any = Datasette(
        metadata=told,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("browse", str(_HERE / "static")), ("plots", str(PLOTS))],
        settings=SETTINGS,
    )
    # Without files Datasette offers an empty database in memory; there is ours instead.
    application.remove_database("_memory")
    for one in (path, *also):
        application.add_database(ReadOnlyDatabase(application, path=str(one)), name=one.stem)
    return application
