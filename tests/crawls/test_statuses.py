"""Statuses that few servers send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newscrawler.demo.answers import Answer
from newscrawler.pages.statuses import brings_page
from tests.conftest import Desk


@pytest.mark.parametrize("status", [203, 226, 299])
def test_every_other_success_means_200(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    well = desk.server._well

    def served(path: str, query: str) -> Answer:
        answer = well(path, query)
        return replace(answer, status=status) if answer.status == 200 else answer

    monkeypatch.setattr(desk.server, "_well", served)
    summary = desk.crawl_here(settings=("MAX_REQUESTS=9",))
    assert (summary["newest"], summary["outcome"]) == (60, "budget")
    assert summary["articles_new"]


def test_an_answer_without_the_page_or_with_a_part_is_none() -> None:
    assert not any(map(brings_page, (100, 204, 205, 206, 304, 404, 500, 999)))
