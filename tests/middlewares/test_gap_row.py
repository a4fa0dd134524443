"""Which gaps are asked for again: those in a row, and those with a kind of answer that is new."""

from __future__ import annotations

from newscrawler.items import Verdict
from newscrawler.middlewares.gap_row import ROW, VOICES, GapRow


def row_of(*kinds: str, known: str = "usual", surprising: int | None = None) -> GapRow:
    row = GapRow()
    for idx, kind in enumerate(kinds, 1):
        row.add(idx, Verdict.MISSING, kind, is_known=kind == known, is_surprising=idx == surprising)
    return row


def test_a_gap_in_the_voice_of_a_number_that_cannot_exist_needs_no_proof() -> None:
    assert not row_of("usual").needs_proof
    assert not row_of(*["usual"] * (ROW - 1)).needs_proof


def test_of_a_row_the_ends_and_the_middle_are_asked_for_again() -> None:
    row = row_of(*["usual"] * 9)
    assert row.needs_proof
    assert row.witnesses == [1, 5, 9]


def test_each_new_voice_is_asked_for_again_once() -> None:
    row = row_of("usual", "other", "other")
    assert row.witnesses[0] == 2
    row.is_proven()
    row.add(7, Verdict.MISSING, "other", is_known=False, is_surprising=False)
    assert not row.needs_proof


def test_an_article_that_has_gone_is_asked_for_again_whatever_the_voice() -> None:
    row = row_of("usual", surprising=1)
    assert row.needs_proof
    assert set(row.witnesses) == {1}


def test_a_single_witness_is_asked_twice_and_several_once() -> None:
    """Two servers in turn: gap, article, gap; only the next request meets the other one."""
    assert row_of("usual", surprising=1).witnesses == [1, 1]
    assert row_of("other").witnesses == [1]
    assert row_of("other", "strange").witnesses == [1, 2]


def test_a_site_whose_gaps_never_look_the_same_is_asked_so_often_and_no_more() -> None:
    row = GapRow()
    proven = 0
    for idx in range(1, 10 * VOICES):
        row.add(idx, Verdict.MISSING, f"kind {idx}", is_known=False, is_surprising=False)
        proven += row.needs_proof
        row.is_proven()
    assert proven == VOICES
