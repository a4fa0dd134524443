"""A line a minute in the log: how far the crawl is, for whoever reads it the morning after."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.logs import CONSOLE
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.run import Counts, Run
from newscrawler.humanize import counted, span

logger = logging.getLogger(__name__)

_ENOUGH = 20
"""Fewer numbers do not tell how long the rest takes."""


class Pulse:
    """Logs :func:`beat` every ``LOGSTATS_INTERVAL`` seconds, and at the end how the run ended.

    Not where the progress line says the same: on a terminal without a LOG_FILE.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._every = options.LOGSTATS_INTERVAL.read(crawler.settings)
        if not self._every or (CONSOLE.is_terminal and not crawler.settings["LOG_FILE"]):
            raise NotConfigured
        self.crawler = crawler
        self._beating: asyncio.Task[None] | None = None
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pulse:
        return cls(crawler)

    def _start(self) -> None:
        self._began = monotonic()
        self._beating = asyncio.ensure_future(self._beat())

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            logger.info("%s", self._now())

    def _now(self) -> str:
        run, pacer = extension(self.crawler, Run), extension(self.crawler, Pacer)
        return beat(
            run.counts, run.expected, monotonic() - self._began, pacer.rested, pacer.resting
        )

    def _stop(self) -> None:
        if self._beating:
            self._beating.cancel()
        ending = extension(self.crawler, Run).ending
        logger.info("Ended (%s): %s", ending.outcome if ending else "?", self._now())


def beat(
    counts: Counts, expected: int | None, elapsed: float, rested: float, resting: float
) -> str:
    """Where a crawl stands, in one line.

    Args:
        expected: how many numbers it will ask for, as far as is known.
        elapsed: seconds since it began.
        rested: seconds of pauses so far: back-off, Retry-After, the circuit breaker.
        resting: seconds until the present pause is over; 0 outside of one.
    """
    gaps = counts.missing + counts.removed + counts.restricted
    of = f" of {expected:,}" if expected is not None else ""
    parts = [
        f"{counts.asked:,}{of} asked: {counted(counts.articles, 'article')}, {counted(gaps, 'gap')}"
    ]
    if counts.unsettled:
        parts[0] += f", {counts.unsettled:,} unsettled"
    if counts.retries:
        parts.append(f"{counts.retries:,} more tries")
    if rested >= 1:
        parts.append(f"{span(rested)} of pauses")
    rate = counts.asked / elapsed if elapsed > 0 else 0.0
    parts.append(f"{rate:.2g}/s")
    if expected is not None and counts.asked >= _ENOUGH and rate:
        parts.append(f"{span(max(0, expected - counts.asked) / rate)} left")
    if resting >= 1:
        parts.append(f"paused for another {span(resting)}")
    return "; ".join(parts)
