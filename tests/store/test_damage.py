"""Captures that are no longer what was stored, and archives with flipped bytes."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler import open_archive, sites
from newscrawler.archive import near_duplicates
from newscrawler.archive.reparse.run import replay
from newscrawler.archive.verify import problems
from newscrawler.cli import cli
from newscrawler.cli.reader_options import damage_is_said
from newscrawler.demo.damage import CHANGING, COMMANDS, Ending, trials
from newscrawler.demo.newspaper import Newspaper
from newscrawler.exceptions import DamagedArchiveError, NewscrawlerError
from newscrawler.store import compression
from newscrawler.store.answers import KeepCaptures
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests.local_archive import Reader, archive, copy_of

PAPER = Newspaper(size=40, gap_share=0)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("sound") / "archive.db", PAPER)


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return copy_of(sound, tmp_path / "archive.db")


def execute(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql, values)


def packed(path: Path, idx: int) -> bytes:
    with open_archive(path) as opened:
        row = opened.connection.execute("SELECT body FROM captures WHERE idx = ?", [idx])
        return bytes(row.fetchone()[0])


def flip_in_text(body: bytes) -> bytes:
    """Packed again with one bit of the page flipped, as if nothing had noticed."""
    headers, page = compression.unpack(body)
    changed = bytearray(page)
    changed[len(page) // 2] ^= 1
    return compression.pack(headers, bytes(changed))


DAMAGES = {
    "one flipped bit": flip_in_text,
    "a flipped bit where it is packed": lambda body: body[:-9] + bytes([body[-9] ^ 4]) + body[-8:],
    "a truncation": lambda body: body[: len(body) // 2],
    "zeros": lambda body: bytes(len(body)),
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_capture_is_named_left_out_and_counted(
    path: Path, damage: object, tmp_path: Path
) -> None:
    assert callable(damage)
    with open_archive(path) as before:
        good = before.article(7)
    execute(path, "UPDATE captures SET body = ? WHERE idx = 7", damage(packed(path, 7)))
    with open_archive(path) as opened:
        assert [capture.idx for capture in opened.captures(idx=7)] == []
        assert len(list(opened.captures())) == 39
        assert [text.partition(")")[0] for text in opened.damaged] == ["capture 7 (amenews 7"] * 2
        found = list(problems(opened.connection))
        assert found == ["capture that cannot be read back (1): amenews 7 (capture 7)"]
    with Store.open(path) as store:
        paper = sites.load("amenews")
        tally = replay(path, paper, store=store, schedule=Schedule(), jobs=1, everything=True)
    assert list(tally.damaged) == [7]
    assert tally.captures == 39
    with open_archive(path) as after:
        assert after.article(7) == good


def test_an_export_of_the_answers_names_what_it_leaves_out(path: Path, tmp_path: Path) -> None:
    execute(path, "UPDATE captures SET body = x'28b5' WHERE idx = 7")
    run = CliRunner().invoke(
        cli, ["export", "warc", "--output", str(tmp_path / "a.warc"), "--db", str(path)]
    )
    assert run.exit_code == 0
    assert "1 damaged left out, first capture 7 (amenews 7) is damaged" in run.stderr


def test_a_damaged_dictionary_packs_nothing_and_trains_nothing(tmp_path: Path) -> None:
    path = archive(tmp_path / "archive.db", Newspaper(size=140, gap_share=0))
    execute(path, "UPDATE dictionaries SET data = CAST(x'00' || substr(data, 2) AS BLOB)")
    with open_archive(path) as opened:
        (first, *rest) = problems(opened.connection)
        assert first == "damaged dictionary (1): 1 (140 captures were packed with it)"
        assert rest == [
            "capture that cannot be read back (140): amenews 1 (capture 1), amenews 2 (capture 2),"
            " amenews 3 (capture 3), amenews 4 (capture 4), amenews 5 (capture 5) and 135 more"
        ]
    with Store.open(path) as store:
        assert store.captures.dictionary("amenews", "classic") is None
        # The same answers again: nothing rests on a body that cannot be read back.
        reader = Reader(Newspaper(size=140, gap_share=0), store)
        reader.save(reader.capture(7), KeepCaptures.ALL)
    with open_archive(path) as opened:
        assert [capture.idx for capture in opened.captures()] == [7]


def test_damaged_captures_train_nothing(tmp_path: Path) -> None:
    path = archive(tmp_path / "archive.db", Newspaper(size=120, gap_share=0))
    execute(path, "UPDATE captures SET body = CAST(substr(body, 1, 40) AS BLOB) WHERE idx <= 20")
    with Store.open(path) as store:
        reader = Reader(Newspaper(size=160, gap_share=0), store)
        for idx in range(121, 161):
            reader.fetch(idx)
    with open_archive(path) as opened:
        assert len(list(opened.captures())) == 140
        waiting = opened.connection.execute(
            "SELECT count(*) FROM captures WHERE dictionary_id IS NULL AND idx > 20"
        ).fetchone()
        samples = opened.connection.execute("SELECT samples FROM dictionaries").fetchone()
    assert tuple(samples) == (128,)
    assert tuple(waiting) == (0,)


def test_a_frame_that_claims_to_be_huge_is_not_unpacked_whole() -> None:
    bomb = compression.pack((), bytes(64 << 20))
    with pytest.raises(DamagedArchiveError):
        compression.unpack(bomb, body_length=1000)


def in_process(arguments: Sequence[str]) -> Ending:
    run = CliRunner().invoke(cli, list(arguments))
    foreseen = run.exception is None or isinstance(run.exception, (SystemExit, NewscrawlerError))
    output = run.stdout_bytes.replace(arguments[-1].encode(), b"DB")
    exit_code = run.exit_code
    del run
    if exit_code:
        gc.collect()  # the error keeps a query open that the end of a process would close
    return Ending(exit_code, output, not foreseen)


SEARCHING = tuple(command for command in COMMANDS if command[0] in ("search", "trend"))
IN_PROCESS = tuple(command for command in COMMANDS if command[0] not in ("reparse", *CHANGING))


@pytest.mark.parametrize(
    ("seed", "commands"),
    # The first three flip bytes of the search index.
    [(16, SEARCHING), (17, SEARCHING), (18, SEARCHING), (19, IN_PROCESS)],
)
def test_flipped_bytes_are_found_or_harmless_and_never_a_traceback(
    path: Path, tmp_path: Path, seed: int, commands: Sequence[Sequence[str]]
) -> None:
    execute(path, "PRAGMA journal_mode = DELETE")
    for trial in trials(path, tmp_path, 4, seed, in_process, commands):
        assert trial.tracebacks == (), trial
        assert trial.found or trial.harmless, trial


def test_a_time_that_is_none_is_damage_and_no_bug(path: Path) -> None:
    execute(path, "UPDATE articles SET modified_at = 'yesterday' WHERE idx = 7")
    with (
        open_archive(path) as opened,
        pytest.raises(DamagedArchiveError, match="'yesterday' is not a time"),
    ):
        opened.article(7)
    assert in_process(["show", "7", "--db", str(path)]).is_traceback is False
    assert json.loads(in_process(["status", "--json", "--db", str(path)]).output)["asked"] == 40


@pytest.mark.parametrize("column", ["byline", "title", "body"])
def test_a_text_that_is_no_text_ends_reparse_in_a_sentence(path: Path, column: str) -> None:
    execute(path, f"UPDATE articles SET {column} = CAST(x'b0ff' AS TEXT) WHERE idx = 7")
    for more in ([], ["--dry-run"]):
        run = in_process(["reparse", "--all", "--jobs", "1", *more, "--db", str(path)])
        assert (run.exit_code, run.is_traceback) == (6, False)
    with open_archive(path) as opened:
        assert opened.article(8) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(["status"], ["gaps"], ["verify"], ["show", "7"], ["duplicates"]),
        *(["reparse", "--all", "--jobs", "1"], ["reparse", "--index"], ["sql", "SELECT 1"]),
    ],
    ids=" ".join,
)
def test_a_schema_that_is_no_text_ends_a_command_in_a_sentence(
    path: Path, command: list[str]
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET name = CAST(x'61a6' AS TEXT), sql = 'CREATE'"
            " WHERE name = 'sections'"
        )
    ending = in_process([*command, "--db", str(path)])
    assert (ending.exit_code, ending.is_traceback) == (6, False)


def test_a_query_that_meets_damage_ends_duplicates_in_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_WAITING", "SELECT no_such_column FROM articles")
    ending = in_process(["duplicates", "--db", str(path)])
    assert (ending.exit_code, ending.is_traceback) == (6, False)


def test_an_unexpected_value_is_damage_only_in_a_damaged_archive(path: Path) -> None:
    with pytest.raises(TypeError), damage_is_said(path):
        raise TypeError("a bug of ours")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    with pytest.raises(DamagedArchiveError, match="verify --db"), damage_is_said(path):
        raise TypeError("what the damage leads to")


def test_a_hash_that_no_text_has_ends_reparse_in_a_sentence(path: Path) -> None:
    execute(path, "UPDATE articles SET title = 'x', content_hash = 'y' WHERE idx = 7")
    execute(
        path,
        "UPDATE articles SET duplicate_of = (SELECT id FROM articles WHERE idx = 7) WHERE idx = 8",
    )
    ending = in_process(["reparse", "--all", "--jobs", "1", "--db", str(path)])
    assert (ending.exit_code, ending.is_traceback) == (6, False)
