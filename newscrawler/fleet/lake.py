"""All archives as one dataset: Delta tables, a partition for each paper; the only module that
imports Delta.

A partition is replaced in one commit, so every snapshot of a table has each row of a paper once,
however often a collector was killed. The table ``versions`` says which version of a paper's archive
the others hold; it is written last, so unfinished work is repeated.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from newscrawler import clock
from newscrawler.exceptions import DamagedError, DepotError, DepotSettingError, LockedError
from newscrawler.humanize import first_line
from newscrawler.store.connection import Connection, connect_reader

_ROWS = 2000
"""Articles in one batch: some 10 MB of text."""

_ARTICLES = {
    **dict.fromkeys(("site", "url", "title", "subtitle", "section", "section_code"), pa.string()),
    **dict.fromkeys(("byline", "published_at", "modified_at", "body", "content_hash"), pa.string()),
    **dict.fromkeys(("removed_at", "first_fetched_at", "last_fetched_at"), pa.string()),
    **dict.fromkeys(("idx", "recommend_count", "parser_version"), pa.int64()),
}
_TABLES: dict[str, tuple[str, dict[str, pa.DataType]]] = {
    "articles": (f"SELECT {', '.join(_ARTICLES)} FROM articles WHERE site = ?", _ARTICLES),
    "reporters": (
        "SELECT a.site, a.idx, t.position, t.name, t.email FROM article_reporters AS t"
        " JOIN articles AS a ON a.id = t.article_id WHERE a.site = ?",
        {
            **dict.fromkeys(("site", "name", "email"), pa.string()),
            **dict.fromkeys(("idx", "position"), pa.int64()),
        },
    ),
    "revisions": (
        "SELECT a.site, a.idx, t.number, t.fetched_at, t.modified_at, t.title, t.body,"
        " t.content_hash FROM revisions AS t JOIN articles AS a ON a.id = t.article_id"
        " WHERE a.site = ?",
        {
            **dict.fromkeys(("site", "fetched_at", "modified_at", "title", "body"), pa.string()),
            **dict.fromkeys(("content_hash",), pa.string()),
            **dict.fromkeys(("idx", "number"), pa.int64()),
        },
    ),
    "ledger": (
        "SELECT site, idx, state, reason, http_status, attempts, last_attempt_at, next_attempt_at"
        " FROM ledger WHERE site = ?",
        {
            **dict.fromkeys(("site", "state", "reason"), pa.string()),
            **dict.fromkeys(("last_attempt_at", "next_attempt_at"), pa.string()),
            **dict.fromkeys(("idx", "http_status", "attempts"), pa.int64()),
        },
    ),
}
TABLES = tuple(_TABLES)
_VERSIONS = pa.schema(
    [("site", pa.string()), ("version", pa.int64()), ("collected_at", pa.string())]
)


class Lake:
    """The tables in a folder or ``s3://BUCKET/PREFIX``; created when they are first written.

    Raises:
        DepotSettingError: an address of another kind.
    """

    def __init__(self, url: str) -> None:
        scheme, mark, place = url.partition("://")
        if (mark and (scheme != "s3" or not place)) or (not mark and url.startswith("s3:")):
            raise DepotSettingError(f"a lake must be a folder or s3://BUCKET/PREFIX, not {url!r}")
        self.url = url.rstrip("/")
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        remote = {"AWS_ALLOW_HTTP": "true"} if plain else {}
        self._options = remote if "://" in url else None

    def version_of(self, site: str) -> int | None:
        """Which version of a paper's archive is in the tables; ``None``: none."""
        try:
            table = DeltaTable(f"{self.url}/versions", storage_options=self._options)
            rows = table.to_pyarrow_table(filters=[("site", "=", site)]).to_pylist()
        except DeltaError:
            return None
        except OSError as error:
            raise DepotError(f"the lake {self.url} cannot be read: {first_line(error)}") from error
        return max((row["version"] for row in rows), default=None)

    def collect(self, archive: Path, site: str, version: int) -> int:
        """Replace a paper's partition in every table by the content of its archive.

        Args:
            archive: that version's file, read-only.

        Returns:
            How many articles it holds.

        Raises:
            DamagedError: the archive cannot be read.
            LockedError: another process is writing the same partition.
            DepotError: the lake cannot be written.
        """
        try:
            with closing(connect_reader(archive)) as connection:
                sql = "SELECT count(*) FROM articles WHERE site = ?"
                count = int(connection.execute(sql, (site,)).fetchone()[0])
                for name in TABLES:
                    self._replace(name, site, _reader(connection, name, site))
        except sqlite3.Error as error:
            raise DamagedError(
                f"version {version} of {site} is no archive that can be read: {error}"
            ) from error
        row = {"site": site, "version": version, "collected_at": clock.to_text(clock.now())}
        self._replace("versions", site, pa.Table.from_pylist([row], _VERSIONS).to_reader())
        return count

    def _replace(self, table: str, site: str, rows: pa.RecordBatchReader) -> None:
        try:
            if "://" not in self.url:
                Path(self.url).mkdir(parents=True, exist_ok=True)
            target = f"{self.url}/{table}"
            if not DeltaTable.is_deltatable(target, self._options):
                # Created empty first: of two processes each then replaces its own part.
                DeltaTable.create(
                    target,
                    rows.schema,
                    partition_by=["site"],
                    mode="ignore",
                    storage_options=self._options,
                )
            write_deltalake(
                target,
                rows,
                mode="overwrite",
                predicate=f"site = '{site}'",
                storage_options=self._options,
            )
        except CommitFailedError as error:
            raise LockedError(
                f"another process is writing {site} into the lake {self.url}: wait for it"
            ) from error
        except (DeltaError, OSError) as error:
            raise DepotError(
                f"the lake {self.url} cannot be written: {first_line(error)}"
            ) from error


def _reader(connection: Connection, name: str, site: str) -> pa.RecordBatchReader:
    sql, columns = _TABLES[name]
    cursor = connection.execute(sql, (site,))
    order = [part[0] for part in cursor.description]
    schema = pa.schema([(column, columns[column]) for column in order])

    def batches() -> Iterator[pa.RecordBatch]:
        while rows := cursor.fetchmany(_ROWS):
            values = zip(*(tuple(row) for row in rows), strict=True)
            arrays = [pa.array(v, field.type) for v, field in zip(values, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())
