from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawler import open_archive
from newscrawler.archive.reader import Archive
from newscrawler.demo.newspaper import Newspaper
from newscrawler.items import Answer, Image, Reading, Reporter, Verdict
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests.making import FETCHED, KST, article, keep, permalink

HONG, KIM = Reporter("홍길동", "hong@example.kr"), Reporter("김가람")


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(path) as archive:
        return [tuple(row) for row in archive.connection.execute(sql)]


def look(path: Path, idx: int, verdict: Verdict, reason: str = "nothing there") -> None:
    with Store.open(path) as store:
        answer = Answer("amenews", idx, FETCHED, None, Reading(verdict, reason))
        answer.change = store.compare(answer)
        store.save(answer, Schedule(), parser_version=1)


@pytest.fixture
def months(path: Path) -> Path:
    """Numbers 1 to 12 and 15: January, February, one undated, gaps of several kinds."""
    for idx in (15, 12, 9, 5, 4, 1):
        month = 1 if idx < 6 else 2
        day = datetime(2020, month, idx, 9, tzinfo=KST) if idx != 12 else None
        keep(path, article(idx, f"{idx}번", f"본문 {idx}", published_at=day))
    for idx in (2, 3, 6, 7, 8):
        look(path, idx, Verdict.MISSING)
    look(path, 10, Verdict.RESTRICTED, "members only")
    look(path, 11, Verdict.TEMPORARY, "503")
    look(path, 5, Verdict.REMOVED, "withdrawn")
    return path


def test_coverage_counts_a_gap_to_the_month_below_it(months: Path) -> None:
    assert rows(
        months,
        "SELECT month, numbers, articles, missing, removed, restricted, unsettled,"
        " first_idx, last_idx FROM coverage_by_month ORDER BY month",
    ) == [
        ("2020-01", 8, 2, 5, 1, 0, 0, 1, 8),
        ("2020-02", 5, 3, 0, 0, 1, 1, 9, 15),
    ]


def test_gaps_are_stretches_and_tell_what_was_never_asked(months: Path) -> None:
    assert rows(
        months, "SELECT first_idx, last_idx, numbers, state, reason FROM gaps ORDER BY first_idx"
    ) == [
        (2, 3, 2, "missing", "nothing there"),
        (5, 5, 1, "removed", "withdrawn"),
        (6, 8, 3, "missing", "nothing there"),
        (10, 10, 1, "restricted", "members only"),
        (11, 11, 1, "failed", "503"),
        (13, 14, 2, "never asked", None),
    ]


def test_articles_per_month(months: Path) -> None:
    assert rows(
        months, "SELECT month, articles, removed FROM articles_per_month ORDER BY month"
    ) == [(None, 1, 0), ("2020-01", 3, 1), ("2020-02", 2, 0)]


def test_articles_per_reporter_and_section_and_keyword(path: Path) -> None:
    keep(
        path,
        article(1, "가", "하나", reporters=(HONG, KIM), section="산업가스", keywords=("수소",)),
        article(2, "나", "둘", reporters=(HONG,), section_code="m1abcd", keywords=("수소", "탄소")),
        article(3, "다", "셋", section_code="m9zzzz"),
    )
    with Store.open(path) as store:
        store.sections.learn_names("amenews", {"m1abcd": "산업가스"}, FETCHED)
    assert rows(path, "SELECT * FROM articles_per_reporter ORDER BY articles DESC") == [
        ("amenews", "홍길동", 2, "2020-01-01", "2020-01-02"),
        ("amenews", "김가람", 1, "2020-01-01", "2020-01-01"),
    ]
    assert rows(path, "SELECT section, articles FROM articles_per_section ORDER BY section") == [
        ("m9zzzz", 1),
        ("산업가스", 2),
    ]
    assert rows(path, "SELECT keyword, year, articles FROM keywords_per_year ORDER BY 3") == [
        ("탄소", "2020", 1),
        ("수소", "2020", 2),
    ]


def test_the_article_list_has_it_all_in_one_line(path: Path) -> None:
    one = article(
        1,
        "가",
        "본문",
        reporters=(HONG, KIM),
        keywords=("수소", "탄소"),
        images=(Image("http://amenews.kr/1.jpg"),),
    )
    keep(path, one, article(2, "가", "본문", images=one.images))
    assert rows(
        path,
        "SELECT day, section, title, reporters, keywords, pictures, characters, revisions,"
        " is_reprint, is_removed, url FROM article_list ORDER BY idx",
    ) == [
        ("2020-01-01", None, "가", "홍길동, 김가람", "수소, 탄소", 1, 2, 1, 0, 0, permalink(1)),
        ("2020-01-02", None, "가", None, None, 1, 2, 1, 1, 0, permalink(2)),
    ]


def test_edits_tell_what_changed_and_how_late(path: Path) -> None:
    keep(path, article(1, "옛 제목", "본문"), article(2, "그대로", "글"))
    edited = datetime(2020, 1, 3, 9, 30, tzinfo=KST)
    keep(path, article(1, "새 제목", "본문", modified_at=edited), at=FETCHED + timedelta(days=1))
    keep(path, article(1, "새 제목", "긴 본문", modified_at=edited), at=FETCHED + timedelta(days=2))
    assert rows(
        path,
        "SELECT idx, revision, days_after, title_changed, body_changed, title_before, title_after,"
        " characters_before, characters_after FROM edits ORDER BY revision",
    ) == [
        (1, 2, 2.0, 1, 0, "옛 제목", "새 제목", 2, 2),
        (1, 3, 2.0, 0, 1, "새 제목", "새 제목", 2, 4),
    ]


def test_views_agree_with_the_local_newspaper(paper_archive: Archive, paper: Newspaper) -> None:
    counts = paper_archive.connection.execute(
        "SELECT sum(numbers), sum(articles), sum(missing) FROM coverage_by_month"
    ).fetchone()
    truths = list(paper.truths())
    articles = sum(truth.article is not None for truth in truths)
    missing = sum(truth.state == "missing" for truth in truths)
    assert tuple(counts) == (len(truths), articles, missing)
