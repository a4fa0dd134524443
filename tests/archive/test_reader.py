from __future__ import annotations

import re
import sqlite3
import sys
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import newscrawler
from newscrawler import open_archive
from newscrawler.archive.reader import Archive, Filters, Order
from newscrawler.demo.newspaper import Newspaper
from newscrawler.exceptions import (
    AmbiguousSiteError,
    ArchiveError,
    MissingLibraryError,
    NoArchiveError,
    UnreadableArchiveError,
)
from newscrawler.items import Image, Reporter
from newscrawler.store.store import Store
from tests.making import FETCHED, KST, article, keep, permalink


def idxs(path: Path, filters: Filters, order: Order = Order.IDX) -> list[int]:
    with open_archive(path) as archive:
        found = [hit.idx for hit in archive.articles(filters, order=order)]
        assert archive.count(filters) == len(found)
        return found


def test_a_missing_file_is_named_and_not_made(path: Path) -> None:
    with pytest.raises(NoArchiveError, match=f"there is no archive at {path}"):
        open_archive(path)
    assert not path.exists()


@pytest.mark.parametrize("name", ["가" * 200, "a\0b"])
def test_a_name_that_no_file_can_have_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match=f"{re.escape(name)} cannot be read as an archive|there"):
        open_archive(tmp_path / name)


def test_another_programs_database_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(UnreadableArchiveError, match="not an archive of newscrawler"):
        open_archive(path)


def test_a_text_file_is_refused(path: Path) -> None:
    path.write_text("idx,title\n" * 400)
    with pytest.raises(UnreadableArchiveError, match="not a database"):
        open_archive(path)


@pytest.mark.parametrize(("version", "word"), [(999, "newer"), (1, "older")])
def test_another_schema_is_refused(path: Path, version: int, word: str) -> None:
    keep(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(UnreadableArchiveError, match=f"{word} newscrawler"):
        open_archive(path)


def test_an_archive_cannot_be_written_through_a_reader(path: Path) -> None:
    with open_archive(keep(path)) as archive, pytest.raises(sqlite3.OperationalError):
        archive.connection.execute("DELETE FROM articles")


def test_what_the_store_was_given_is_what_the_reader_returns(path: Path) -> None:
    whole = article(
        7,
        "제목 <script> & “따옴표”",
        "첫 단락\n\n둘째 단락",
        subtitle="부제",
        section="산업가스",
        section_code="m567udr",
        byline="홍길동 기자 hong@example.kr, 김가람 기자",
        reporters=(Reporter("홍길동", "hong@example.kr"), Reporter("김가람")),
        modified_at=datetime(2020, 1, 9, 18, 0, 1, tzinfo=KST),
        images=(Image("http://amenews.kr/a.jpg", "설명"), Image("http://amenews.kr/b.jpg")),
        keywords=("수소", "탄소"),
        recommend_count=3,
    )
    keep(path, article(1, "앞선 글"), whole)
    with open_archive(path) as archive:
        stored = archive.article(7)
        assert stored is not None
        for name in whole.__dataclass_fields__:
            assert getattr(stored, name) == getattr(whole, name), name
        assert stored.content_hash == whole.content_hash
        assert (stored.site, stored.first_fetched_at) == ("amenews", FETCHED)
        assert (stored.removed_at, stored.duplicate_of) == (None, None)
        assert archive.article(8) is None
        assert list(archive.articles())[1] == stored


def test_every_article_of_the_local_newspaper_comes_back_whole(
    paper_archive: Archive, paper: Newspaper
) -> None:
    stored = {hit.idx: hit for hit in paper_archive.articles()}
    truths = {truth.idx: truth for truth in paper.truths() if truth.article}
    assert stored.keys() == truths.keys()
    for idx, truth in truths.items():
        assert truth.article is not None
        assert stored[idx].content_hash == truth.article.content_hash
        assert stored[idx].reporters == truth.article.reporters


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [1, 2, 3, 4]),
        (Filters(since=date(2020, 1, 2)), [2, 3]),
        (Filters(until=date(2020, 1, 2)), [1, 2]),
        (Filters(since=date(2020, 1, 2), until=date(2020, 1, 2)), [2]),
        (Filters(section="산업가스"), [1, 2]),
        (Filters(section="m567udr"), [1, 2]),
        (Filters(section="오피니언"), []),
        (Filters(reporter="홍길동"), [1, 3]),
        (Filters(reporter="hong@example.kr"), [1]),
        (Filters(reporter="홍"), []),
        (Filters(duplicates=False), [1, 2, 3]),
        (Filters(words="수소"), [1, 3, 4]),
        (Filters(words="수소", reporter="홍길동", until=date(2020, 1, 1)), [1]),
        (Filters(site="amenews"), [1, 2, 3, 4]),
        (Filters(site="cerazine"), []),
    ],
)
def test_filters(path: Path, filters: Filters, expected: list[int]) -> None:
    hong = Reporter("홍길동", "hong@example.kr")
    keep(
        path,
        article(1, "수소", "본문", section="산업가스", reporters=(hong, Reporter("김가람"))),
        article(2, "철강", "자정 직전", section_code="m567udr"),
        article(3, "수소차", "본문", reporters=(Reporter("홍길동"),)),
        article(4, "수소", "본문", published_at=None),
    )
    with Store.open(path) as store:
        store.sections.learn_names("amenews", {"m567udr": "산업가스"}, FETCHED)
    assert idxs(path, filters) == expected


def test_a_day_lasts_until_midnight_in_the_papers_zone(path: Path) -> None:
    keep(
        path,
        article(1, "아침", published_at=datetime(2020, 1, 2, 0, 0, tzinfo=KST)),
        article(2, "밤", published_at=datetime(2020, 1, 2, 23, 59, 59, tzinfo=KST)),
        article(3, "다음 날", published_at=datetime(2020, 1, 3, 0, 0, tzinfo=KST)),
    )
    assert idxs(path, Filters(since=date(2020, 1, 2), until=date(2020, 1, 2))) == [1, 2]


def test_orders(path: Path) -> None:
    days = {1: 5, 2: 3, 3: 9}
    keep(
        path,
        *(
            article(idx, "글", f"{idx}번", published_at=datetime(2020, 1, day, tzinfo=KST))
            for idx, day in days.items()
        ),
    )
    assert idxs(path, Filters(), Order.OLDEST) == [2, 1, 3]
    assert idxs(path, Filters(), Order.NEWEST) == [3, 1, 2]
    with open_archive(path) as archive:
        assert [hit.idx for hit in archive.articles(order=Order.NEWEST, limit=2)] == [3, 1]
        with pytest.raises(ValueError, match="the order by relevance needs words"):
            next(archive.articles(order=Order.RELEVANCE))


def test_revisions_come_in_order(path: Path) -> None:
    keep(path, article(1, "제목", "첫 글"))
    keep(path, article(1, "제목", "고친 글"), at=FETCHED + timedelta(days=1))
    with open_archive(path) as archive:
        first, second = archive.revisions(1)
        assert (first.number, first.body, first.fetched_at) == (1, "첫 글", FETCHED)
        assert (second.number, second.body) == (2, "고친 글")
        assert archive.revisions(2) == []


def test_captures_come_back_byte_for_byte(path: Path) -> None:
    keep(path, article(1, "하나"), article(2, "둘"))
    with open_archive(path) as archive:
        both = list(archive.captures())
        assert [capture.idx for capture in both] == [1, 2]
        assert b"\xed\x95\x98\xeb\x82\x98" in both[0].body
        assert both[0].header("etag") == '"1"'
        assert both[0].fetched_at == FETCHED
        assert [capture.idx for capture in archive.captures(Filters(words="둘"))] == [2]
        assert [capture.idx for capture in archive.captures(idx=2)] == [2]


def test_several_papers_in_one_archive_must_be_named(path: Path) -> None:
    keep(path, article(1, "신소재"))
    keep(path, article(1, "세라믹"), site="cerazine")
    with open_archive(path) as archive:
        assert archive.sites() == ["amenews", "cerazine"]
        with pytest.raises(AmbiguousSiteError, match="amenews, cerazine"):
            archive.article(1)
        found = archive.article(1, site="cerazine")
        assert found is not None
        assert found.title == "세라믹"


def test_an_empty_archive_answers_too(path: Path) -> None:
    with open_archive(keep(path)) as archive:
        assert archive.sites() == []
        assert archive.article(1) is None
        assert list(archive.articles(Filters(words="수소"))) == []


def test_memory_stays_flat_however_many_articles_come(path: Path) -> None:
    keep(path, *(article(n, f"{n}호", f"{n} {'소재 ' * 300}") for n in range(1, 1001)))
    with open_archive(path) as archive:
        tracemalloc.start()
        total = sum(len(hit.body) for hit in archive.articles(order=Order.NEWEST))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert total > 500_000
    assert peak < 2_000_000


def test_readers_see_what_is_written_meanwhile(path: Path) -> None:
    keep(path, article(1, "먼저"))
    with open_archive(path) as archive:
        keep(path, article(2, "나중"))
        assert [hit.idx for hit in archive.articles()] == [1, 2]


def test_a_frame_has_real_times_and_lists(path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    keep(
        path,
        article(1, "하나", reporters=(Reporter("홍길동"),), keywords=("수소", "탄소")),
        article(2, "둘", published_at=None, recommend_count=4),
        article(3, "둘", "", published_at=None),
    )
    with open_archive(path) as archive:
        frame = archive.to_pandas()
        assert list(frame.idx) == [1, 2, 3]
        assert frame.published_at.iloc[0] == pandas.Timestamp("2020-01-01 09:30", tz="Asia/Seoul")
        assert frame.first_fetched_at.iloc[0] == pandas.Timestamp(FETCHED.astimezone(UTC))
        assert frame.published_at.isna().tolist() == [False, True, True]
        assert frame.reporters.iloc[0] == ["홍길동"]
        assert frame.keywords.iloc[0] == ["수소", "탄소"]
        assert frame.recommend_count.tolist() == [pandas.NA, 4, pandas.NA]
        assert archive.to_pandas(Filters(words="없는말")).columns.tolist() == list(frame.columns)


def test_without_pandas_the_message_says_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with (
        open_archive(keep(path)) as archive,
        pytest.raises(MissingLibraryError, match=r"'\.\[research\]'"),
    ):
        archive.to_pandas()


def test_the_package_itself_stays_light() -> None:
    import subprocess

    code = "import newscrawler, sys; print('sqlite_utils' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert newscrawler.open_archive is open_archive


def test_permalinks_are_what_the_paper_prints(path: Path) -> None:
    with open_archive(keep(path, article(3, "글"))) as archive:
        (stored,) = archive.articles()
        assert stored.url == permalink(3)
