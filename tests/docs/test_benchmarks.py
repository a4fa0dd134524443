"""The benchmarks' own rulers; nothing here is timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.extraction import token_f1, tokens

DOCS = Path(__file__).parents[2] / "docs"


def test_korean_words_are_tokens() -> None:
    assert tokens("수소 3.5톤, ㈜나루 H₂") == ["수소", "3", "5톤", "㈜", "나루", "H₂"]


@pytest.mark.parametrize(
    ("found", "truth", "score"),
    [
        ("수소 경제", "수소 경제", 1.0),
        ("수소", "수소 경제 시대", 0.5),
        ("수소 수소", "수소", 2 / 3),
        ("탄소", "수소", 0.0),
        ("", "수소", 0.0),
        ("", "", 1.0),
    ],
)
def test_token_f1_counts_shared_words(found: str, truth: str, score: float) -> None:
    assert token_f1(found, truth) == pytest.approx(score)


def test_the_report_says_what_the_record_says() -> None:
    record = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
    assert set(record) == set(report.TITLES)
    assert report.render(record) == (DOCS / "benchmarks.md").read_text(encoding="utf-8"), (
        "run: python -m benchmarks"
    )
