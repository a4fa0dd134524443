"""An end that does not move, and where every request meets it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from newscrawler import clock
from tests.conftest import Desk, run


def later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_a_deadline_passes_by_either_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    end = clock.Deadline(later(60))
    assert not end.has_passed
    assert 59 < end.seconds_left <= 60
    now = time.monotonic()  # and the wall clock is set back meanwhile
    monkeypatch.setattr(
        "newscrawler.clock.monotonic", lambda: now + 61
    )  # the wall clock was set back
    assert end.has_passed
    assert clock.Deadline(later(-1)).has_passed


def test_the_command_began_before_it_was_asked() -> None:
    began = clock.process_started()
    assert later(-86_400) < began < later(0)


def test_nothing_is_sent_after_the_end(desk: Desk) -> None:
    done = desk.crawl("--until", later(-1).isoformat(), "--json")
    assert (done.exit_code, desk.server.log) == (3, [])
    summary = json.loads(done.out)
    assert summary["outcome"] == "budget"
    assert summary["diagnosis"] == "the time budget is used up"


def test_minutes_count_from_the_start_of_the_command(desk: Desk) -> None:
    # Loading Scrapy alone takes longer than this.
    done = desk.crawl("--max-minutes", "0.0005", "--json")
    assert (done.exit_code, desk.server.log) == (3, [])


def test_a_crawl_stops_at_its_end_and_the_next_goes_on(desk: Desk) -> None:
    end = later(1)
    summary = desk.crawl_here((f"UNTIL={end.isoformat()}", "DOWNLOAD_DELAY=0.5"))
    assert summary["outcome"] == "budget"
    assert all(asked.at <= end for asked in desk.server.log)
    assert desk.crawl_here()["outcome"] == "complete"


@pytest.mark.parametrize("text", ["noon", "2026-07-04T12:00"])
def test_an_end_needs_a_zone(text: str, desk: Desk) -> None:
    done = run("crawl", "--base-url", desk.server.base_url, "--until", text)
    assert (done.exit_code, done.err.count("\n")) == (2, 1)
    assert "2026-07-04T03:30:00Z" in done.err
