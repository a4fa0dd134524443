"""The schema of the archive: frozen steps of SQL, and the digest that each version must have.

A released file in this folder is never edited; a later step corrects it. To change
the schema, add a file, append a :class:`Step`, and take its digest from the failing test
``tests/store/test_schema.py``. Only sqlite3 is used: readers use this module too.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from newscrawler.humanize.language import tr

APPLICATION_ID = 0x6E657773
"""``news``: SQLite's application_id of our files, so that a foreign file is refused."""


@dataclass(frozen=True, slots=True)
class Step:
    """A migration to a version of the schema from the one before."""

    name: str
    """Its name in the archives' list of applied steps: never renamed."""
    files: tuple[str, ...]
    """SQL, run in this order in one transaction."""
    digest: str
    """:func:`digest` of an archive of this version."""


STEPS = (
    # name, files, digest
    Step(
        "articles_and_their_parts",
        ("0001_articles_and_their_parts.sql",),
        "9cf66b4bc67ede07f91f7affd12d8ef9ff1746cc5dfed45998091498de6b2b72",
    ),
    Step(
        "ledger_captures_and_runs",
        ("0002_ledger_captures_and_runs.sql",),
        "357f0691dc2cd3a25723e9d67ca1899a9eb63f4334934ba89c3a35b3bd3dcf66",
    ),
    Step(
        "article_search",
        ("0003_article_search.sql",),
        "77ee357b17cc73db4c4339166f302985356745d0437b86bdc0478977da10424f",
    ),
    Step(
        "near_duplicates",
        ("0004_near_duplicates.sql",),
        "cb25a325bd2784212c38e23af7516a76a095ee689c8abb751888ac3b566a6f33",
    ),
    Step(
        "views_for_readers",
        ("0005_views_for_readers.sql",),
        "8d04def6f35733095652c064b25bf4b7a161f67855213b2f8268012943d8ab14",
    ),
    Step(
        "views_as_released",
        ("0006_without_views.sql", "0005_views_for_readers.sql"),
        "8d04def6f35733095652c064b25bf4b7a161f67855213b2f8268012943d8ab14",
    ),
    Step(
        "pairs_and_text",
        ("0007_pairs_and_text.sql",),
        "e9f1d2a164d5594391da49965c6604f3cd0d0886675cea5dedd0288723ca45b3",
    ),
    Step(
        "digests_of_dictionaries",
        ("0008_digests_of_dictionaries.sql",),
        "c090a1f109f18716b339680c92646decf4d3447a8ef9ff6c47ffc4c2fd225541",
    ),
    Step(
        "articles_read_in_part",
        ("0009_articles_read_in_part.sql",),
        "485d5a3b84a2622079abcffa071dd95d0eb273237bbba337ba5f9d5a86c2c277",
    ),
    Step(
        "codes_and_marks",
        ("0010_codes_and_marks.sql",),
        "c45bf0689b8708a0de9f7d67ce29d41bcc99db6d1e5ee0c4b1fead760d892d79",
    ),
    Step(
        "section_walks",
        ("0011_section_walks.sql",),
        "05e8c4aae63a9efcaae5d5112cfea58d4b97166f2abfd049ca83cc390aaf425e",
    ),
    Step(
        "silent_answers",
        ("0012_silent_answers.sql",),
        "0e76134a75d09a3692872177da2c3f29faddf8db8b38c908eaec2eaecfcfec5e",
    ),
    Step(
        "seals",
        ("0013_seals.sql",),
        "638e9fb362843769611446adfe158497c2177cbf50cd3937c13467032a00b4fa",
    ),
    Step(
        "ledger_blocks",
        ("0014_ledger_blocks.sql",),
        "7492831782dd0bcbde4a1937300dad6a0c38d4b187eaa1ba2d92434506ae3c0f",
    ),
    Step(
        "feed_dates",
        ("0015_feed_dates.sql",),
        "2675d515bd666e9f354489df13611813392ecadd097eece5660a6cd500588841",
    ),
    Step(
        "final_gaps",
        ("0016_final_gaps.sql",),
        "6aace87cfd4874d33bf799d5bd43af7054a06985b7758ac97c80b269c5662465",
    ),
)

VERSION = len(STEPS)
"""The version that this program reads and writes; an archive's ``user_version``."""

_FIRST_FROZEN = 6
"""Archives of earlier versions were migrated by the code of their time: their views differ."""


def teach(connection: sqlite3.Connection) -> None:
    """Add the SQL functions that the steps call: ``sha256(blob)``, in hex."""
    connection.create_function("sha256", 1, lambda data: sha256(data).hexdigest())


def run(connection: sqlite3.Connection, step: Step) -> None:
    """Run a step's statements on a connection with these functions.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    import pkgutil  # for writers only: readers start without it

    for name in step.files:
        statement = ""
        sql = pkgutil.get_data(__package__, name) or b""
        for line in sql.decode().splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                connection.execute(statement)
                statement = ""


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the database holds nothing at all, of nobody.

    Raises:
        sqlite3.Error: the schema cannot be read.
    """
    return not _entries(connection)


def _entries(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Kind, name, table and SQL of everything in the schema."""
    try:
        return connection.execute(
            "SELECT type, name, tbl_name, ifnull(sql, '') FROM main.sqlite_master"
        ).fetchall()
    except UnicodeDecodeError as error:
        # SQLite's message quotes a damaged name, and Python cannot decode the message.
        damaged = sqlite3.DatabaseError("the schema is damaged")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error


def objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Kind and name → SQL of every table, index, view and trigger, with normalised white space.

    Without the internal tables of SQLite, its full-text index and sqlite-utils, whose SQL may
    change.

    Raises:
        sqlite3.Error: the schema cannot be read.
    """
    return {
        (kind, name): " ".join(sql.split())
        for kind, name, table, sql in _entries(connection)
        if kind == "trigger" or not _BOOKS.fullmatch(table)
    }


_BOOKS = re.compile(
    r"sqlite_.*|_sqlite_migrations"
    r"|(article_search|pairs_not_words)_(data|idx|content|docsize|config)"
)


def digest(connection: sqlite3.Connection) -> str:
    """SHA-256 over :func:`objects`, equal for all archives of one version."""
    lines = (f"{kind} {name} {sql}\n" for (kind, name), sql in sorted(objects(connection).items()))
    return sha256("".join(lines).encode()).hexdigest()


def foreign(connection: sqlite3.Connection, version: int) -> str | None:
    """The first difference between the schema and that of ``version``, in words; ``None``: none.

    Of versions before the steps were frozen only triggers are checked: they had none.

    Raises:
        sqlite3.Error: the schema cannot be read.
    """
    if version < _FIRST_FROZEN:
        names = [name for kind, name in objects(connection) if kind == "trigger"]
        return f"trigger {names[0]} was added" if names else None
    if digest(connection) == STEPS[version - 1].digest:
        return None
    ours, theirs = _expected(version), objects(connection)
    for what, differing in (
        ("was added", theirs.keys() - ours.keys()),
        ("is missing", ours.keys() - theirs.keys()),
        ("was changed", {key for key in ours if ours[key] != theirs.get(key)}),
    ):
        if differing:
            kind, name = min(differing)
            more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
            return f"{kind} {name}{more} {what}"
    return "its digest is another"  # pragma: no cover - an edited step


def refusal(path: Path, difference: str) -> str:
    """The message for an archive whose schema another program has changed."""
    return tr(
        "{path} was changed by another program: {difference}; it is not read or written until"
        " that is undone, since its contents cannot be trusted",
        path=path,
        difference=difference,
    )


def _expected(version: int) -> dict[tuple[str, str], str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        teach(connection)
        for step in STEPS[:version]:
            run(connection, step)
        return objects(connection)
