"""Raw answers: packed small, read back byte for byte, enough of them to rebuild what was seen."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler import open_archive, pages, sites
from newscrawler.archive import verify
from newscrawler.archive.reader import Archive
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Capture, Verdict
from newscrawler.store import compression
from newscrawler.store.answers import KeepCaptures
from newscrawler.store.connection import connect_reader
from newscrawler.store.store import Store
from tests.local_archive import Reader, archive

HEADERS = (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))


def dictionaries(path: Path) -> list[tuple[int, str, int]]:
    connection = connect_reader(path)
    try:
        rows = connection.execute("SELECT id, layout, samples FROM dictionaries ORDER BY id")
        return [tuple(row) for row in rows]
    finally:
        connection.close()


def without_dictionary(path: Path) -> int:
    connection = connect_reader(path)
    try:
        return int(
            connection.execute(
                "SELECT count(*) FROM captures"
                " WHERE verdict = 'article' AND dictionary_id IS NULL AND body IS NOT NULL"
            ).fetchone()[0]
        )
    finally:
        connection.close()


def problems(path: Path) -> list[str]:
    connection = connect_reader(path)
    try:
        return list(verify.problems(connection))
    finally:
        connection.close()


def bodies(path: Path) -> list[tuple[int, bytes]]:
    with open_archive(path) as opened:
        return [(capture.idx, capture.body) for capture in opened.captures()]


TRAINED = compression.train([(HEADERS, f"<p>기사 {n}</p>".encode() * 9) for n in range(100)])


@given(st.lists(st.tuples(st.text(), st.text())).map(tuple), st.binary(), st.booleans())
def test_packing_loses_nothing(headers: compression.Headers, body: bytes, with_one: bool) -> None:
    assert TRAINED is not None
    dictionary = TRAINED[0] if with_one else None
    packed = compression.pack(headers, body, dictionary)
    assert compression.unpack(packed, dictionary) == (headers, body)


def test_nothing_is_trained_that_would_not_earn_its_room() -> None:
    assert compression.train([]) is None
    assert compression.train([(HEADERS, b"<p></p>")]) is None
    assert compression.train([(HEADERS, b"")] * 3) is None
    alike = [(HEADERS, f"<p>기사 {n}</p>".encode() * 9) for n in range(100)]
    assert TRAINED is not None
    assert compression.train(alike, TRAINED[0]) is None


@pytest.fixture(scope="module")
def paper() -> Newspaper:
    return Newspaper(size=400, boilerplate=20_000)


@pytest.fixture(scope="module")
def path(paper: Newspaper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("captures") / "archive.db", paper)


def test_a_dictionary_is_trained_and_what_came_before_it_is_packed_anew(path: Path) -> None:
    assert [(layout, samples) for _, layout, samples in dictionaries(path)] == [("classic", 128)]
    assert without_dictionary(path) == 0


def test_every_answer_is_read_back_byte_for_byte(path: Path, paper: Newspaper) -> None:
    with Store.open(path) as store:
        reader = Reader(paper, store)
        expected = [(idx, reader.capture(idx).body) for idx in range(1, 401)]
    assert bodies(path) == expected
    assert problems(path) == []


def test_headers_are_kept_in_order_also_of_an_answer_that_repeats_another(
    path: Path, paper: Newspaper
) -> None:
    with open_archive(path) as opened:
        kept = list(opened.captures())
    assert any(capture.revisit_of for capture in kept)
    router = Router(paper)
    for capture in kept:
        answer = router.answer("/news/view.php", f"idx={capture.idx}")
        assert capture.headers[:2] == (("Content-Type", answer.content_type), ("Server", "Apache"))
        assert capture.headers[2:] == answer.headers


def test_the_boilerplate_of_a_page_costs_next_to_nothing(path: Path) -> None:
    connection = connect_reader(path)
    packed, plain = connection.execute(
        "SELECT sum(length(body)), sum(body_length) FROM captures WHERE verdict = 'article'"
    ).fetchone()
    connection.close()
    assert packed < plain / 20


def test_what_is_packed_anew_leaves_no_room_empty(path: Path) -> None:
    with closing(connect_reader(path)) as connection:
        try:
            unused, all_bytes = connection.execute(
                "SELECT sum(unused), sum(pgsize) FROM dbstat WHERE name = 'captures'"
            ).fetchone()
        except sqlite3.OperationalError:
            pytest.skip("this SQLite counts no pages (dbstat)")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert unused < all_bytes / 3


def test_a_skin_of_its_own_gets_a_dictionary_of_its_own(path: Path, tmp_path: Path) -> None:
    mixed = archive(tmp_path / "mixed.db", Newspaper(size=460, skin="mixed", gap_share=0))
    layouts = {layout for _, layout, _ in dictionaries(mixed)}
    assert layouts == {"classic", "classic_variant", "article_head"}
    assert problems(mixed) == []


def test_pages_that_have_drifted_get_a_new_dictionary_and_the_old_one_stays(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    with Store.open(path) as store:
        before = Reader(Newspaper(size=300, boilerplate=20_000, gap_share=0), store)
        for idx in range(1, 201):
            before.fetch(idx)
        # Another seed is another paper: other banners, other columns around the article.
        after = Newspaper(seed=2, first_idx=1000, size=440, boilerplate=20_000, gap_share=0)
        later = Reader(after, store)
        for idx in range(1000, 1400):
            later.fetch(idx)
    with Store.open(path) as store:
        later = Reader(after, store)
        for idx in range(1400, 1440):
            later.fetch(idx)
    assert len(dictionaries(path)) == 2
    assert problems(path) == []
    connection = connect_reader(path)
    shares = connection.execute(
        "SELECT dictionary_id, sum(length(body)) * 1.0 / sum(body_length) FROM captures"
        " WHERE idx < 1000 OR idx > 1400 GROUP BY 1 ORDER BY 1"
    ).fetchall()
    connection.close()
    assert [row[0] for row in shares] == [1, 2]
    assert all(row[1] < 0.06 for row in shares)


def test_pages_that_stay_the_same_keep_their_dictionary(path: Path, tmp_path: Path) -> None:
    steady = archive(tmp_path / "steady.db", Newspaper(size=530, gap_share=0))
    assert len(dictionaries(steady)) == 1


def test_a_kill_while_packing_anew_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    script = f"""
import os, signal
from pathlib import Path
from newscrawler.store import compression
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from tests.local_archive import archive
calls = 0
pack = compression.pack
def counted(*given):
    global calls
    calls += 1
    if calls > 250:
        os.kill(os.getpid(), signal.SIGKILL)
    return pack(*given)
compression.pack = counted
archive(Path({str(path)!r}), Newspaper(size=200, gap_share=0))
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == -9
    assert 0 < without_dictionary(path) < 200
    assert len(bodies(path)) > 128
    assert problems(path) == []
    archive(path, Newspaper(size=200, gap_share=0))
    assert without_dictionary(path) == 0
    assert len(bodies(path)) == 200
    assert problems(path) == []


# -- which answers are kept


def texts(opened: Archive, idx: int) -> list[str]:
    return [revision.body for revision in opened.revisions(idx)]


def reread(opened: Archive, idx: int) -> list[str]:
    """The texts of a number as its captures tell them."""
    site = sites.load("amenews")
    readings = [pages.read(capture, site) for capture in opened.captures(idx=idx)]
    return [reading.article.body for reading in readings if reading.article]


def edited(path: Path, keep: KeepCaptures) -> int:
    """A number that was looked at five times and brought three texts."""
    paper = Newspaper(size=40, gap="alert")
    with Store.open(path) as store:
        reader = Reader(paper, store)
        idx = next(truth.idx for truth in paper.truths() if truth.article)
        for edit in (None, None, "text", None, "text"):
            if edit:
                paper.edit(idx, edit)
            reader.fetch(idx, keep)
    return idx


def test_the_default_keeps_what_rebuilds_every_revision(tmp_path: Path) -> None:
    idx = edited(tmp_path / "archive.db", KeepCaptures.CHANGED)
    with open_archive(tmp_path / "archive.db") as opened:
        assert len(texts(opened, idx)) == 3
        assert reread(opened, idx) == texts(opened, idx)


def test_each_revision_names_the_capture_that_it_was_read_from(tmp_path: Path) -> None:
    idx = edited(tmp_path / "archive.db", KeepCaptures.ALL)
    with open_archive(tmp_path / "archive.db") as opened:
        named = opened.connection.execute(
            "SELECT capture_id FROM revisions ORDER BY number"
        ).fetchall()
        kept = {capture.id: capture for capture in opened.captures(idx=idx)}
        site = sites.load("amenews")
        read = [pages.read(kept[id], site).article for (id,) in named]
        assert [article.body for article in read if article] == texts(opened, idx)


def test_the_default_keeps_every_answer_that_is_not_understood(tmp_path: Path) -> None:
    paper = Newspaper(size=40, gap="alert")
    with Store.open(tmp_path / "archive.db") as store:
        reader = Reader(paper, store)
        strange = dataclasses.replace(
            reader.capture(7), body="<html><body>새 화면</body></html>".encode()
        )
        assert reader.save(strange).state == "unknown"
    with open_archive(tmp_path / "archive.db") as opened:
        (kept,) = opened.captures(idx=7)
    assert Capture.__eq__(
        strange, Capture(**{f.name: getattr(kept, f.name) for f in dataclasses.fields(Capture)})
    )


@pytest.mark.parametrize(
    ("keep", "expected"),
    [(KeepCaptures.ALL, 5), (KeepCaptures.CHANGED, 3), (KeepCaptures.NONE, 0)],
)
def test_how_many_of_five_looks_are_kept(tmp_path: Path, keep: KeepCaptures, expected: int) -> None:
    idx = edited(tmp_path / "archive.db", keep)
    with open_archive(tmp_path / "archive.db") as opened:
        assert opened.count_captures(idx=idx) == expected
        # An unchanged page takes no room of its own.
        held = opened.connection.execute(
            "SELECT count(*) FROM captures WHERE body IS NOT NULL"
        ).fetchone()[0]
    assert held == min(expected, 3)


def test_evidence_for_a_gap_is_kept_once_for_all_gaps_that_answer_alike(path: Path) -> None:
    connection = connect_reader(path)
    kept, held = connection.execute(
        "SELECT count(*), count(body) FROM captures WHERE verdict = ?", [Verdict.MISSING]
    ).fetchone()
    connection.close()
    assert kept > 10
    assert held < kept / 2
