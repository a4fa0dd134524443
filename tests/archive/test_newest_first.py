"""Results newest first: those of many articles are the same without sorting them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.archive import newest_first
from newscrawler.archive.filters import Filters, Order
from newscrawler.archive.reader import Archive
from newscrawler.demo.newspaper import Newspaper
from tests.local_archive import archive

PAPER = Newspaper(size=90, gap_share=0)
FILTERS = (
    Filters(words="수소"),
    Filters(words="수소 OR 산업"),
    Filters(words="수소", until="2026-06-20"),
    Filters(words="수소", duplicates=False, removed=False),
    Filters(words="수소", site="amenews"),
    Filters(words="수소", site="krnews21"),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("newest") / "archive.db", PAPER)


def results(opened: Archive, filters: Filters) -> list[list[int]]:
    return [
        list(opened.keys(filters, order=Order.NEWEST, limit=limit, skip=skip))
        for limit, skip in ((1, 0), (10, 0), (7, 9), (500, 0))
    ]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("most", [newest_first._MOST, 6])  # 6: given up before there are enough
def test_the_results_are_those_of_sorting_all(
    path: Path, monkeypatch: pytest.MonkeyPatch, filters: Filters, most: int
) -> None:
    with open_archive(path) as opened:
        sorted_all = results(opened, filters)
        monkeypatch.setattr(newest_first, "_MANY", 5)
        monkeypatch.setattr(newest_first, "_CHUNK", 3)
        monkeypatch.setattr(newest_first, "_MOST", most)
        assert results(opened, filters) == sorted_all


def test_few_articles_are_looked_at_for_a_common_word(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_first, "_MANY", 5)
    monkeypatch.setattr(newest_first, "_CHUNK", 3)
    with open_archive(path) as opened:
        found = newest_first.newest(opened.connection, Filters(words="수소"), "amenews", 2)
        assert found is not None
        assert len(found) == 2
        rare = newest_first.newest(
            opened.connection, Filters(words="수소 나노 탄소 섬유"), "amenews", 2
        )
    assert rare is None  # sorted: there are few
