"""The pace of a crawl: the delay, pauses, one lane for several papers, budgets, Retry-After."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from scrapy.http import Response

from newscrawler.extensions import pacer as pacer_module
from newscrawler.extensions.lane import Lane
from newscrawler.extensions.pacer import Pacer, StoppingError, retry_after
from tests.components import Bench, answer

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
STEP = 0.02
"""Seconds; only lower bounds of time are asked for, which hold on a busy machine too."""


def bench_of(folder: Path, *assignments: str) -> Bench:
    return Bench(lambda request: answer(request), folder, *assignments)


def pacer_of(folder: Path, *assignments: str) -> Pacer:
    return bench_of(folder, *assignments).part(Pacer)


async def is_waiting(task: asyncio.Task[None]) -> bool:
    """Whether a turn is still not given after a few steps of the event loop."""
    for _ in range(5):
        await asyncio.sleep(0)
    return not task.done()


# -- the delay


def test_requests_start_a_delay_apart(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, f"DOWNLOAD_DELAY={STEP}", "DELAY_JITTER=0")
    pacer, sent = bench.part(Pacer), []

    async def work() -> None:
        for _ in range(4):
            await pacer.turn()
            sent.append(monotonic())
            pacer.done(10)

    bench.play(work())
    assert all(later - earlier >= STEP for earlier, later in pairwise(sent))
    stats = bench.crawler.stats
    assert (stats.get_value("pacer/requests"), stats.get_value("pacer/bytes")) == (4, 40)


def test_the_random_part_only_lengthens_the_delay(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, "DOWNLOAD_DELAY=100", "DELAY_JITTER=0.5")
    bench.crawler.spidercls.lane = lane = Lane()  # type: ignore[attr-defined]  # as a crawl does
    pacer, waits = Pacer(bench.crawler), []

    async def work() -> None:
        started = monotonic()
        await pacer.turn()
        waits.append(lane.wait + monotonic() - started)

    bench.play(work())
    assert 100 <= waits[0] <= 151


def test_the_delay_counts_from_the_end_of_a_slow_request(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, f"DOWNLOAD_DELAY={STEP}", "DELAY_JITTER=0")
    pacer, times = bench.part(Pacer), []

    async def work() -> None:
        await pacer.turn()
        await asyncio.sleep(3 * STEP)
        times.append(monotonic())
        pacer.done()
        await pacer.turn()
        times.append(monotonic())

    bench.play(work())
    assert times[1] - times[0] >= STEP


def test_the_delay_grows_and_never_shrinks(tmp_path: Path) -> None:
    pacer = pacer_of(tmp_path, "DOWNLOAD_DELAY=2")
    for seconds, floor in [(1, 2), (5, 5), (3, 5)]:
        pacer.raise_floor(seconds, "robots.txt Crawl-delay")
        assert pacer.floor == floor


# -- one lane


def test_a_request_waits_until_the_one_before_has_ended(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, "CONCURRENT_REQUESTS_PER_DOMAIN=1", "DELAY_JITTER=0")
    pacer = bench.part(Pacer)

    async def work() -> None:
        await pacer.turn()
        second = asyncio.ensure_future(pacer.turn())
        assert await is_waiting(second)
        pacer.done()
        await second

    bench.play(work())


def test_requests_run_side_by_side_up_to_the_limit(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, "CONCURRENT_REQUESTS_PER_DOMAIN=2", "DELAY_JITTER=0")
    pacer = bench.part(Pacer)

    async def work() -> None:
        await pacer.turn()
        await pacer.turn()
        third = asyncio.ensure_future(pacer.turn())
        assert await is_waiting(third)
        third.cancel()

    bench.play(work())


@pytest.mark.parametrize(
    ("papers", "floor", "capacity"),
    [
        # (delay, capacity) of each paper, the delay and the capacity of their lane
        ([(2.0, 1)], 2.0, 1),
        ([(2.0, 4), (5.0, 2)], 5.0, 2),
        ([(5.0, 2), (2.0, 4)], 5.0, 2),
    ],
)
def test_the_most_careful_paper_of_a_lane_sets_its_pace(
    papers: list[tuple[float, int]], floor: float, capacity: int
) -> None:
    lane = Lane()
    for paper in papers:
        lane.join(*paper)
    for sent in range(capacity):
        assert not lane.is_full, sent
        lane.take(0)
    assert lane.is_full
    assert lane.floor == floor


# -- pauses


def test_a_pause_stops_every_request_and_a_shorter_one_changes_nothing(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    pacer = bench.part(Pacer)

    async def work() -> None:
        pacer.pause(100)
        pacer.pause(1)
        assert pacer.resting > 90
        turn = asyncio.ensure_future(pacer.turn())
        assert await is_waiting(turn)
        turn.cancel()

    bench.play(work())
    assert 100 <= pacer.rested < 101


def test_a_pause_ends(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    pacer, times = bench.part(Pacer), []

    async def work() -> None:
        times.append(monotonic())
        pacer.pause(STEP)
        await pacer.turn()
        times.append(monotonic())

    bench.play(work())
    assert times[1] - times[0] >= STEP
    assert pacer.resting == 0


def test_while_the_circuit_breaker_probes_only_its_own_requests_are_sent(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    pacer = bench.part(Pacer)

    async def work() -> None:
        pacer.holds_the_walk = True
        number = asyncio.ensure_future(pacer.turn(of_the_walk=True))
        await pacer.turn()
        pacer.done()
        assert not number.done()
        pacer.holds_the_walk = False
        await number

    bench.play(work())


# -- the end of a crawl


@pytest.mark.parametrize(
    ("assignment", "sent", "outcome", "says"),
    [
        ("MAX_REQUESTS=2", 2, "budget", "2 requests"),
        ("UNTIL=2020-01-01T00:00:00Z", 0, "budget", "time"),
        ("QUIET_HOURS=00:00-12:00", 0, "quiet_hours", "quiet hours 00:00-12:00"),
    ],
)
def test_nothing_is_sent_beyond_a_budget_or_in_quiet_hours(
    assignment: str,
    sent: int,
    outcome: str,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacer_module, "local_time", lambda crawler: time(11, 30))
    bench = bench_of(tmp_path, assignment, "DELAY_JITTER=0")
    pacer = bench.part(Pacer)

    async def work() -> None:
        for _ in range(sent):
            await pacer.turn()
            pacer.done()
        with pytest.raises(StoppingError, match=says):
            await pacer.turn()

    bench.play(work())
    assert bench.stopped
    assert bench.stopped[0] == outcome
    assert says in bench.stopped[1]
    assert pacer.is_over


@pytest.mark.parametrize("wait", ["a pause", "a full lane", "a held walk"])
def test_a_request_that_waits_hears_of_the_end(wait: str, tmp_path: Path) -> None:
    bench = bench_of(tmp_path, "CONCURRENT_REQUESTS_PER_DOMAIN=1", "DELAY_JITTER=0")
    pacer = bench.part(Pacer)

    async def work() -> None:
        match wait:
            case "a pause":
                pacer.pause(1000)
            case "a full lane":
                await pacer.turn()
            case _:
                pacer.holds_the_walk = True
        waiting = asyncio.ensure_future(pacer.turn(of_the_walk=True))
        assert await is_waiting(waiting)
        pacer.close()
        with pytest.raises(StoppingError):
            await waiting

    bench.play(work())
    assert bench.crawler.stats.get_value("pacer/requests") == (1 if wait == "a full lane" else None)


# -- Retry-After

HTTP_DATE = "Wed, 01 Jul 2026 12:01:30 GMT"

HEADERS = [
    # status, Retry-After, seconds
    (503, "120", 120.0),
    (429, " 7 ", 7.0),
    (503, "0", 0.0),
    (503, HTTP_DATE, 90.0),
    (503, "Wed, 01 Jul 2026 12:01:30 -0000", 90.0),
    (503, "Wed, 01 Jul 2026 11:00:00 GMT", 0.0),
    (200, "120", None),
    (301, "120", 120.0),
    (403, "120", 120.0),
    (404, "120", None),
    (503, None, None),
    (503, "", None),
    (503, "soon", None),
    (503, "-5", None),
    (503, "1.5", 1.5),
    (503, "5, 120", 120.0),
    (503, "9" * 400, 100 * 365 * 86_400.0),
    (503, "1.5 s", None),
    (503, "²", None),
    (503, "Wed, 99 Jul 2026 12:01:30 GMT", None),
]


@pytest.mark.parametrize(("status", "header", "seconds"), HEADERS)
def test_retry_after_is_read_in_both_forms(
    status: int, header: str | None, seconds: float | None
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    response = Response("http://amenews.kr/", status=status, headers=headers)
    assert retry_after(response, NOW) == seconds


CLOCKS = [
    # what the server's Date says, ours being 12:00:00; it asks for a pause until HTTP_DATE
    ("Wed, 01 Jul 2026 12:01:00 GMT", 30.0),
    ("Wed, 01 Jul 2026 12:02:00 GMT", 90.0),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 90.0),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 90.0),
    ("garbage", 90.0),
]


@pytest.mark.parametrize(("date", "seconds"), CLOCKS)
def test_a_date_is_held_against_the_servers_clock_too(date: str, seconds: float) -> None:
    headers = {"Retry-After": HTTP_DATE, "Date": date}
    assert retry_after(Response("http://amenews.kr/", 503, headers), NOW) == seconds


@pytest.mark.parametrize("years", [-50, 50])
def test_our_wrong_clock_neither_shortens_a_pause_nor_ends_the_crawl(years: int) -> None:
    headers = {"Retry-After": HTTP_DATE, "Date": "Wed, 01 Jul 2026 12:01:00 GMT"}
    wrong = NOW.replace(year=NOW.year + years)
    assert retry_after(Response("http://amenews.kr/", 503, headers), wrong) == 30.0


@pytest.mark.parametrize(
    ("header", "least", "outcome"),
    [("60", 59, None), ("300", 299, None), ("301", 0, "blocked"), ("soon", 0, None)],
)
def test_retry_after_pauses_the_lane_or_ends_the_crawl(
    header: str, least: float, outcome: str | None, tmp_path: Path
) -> None:
    bench = bench_of(tmp_path, "RETRY_AFTER_MAX=300")
    pacer = bench.part(Pacer)

    async def work() -> None:
        pacer.obey_retry_after(
            Response("http://amenews.kr/", status=503, headers={"Retry-After": header})
        )

    bench.play(work())
    assert pacer.resting >= least
    assert bool(pacer.resting) == bool(least)
    assert (bench.stopped and bench.stopped[0]) == outcome
    assert pacer.is_over == (outcome is not None)
