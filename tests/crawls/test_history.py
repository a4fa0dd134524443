"""Second looks: edits, withdrawals, late drafts, validators; and how gaps are recognised."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawler import clock
from newscrawler.demo import plan
from newscrawler.demo.answers import Answer, bare
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.exceptions import StoreError
from newscrawler.store import migrations
from newscrawler.store.schema import APPLICATION_ID
from newscrawler.store.store import Store
from tests.conftest import Desk, run


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Desk]:
    """Forty numbers, crawled; the server goes on."""
    with serve(Newspaper(size=40, gap="alert"), validators=True) as server:
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl("--range", "1-40").exit_code == 0
        server.log.clear()
        yield desk


def an_article(desk: Desk) -> int:
    return next(idx for idx, state in desk.states().items() if state == "article")


def revisions(desk: Desk, idx: int) -> list[tuple[int, str]]:
    with desk.open() as connection:
        return [
            tuple(row)
            for row in connection.execute(
                "SELECT number, r.body FROM revisions AS r JOIN articles AS a ON a.id = article_id"
                " WHERE idx = ? ORDER BY number",
                [idx],
            )
        ]


def test_an_edited_text_adds_a_revision_and_keeps_the_old_one(archive: Desk) -> None:
    idx = an_article(archive)
    before = archive.articles()[idx]
    archive.newspaper.edit(idx, "text")
    assert archive.crawl("--idx", str(idx)).exit_code == 0
    after = archive.articles()[idx]
    assert after == archive.newspaper.truth(idx).article
    assert after.modified_at is not None
    assert revisions(archive, idx) == [(1, before.body), (2, after.body)]


def test_diff_shows_the_words_that_changed(archive: Desk) -> None:
    idx = an_article(archive)
    archive.newspaper.edit(idx, "text")
    archive.crawl("--idx", str(idx))
    result = run("diff", str(idx), "--db", archive.db)
    assert result.exit_code == 0
    assert "{+" in result.out or "[-" in result.out
    assert "revision 1 → 2" in result.out


def test_a_recommend_count_alone_is_no_revision(archive: Desk) -> None:
    idx = an_article(archive)
    archive.newspaper.edit(idx, "count")
    assert archive.crawl("--idx", str(idx)).exit_code == 0
    stored = archive.articles()[idx]
    assert stored.recommend_count == archive.newspaper.truth(idx).article.recommend_count  # type: ignore[union-attr]
    assert len(revisions(archive, idx)) == 1


def test_an_unchanged_article_costs_a_304_and_no_capture(archive: Desk) -> None:
    idx = an_article(archive)
    with archive.open() as connection:
        kept = connection.execute("SELECT count(*) FROM captures").fetchone()[0]
    assert archive.crawl("--idx", str(idx)).exit_code == 0
    look = next(asked for asked in archive.server.log if asked.idx == idx)
    assert look.status == 304
    with archive.open() as connection:
        assert connection.execute("SELECT count(*) FROM captures").fetchone()[0] == kept
        row = connection.execute(
            "SELECT l.last_attempt_at = a.last_fetched_at, l.attempts FROM ledger AS l"
            " JOIN articles AS a USING (site, idx) WHERE idx = ?",
            [idx],
        ).fetchone()
    assert tuple(row) == (1, 2)


def test_a_site_that_says_not_modified_to_everything_hides_no_edit(archive: Desk) -> None:
    first, second = [idx for idx, state in archive.states().items() if state == "article"][:2]
    archive.newspaper.edit(second, "text")
    here = archive.server._well

    def lies(path: str, query: str) -> Answer:
        conditional = archive.server.log[-1].if_none_match is not None
        return Answer(304, b"") if conditional else here(path, query)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive.server, "_well", lies)
        summary = archive.crawl_here(idx=f"{first},{second}")
    assert (summary["articles_changed"], summary["articles_unchanged"]) == (1, 1)
    assert (summary["asked"], summary["exit_code"]) == (2, 0)
    assert archive.articles()[second] == archive.newspaper.truth(second).article
    asked = [look.status for look in archive.server.log if look.idx in (first, second)]
    assert asked == [304, 304, 304, 200, 200]


def test_the_last_refresh_brings_the_page(archive: Desk) -> None:
    idx = an_article(archive)
    with sqlite3.connect(archive.db) as connection:
        connection.execute(
            "UPDATE ledger SET next_attempt_at = '2024-01-01T00:00:00Z' WHERE idx = ?", [idx]
        )
    archive.crawl_here(refresh="True")
    assert [look.status for look in archive.server.log if look.idx == idx] == [200]


def test_a_withdrawn_article_keeps_its_text(archive: Desk) -> None:
    idx = an_article(archive)
    before = archive.articles()[idx]
    archive.newspaper.withdraw(idx)
    assert archive.crawl("--idx", str(idx)).exit_code == 0
    assert archive.states()[idx] == "removed"
    assert archive.articles()[idx] == before
    with archive.open() as connection:
        removed = connection.execute("SELECT removed_at FROM articles WHERE idx = ?", [idx])
        assert removed.fetchone()[0].endswith("Z")


def test_an_article_that_is_simply_gone_counts_as_removed(archive: Desk) -> None:
    idx = an_article(archive)
    archive.newspaper.withdraw(idx, "alert")
    assert archive.crawl("--idx", str(idx)).exit_code == 0
    assert archive.states()[idx] == "removed"


def test_a_failed_refresh_leaves_the_article_settled(archive: Desk) -> None:
    idx = an_article(archive)
    archive.server.faults = Faults.always("down")
    archive.server.faults.spare = ("/robots.txt", "/", "/rss_view.php")
    archive.crawl("--idx", str(idx))
    assert archive.states()[idx] == "article"


def test_a_young_gap_is_looked_at_again_and_an_old_one_is_not(tmp_path: Path) -> None:
    with serve(Newspaper(size=200, gap="alert", newest=clock.now())) as server:
        desk = Desk(server, tmp_path / "archive.db")
        assert desk.crawl("--range", "1-200").exit_code == 0
    with desk.open() as connection:
        gaps = connection.execute(
            "SELECT idx, next_attempt_at IS NOT NULL FROM ledger WHERE state = 'missing'"
        ).fetchall()
    again = {idx for idx, due in gaps if due}
    final = {idx for idx, due in gaps if not due}
    assert again
    assert final
    assert max(final) < min(again)


def test_young_gaps_are_looked_at_again_where_the_newest_number_is_not_known(
    tmp_path: Path,
) -> None:
    with serve(Newspaper(size=40, gap="alert", gap_share=0.3, newest=clock.now())) as server:
        server.instead = {address: bare("Not Found", 404) for address in ("/", "/rss_view.php")}
        desk = Desk(server, tmp_path / "archive.db")
        desk.crawl_here(range="1-40")
    with desk.open() as connection:
        gaps = connection.execute(
            "SELECT next_attempt_at FROM ledger WHERE state = 'missing' AND idx > 20"
        ).fetchall()
    assert gaps
    assert all(due for (due,) in gaps)


def test_a_run_that_was_killed_is_closed_in_the_record(tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        for _ in range(2):
            store.runs.begin("amenews", "catch up", {}, clock.now())
        rows = store.connection.execute("SELECT outcome, exit_code FROM runs ORDER BY id")
        assert [tuple(row) for row in rows] == [("interrupted", 130), ("running", None)]


def test_a_file_that_was_killed_while_it_was_made_is_taken(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "archive.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with Store.open(tmp_path / "archive.db") as store:
        assert store.connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


def test_a_pipe_is_refused_and_nothing_is_put_beside_it(tmp_path: Path) -> None:
    pipe = tmp_path / "archive.db"
    os.mkfifo(pipe)
    with pytest.raises(StoreError, match="not a regular file"):
        Store.open(pipe)
    assert list(tmp_path.iterdir()) == [pipe]


def test_links_in_a_circle_are_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "archive.db").symlink_to(tmp_path / "archive.db")
    with pytest.raises(StoreError, match="cannot write"):
        Store.open(tmp_path / "archive.db")


@pytest.mark.parametrize("gap", plan.MISSING)
def test_each_kind_of_gap_is_missing(tmp_path: Path, gap: str) -> None:
    with serve(Newspaper(size=40, gap=gap, gap_share=0.3)) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-40")
    assert result.exit_code == 0, result.err
    assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}


def test_a_gap_in_unknown_words_is_learned_from_the_probe(tmp_path: Path) -> None:
    with serve(Newspaper(size=60, gap="riddle", gap_share=0.2)) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-60")
        assert result.exit_code == 0, result.err
        assert desk.states() == {t.idx: t.state for t in desk.newspaper.truths()}
        # robots.txt, home, the probe; the article that tells the two apart is one of the 60.
        # Gaps whose answer the run had not met (for members, withdrawn), and samples of the others,
        # are asked for again.
        assert len(server.log) == 60 + 3 + desk.proofs()
        assert desk.proofs() <= 8
        server.log.clear()
        desk.newspaper.publish(20)
        assert desk.crawl("--range", "61-80").exit_code == 0
        assert len(server.log) == 20 + 3 + desk.proofs()
        assert desk.proofs() <= 4


def test_unknown_words_in_the_place_of_every_article_are_no_gap(tmp_path: Path) -> None:
    with serve(Newspaper(size=60), faults=Faults.always("riddle")) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-60")
    assert result.exit_code == 4
    assert "has changed its pages" in result.err
    assert set(desk.states().values()) == {"unknown"}


def test_an_older_database_is_migrated(desk: Desk) -> None:
    connection = sqlite3.connect(desk.db)
    migrations.apply(connection, version=2)
    connection.execute("INSERT INTO ledger (site, idx, state) VALUES ('amenews', 1, 'pending')")
    connection.commit()
    connection.close()
    assert desk.crawl("--range", "1-3").exit_code == 0
    assert desk.states()[1] == desk.newspaper.truth(1).state
