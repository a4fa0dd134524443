"""What an archive would take if it were built otherwise: each row changes one thing.

    python -m benchmarks.less_room [NUMBERS]

On pages of 40 KB. Prints a table in Markdown; decision 88 says which rows are no choice, and why.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.room import make
from newscrawler.store import search_index
from newscrawler.store.compression import zstd

_DICTIONARY_BYTES = 112_640
Change = Callable[[sqlite3.Connection], None]


def index_with(options: str, columns: slice = slice(3)) -> Change:
    """Another search index with the same words."""

    def change(connection: sqlite3.Connection) -> None:
        names = ("body", "title", "captions")[columns]
        marks = ", ".join("?" * (1 + len(names)))
        connection.execute("DROP TABLE pairs_not_words")
        connection.execute(
            f"CREATE VIRTUAL TABLE pairs_not_words USING fts5 ({', '.join(names)}, content='',"
            f" tokenize='ascii'{options})"
        )
        for article_id, words in list(search_index.stored(connection)):
            connection.execute(
                f"INSERT INTO pairs_not_words (rowid, {', '.join(names)}) VALUES ({marks})",
                [article_id, *words[columns]],
            )
        connection.execute("INSERT INTO pairs_not_words (pairs_not_words) VALUES ('optimize')")

    return change


def pages_of(size: int) -> Change:
    """Another page size of the file."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA page_size = {size}")

    return change


def packed_at(level: int) -> Change:
    """Captures packed with the same dictionaries and more patience."""

    def change(connection: sqlite3.Connection) -> None:
        known = {
            dictionary_id: zstd.ZstdDict(data)
            for dictionary_id, data in connection.execute("SELECT id, data FROM dictionaries")
        }
        rows = connection.execute(
            "SELECT id, body, dictionary_id FROM captures WHERE dictionary_id IS NOT NULL"
        ).fetchall()
        for capture_id, body, dictionary_id in rows:
            words = known[dictionary_id]
            plain = zstd.decompress(body, zstd_dict=words.as_undigested_dict)
            body = zstd.compress(plain, level, zstd_dict=words.as_undigested_dict)
            connection.execute("UPDATE captures SET body = ? WHERE id = ?", [body, capture_id])

    return change


def texts_packed(connection: sqlite3.Connection) -> None:
    """The texts of the articles packed with a dictionary of their own."""
    texts = [
        (body.encode(), article_id)
        for article_id, body in connection.execute("SELECT id, body FROM articles")
    ]
    words = zstd.train_dict([text for text, _ in texts if text], _DICTIONARY_BYTES)
    connection.execute("CREATE TABLE text_dictionary (data BLOB)")
    connection.execute("INSERT INTO text_dictionary VALUES (?)", [words.dict_content])
    connection.execute("CREATE TABLE packed_texts (id INTEGER PRIMARY KEY, body BLOB)")
    connection.executemany(
        "INSERT INTO packed_texts VALUES (?, ?)",
        [(article_id, zstd.compress(text, 19, zstd_dict=words)) for text, article_id in texts],
    )
    connection.execute("UPDATE articles SET body = ''")


def sql(*statements: str) -> Change:
    """Statements of SQL."""

    def change(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return change


VARIANTS: dict[str, Change] = {
    "as it is": sql(),
    "database pages of 4 KB": pages_of(4096),
    "database pages of 16 KB": pages_of(16384),
    "captures packed at level 12": packed_at(12),
    "captures packed at level 19": packed_at(19),
    "no captures": sql(
        "UPDATE captures SET body = x'00', dictionary_id = NULL WHERE body IS NOT NULL",
        "DELETE FROM dictionaries",
    ),
    "search index, optimized": index_with(""),
    "search index without positions (detail=column)": index_with(", detail=column"),
    "search index of rows only (detail=none)": index_with(", detail=none"),
    "search index of headlines and captions only": index_with("", slice(1, 3)),
    "no search index": sql("DROP TABLE pairs_not_words"),
    "addresses made from the numbers": sql(
        "UPDATE articles SET url = ''",
        "UPDATE captures SET url = ''",
    ),
    "times as whole numbers": sql(
        "CREATE TABLE times AS SELECT id, unixepoch(first_fetched_at) AS a,"
        " unixepoch(last_fetched_at) AS b, unixepoch(published_at) AS c FROM articles",
        "UPDATE articles SET first_fetched_at = '', last_fetched_at = '', published_at = NULL",
    ),
    "no indexes for dates, reporters, keywords, states": sql(
        "DROP INDEX articles_by_published",
        "DROP INDEX reporters_by_name",
        "DROP INDEX keywords_by_word",
        "DROP INDEX ledger_by_state",
    ),
    "texts of articles packed (SELECT body gives bytes)": texts_packed,
}


def main(numbers: int) -> None:
    print(
        "| | bytes an article | share of the page | beside as it is |\n| --- | ---: | ---: | ---: |"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "archive.db"
        make(made, numbers, 34_000)
        with closing(sqlite3.connect(made)) as connection:
            articles, page = connection.execute(
                "SELECT count(*), avg(body_length) FROM captures WHERE verdict = 'article'"
            ).fetchone()
        first = 0.0
        for name, change in VARIANTS.items():
            size = _size(made, Path(folder) / "changed.db", change) / articles
            first = first or size
            print(f"| {name} | {size:,.0f} | {size / page:.3f} | {size / first:.2f} |", flush=True)


def _size(made: Path, changed: Path, change: Change) -> int:
    """Bytes of a copy after a change, without unused room."""
    changed.unlink(missing_ok=True)
    changed.write_bytes(made.read_bytes())
    with closing(sqlite3.connect(changed, isolation_level=None)) as connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for (view,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'"
        ).fetchall():
            connection.execute(f"DROP VIEW {view}")
        change(connection)
        connection.execute("VACUUM")
    return changed.stat().st_size


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
