from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.archive import near_duplicates
from newscrawler.archive.near_duplicates import Found
from newscrawler.demo.newspaper import Newspaper
from newscrawler.exceptions import MissingLibraryError
from newscrawler.store.store import Store
from tests.making import FETCHED, article, keep, keep_newspaper

pytest.importorskip("rensa")

PARAGRAPHS = (
    "나루소재는 청주에 양극재 공장을 새로 짓고 2027년 하반기부터 가동한다고 3일 밝혔다.",
    "투자 금액은 1,200억원이며 연간 3만톤을 만든다. 전기차 40만대에 들어가는 양이다.",
    "회사는 폐배터리에서 니켈과 코발트를 되찾는 공정도 함께 들인다고 설명했다.",
    "충청북도는 진입로와 용수를 지원하기로 했다. 새 일자리는 320개로 예상된다.",
)
RELEASE = "\n\n".join(PARAGRAPHS)
REWRITTEN = "\n\n".join((*PARAGRAPHS[:3], "지역 상공회의소는 협력업체를 위한 설명회를 내달 연다."))
OTHER = "\n\n".join(
    (
        "그린수소 실증단지가 제주에 들어선다. 풍력으로 물을 나누어 하루 1톤을 얻는다.",
        "연구진은 촉매에서 이리듐을 절반으로 줄이고도 같은 수명을 얻었다고 발표했다.",
        "실증은 3년 동안 이어지며 결과는 모두 공개된다.",
    )
)


def find(path: Path) -> Found:
    with Store.open(path) as store:
        return near_duplicates.find(store, FETCHED)


def pairs(path: Path) -> set[tuple[int, int]]:
    with open_archive(path) as archive:
        return {
            (pair.idx, pair.earlier_idx)
            for pair in near_duplicates.pairs(archive.connection, near_duplicates.THRESHOLD, None)
        }


def test_another_headline_or_paragraph_is_a_near_duplicate(path: Path) -> None:
    keep(
        path,
        article(1, "나루소재, 청주에 공장", RELEASE),
        article(2, "양극재 3만톤 청주에서 만든다", RELEASE),
        article(3, "나루소재 청주 공장", REWRITTEN),
        article(4, "제주에 그린수소", OTHER),
    )
    assert find(path) == Found(compared=4, pairs=3)
    assert pairs(path) == {(2, 1), (3, 1), (3, 2)}


def test_only_what_is_new_is_compared(path: Path) -> None:
    keep(path, article(1, "나루소재, 청주에 공장", RELEASE), article(2, "제주", OTHER))
    assert find(path) == Found(compared=2, pairs=0)
    assert find(path) == Found(compared=0, pairs=0)
    keep(path, article(3, "나루소재 청주 공장", REWRITTEN))
    assert find(path) == Found(compared=1, pairs=1)
    assert pairs(path) == {(3, 1)}


def test_an_edited_article_is_compared_again(path: Path) -> None:
    keep(path, article(1, "나루소재, 청주에 공장", RELEASE), article(2, "나루소재", REWRITTEN))
    find(path)
    assert pairs(path) == {(2, 1)}
    keep(path, article(1, "나루소재, 청주에 공장", OTHER))
    assert find(path) == Found(compared=1, pairs=0)
    assert pairs(path) == set()
    keep(path, article(1, "나루소재, 청주에 공장", RELEASE))
    assert find(path) == Found(compared=1, pairs=1)
    assert pairs(path) == {(2, 1)}


def test_an_exact_reprint_is_listed_once_and_not_compared(path: Path) -> None:
    keep(path, article(1, "나루소재", RELEASE), article(2, "나루소재", RELEASE))
    assert find(path) == Found(compared=1, pairs=0)
    with open_archive(path) as archive:
        (pair,) = near_duplicates.pairs(archive.connection, 1, None)
    assert (pair.idx, pair.earlier_idx, pair.kind) == (2, 1, "exact")


def test_the_earlier_article_is_the_one_published_first(path: Path) -> None:
    late = FETCHED - timedelta(days=9)
    keep(
        path,
        article(1, "나루소재, 청주에 공장", RELEASE, published_at=late),
        article(2, "나루소재", REWRITTEN),
    )
    find(path)
    assert pairs(path) == {(1, 2)}


def test_short_bodies_are_no_reprints(path: Path) -> None:
    keep(path, article(1, "포토", "행사장 모습이다."), article(2, "포토뉴스", "행사장 모습이다."))
    assert find(path) == Found(compared=2, pairs=0)


def test_the_local_newspapers_reprints_are_found_and_nothing_else(path: Path) -> None:
    paper = Newspaper(size=900)
    keep_newspaper(path, paper)
    find(path)
    stories: dict[int, int] = {}
    expected = set()
    for truth in paper.truths():
        origin = truth.near_duplicate_of or truth.duplicate_of
        stories[truth.idx] = stories[origin] if origin else truth.idx
        # Of an article of a line or two hardly anything is left when one paragraph is another.
        if truth.near_duplicate_of and truth.article and len(truth.article.body) > 200:
            expected.add(truth.idx)
    found = pairs(path)
    assert {pair for pair in found if stories[pair[0]] != stories[pair[1]]} == set()
    assert len(expected) > 5
    assert expected <= {later for later, _ in found}


def test_without_the_library_the_message_says_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(path, article(1, "나루소재", RELEASE))
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(MissingLibraryError, match=r"'\.\[research\]'"):
        find(path)
