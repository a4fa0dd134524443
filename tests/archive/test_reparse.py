"""Stored answers read again by a better parser: corrected in place, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawler import clock, open_archive, pages, sites
from newscrawler.archive import verify
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.archive.reparse.apply import Corrections
from newscrawler.archive.reparse.reread import Rereader
from newscrawler.archive.reparse.run import Tally
from newscrawler.demo.newspaper import Newspaper
from newscrawler.items import Article, Reading, Verdict
from newscrawler.store.answers import KeepCaptures
from newscrawler.store.connection import connect_reader
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests.conftest import run
from tests.local_archive import Reader


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def paper() -> Newspaper:
    return Newspaper(size=40, gap="alert")


def reread(path: Path) -> Tally:
    """What ``reparse`` does, in this process."""
    tally = Tally()
    reading = connect_reader(path)
    with Store.open(path) as store:
        fingerprints = Ledger(reading, "amenews").gap_fingerprints()
        rereader = Rereader(reading, sites.load("amenews"), fingerprints)
        corrections = Corrections(store, "amenews", Schedule(), pages.PARSER_VERSION, clock.now())
        numbers = reading.execute("SELECT DISTINCT idx FROM captures").fetchall()
        findings = list(rereader.read([idx for (idx,) in numbers]))
        corrections.write(findings)
    reading.close()
    for finding in findings:
        tally.add(finding)
    return tally


def of_article(change: Callable[[Article], Article]) -> Callable[[Reading], Reading]:
    """A parser that reads articles, but not all that is in them."""

    def older(reading: Reading) -> Reading:
        return replace(reading, article=reading.article and change(reading.article))

    return older


def always(reading: Reading) -> Callable[[Reading], Reading]:
    """A parser that reads the same in every answer."""
    return lambda _: reading


def not_understood(reading: Reading) -> Reading:
    """A parser that does not know the skin."""
    return Reading(Verdict.UNKNOWN, "neither an article nor a message that is understood")


cut_short = of_article(
    lambda article: replace(article, body=article.body.split("\n\n")[0], keywords=())
)


def with_body(body: str) -> Callable[[Reading], Reading]:
    return of_article(lambda article: replace(article, body=body))


without_captions = of_article(lambda article: replace(article, images=()))


def an_article(paper: Newspaper, **wanted: bool) -> int:
    return next(
        truth.idx
        for truth in paper.truths()
        if truth.article
        and truth.article.body.count("\n\n") > 2
        and truth.duplicate_of is None
        and (not wanted.get("captioned") or any(i.caption for i in truth.article.images))
    )


def truth(paper: Newspaper, idx: int) -> Article:
    article = paper.truth(idx).article
    assert article is not None
    return article


def stored(opened: Archive, idx: int) -> str:
    article = opened.article(idx)
    assert article is not None
    return article.body


def state(path: Path, idx: int) -> str:
    connection = connect_reader(path)
    row = connection.execute("SELECT state FROM ledger WHERE idx = ?", [idx]).fetchone()
    connection.close()
    return str(row[0])


def problems(path: Path) -> list[str]:
    connection = connect_reader(path)
    try:
        return list(verify.problems(connection))
    finally:
        connection.close()


def everything(path: Path) -> list[list[tuple[object, ...]]]:
    """All that an archive says, but for the order of internal keys."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [
            connection.execute(query).fetchall()
            for query in (
                "SELECT site, idx, title, body, byline, section, published_at, modified_at,"
                " content_hash, recommend_count, removed_at, first_fetched_at, last_fetched_at,"
                " parser_version FROM articles ORDER BY idx",
                "SELECT a.idx, r.number, r.fetched_at, r.modified_at, r.title, r.body"
                " FROM revisions AS r JOIN articles AS a ON a.id = article_id ORDER BY 1, 2",
                "SELECT a.idx, o.idx FROM articles AS a JOIN articles AS o"
                " ON o.id = a.duplicate_of ORDER BY 1",
                "SELECT idx, state, reason FROM ledger ORDER BY idx",
                "SELECT idx, verdict, layout, parser_version FROM captures ORDER BY id",
                "SELECT idx, position, keyword FROM article_keywords JOIN articles AS a"
                " ON a.id = article_id ORDER BY 1, 2",
            )
        ]
    finally:
        connection.close()


def test_a_better_parser_corrects_articles_in_place(path: Path, paper: Newspaper) -> None:
    idx = an_article(paper)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        reader.save(reader.capture(idx), older=cut_short)
    with open_archive(path) as opened:
        before = opened.article(idx)
    tally = reread(path)
    assert (tally.corrected, tally.fields["body"]) == (1, 1)
    with open_archive(path) as opened:
        after = opened.article(idx)
        assert before
        assert after
        assert after.body == truth(paper, idx).body
        assert after.keywords == truth(paper, idx).keywords
        assert after.parser_version == pages.PARSER_VERSION
        assert (after.id, after.first_fetched_at, after.last_fetched_at) == (
            before.id,
            before.first_fetched_at,
            before.last_fetched_at,
        )
        assert [r.body for r in opened.revisions(idx)] == [after.body]
        words = after.body.rsplit("\n\n", 1)[1].split(" ")[0].strip("“”‘’.,")
        assert opened.count(Filters(words=f'"{words}"')) == 1
    assert problems(path) == []


def test_what_is_read_as_before_is_not_written_again(path: Path, paper: Newspaper) -> None:
    numbers = list(range(1, 11))
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for idx in numbers:
            reader.save(reader.capture(idx))
    with Store.open(path) as store, closing(connect_reader(path)) as reading:
        findings = list(Rereader(reading, sites.load("amenews"), frozenset()).read(numbers))
        assert sum(finding.confirmed for finding in findings) > 5
        before = store.connection.total_changes
        corrections = Corrections(store, "amenews", Schedule(), pages.PARSER_VERSION, clock.now())
        corrections.write(findings)
        assert store.connection.total_changes == before


def test_each_revision_is_corrected_from_its_own_capture(path: Path, paper: Newspaper) -> None:
    idx = an_article(paper)
    texts: list[str] = []
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for _ in range(3):
            # A cut text would hide the edit: another paragraph is lost each time.
            reader.save(
                reader.capture(idx),
                older=with_body(f"{len(texts)}번째 글"),
            )
            texts.append(truth(paper, idx).body)
            paper.edit(idx, "text")
    tally = reread(path)
    assert (tally.corrected, tally.revisions_corrected, tally.revisions_added) == (1, 1, 0)
    with open_archive(path) as opened:
        assert [revision.body for revision in opened.revisions(idx)] == texts
        assert stored(opened, idx) == texts[-1]
    assert problems(path) == []


def test_a_text_that_could_not_be_told_apart_becomes_a_revision(
    path: Path, paper: Newspaper
) -> None:
    idx = an_article(paper, captioned=True)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for _ in range(2):
            reader.save(reader.capture(idx), KeepCaptures.ALL, without_captions)
        paper.edit(idx, "caption")
        reader.save(reader.capture(idx), KeepCaptures.ALL, without_captions)
    with open_archive(path) as opened:
        assert len(opened.revisions(idx)) == 1
    assert reread(path).revisions_added == 1
    with open_archive(path) as opened:
        first, second = opened.revisions(idx)
        assert first.body == second.body
        assert first.content_hash != second.content_hash
        assert second.content_hash == truth(paper, idx).content_hash
    assert problems(path) == []
    assert reread(path).revisions_added == 0


def test_two_revisions_that_read_alike_now_both_stay(path: Path, paper: Newspaper) -> None:
    idx = an_article(paper)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for banner in ("광고 하나", "광고 둘"):
            body = f"{truth(paper, idx).body}\n\n{banner}"
            reader.save(reader.capture(idx), older=with_body(body))
    reread(path)
    with open_archive(path) as opened:
        assert [r.body for r in opened.revisions(idx)] == [truth(paper, idx).body] * 2
    assert problems(path) == []


def test_what_captures_do_not_tell_is_kept(path: Path, paper: Newspaper) -> None:
    idx = an_article(paper)
    other = max(t.idx for t in paper.truths() if t.article and t.article.body)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        reader.save(reader.capture(idx), older=cut_short)
        reader.save(reader.capture(other), older=cut_short)
        store.sections.assign("amenews", [idx], "m101kqe", "산업·정책")
        paper.edit(idx, "count")
        reader.save(reader.capture(idx), older=cut_short)
        paper.withdraw(other)
        reader.fetch(other)
    with open_archive(path) as opened:
        removed_at = opened.article(other).removed_at  # type: ignore[union-attr]
    assert removed_at
    reread(path)
    with open_archive(path) as opened:
        article, gone = opened.article(idx), opened.article(other)
    assert article
    assert gone
    assert (article.section_code, article.section) == ("m101kqe", "산업·정책")
    assert article.recommend_count == truth(paper, idx).recommend_count
    assert gone.removed_at == removed_at
    assert gone.body
    assert state(path, other) == "removed"
    assert problems(path) == []


def test_answers_that_were_not_understood_become_articles(path: Path, paper: Newspaper) -> None:
    numbers = range(1, 41)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for idx in numbers:
            reader.save(reader.capture(idx), older=not_understood)
    assert {state(path, idx) for idx in numbers} == {"unknown"}
    tally = reread(path)
    assert tally.discovered == sum(bool(t.article) for t in paper.truths())
    assert {idx: state(path, idx) for idx in numbers} == {t.idx: t.state for t in paper.truths()}
    with open_archive(path) as opened:
        for article in opened.articles():
            assert article.body == truth(paper, article.idx).body
            assert article.duplicate_of is None or paper.truth(article.idx).duplicate_of
    assert problems(path) == []


def test_an_answer_like_those_to_impossible_numbers_settles_as_missing(
    path: Path, paper: Newspaper
) -> None:
    body = "<html><title>신소재경제신문</title><body>여기에는 실린 것이 하나도 없군요</body></html>"
    with Store.open(path) as store:
        reader = Reader(paper, store)
        reader.fetch(an_article(paper))
        gap = next(t.idx for t in paper.truths() if not t.article)
        strange = replace(reader.capture(gap), body=body.encode())
        assert reader.save(strange).state == "unknown"
    reread(path)
    assert state(path, gap) == "unknown"
    with Store.open(path) as store:
        store.learn_gap("amenews", pages.fingerprint(strange), "?", clock.now())
    reread(path)
    assert state(path, gap) == "missing"
    assert problems(path) == []


def test_an_answer_that_was_not_believed_still_is_not(path: Path, paper: Newspaper) -> None:
    gap = next(t.idx for t in paper.truths() if not t.article)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        reader.fetch(an_article(paper))
        disbelieved = Reading(Verdict.UNKNOWN, "known articles are gone too", is_believed=False)
        reader.save(reader.capture(gap), older=lambda _: disbelieved)
    assert reread(path).states == {}
    assert state(path, gap) == "unknown"


def test_a_gap_that_was_none_is_asked_again(path: Path, paper: Newspaper) -> None:
    page = "<html><body>서비스 점검 중입니다. 잠시 후 다시 접속해 주십시오.</body></html>"
    with Store.open(path) as store:
        reader = Reader(paper, store)
        ill = replace(reader.capture(1), body=page.encode())
        reader.save(ill, older=lambda _: Reading(Verdict.MISSING, "an older parser"))
    assert state(path, 1) == "missing"
    reread(path)
    assert state(path, 1) == "failed"
    connection = connect_reader(path)
    due = connection.execute("SELECT next_attempt_at FROM ledger WHERE idx = 1").fetchone()[0]
    connection.close()
    assert due <= clock.to_text(clock.now())


def test_what_this_parser_cannot_read_stays_and_is_told(path: Path, paper: Newspaper) -> None:
    idx = an_article(paper)
    article = truth(paper, idx)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        reader.fetch(idx)
        strange = replace(reader.capture(idx), body=b"<html><body>?</body></html>")
        newer = replace(article, body="이 글은 다른 화면에서 읽었다.")
        reader.save(
            strange, older=lambda _: Reading(Verdict.ARTICLE, "an article", "lost_skin", newer)
        )
    for _ in range(2):
        assert list(reread(path).lost) == [idx]
        with open_archive(path) as opened:
            assert stored(opened, idx) == newer.body
            assert len(opened.revisions(idx)) == 2


# -- the command


@pytest.fixture(scope="module")
def outdated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of four hundred numbers as a poorer parser left it."""
    path = tmp_path_factory.mktemp("outdated") / "archive.db"
    paper = Newspaper(size=400)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for idx in range(1, 401):
            older = not_understood if idx % 10 == 0 else cut_short
            reader.save(reader.capture(idx), older=older)
    return path


@pytest.fixture
def copy(outdated: Path, path: Path) -> Path:
    path.write_bytes(outdated.read_bytes())
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_dry_run_reports_by_field_and_writes_nothing(copy: Path) -> None:
    before = digest(copy)
    result = run("reparse", "--db", copy, "--dry-run")
    assert result.exit_code == 0, result.err
    assert "body" in result.out
    assert "would be corrected" in result.out
    assert "→" in result.out
    assert digest(copy) == before


def test_reparse_reports_what_it_changed_and_then_has_nothing_to_do(copy: Path) -> None:
    planned = json.loads(run("reparse", "--db", copy, "--dry-run", "--json").out)
    first = json.loads(run("reparse", "--db", copy, "--json").out)
    assert first == {**planned, "dry_run": False}
    assert first["discovered"] > 30
    assert first["fields"]["body"] > 200
    assert problems(copy) == []
    done = everything(copy)
    again = json.loads(run("reparse", "--db", copy, "--json").out)
    assert again["numbers"] == 0
    assert everything(copy) == done
    with open_archive(copy) as opened:
        paper = Newspaper(size=400)
        bodies = {article.idx: article.body for article in opened.articles()}
    assert bodies == {t.idx: t.article.body for t in paper.truths() if t.article}


def test_a_killed_reparse_goes_on_where_it_stopped(copy: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    whole.write_bytes(copy.read_bytes())
    assert run("reparse", "--db", whole).exit_code == 0
    # Killed at its third write: two batches of four are in, readers are at work.
    script = """
import os, signal, sys
from newscrawler.archive.reparse.apply import Corrections
from newscrawler.cli import main
write, calls = Corrections._note_read, 0
def counted(*given):
    global calls
    calls += 1
    if calls > 250:
        os.kill(os.getpid(), signal.SIGKILL)
    write(*given)
Corrections._note_read = counted
if __name__ == "__main__":
    sys.argv[1:] = ["reparse", "--db", sys.argv[1], "--jobs", "2"]
    main()
"""
    killer = tmp_path / "killer.py"
    killer.write_text(script)
    done = subprocess.run([sys.executable, killer, copy], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert problems(copy) == []
    rest = json.loads(run("reparse", "--db", copy, "--json").out)
    assert rest["numbers"] == 200
    assert everything(copy) == everything(whole)


def test_readers_end_with_a_killed_parent(copy: Path, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from newscrawler import sites\n"
        "from newscrawler.archive.reparse import run\n"
        "if __name__ == '__main__':\n"
        "    batches = ([n] for n in range(1, 400))\n"
        "    for _ in run._read(Path(sys.argv[1]), sites.load('amenews'), batches, 1):\n"
        "        import multiprocessing as m\n"
        "        print(m.active_children()[0].pid, flush=True)\n"
        "        sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, script, copy],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and is_alive(child):
        time.sleep(0.02)
    assert not is_alive(child)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_each_list_ends_with_the_count_of_what_it_leaves_out(path: Path) -> None:
    paper = Newspaper(size=24, gap_share=0)
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for idx in range(1, 13):
            strange = replace(reader.capture(idx), body=b"<html><body>%d?</body></html>" % idx)
            article = replace(truth(paper, 1), idx=idx, body=f"다른 화면의 글 {idx}")
            foreign = Reading(Verdict.ARTICLE, "an article", "lost_skin", article)
            reader.save(strange, older=always(foreign))
        for idx in range(13, 25):
            reader.save(reader.capture(idx), older=cut_short)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE captures SET body = x'28b5' WHERE idx > 12")
    lines = run("reparse", "--dry-run", "--jobs", "1", "--db", path).out.splitlines()
    lists = [line for line in lines if re.match(r"\d+ is |…", line)]
    numbers = [line.split()[0] for line in lists]
    assert numbers == [*map(str, range(1, 11)), "…", *map(str, range(13, 23)), "…"]
    assert lists[10] == "… and 2 more cannot be read"
    assert lists[21] == "… and 2 more are unchanged"


def test_reparse_leaves_an_archive_alone_that_another_process_writes(copy: Path) -> None:
    with Store.open(copy):
        result = run("reparse", "--db", copy)
        assert result.exit_code == 5
        assert "is being written by" in result.err
        # To find out needs no lock.
        assert run("reparse", "--db", copy, "--dry-run").exit_code == 0


def test_reparse_of_nothing_is_bad_usage(path: Path) -> None:
    assert run("reparse", "--db", path).exit_code == 2
    assert not path.exists()
