"""``docs/data-dictionary.md``, made from the schema and its descriptions.

Run ``python -m newscrawler.store.data_dictionary > docs/data-dictionary.md`` after a migration.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlite_utils import Database

from newscrawler.store import migrations
from newscrawler.store.descriptions import TABLES, Description
from newscrawler.store.schema import VERSION

_HEAD = """# Data dictionary

Every table, view and column of an archive (schema {version}). Made by
`python -m newscrawler.store.data_dictionary`; edit `newscrawler/store/descriptions.py` instead.

Times of the paper are as printed, with its zone (`2020-11-25T15:28:58+09:00`);
times of the crawl are UTC (`2026-07-04T12:00:00Z`). "Empty" means NULL.
If you know only `SELECT`, `article_list` and the other views have what you need; to search:
`SELECT idx, day, title FROM article_text WHERE text LIKE '%수소경제%'`.
"""


@contextmanager
def schema() -> Iterator[Database]:
    """Open an empty archive in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.apply(connection)
        yield Database(connection)


def kinds(archive: Database) -> dict[str, str]:
    """Names of our tables and views → ``table``, ``search index`` or ``view``.

    Without the internal tables of SQLite, its full-text index and sqlite-utils.
    """
    indexes = [table.name for table in archive.tables if table.virtual_table_using]
    internal = ("_", "sqlite_", *(f"{name}_" for name in indexes))
    found = {name: "table" for name in archive.table_names() if not name.startswith(internal)}
    return {
        **found,
        **dict.fromkeys(indexes, "search index"),
        **dict.fromkeys(archive.view_names(), "view"),
    }


def render(archive: Database) -> str:
    """The whole page."""
    known = kinds(archive)
    parts = [_HEAD.format(version=VERSION), *_contents(known)]
    for name, description in TABLES.items():
        parts += ["", f"## {name}", "", f"*{known[name]}* · {description.about}", ""]
        parts += _columns(archive, name, known[name] == "table")
    return "\n".join(parts) + "\n"


def _contents(known: dict[str, str]) -> Iterator[str]:
    yield "| name | kind | a row is |"
    yield "|---|---|---|"
    for name, description in TABLES.items():
        yield f"| [{name}](#{name}) | {known[name]} | {_first_sentence(description)} |"


def _first_sentence(description: Description) -> str:
    return description.about.split(". ")[0].removesuffix(".")


def _columns(archive: Database, name: str, stored: bool) -> Iterator[str]:
    # What type SQLite reports for a view's column differs from version to version.
    yield "| column | type | meaning |" if stored else "| column | meaning |"
    yield "|---|---|---|" if stored else "|---|---|"
    for column in archive[name].columns:
        empty = "" if column.notnull or column.is_pk else " or empty"
        type_ = f" {column.type.lower()}{empty} |" if stored else ""
        yield f"| `{column.name}` |{type_} {TABLES[name].columns[column.name]} |"


if __name__ == "__main__":
    with schema() as empty:
        print(render(empty), end="")
