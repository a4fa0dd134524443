"""Archives for the tests, written by the real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.items import Answer, Article, Capture, Reading, Verdict
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

KST = timezone(timedelta(hours=9))
FIRST_DAY = datetime(2020, 1, 1, 9, 30, tzinfo=KST)
FETCHED = datetime(2024, 5, 1, 3, 0, tzinfo=UTC)


def permalink(idx: int) -> str:
    return f"http://amenews.kr/news/view.php?idx={idx}"


def article(idx: int, title: str, body: str = "", **fields: Any) -> Article:
    """An article; number N is published on the Nth of January 2020."""
    fields.setdefault("published_at", FIRST_DAY + timedelta(days=idx - 1))
    return Article(idx=idx, url=permalink(idx), title=title, body=body, **fields)


def keep(path: Path, *articles: Article, site: str = "amenews", at: datetime = FETCHED) -> Path:
    """Store articles as a crawl does; the archive's path."""
    with Store.open(path) as store:
        for one in articles:
            _save(store, site, one.idx, at, Reading(Verdict.ARTICLE, "an article", "classic", one))
    return path


def keep_newspaper(path: Path, paper: Newspaper, at: datetime = FETCHED) -> Path:
    """Store what a local newspaper holds now, gaps included, read without a mistake."""
    with Store.open(path) as store:
        store.note_newest("amenews", paper.newest_idx)
        for truth in paper.truths():
            verdict = Verdict.ARTICLE if truth.article else Verdict(truth.state)
            reading = Reading(verdict, truth.how, truth.skin, truth.article)
            _save(store, "amenews", truth.idx, at, reading)
    return path


def learn_sections(path: Path, paper: Newspaper) -> None:
    """Store what the paper's section lists say, which its articles do not."""
    with Store.open(path) as store:
        for truth in paper.truths():
            if truth.mcode:
                name = SECTIONS[truth.mcode]
                store.sections.assign("amenews", [truth.idx], truth.mcode, name)


def withdraw(path: Path, idx: int, *, at: datetime) -> None:
    """Let the site say that it has withdrawn an article."""
    with Store.open(path) as store:
        _save(store, "amenews", idx, at, Reading(Verdict.REMOVED, "삭제된 기사입니다."))


def fail(path: Path, idx: int, reason: str, *, at: datetime = FETCHED) -> None:
    """Let the site give no usable answer."""
    with Store.open(path) as store:
        _save(store, "amenews", idx, at, Reading(Verdict.TEMPORARY, reason))


def _save(store: Store, site: str, idx: int, at: datetime, reading: Reading) -> None:
    body = f"<html>{idx} {reading.article or reading.reason}</html>".encode()
    capture = Capture(site, idx, permalink(idx), at, 200, (("ETag", f'"{idx}"'),), body)
    answer = Answer(site, idx, at, capture, reading)
    answer.change = store.compare(answer)
    store.save(answer, Schedule(), parser_version=1)
