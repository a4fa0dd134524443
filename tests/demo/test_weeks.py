"""The paper of ``newscrawler demo``: seventeen years, and a week that brings something."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from newscrawler.demo import vocabulary
from newscrawler.demo.content import Desk, compose, edited
from newscrawler.demo.dice import Dice
from newscrawler.demo.newspaper import Newspaper, Truth
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.weeks import BEGAN, paper_after, paper_for, to_see_again

SIZE = 300


@pytest.fixture(scope="module")
def first() -> dict[int, Truth]:
    return {truth.idx: truth for truth in paper_after(0, SIZE).truths()}


@pytest.fixture(scope="module")
def second() -> dict[int, Truth]:
    return {truth.idx: truth for truth in paper_after(1, SIZE).truths()}


def test_every_year_since_2009_has_articles_and_the_last_have_most(first: dict[int, Truth]) -> None:
    times = [t.article.published_at for t in first.values() if t.article and t.how == "plain"]
    dated = [moment for moment in times if moment]
    assert dated == sorted(dated)
    assert {moment.utcoffset() for moment in dated} == {timedelta(hours=9)}
    years = Counter(moment.year for moment in dated)
    assert list(years) == list(range(2009, 2027))
    assert years[2025] > 2 * years[2015]


def test_a_paper_with_a_past_keeps_office_hours(first: dict[int, Truth]) -> None:
    hours = {
        t.article.published_at.hour
        for t in first.values()
        if t.article and t.article.published_at and t.how == "plain"
    }
    assert hours == set(range(7, 19))


def test_an_article_stands_in_the_section_of_its_subject(first: dict[int, Truth]) -> None:
    seen = Counter(SECTIONS[t.mcode] for t in first.values() if t.mcode)
    assert set(seen) == set(SECTIONS.values())
    notices = {SECTIONS[t.mcode] for t in first.values() if t.mcode and {"appointments"} & t.habits}
    assert notices == {"인사·오피니언"}
    for truth in first.values():
        materials = vocabulary.MATERIALS_OF.get(SECTIONS[truth.mcode] if truth.mcode else "")
        if materials and truth.article and truth.how == "plain":
            other = set(vocabulary.MATERIALS) - set(materials)
            assert not other & set(truth.article.keywords)


def test_a_meeting_is_of_the_year_in_which_it_is_reported(first: dict[int, Truth]) -> None:
    found = 0
    for article in (t.article for t in first.values()):
        if article and article.published_at:
            for year in re.findall(r"‘(\d{4}) ", f"{article.title} {article.body}"):
                found += 1
                assert abs(int(year) - article.published_at.year) <= 1  # a reprint of last year's
    assert found > 5


def test_a_week_brings_new_articles_edits_and_a_withdrawal(
    first: dict[int, Truth], second: dict[int, Truth]
) -> None:
    again = to_see_again(paper_after(1, SIZE), SIZE)
    changed = {
        idx
        for idx in first
        if (old := first[idx].article)
        and (new := second[idx].article)
        and old.content_hash != new.content_hash
    }
    gone = {idx for idx in first if first[idx].article and not second[idx].article}
    assert len(changed) >= 5
    assert gone
    assert changed | gone <= set(again)
    pairs = [(first[idx].article, second[idx].article) for idx in changed]
    assert any(old and new and old.title != new.title for old, new in pairs)
    assert any(old and new and old.body != new.body for old, new in pairs)
    assert any(old and new and old.images != new.images for old, new in pairs)
    assert all(new and new.modified_at for _, new in pairs)
    assert sum(t.article is not None for t in second.values()) > len(first) * 0.9 + 30


def test_an_edit_is_about_the_article_that_it_changes() -> None:
    desk = Desk("http://amenews.kr", ())
    written = compose(Dice("one"), frozenset({"plain_p"}), desk, date(2020, 3, 2))
    for n in range(30):
        *kept, added = edited(written, "text", Dice(n)).body.split("\n\n")
        assert len(kept) == len(written.body.split("\n\n"))
        assert len(set(kept) - set(written.body.split("\n\n"))) == 1
        named = {firm for firm in vocabulary.FIRMS if firm in added}
        assert named <= {written.about.firm, written.about.firm2}


def test_a_third_week_keeps_what_the_second_did(second: dict[int, Truth]) -> None:
    third = paper_after(2, SIZE)
    again = set(to_see_again(third, max(second)))
    for idx, truth in second.items():
        if idx not in again:
            now = third.truth(idx)
            assert now.state == truth.state
            assert not truth.article or (
                now.article and now.article.content_hash == truth.article.content_hash
            )


def test_the_week_is_the_first_with_something_newer_than_what_is_known() -> None:
    weeks, known = [], 0
    for _ in range(3):
        week, paper = paper_for(known, 40)
        known = next(paper.newest_articles())
        weeks.append(week)
    assert weeks == [0, 1, 2]


@pytest.mark.parametrize("size", [20, 60])
def test_a_small_paper_has_weeks_too(size: int) -> None:
    assert paper_after(2, size).size == size + 84


def test_a_paper_that_needs_all_the_time_for_its_numbers_is_steady() -> None:
    steady = Newspaper(size=50, per_day=1, since=BEGAN.replace(year=2026, month=6))
    assert list(steady.truths()) == list(Newspaper(size=50, per_day=1).truths())
