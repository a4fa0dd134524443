"""Damaged answers of every kind are read without an exception; ``make torture`` reads 100,000."""

from __future__ import annotations

from newscrawler.demo import mutation
from newscrawler.settings import READ_TIME_LIMIT
from scripts.torture.mutations import trials


def test_a_damaged_answer_raises_nothing_and_ends_in_time() -> None:
    found = list(trials(seed=7, count=300))
    assert {trial.kind for trial in found} == set(mutation.KINDS)
    assert [trial.trouble for trial in found if trial.trouble] == []
    assert max(trial.seconds for trial in found) < READ_TIME_LIMIT


def test_the_same_seed_damages_the_same_bytes() -> None:
    first, again = ([t.size for t in trials(seed=3, count=20)] for _ in range(2))
    assert first == again
