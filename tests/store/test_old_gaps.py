"""Settled gaps are requested again, the oldest first; if one is an article, those of its hour are
in doubt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawler.items import Answer, Reading, Verdict
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store
from tests.making import article

THEN = datetime(2024, 5, 1, 3, 0, tzinfo=UTC)
NOW = THEN + timedelta(days=200)
FIRST_HOUR, SECOND_HOUR = range(10, 20), range(30, 40)


def archive(path: Path) -> Store:
    """Old articles around gaps, requested within a minute of each other, in two different hours."""
    store = Store.open(path)
    answers = [_article(idx, THEN) for idx in (1, 100)]
    for hours, idxs in enumerate((FIRST_HOUR, SECOND_HOUR)):
        answers += [
            Answer("amenews", idx, THEN + timedelta(hours=hours, seconds=idx), reading=_GAP)
            for idx in idxs
        ]
    store.save_all(answers, Schedule(), parser_version=1)
    return store


_GAP = Reading(Verdict.MISSING, "for the test")


def _article(idx: int, at: datetime) -> Answer:
    found = article(idx, f"article {idx}")
    return Answer("amenews", idx, at, reading=Reading(Verdict.ARTICLE, "", "classic", found))


def test_the_gaps_that_were_proven_longest_ago_come_first(tmp_path: Path) -> None:
    with archive(tmp_path / "archive.db") as store:
        ledger = Ledger(store.connection, "amenews")
        assert ledger.oldest_gaps(3, NOW, 100) == [10, 11, 12]
        again = Answer("amenews", 10, NOW, reading=_GAP)
        store.save(again, Schedule(), parser_version=1)
        assert ledger.oldest_gaps(3, NOW, 100) == [11, 12, 13]
        assert ledger.oldest_gaps(99, NOW, 100) == [*FIRST_HOUR[1:], *SECOND_HOUR]
        assert ledger.oldest_gaps(99, NOW, 35) == [*FIRST_HOUR[1:], *range(30, 36)]
        assert ledger.oldest_gaps(99, THEN, 100) == []


def test_a_gap_that_is_an_article_makes_those_of_its_hour_due(tmp_path: Path) -> None:
    with archive(tmp_path / "archive.db") as store:
        ledger = Ledger(store.connection, "amenews")
        assert list(ledger.due(NOW, 99)) == []
        store.save(_article(35, NOW), Schedule(), parser_version=1)
        assert list(ledger.due(NOW, 99)) == [39, 38, 37, 36, 34, 33, 32, 31, 30]
        assert ledger.oldest_gaps(99, NOW, 100) == list(FIRST_HOUR)
