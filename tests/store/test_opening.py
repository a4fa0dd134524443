"""Who can open an archive, when, from where, and what stands beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from threading import Timer

import pytest

from newscrawler import clock, open_archive
from newscrawler.archive.verify import problems
from newscrawler.exceptions import LockedError, StoreError
from newscrawler.store.connection import connect_reader
from newscrawler.store.lock import FileLock
from newscrawler.store.store import Store
from tests.making import article, keep

ONE = article(1, "가", "본문")
NOBODY = 65534


def beside(path: Path) -> set[str]:
    return {other.name for other in path.parent.iterdir()} - {path.name, f"{path.name}.lock"}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_nobody(read: Callable[[Path], object], path: Path) -> object:
    """What ``read`` gives to somebody who may write neither the file nor the folder."""
    if os.geteuid() == 0:
        fork = get_context("fork")
        ours, theirs = fork.Pipe(duplex=False)

        def child() -> None:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            try:
                theirs.send(read(path))
            except Exception as error:
                theirs.send(repr(error))

        process = fork.Process(target=child)
        process.start()
        try:
            assert ours.poll(30)
            return ours.recv()
        finally:
            process.join(30)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        return read(path)
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)


def with_ours(path: Path) -> object:
    with open_archive(path) as archive:
        return [found.title for found in archive.articles()]


def with_sqlite(path: Path) -> object:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM articles")]


@pytest.mark.parametrize("read", [with_ours, with_sqlite])
def test_between_two_crawls_anybody_reads_the_one_file(
    open_folder: Path, read: Callable[[Path], object]
) -> None:
    path = keep(open_folder / "archive.db", ONE)
    assert beside(path) == set()
    read(path)  # what it imports must be there before the user changes
    assert as_nobody(read, path) == ["가"]
    assert beside(path) == set()


def test_pandas_reads_it_and_hands_it_to_duckdb(open_folder: Path) -> None:
    """DuckDB's own reader of SQLite files is an extension that it downloads."""
    path = keep(open_folder / "archive.db", ONE)
    pandas = pytest.importorskip("pandas")
    duckdb = pytest.importorskip("duckdb")

    def with_pandas(path: Path) -> object:
        with closing(sqlite3.connect(path)) as connection:
            articles = pandas.read_sql("SELECT title FROM articles", connection)
        return list(articles["title"])

    def with_duckdb(path: Path) -> object:
        with closing(sqlite3.connect(path)) as connection:
            articles = pandas.read_sql("SELECT title FROM articles", connection)
        with closing(duckdb.connect()) as database:
            database.register("articles", articles)
            return [title for (title,) in database.execute("SELECT title FROM articles").fetchall()]

    for read in (with_pandas, with_duckdb):
        read(path)
        assert as_nobody(read, path) == ["가"]


def test_readers_of_a_running_crawl_see_what_is_committed(path: Path) -> None:
    keep(path, ONE)
    with Store.open(path):
        assert path.with_name("archive.db-wal").exists()
        with open_archive(path) as reader:
            keep(path, article(2, "나", "둘"))
            assert [found.idx for found in reader.articles()] == [1, 2]


def test_a_reader_that_stays_open_keeps_nobody_from_writing(path: Path) -> None:
    keep(path, ONE)
    with open_archive(path) as reader:
        assert reader.count() == 1
        keep(path, article(2, "나", "둘"))
        assert reader.count() == 2
        keep(path, article(3, "다", "셋"))
        assert reader.count() == 3
    keep(path, article(4, "라", "넷"))
    assert beside(path) == set()


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_another_programs_transaction_is_waited_for(path: Path, begin: str) -> None:
    Store.open(path).close()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute(begin)
    if begin != "BEGIN EXCLUSIVE":
        other.execute("SELECT count(*) FROM articles").fetchone()
    ended: list[bool] = []

    def end() -> None:
        ended.append(True)
        other.execute("ROLLBACK")

    timer = Timer(0.5, end)
    timer.start()
    with Store.open(path):
        assert ended
    timer.join()
    other.close()


def test_a_half_read_answer_of_ours_holds_nothing_back(path: Path) -> None:
    keep(path, *(article(n, f"{n}", f"본문 {n}") for n in range(1, 11)))
    with open_archive(path) as reader:
        articles = reader.articles()
        assert next(articles).idx == 1
        keep(path, article(11, "새", "열하나"))
        assert [found.idx for found in articles] == list(range(2, 11))


def test_after_a_cut_an_archive_on_a_read_only_medium_is_read(open_folder: Path) -> None:
    path = keep(open_folder / "archive.db", ONE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert beside(path) == set()
    with_ours(path)
    for name in beside(path):
        (path.parent / name).unlink()
    assert as_nobody(with_ours, path) == ["가"]


def test_a_kill_leaves_a_whole_archive(path: Path) -> None:
    keep(path, ONE)
    script = (
        "import os, pathlib, sys; from newscrawler.store.store import Store;"
        "store = Store.open(pathlib.Path(sys.argv[1])); store.runs.begin('amenews', 'x', {},"
        " __import__('newscrawler.clock').clock.now()); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=60)
    with open_archive(path) as archive:
        assert list(problems(archive.connection)) == []
    Store.open(path).close()
    assert beside(path) == set()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    shutil.copy(path, path.with_name("copy.db"))
    path.with_name("copy.db").rename(path)


@pytest.mark.parametrize("act", [Path.unlink, moved, replaced])
def test_a_file_that_is_not_there_any_more_is_not_written(
    act: Callable[[Path], object], path: Path
) -> None:
    """SQLite goes on without an error; a crawl of days would be complete, and nowhere."""
    keep(path, ONE)
    store = Store.open(path)
    with store.transaction():
        pass
    act(path)
    with pytest.raises(StoreError, match="moved, removed or replaced"), store.transaction():
        raise AssertionError("it was begun")
    store.close()


def test_hard_links_to_one_database_take_one_lock(path: Path) -> None:
    keep(path, ONE)
    other = path.with_name("other.db")
    other.hardlink_to(path)
    with Store.open(path), pytest.raises(LockedError, match="another name of the file"):
        Store.open(other)
    Store.open(other).close()


@pytest.mark.parametrize("content", ["[metadata]\nlock = true\n", "\0\xff", '{"other": 1}'])
def test_a_lock_file_of_another_program_is_not_written(path: Path, content: str) -> None:
    theirs = path.with_name("archive.db.lock")
    theirs.write_bytes(content.encode("latin-1"))
    with pytest.raises(StoreError, match="belongs to another program"):
        Store.open(path)
    assert theirs.read_bytes() == content.encode("latin-1")


def test_a_lock_file_that_is_a_link_is_refused(path: Path) -> None:
    mine = path.with_name("notes.txt")
    mine.write_text("")
    lock = path.with_name("archive.db.lock")
    lock.symlink_to(mine)
    with pytest.raises(StoreError, match=r"archive\.db\.lock is a link"):
        Store.open(path)
    lock.unlink()
    mine.write_text("")
    lock.hardlink_to(mine)
    with pytest.raises(StoreError, match="belongs to another program"):
        Store.open(path)
    assert mine.read_text() == ""


def test_the_note_of_a_killed_holder_is_ours(path: Path) -> None:
    keep(path, ONE)
    path.with_name("archive.db.lock").write_text('{"pid": 99')
    Store.open(path).close()


def test_folders_with_names_in_other_bytes(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("신문".encode("euc-kr"))
    path = keep(folder / "archive.db", ONE)
    with open_archive(path) as archive:
        assert archive.count() == 1
    with Store.open(path) as store:
        store.runs.begin("amenews", "all", {"NEWSCRAWLER_DB": str(path)}, clock.now())


def test_a_file_that_is_no_database_is_named_so(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="is not an SQLite database; it was not changed"):
        Store.open(path)


def test_readers_trust_no_schema(path: Path) -> None:
    keep(path, ONE)
    with closing(connect_reader(path)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone()[0] == 0
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM articles")


def test_the_lock_is_released_with_its_descriptors(path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        FileLock(path, clock.now()).release()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
