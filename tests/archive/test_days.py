from __future__ import annotations

from datetime import date

import pytest

from newscrawler.archive.days import first_day, last_day
from newscrawler.archive.filters import Filters
from newscrawler.exceptions import DayError


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-20",
        "2026.06.20",
        "2026.6.20.",
        "2026. 6. 20.",
        "2026/6/20",
        "20260620",
        "2026년 6월 20일",
        "2026년6월20일",
    ],
)
def test_a_day_is_taken_in_every_usual_spelling(text: str) -> None:
    assert first_day(text) == last_day(text) == date(2026, 6, 20)


@pytest.mark.parametrize("text", ["2026-02", "2026.2", "2026. 2.", "202602", "2026년 2월"])
def test_a_month_is_its_first_to_its_last_day(text: str) -> None:
    assert (first_day(text), last_day(text)) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_year_is_its_first_to_its_last_day() -> None:
    assert (first_day("2026"), last_day("2026년")) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("text", ["", "gestern", "2026-13", "2026-02-30", "20261340", "6.20"])
def test_what_is_no_day_is_said_with_an_example(text: str) -> None:
    with pytest.raises(DayError, match=r"a day must be like 2020-11-25"):
        first_day(text)


def test_filters_take_text_for_days() -> None:
    filters = Filters(since="2026.06", until="2026.06")
    assert (filters.since, filters.until) == (date(2026, 6, 1), date(2026, 6, 30))
    with pytest.raises(DayError):
        Filters(since="gestern")
