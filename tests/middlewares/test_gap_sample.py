"""Which usual-looking gaps are asked for again, and what a false one brings into doubt."""

from __future__ import annotations

from itertools import pairwise

from newscrawler.middlewares.gap_sample import CALM, FALSE, SPARSEST, GapSample


def pass_gaps(sample: GapSample, count: int, start: int = 1) -> list[int]:
    """Meet true gaps one by one; those that were asked for again."""
    asked = []
    for idx in range(start, start + count):
        if sample.picks():
            sample.is_true([idx])
            asked.append(idx)
        else:
            sample.accept([idx])
    return asked


def test_samples_become_sparse_but_never_end() -> None:
    asked = pass_gaps(GapSample(), 200)
    assert asked[:6] == [2, 4, 8, 16, 32, 48]
    assert {b - a for a, b in pairwise(asked[5:])} == {SPARSEST}


def test_a_false_sample_brings_the_gaps_since_the_last_true_one_into_doubt() -> None:
    sample = GapSample()
    pass_gaps(sample, 4)
    sample.accept([5, 6])
    assert sample.is_false() == [5, 6]
    assert not sample.is_unreliable


def test_after_a_false_sample_every_gap_is_one_until_it_is_calm() -> None:
    sample = GapSample()
    sample.is_false()
    asked = pass_gaps(sample, CALM + SPARSEST)
    assert asked == [*range(1, CALM + 1), CALM + SPARSEST]


def test_false_samples_without_calm_bring_all_gaps_since_then_into_doubt() -> None:
    sample = GapSample()
    pass_gaps(sample, 5)
    for _ in range(FALSE - 1):
        sample.is_false()
        sample.is_true([50])
    assert not sample.is_unreliable
    assert {1, 2, 3, 50} <= set(sample.is_false())
    assert sample.is_unreliable


def test_a_site_that_is_calm_again_is_not_held_to_its_past() -> None:
    sample = GapSample()
    for _ in range(10):
        sample.is_false()
        pass_gaps(sample, CALM)
        assert not sample.is_unreliable
