"""The paper's numbers: repeatable, complete, truthful, and changing with time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from newscrawler.demo import plan, words
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from tests.demo.client import an_article, page

SKINS = ("classic", "classic_variant", "article_head")


def test_same_seed_gives_the_same_paper_in_any_order() -> None:
    one, other = Newspaper(seed=5, size=60), Newspaper(seed=5, size=60)
    backwards = {idx: (other.truth(idx), page(other, idx)) for idx in range(60, 0, -1)}
    assert all(backwards[idx] == (one.truth(idx), page(one, idx)) for idx in range(1, 61))


def test_another_seed_gives_another_paper() -> None:
    assert list(Newspaper(seed=1, size=30).truths()) != list(Newspaper(seed=2, size=30).truths())


def test_every_number_has_a_record(paper: Newspaper) -> None:
    truths = list(paper.truths())
    assert [t.idx for t in truths] == list(range(1, 301))
    assert all((t.article is not None) == (t.state == "article") for t in truths)
    assert all(t.article.idx == t.idx for t in truths if t.article)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_hundred_numbers_show_every_habit_and_every_kind_of_gap(seed: int) -> None:
    truths = list(Newspaper(seed=seed).truths())
    assert set(plan.HABITS) == {habit for t in truths for habit in t.habits}
    kinds = {*plan.MISSING, *plan.REMOVED, *plan.RESTRICTED, "plain", "repost", "near", "draft"}
    assert kinds <= {t.how for t in truths}
    assert {t.state for t in truths} == {"article", "missing", "removed", "restricted"}
    assert any(t.duplicate_of for t in truths)
    assert any(t.near_duplicate_of for t in truths)
    assert any(t.article.modified_at for t in truths if t.article)


def test_mixed_paper_has_all_skins() -> None:
    assert {t.skin for t in Newspaper(skin="mixed", size=50).truths()} == set(SKINS)


def test_about_eleven_in_a_hundred_hold_nothing(paper: Newspaper) -> None:
    assert 0.07 < sum(t.state != "article" for t in paper.truths()) / paper.size < 0.12


def test_paper_without_gaps_or_reprints_is_all_plain_articles() -> None:
    truths = Newspaper(gap_share=0, reprint_share=0, size=100).truths()
    assert {t.how for t in truths} == {"plain"}


@pytest.mark.parametrize("first", [1, 1_470_000_000])
def test_numbers_of_a_huge_paper_are_found_at_once(first: int) -> None:
    began = time.process_time()
    paper = Newspaper(first_idx=first, size=2_000_000_000)
    assert [paper.truth(first + n).idx - first for n in (0, 7, 1_999_999_999)] == [
        0,
        7,
        1_999_999_999,
    ]
    assert next(paper.newest_articles()) > first + 1_999_999_900
    assert time.process_time() - began < 1


def test_times_ascend_with_the_numbers_up_to_the_newest() -> None:
    newest = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    paper = Newspaper(newest=newest, reprint_share=0, gap_share=0)
    times = [t.article.published_at for t in paper.truths() if t.article and t.article.published_at]
    assert times == sorted(times)
    assert newest - timedelta(hours=2) < times[-1] <= newest
    assert newest - times[0] == pytest.approx(timedelta(days=25), abs=timedelta(hours=3))
    assert {time.utcoffset() for time in times} == {timedelta(hours=9)}


def test_repost_has_the_older_words_and_near_duplicate_most_of_them(paper: Newspaper) -> None:
    for truth in paper.truths():
        if truth.article and truth.duplicate_of:
            older = paper.truth(truth.duplicate_of).article
            assert older
            assert older.content_hash == truth.article.content_hash
            assert older.published_at != truth.article.published_at or not older.published_at
        if truth.article and truth.near_duplicate_of:
            older = paper.truth(truth.near_duplicate_of).article
            assert older
            assert older.content_hash != truth.article.content_hash
            old, new = older.body.split("\n\n"), truth.article.body.split("\n\n")
            assert len(set(old) & set(new)) >= len(old) - 2


def test_only_reprints_are_alike() -> None:
    truths = [t for t in Newspaper(size=150).truths() if t.article and len(t.article.body) > 300]
    copies = {(t.duplicate_of or t.near_duplicate_of, t.idx) for t in truths}
    shingles = {
        t.idx: {t.article.body[i : i + 5] for i in range(len(t.article.body) - 4)}
        for t in truths
        if t.article
    }
    for (a, one), (b, other) in combinations(shingles.items(), 2):
        alike = len(one & other) / len(one | other)
        assert alike > 0.8 if (a, b) in copies else alike < 0.6


def test_texts_differ_from_each_other() -> None:
    bodies = [t.article.body for t in Newspaper(reprint_share=0).truths() if t.article]
    texts = [body for body in bodies if body]
    assert len(set(texts)) == len(texts)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no such habits: soup"):
        Newspaper(habits=("soup",))
    with pytest.raises(ValueError, match="kind of gap"):
        Newspaper(gap="teapot")
    with pytest.raises(ValueError, match="aware"):
        Newspaper(newest=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="no such faults: plague"):
        Faults(kinds=("plague",))


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("수소", "은는", "는"),
        ("동박", "이가", "이"),
        ("가온3D", "와과", "와"),
        ("연료전지막", "와과", "과"),
    ],
)
def test_particles_follow_the_last_syllable(word: str, pair: str, expected: str) -> None:
    assert words.particle(word, pair) == expected


def test_advancing_publishes_edits_withdraws_and_lets_drafts_out() -> None:
    paper = Newspaper()
    before = {t.idx: t for t in paper.truths()}
    later = paper.at(12)
    after = {t.idx: t for t in later.truths()}
    assert {t.idx: t for t in paper.truths()} == before
    assert later.newest_idx == paper.newest_idx + 12 * 12
    assert later.now - paper.now == timedelta(days=12)
    pairs = [(before[idx], after[idx]) for idx in before]
    assert any(old.state == "article" and new.state == "removed" for old, new in pairs)
    both = [(old.article, new.article) for old, new in pairs if old.article and new.article]
    edited = [(old, new) for old, new in both if old.content_hash != new.content_hash]
    assert edited
    assert all(new.modified_at for old, new in edited if old.published_at)
    counted = [(old, new) for old, new in both if old.recommend_count != new.recommend_count]
    assert any(replace(old, recommend_count=new.recommend_count) == new for old, new in counted)
    captions = [
        [image.caption for image in old.images] != [image.caption for image in new.images]
        for old, new in edited
        if old.body == new.body and old.title == new.title
    ]
    assert captions
    assert all(captions)


def test_a_draft_is_published_late_under_its_old_number() -> None:
    later = Newspaper().at(30)
    drafts = [t for t in later.truths() if t.how == "draft" and t.idx > 300]
    assert drafts
    for draft in drafts:
        paper = Newspaper()
        paper.publish(draft.idx - 300)
        assert (paper.truth(draft.idx).state, paper.truth(draft.idx).beyond) == ("missing", False)
        assert draft.article
        assert draft.article.published_at is None or draft.article.published_at > paper.now


def test_numbers_outside_the_paper_are_answered_in_one_way(paper: Newspaper) -> None:
    beyond = [paper.truth(idx) for idx in (301, 302, 9_999_999)]
    assert [(t.state, t.how, t.beyond) for t in beyond] == [("missing", "alert", True)] * 3
    assert len({page(paper, idx) for idx in (301, 9_999_999)}) == 1
    assert Newspaper(gap="gnuboard").truth(301).how == "gnuboard"
    assert {t.how for t in Newspaper(gap="gone").truths() if t.state == "missing"} == {"gone"}


@pytest.mark.parametrize("what", ["text", "title", "caption", "count"])
def test_edit_by_hand_changes_that_and_nothing_else(what: str) -> None:
    paper = Newspaper(habits=("caption_box",))
    idx = an_article(paper).idx
    old = paper.truth(idx).article
    paper.edit(idx, what)
    new = paper.truth(idx).article
    assert old
    assert new
    if what == "count":
        assert new == replace(old, recommend_count=(old.recommend_count or 0) + 1)
        return
    assert new.modified_at
    assert new.modified_at > paper.now
    changed = {n for n in ("title", "body", "images") if getattr(old, n) != getattr(new, n)}
    assert changed == {{"text": "body", "title": "title", "caption": "images"}[what]}


def test_withdrawn_by_hand_is_gone_in_the_way_asked_for() -> None:
    paper = Newspaper(size=20, gap_share=0)
    paper.withdraw(4)
    paper.withdraw(5, "not_found")
    assert (paper.truth(4).state, paper.truth(5).state) == ("removed", "missing")
    with pytest.raises(LookupError):
        paper.edit(4)
