"""Printed dates in all their spellings, and what is no date."""

from __future__ import annotations

import doctest
import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawler.pages import date_text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2020-11-25 15:28:58", "2020-11-25T15:28:58+09:00"),
        ("기사등록 2020-11-25 15:28:58", "2020-11-25T15:28:58+09:00"),
        ("2020-11-25 15:28:58.0", "2020-11-25T15:28:58+09:00"),
        ("2020.11.25 15:28", "2020-11-25T15:28:00+09:00"),
        ("2020.11.25. 15:28", "2020-11-25T15:28:00+09:00"),
        ("2020. 11. 25 15:28", "2020-11-25T15:28:00+09:00"),
        ("2020/11/25 9:05", "2020-11-25T09:05:00+09:00"),
        ("2020-11-25(수) 15:28", "2020-11-25T15:28:00+09:00"),
        ("2020-11-25", "2020-11-25T00:00:00+09:00"),
        ("2026년 5월 3일", "2026-05-03T00:00:00+09:00"),
        ("2026년 5월 3일 오후 3:04", "2026-05-03T15:04:00+09:00"),
        ("2026년 5월 3일 오전 12:04", "2026-05-03T00:04:00+09:00"),
        ("2026년 5월 3일 오후 12:04", "2026-05-03T12:04:00+09:00"),
        ("2026년 5월 3일 15시 4분 5초", "2026-05-03T15:04:05+09:00"),
        ("2026년5월3일 15시", "2026-05-03T15:00:00+09:00"),
        ("2026-05-03 03:04 PM", "2026-05-03T15:04:00+09:00"),
        ("2020-11-25T15:28:58+09:00", "2020-11-25T15:28:58+09:00"),
        ("2020-11-25T06:28:58Z", "2020-11-25T15:28:58+09:00"),
        ("2020-02-29 00:00:00", "2020-02-29T00:00:00+09:00"),
    ],
)
def test_printed_date_is_read_in_the_papers_zone(printed: str, expected: str) -> None:
    value = date_text.parse(printed)
    assert value is not None
    assert value.isoformat() == expected


@pytest.mark.parametrize(
    "printed",
    ["", "기사수정", "0000-00-00 00:00:00", "2023-02-30 10:00:00", "2023-13-01", "2023-01-01 25:00",
     "2023-01-01 10:61", "12345-11-25", "2020-11-255", "1234"],
)  # fmt: skip
def test_what_is_no_date_is_none(printed: str) -> None:
    assert date_text.parse(printed) is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Wed, 25 Nov 2020 15:28:58 +0900", "2020-11-25T15:28:58+09:00"),
        ("Wed, 25 Nov 2020 06:28:58 GMT", "2020-11-25T15:28:58+09:00"),
        ("Wed, 25 Nov 2020 06:28:58 +0000", "2020-11-25T15:28:58+09:00"),
        ("Wed, 25 Nov 2020 15:28:58 KST", "2020-11-25T15:28:58+09:00"),
        ("Wed, 25 Nov 2020 15:28:58", "2020-11-25T15:28:58+09:00"),
        ("25 Nov 2020 15:28", "2020-11-25T15:28:00+09:00"),
        (" 2020-11-25 15:28:58 ", "2020-11-25T15:28:58+09:00"),
    ],
)
def test_feed_date_with_or_without_a_zone(printed: str, expected: str) -> None:
    value = date_text.parse_feed(printed)
    assert value is not None
    assert value.isoformat() == expected


@pytest.mark.parametrize(
    "printed", [None, "", "  ", "어제", "Wed, 31 Feb 2020 15:28:58", "9" * 5000]
)
def test_feed_without_a_date_is_none(printed: str | None) -> None:
    assert date_text.parse_feed(printed) is None


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y년 %m월 %d일 %H시 %M분 %S초"]),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_second_survives_printing(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    printed = re.sub(r"%(\w)", lambda code: moment.strftime(code[0]), form)
    value = date_text.parse(f"기사등록 {printed}")
    assert value is not None
    assert value.replace(tzinfo=None) == moment
    offset = value.utcoffset()
    assert offset is not None
    # Korea's clocks before 1961 and in the summers of 1987 and 1988 were others.
    assert moment.year < 1989 or offset == timedelta(hours=9)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_is_a_date_or_none(text: str) -> None:
    for value in (date_text.parse(text), date_text.parse_feed(text)):
        assert value is None or value.utcoffset() is not None


def test_examples_in_the_module_hold() -> None:
    assert doctest.testmod(date_text).failed == 0
