"""The main job from end to end: real server, real engine, real file, held against the truth."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.items import Article
from tests.conftest import Desk, run

FIELDS = [field.name for field in dataclasses.fields(Article)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The whole local newspaper in all skins, crawled once."""
    with serve(Newspaper(size=400, skin="mixed")) as server:
        desk = Desk(server, tmp_path_factory.mktemp("whole") / "archive.db")
        result = desk.crawl("--range", "1-400", "--json")
    assert result.exit_code == 0, result.err
    # Every kind of gap there is: each kind of answer is proven once, and some samples are taken.
    assert json.loads(result.out)["requests"] == 403 + desk.proofs()
    assert desk.proofs() <= 18
    return desk


def test_every_number_is_in_the_state_that_the_paper_published(whole: Desk) -> None:
    assert whole.states() == {truth.idx: truth.state for truth in whole.newspaper.truths()}


@pytest.mark.parametrize("field", FIELDS)
def test_every_article_is_stored_as_published(whole: Desk, field: str) -> None:
    published = {
        truth.idx: getattr(truth.article, field)
        for truth in whole.newspaper.truths()
        if truth.article and truth.state == "article"
    }
    stored = {idx: getattr(article, field) for idx, article in whole.articles().items()}
    assert stored == published


def test_reprints_point_at_the_older_number(whole: Desk) -> None:
    with whole.open() as connection:
        found = dict(
            connection.execute(
                "SELECT a.idx, o.idx FROM articles AS a JOIN articles AS o ON o.id = a.duplicate_of"
            ).fetchall()
        )
    expected = {t.idx: t.duplicate_of for t in whole.newspaper.truths() if t.duplicate_of}
    assert expected
    assert found == expected


def test_a_capture_is_kept_for_every_number(whole: Desk) -> None:
    with whole.open() as connection:
        kept = {idx for (idx,) in connection.execute("SELECT idx FROM captures")}
    assert kept == set(range(1, 401))


def test_the_archive_passes_its_own_checks(whole: Desk) -> None:
    result = run("verify", "--db", whole.db)
    assert (result.exit_code, result.out) == (0, "")


def test_asking_again_for_a_settled_range_asks_nothing(whole: Desk) -> None:
    with serve(whole.newspaper) as server:
        again = Desk(server, whole.db)
        result = again.crawl("--range", "1-300")
        assert (result.exit_code, result.out, result.err) == (0, "", "")
        assert again.asked() == []


def test_every_spelling_of_an_address_leads_to_one_row(desk: Desk) -> None:
    idx = next(t.idx for t in desk.newspaper.truths() if t.state == "article")
    spellings = (
        f"http://amenews.kr/news/view.php?idx={idx}",
        f"https://www.amenews.kr/news/view.php?mcode=m567udr&idx={idx}&page=3",
        f"http://amenews.kr/m/view.php?idx={idx}",
        f"http://amenews.kr/news/{idx}",
        f"http://www.amenews.kr/atc/n.view.asp?P_Index={idx}",
        f"http://amenews.kr/?IK={idx}",
        str(idx),
    )
    arguments = [part for spelling in spellings for part in ("--idx", spelling)]
    assert desk.crawl(*arguments).exit_code == 0
    assert desk.asked() == [idx]
    assert list(desk.articles()) == [idx]


def test_scrapy_s_own_command_is_the_same_job(desk: Desk) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "scrapy", "crawl", "amenews"]
    arguments = ["-a", "range=1-20", "-a", f"base_url={desk.server.base_url}"]
    settings = ["-s", f"NEWSCRAWLER_DB={desk.db}", "-s", "DOWNLOAD_DELAY=0"]
    subprocess.run(
        [*command, *arguments, *settings],
        cwd=root,
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawler.settings"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert desk.states() == {n: desk.newspaper.truth(n).state for n in range(1, 21)}


def test_scrapy_lists_the_papers() -> None:
    root = Path(__file__).parents[2]
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.split()
    assert "amenews" in listed


def test_a_walk_over_two_thousand_million_numbers_starts_at_once(desk: Desk) -> None:
    result = desk.crawl("--range", "1-2000000000", "--max-requests", "40", "--json")
    summary = json.loads(result.out)
    assert result.exit_code == 3
    assert summary["outcome"] == "budget"
    assert summary["requests"] == 40
    # The newest is looked at first: it is only listed.
    assert desk.walked() == [60, *range(1, 37 - desk.proofs())]


def test_a_range_ends_where_the_future_begins(desk: Desk) -> None:
    result = desk.crawl("--range", "50-5000", settings=("FUTURE_LIMIT=5",))
    assert result.exit_code == 3
    assert "nothing is published beyond 60 yet" in result.err
    states = desk.states()
    assert max(states) < 70
    assert {states[idx] for idx in states if idx > 60} == {"pending"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--range", "9-1"], "is in the wrong order"),
        (["--range", "0-5"], "the smallest number is 1"),
        (["--range", "a-b"], "a range must be like"),
        (["--idx", "0"], "neither an article number"),
        (["--idx", "http://amenews.kr/about"], "neither an article number"),
        (["--idx", "http://other.example/news/view.php?idx=5"], "the address of another paper"),
        (["-s", "CONTACT=nobody"], "CONTACT must be an e-mail address or a web address"),
        (["--section", ""], "the value is empty"),
        (
            ["--sections", "--unsettled"],
            "only one selection is possible, not sections and unsettled",
        ),
        (["--range", ""], "the value is empty"),
        (["--idx", ""], "the value is empty"),
        (["--range", "1-5", "--gaps"], "only one selection is possible"),
        (["--base-url", "ftp://x"], "a base URL must be like"),
        (["-s", "DOWNLOAD_DELAY=fast"], "DOWNLOAD_DELAY must be a number of seconds"),
        (["-s", "DOWNLOAD_DELAY=-1"], "DOWNLOAD_DELAY must be a number of seconds"),
        (["-s", "DOWNLOD_DELAY=1"], "did you mean 'DOWNLOAD_DELAY'?"),
        (["-s", "nonsense"], "-s must be NAME=VALUE"),
        (["--max-requests", "-4"], "MAX_REQUESTS must be"),
        (["nosuchpaper"], "there is no site"),
        ([], "set a contact first"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    result = run("crawl", *arguments, "--db", tmp_path / "x.db")
    assert result.exit_code == 2
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "x.db").exists()


def test_a_foreign_database_is_refused_untouched(desk: Desk) -> None:
    connection = sqlite3.connect(desk.db)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = desk.db.read_bytes()
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 6
    assert "of another program" in result.err
    assert desk.db.read_bytes() == before
    assert desk.server.log == []


def test_a_text_file_is_refused_untouched(desk: Desk) -> None:
    desk.db.write_text("수소는 가볍다" * 100, encoding="utf-8")
    before = desk.db.read_bytes()
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 6
    assert "Traceback" not in result.err
    assert desk.db.read_bytes() == before


def test_a_newer_database_is_refused_untouched(desk: Desk) -> None:
    assert desk.crawl("--range", "1-5").exit_code == 0
    connection = sqlite3.connect(desk.db)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    result = desk.crawl("--range", "6-9")
    assert result.exit_code == 6
    assert "newer newscrawler" in result.err


def test_a_folder_that_cannot_be_written_is_exit_code_6(desk: Desk) -> None:
    desk.db = Path("/proc/archive.db")
    result = desk.crawl("--range", "1-5")
    assert result.exit_code == 6
    assert "Traceback" not in result.err


def test_an_unreachable_origin_is_exit_code_4(tmp_path: Path) -> None:
    settings = ["-s", "RETRY_BACKOFF_BASE=0.01", "-s", "DOWNLOAD_DELAY=0"]
    base = ["--base-url", "http://127.0.0.1:9"]
    result = run("crawl", *base, *settings, "--range", "1-5", "--db", tmp_path / "x.db")
    assert result.exit_code == 4
    assert "robots.txt cannot be reached" in result.err
    assert "Traceback" not in result.err
