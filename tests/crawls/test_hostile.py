"""Answers that no paper gives on purpose: nothing crashes, nothing is mislabelled."""

from __future__ import annotations

import gzip

import pytest

from newscrawler.demo.answers import Answer, redirect
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


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"<html>not packed at all</html>"),
        ("gzip", gzip.compress(b"<html>" + b" " * 20_000_000 + b"</html>")),
    ],
    ids=["unpacked", "bomb"],
)
def test_what_cannot_be_unpacked_is_tried_again_and_has_its_row(
    desk: Desk, encoding: str, body: bytes
) -> None:
    packed = Answer(200, body, headers=(("Content-Encoding", encoding),))
    desk.server.instead["/news/view.php?idx=2"] = packed
    assert desk.crawl_here(range="1-3")["exit_code"] == 3
    with desk.open() as connection:
        row = connection.execute("SELECT state, attempts, reason FROM ledger WHERE idx = 2")
        state, attempts, reason = row.fetchone()
    assert (state, attempts) == ("failed", 4)
    assert "cannot be decompressed" in reason


@pytest.mark.parametrize(
    "target",
    [
        "http://[half/news/view.php?idx=2",
        "http://127.0.0.1:99999/news/view.php?idx=2",
        "http://reader:secret@127.0.0.1/news/view.php?idx=2",
        "javascript:history.back()",
        "/news/view.php?idx=2",
        "/news/view.php?idx=3",
    ],
)
def test_a_redirect_to_nowhere_is_an_answer_not_understood(desk: Desk, target: str) -> None:
    desk.server.instead["/news/view.php?idx=2"] = redirect(target)
    assert desk.crawl_here(range="1-3")["exit_code"] == 3
    truth = {n: desk.newspaper.truth(n).state for n in (1, 3)}
    assert desk.states() == {**truth, 2: "unknown"}


def test_a_redirect_to_an_origin_without_robots_txt_costs_one_number(desk: Desk) -> None:
    desk.server.instead["/news/view.php?idx=2"] = redirect("http://127.0.0.1:9/news/view.php?idx=2")
    assert desk.crawl_here(range="1-5")["exit_code"] == 3
    truth = {n: desk.newspaper.truth(n).state for n in (1, 3, 4, 5)}
    assert desk.states() == {**truth, 2: "failed"}
