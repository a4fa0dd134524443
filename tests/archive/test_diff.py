"""What changed between two texts: told in words, and in bounded time."""

from __future__ import annotations

import time

import pytest

from newscrawler.archive.diff import Edit, Span, compare


@pytest.mark.parametrize("count", [10, 1000, 20_000])
def test_repeated_words_are_compared_in_bounded_time(count: int) -> None:
    old = "앞 " + "수소 소재 " * count + "끝"
    new = "앞 " + "소재 수소 " * count + "새 끝"
    began = time.process_time()
    spans = list(compare(old, new))
    assert time.process_time() - began < 5
    assert "".join(span.text for span in spans if span.edit is not Edit.TAKEN) == new
    assert "".join(span.text for span in spans if span.edit is not Edit.ADDED) == old


def test_what_both_begin_and_end_with_is_kept() -> None:
    spans = list(compare("가 " * 400 + "나", "가 " * 400 + "다"))
    assert spans == [Span(Edit.KEPT, "가 " * 400), Span(Edit.TAKEN, "나"), Span(Edit.ADDED, "다")]
