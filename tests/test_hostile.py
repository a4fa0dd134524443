"""Answers that no paper gives on purpose: nothing crashes, nothing is mislabelled."""

from __future__ import annotations

import pytest

from newscrawler.demo.faults import Faults
from tests.conftest import Desk


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("binary", {"unknown", "failed"}),
        ("huge", {"failed", "unknown"}),
        ("empty", {"failed"}),
        ("reset", {"failed"}),
        ("truncated", {"failed"}),
        ("cut", {"failed"}),
        ("maintenance", {"failed"}),
        ("db_error", {"failed"}),
        ("offsite", {"unknown"}),
    ],
)
def test_what_is_no_answer_stays_unsettled(desk: Desk, kind: str, states: set[str]) -> None:
    idx = next(t.idx for t in desk.newspaper.truths() if t.state == "article")
    faults = Faults(share=1.0, kinds=(kind,), max_in_a_row=99)
    faults.only = frozenset({f"/news/view.php?idx={idx}"})
    desk.server.faults = faults
    result = desk.crawl("--range", f"{idx}-{idx + 3}", settings=("BREAKER_THRESHOLD=20",))
    assert result.exit_code == 3, result.err
    assert "Traceback" not in result.err
    assert desk.states()[idx] in states
    desk.server.faults = None
    assert desk.crawl("--gaps").exit_code == 0
    assert desk.articles()[idx] == desk.newspaper.truth(idx).article


@pytest.mark.parametrize("kind", ["euckr_as_utf8", "utf8_as_euckr", "nuls", "slow"])
def test_what_hurts_nobody_is_read_exactly(desk: Desk, kind: str) -> None:
    desk.server.faults = Faults(share=1.0, kinds=(kind,), max_in_a_row=99, delay=0.05)
    result = desk.crawl("--range", "1-12")
    assert result.exit_code == 0, result.err
    published = {n: t for n in range(1, 13) if (t := desk.newspaper.truth(n)).state == "article"}
    assert desk.articles() == {n: t.article for n, t in published.items()}


def test_twenty_thousand_nested_elements_end_in_a_verdict(desk: Desk) -> None:
    desk.server.faults = Faults(share=1.0, kinds=("deep",), max_in_a_row=99)
    desk.server.faults.only = frozenset({"/news/view.php?idx=2"})
    result = desk.crawl("--range", "1-3")
    assert result.exit_code in (0, 3)
    assert "Traceback" not in result.err
    assert desk.states()[2] in ("article", "unknown")
    assert desk.states()[2] != "missing"
