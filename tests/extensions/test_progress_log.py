"""The line a minute: what it says of a crawl, and where it is not said."""

from __future__ import annotations

import logging

import pytest

from newscrawler.extensions.counts import Counts
from newscrawler.extensions.lane import Lane
from newscrawler.extensions.logs import _ListingsAtDebug
from newscrawler.extensions.progress_log import beat
from tests.conftest import Desk

CASES = [
    # counts, expected, elapsed, rested, resting → line
    ((Counts(), None, 0, 0, 0), "0 requested: 0 articles, 0 gaps; 0/s"),
    (
        (Counts(asked=100, articles_new=88, missing=10, removed=2), 67_000, 250.0, 0, 0),
        "100 of 67,000 requested: 88 articles, 12 gaps; 0.4/s; 46 h 27 min left",
    ),
    (
        (Counts(asked=5, articles_new=1, failed=4, retries=9), 67_000, 50.0, 40.0, 25.0),
        "5 of 67,000 requested: 1 article, 0 gaps, 4 unsettled; 9 retries; 40 s of pauses; 0.1/s;"
        " paused for 25 s",
    ),
]


@pytest.mark.parametrize(("course", "line"), CASES)
def test_a_beat_counts_and_says_how_long_the_rest_takes(
    course: tuple[Counts, int | None, float, float, float], line: str
) -> None:
    assert beat(*course) == line


def test_pauses_that_overlap_count_once() -> None:
    lane = Lane()
    lane.rest(10)
    lane.rest(10)
    lane.rest(4)
    assert 10 <= lane.rested < 11
    assert 9 < lane.resting <= 10


def test_the_log_has_beats_and_how_it_ended_but_no_listings(desk: Desk) -> None:
    done = desk.crawl(settings=("LOG_LEVEL=INFO", "LOGSTATS_INTERVAL=0.05"))
    assert done.exit_code == 0
    beats = [line for line in done.err.splitlines() if " requested: " in line]
    assert "INFO Ended (complete): 60 of 60 requested: " in beats[-1]
    assert len(beats) > 1
    assert "Enabled" not in done.err


@pytest.mark.parametrize(
    ("logger", "text", "level"),
    [
        ("scrapy.middleware", "Enabled extensions:", logging.DEBUG),
        ("scrapy.crawler", "Received SIGTERM, shutting down gracefully", logging.INFO),
    ],
)
def test_only_listings_are_demoted(logger: str, text: str, level: int) -> None:
    record = logging.LogRecord(logger, logging.INFO, "x.py", 1, text, None, None)
    assert _ListingsAtDebug().filter(record)
    assert record.levelno == level
