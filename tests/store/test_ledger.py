"""The work list: what it gives, and that asking it stays cheap as an archive grows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawler.items import Answer, Article, Reading, Verdict
from newscrawler.store.blocks import SIZE
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

NOW = datetime(2026, 7, 2, 3, 0, tzinfo=UTC)
COUNT = 40


def answer(idx: int, verdict: Verdict) -> Answer:
    url = f"http://amenews.kr/news/view.php?idx={idx}"
    article = (
        Article(idx, url, f"제목 {idx}", f"본문 {idx}") if verdict is Verdict.ARTICLE else None
    )
    return Answer("amenews", idx, NOW, None, Reading(verdict, "for the test", None, article))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Numbers 1–40 have been asked; 7 and 30 brought nothing usable."""
    opened = Store.open(tmp_path / "archive.db")
    opened.note_newest("amenews", COUNT)
    failed = (7, 30)
    answers = [
        answer(idx, Verdict.TEMPORARY if idx in failed else Verdict.ARTICLE)
        for idx in range(1, COUNT + 1)
    ]
    opened.save_all(answers, Schedule(), parser_version=1)
    return opened


LATER = NOW + timedelta(days=400)
QUESTIONS: list[tuple[Callable[[Ledger], object], object]] = [
    (lambda ledger: list(ledger.due(NOW, COUNT)), []),
    (lambda ledger: list(ledger.due(LATER, 29)), [7]),
    (lambda ledger: ledger.count_due(LATER, COUNT), 2),
    (lambda ledger: list(ledger.unsettled()), [30, 7]),
    (lambda ledger: ledger.count_waiting(COUNT), 2),
    (lambda ledger: ledger.count_waiting(29), 1),
]


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_what_is_due_or_unsettled_is_found_without_a_walk_over_all_numbers(
    store: Store, question: Callable[[Ledger], object], answer: object
) -> None:
    asked: list[str] = []
    store.connection.set_trace_callback(asked.append)
    try:
        assert question(Ledger(store.connection, "amenews")) == answer
    finally:
        store.connection.set_trace_callback(None)
    plans = [
        row[3] for sql in asked for row in store.connection.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    store.close()
    searches = [plan for plan in plans if "ledger" in plan]
    assert searches
    assert all("USING PRIMARY KEY" not in plan and "SCAN" not in plan for plan in searches), plans


def test_numbers_without_a_row_are_found_after_the_rest_was_counted(store: Store) -> None:
    ledger = Ledger(store.connection, "amenews")
    assert ledger.count_asked(1, COUNT) == COUNT
    assert list(ledger.never_asked(COUNT, 1)) == []
    assert list(ledger.never_asked(COUNT + 2, 1)) == [COUNT + 2, COUNT + 1]
    assert ledger.count_asked(1, 2 * SIZE) == COUNT
    assert next(ledger.never_asked(2 * SIZE, 1)) == 2 * SIZE
    assert list(ledger.never_asked(COUNT + 1, 1)) == [COUNT + 1]
    store.close()
