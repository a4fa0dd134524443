"""Whatever happens to the process that reads: one page is lost, and the crawl knows why."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy.crawler import Crawler
from scrapy.signalmanager import SignalManager

from newscrawler.crawler import settings_from
from newscrawler.exceptions import OverBoundError, WorkerUnusableError
from newscrawler.extensions import page_reader, time_limit
from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.page_reader import LARGE, PageReader
from newscrawler.extensions.worker import Worker


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lack_memory() -> None:
    raise MemoryError


def work_for_ever() -> None:
    while True:
        pass


@pytest.fixture
def reader() -> PageReader:
    crawler = SimpleNamespace(
        settings=settings_from(["READ_TIME_LIMIT=0.3"]),
        signals=SignalManager(),
        engine=SimpleNamespace(running=True),
    )
    return PageReader(cast(Crawler, crawler))


def play(reader: PageReader, *calls: tuple[Callable[..., Any], *tuple[Any, ...]]) -> list[Any]:
    """The results of large pages, read one after the other; of one that failed its exception."""

    async def work() -> list[Any]:
        found = []
        for function, *arguments in calls:
            try:
                found.append(await reader.read(LARGE + 1, function, *arguments))
            except Exception as error:
                found.append(error)
        await reader.close()
        return found

    return asyncio.run(work())


def test_a_process_that_dies_costs_one_page(reader: PageReader) -> None:
    died, memory, read = play(reader, (die,), (lack_memory,), (len, b"page"))
    assert isinstance(died, OverBoundError)
    assert "SIGKILL" in str(died)
    assert isinstance(memory, OverBoundError)
    assert "memory" in str(memory)
    assert read == 4


def test_a_process_that_hangs_costs_one_page(
    reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_reader, "_HANGS_S", 0.2)
    (hung,) = play(reader, (time.sleep, 600))
    assert isinstance(hung, OverBoundError)


def test_a_page_that_is_being_read_when_the_crawl_ends_is_given_up(reader: PageReader) -> None:
    engine: Any = reader.crawler.engine
    engine.running = False
    (given_up,) = play(reader, (time.sleep, 600))
    assert isinstance(given_up, StoppingError)


@pytest.fixture
def alone(reader: PageReader, monkeypatch: pytest.MonkeyPatch) -> PageReader:
    async def call(*_: object) -> None:
        raise WorkerUnusableError("no process can be started")

    monkeypatch.setattr(Worker, "call", call)
    return reader


def test_without_a_second_process_pages_are_read_here_within_the_limit(alone: PageReader) -> None:
    read, again, endless, memory = play(
        alone, (len, b"page"), (len, b"two"), (work_for_ever,), (lack_memory,)
    )
    assert (read, again) == (4, 3)
    assert isinstance(endless, OverBoundError)
    assert "0.3 s" in str(endless)
    assert isinstance(memory, OverBoundError)


def test_in_a_thread_pages_are_read_here_without_a_limit(
    alone: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal reaches only the main thread."""
    monkeypatch.setattr(time_limit, "can_ring", lambda: False)
    assert play(alone, (len, b"page"), (len, b"two")) == [4, 3]
