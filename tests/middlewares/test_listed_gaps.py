"""When a site's own lists show that its gaps are not to be believed."""

from __future__ import annotations

from newscrawler.middlewares.listed_gaps import FEWEST, SHARE, ListedGaps


def test_few_dead_links_are_no_contradiction() -> None:
    gaps = ListedGaps(range(1, 21), known=())
    for idx in (3, 4, 5):
        gaps.note(idx, has_article=False)
    assert not gaps.are_too_many, f"fewer than one in {SHARE}"
    gaps.note(6, has_article=False)
    assert gaps.are_too_many


def test_a_short_list_needs_some_contradictions() -> None:
    gaps = ListedGaps([7, 8, 9, 10], known=())
    for idx in range(7, 7 + FEWEST - 1):
        gaps.note(idx, has_article=False)
    assert not gaps.are_too_many
    gaps.note(10, has_article=False)
    assert gaps.are_too_many
    assert str(gaps) == "10, 8, 7"


def test_numbers_that_are_not_listed_do_not_count() -> None:
    gaps = ListedGaps([7, 8, 9], known=range(100))
    for idx in range(10, 100):
        gaps.note(idx, has_article=False)
    for idx in (7, 8, 9):
        gaps.note(idx, has_article=True)
    assert not gaps.are_too_many


def test_what_earlier_runs_were_told_counts_until_the_site_says_otherwise() -> None:
    gaps = ListedGaps([7, 8, 9, 10], known=[1, 7, 8, 9])
    assert gaps.are_too_many
    assert gaps.to_ask == 9
    gaps.note(9, has_article=False)
    assert gaps.are_too_many
    assert gaps.to_ask == 8
    gaps.note(8, has_article=True)
    gaps.forget_earlier()
    assert not gaps.are_too_many
    assert (str(gaps), gaps.to_ask) == ("9", None)
