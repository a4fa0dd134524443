"""Scrapy's own commands: what a user of Scrapy expects of items, feeds, parse and shell."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from itemadapter import ItemAdapter, is_item
from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter

from newscrawler import clock, sites
from newscrawler.config import sources
from newscrawler.crawler import settings_from
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.exceptions import SettingError
from newscrawler.extensions import feeds
from newscrawler.extensions.feed_files import check_feeds
from newscrawler.items import Answer, Reading, Verdict
from tests.conftest import QUICK, Desk, run
from tests.making import article


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serve(Newspaper(size=60, gap="alert", gap_share=0.3)) as server:
        yield Desk(server, tmp_path_factory.mktemp("feeds") / "archive.db")


def scrapy(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NEWSCRAWLER_")}
    settings = [part for one in (*QUICK, f"NEWSCRAWLER_DB={desk.db}") for part in ("-s", one)]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments[:1], *settings, *arguments[1:]],
        env={**clean, "SCRAPY_SETTINGS_MODULE": "newscrawler.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=desk.db.parent,
    )


def json_feed(path: Path) -> str:
    """The setting for a feed with one article a line."""
    return f'FEEDS={{"{path}": {{"format": "jsonlines"}}}}'


def address(desk: Desk, idx: int) -> str:
    return f"{desk.server.base_url}/news/view.php?idx={idx}"


def test_a_feed_has_one_line_for_each_article_and_none_for_a_gap(paper: Desk) -> None:
    done = scrapy(
        paper,
        *("crawl", "amenews", "-a", "range=1-20"),
        *("-a", f"base_url={paper.server.base_url}", "-O", "articles.jsonl", "-O", "articles.csv"),
    )
    assert done.returncode == 0, done.stderr
    folder = paper.db.parent
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    states = paper.states()
    published = sorted(idx for idx in states if states[idx] == "article")
    assert 0 < len(published) < 20
    assert sorted(json.loads(line)["idx"] for line in lines) == published
    # The same names, values and spelling as the archive's own export.
    run("export", "jsonl", "--output", folder / "export.jsonl", "--db", paper.db)
    exported = (folder / "export.jsonl").read_text("utf-8").splitlines()
    assert sorted(map(json.loads, lines), key=lambda one: int(one["idx"])) == sorted(
        map(json.loads, exported), key=lambda one: int(one["idx"])
    )
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(int(row["idx"]) for row in csv.DictReader(file)) == published


def test_parse_shows_the_article_and_with_pipelines_keeps_it(paper: Desk, tmp_path: Path) -> None:
    idx = next(paper.newspaper.newest_articles())
    desk = Desk(paper.server, tmp_path / "parsed.db")
    for pipelines in ([], ["--pipelines"]):
        shown = scrapy(
            desk,
            *("parse", "--spider", "amenews", *pipelines),
            *("-a", f"base_url={desk.server.base_url}", "--nocolour", address(desk, idx)),
        )
        assert shown.returncode == 0, shown.stderr
        assert f"'idx': {idx}" in shown.stdout
        assert "'reporters': [" in shown.stdout
        assert "'images': [" in shown.stdout
        assert desk.db.exists() is bool(pipelines)
    assert list(desk.articles()) == [idx]


def test_shell_opens_an_article_and_touches_no_archive(paper: Desk, tmp_path: Path) -> None:
    desk = Desk(paper.server, tmp_path / "shell.db")
    code = 'response.css("title::text").get() is not None and response.status'
    shown = scrapy(desk, "shell", address(desk, 3), "-c", code)
    assert (shown.returncode, shown.stdout.strip()) == (0, "200")
    assert not desk.db.exists()


def test_a_feed_of_the_settings_is_written_by_our_own_command_too(desk: Desk) -> None:
    feed = desk.db.with_name("feed.jsonl")
    done = desk.crawl("--range", "1-3", settings=(json_feed(feed),))
    assert done.exit_code == 0, done.err
    assert len(feed.read_text("utf-8").splitlines()) == len(desk.articles())


def test_a_feed_that_cannot_be_written_ends_the_crawl_with_6(paper: Desk, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    feed = tmp_path / "a file" / "articles.jsonl"
    desk = Desk(paper.server, tmp_path / "archive.db")
    by_scrapy = scrapy(
        desk,
        *("crawl", "amenews", "-a", "range=1-20"),
        *("-a", f"base_url={paper.server.base_url}", "-O", str(feed)),
    )
    by_us = desk.crawl("--range", "1-20", settings=(json_feed(feed),))
    assert (by_scrapy.returncode, by_us.exit_code) == (6, 6)
    assert f"{feed} cannot be written: Not a directory" in by_scrapy.stderr
    assert f"{feed} cannot be written: Not a directory" in by_us.err


def test_a_bug_of_a_signal_handler_is_exit_code_1(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scrapy only logs it."""

    def fail(*_: object) -> None:
        raise ValueError("a made-up bug")

    monkeypatch.setattr(FeedExporter, "item_scraped", fail)
    feed = desk.db.with_name("feed.jsonl")
    summary = desk.crawl_here(range="1-20", settings=(json_feed(feed),))
    assert (summary["outcome"], summary["exit_code"]) == ("error", 1)
    assert len(desk.articles()) == summary["articles_new"] > 0


@pytest.mark.parametrize("value", ["articles.jsonl", "[1]", '{"a": 1}', "3"])
def test_a_table_of_feeds_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingError, match="FEEDS must be a JSON object"):
        sources.apply(sites.load("amenews"), settings_from([f"FEEDS={value}"]), {})


def answer(reading: Reading | None) -> Answer:
    return Answer("amenews", 7, clock.now(), reading=reading)


def test_an_answer_is_an_item_with_the_names_of_the_article() -> None:
    item = answer(Reading(Verdict.ARTICLE, "read", article=article(7, "수소", "본문")))
    assert is_item(item)
    adapter = ItemAdapter(item)
    assert adapter["title"] == "수소"
    assert adapter["reporters"] == []
    assert "capture" not in adapter.asdict()
    with pytest.raises(TypeError):
        adapter["title"] = "other"


def test_an_answer_without_an_article_says_what_the_number_is() -> None:
    assert feeds.answer_values(answer(Reading(Verdict.MISSING, "no such article"))) == {
        "site": "amenews",
        "idx": 7,
        "verdict": "missing",
        "reason": "no such article",
    }
    assert feeds.answer_values(answer(None)) == {"site": "amenews", "idx": 7}


def small_feed(path: str) -> str:
    """The setting for a feed that fits into a buffer: it is written when it is closed."""
    return f'FEEDS={{"{path}": {{"format": "csv", "fields": ["idx"]}}}}'


def test_a_feed_that_cannot_be_closed_ends_the_crawl_with_6(desk: Desk) -> None:
    said = "a feed could not be written to the end"
    summary = desk.crawl_here(range="1-20", settings=(small_feed("ftp://127.0.0.1:1/a.csv"),))
    assert (summary["outcome"], summary["exit_code"]) == ("storage", 6)
    assert summary["diagnosis"].startswith(said)
    assert len(desk.articles()) == summary["articles_new"] > 0
    done = desk.crawl("--range", "21-40", settings=(small_feed("/dev/full"),))
    assert (done.exit_code, said in done.err) == (6, True)
    assert "a file that this crawl writes cannot be written: No space left on device" in done.err
    assert "Traceback" not in done.err


def test_batches_of_a_feed_and_an_empty_feed_are_complete(desk: Desk) -> None:
    folder = desk.db.parent
    batches = f'{{"{folder}/%(batch_id)d.jsonl": {{"format": "jsonl", "batch_item_count": 2}}}}'
    assert desk.crawl_here(range="1-20", settings=(f"FEEDS={batches}",))["exit_code"] == 0
    lines = [path.read_text("utf-8").splitlines() for path in folder.glob("*.jsonl")]
    assert sum(map(len, lines)) == len(desk.articles()) > 4
    gap = next(truth.idx for truth in desk.newspaper.truths() if truth.state == "missing")
    empty = desk.db.with_name("empty.csv")
    summary = desk.crawl_here(idx=str(gap), settings=(small_feed(str(empty)),))
    assert (summary["exit_code"], empty.exists()) == (0, True)


def test_a_feed_that_its_encoding_cannot_hold_ends_the_crawl_with_6(desk: Desk) -> None:
    feed = f'FEEDS={{"{desk.db.parent}/a.csv": {{"format": "csv", "encoding": "latin-1"}}}}'
    summary = desk.crawl_here(range="1-20", settings=(feed,))
    assert summary["exit_code"] == 6
    assert "a feed in latin-1 cannot hold" in summary["diagnosis"]


@pytest.mark.parametrize(
    ("feeds", "said"),
    [
        ('{"a.csv": {"format": "cvs"}}', "a feed cannot be used: Unknown feed format: cvs"),
        ('{"gopher://a/b": {"format": "csv"}}', "Unknown feed storage scheme: gopher"),
        ('{"a.csv": {"format": "csv", "batch_item_count": 2}}', "must be in the feed URI"),
        ('{"a.csv": {"format": "csv", "encoding": "utf8mb4"}}', "unknown encoding: 'utf8mb4'"),
        ('{"%(nmae)s.csv": {"format": "csv"}}', "unknown placeholder: nmae"),
        ('{"archive.db": {"format": "csv"}}', "a feed must not be the database"),
        ('{"other.db": {"format": "csv"}}', "a feed must not be a database"),
    ],
)
def test_a_feed_that_would_not_be_written_is_refused_before_any_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feeds: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0")
    settings = settings_from([f"FEEDS={feeds}"])
    with pytest.raises(SettingError, match=re.escape(said)):
        check_feeds(settings, Spider("amenews"), tmp_path / "archive.db")
