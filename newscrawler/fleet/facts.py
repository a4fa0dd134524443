"""What a depot's manifests say of an archive and of its paper, read from the file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from newscrawler.exceptions import StoreError
from newscrawler.sites import Site
from newscrawler.store.connection import Connection, connect_reader
from newscrawler.store.states import SETTLED_SQL


def site_digest(site: Site) -> str:
    """Short digest of a site file's content: machines with different site files crawl
    differently."""
    said = json.dumps(asdict(site), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def counts(path: Path, site: str) -> dict[str, int | None]:
    """How many numbers an archive has settled, and the newest that the site has listed."""
    with _reader(path) as connection:
        settled = connection.execute(
            f"SELECT count(*) FROM ledger WHERE site = ? AND state IN {SETTLED_SQL}", (site,)
        ).fetchone()[0]
        newest = connection.execute(
            "SELECT max(newest) FROM runs WHERE site = ?", (site,)
        ).fetchone()[0]
        return {"settled": settled, "newest": newest}


def papers_in(path: Path) -> list[str]:
    """The papers of which an archive's ledger has numbers."""
    with _reader(path) as connection:
        return [name for (name,) in connection.execute("SELECT DISTINCT site FROM ledger")]


@contextmanager
def _reader(path: Path) -> Iterator[Connection]:
    with sqlite_errors(path), closing(connect_reader(path)) as connection:
        yield connection


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one sentence.

    Raises:
        StoreError: the archive at ``path`` cannot be used.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"{path} cannot be used: {error}; if it is damaged, move it away, and the next slice"
            " fetches the version in the depot"
        ) from error
