"""A log line each minute that says how far the crawl is."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.counts import Counts
from newscrawler.extensions.logs import CONSOLE
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.run import Run
from newscrawler.humanize import counted, span

logger = logging.getLogger(__name__)

_ENOUGH = 20
"""With fewer numbers the remaining time cannot be estimated."""


class Pulse:
    """Logs :func:`beat` every ``LOGSTATS_INTERVAL`` seconds, and at the end how the run ended.

    Not on a terminal without LOG_FILE, where the progress line says the same.
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
        run = extension(self.crawler, Run)
        if run.run_id is None:
            return  # `scrapy fetch` and `shell`: nothing was crawled that could be complete
        logger.info("Ended (%s): %s", run.ending.outcome if run.ending else "?", self._now())


def beat(
    counts: Counts, expected: int | None, elapsed: float, rested: float, resting: float
) -> str:
    """How far a crawl is, in one line.

    Args:
        expected: how many numbers it will request, if known.
        elapsed: seconds since it began.
        rested: seconds of pauses so far (back-off, Retry-After, circuit breaker).
        resting: seconds until the current pause ends; 0 if there is none.
    """
    gaps = counts.missing + counts.removed + counts.restricted
    of = f" of {expected:,}" if expected is not None else ""
    parts = [
        f"{counts.asked:,}{of} requested:"
        f" {counted(counts.articles, 'article')}, {counted(gaps, 'gap')}"
    ]
    if counts.unsettled:
        parts[0] += f", {counts.unsettled:,} unsettled"
    if counts.retries:
        parts.append(f"{counts.retries:,} retries")
    if rested >= 1:
        parts.append(f"{span(rested)} of pauses")
    rate = counts.asked / elapsed if elapsed > 0 else 0.0
    parts.append(f"{rate:.2g}/s")
    if expected is not None and counts.asked >= _ENOUGH and rate:
        parts.append(f"{span(max(0, expected - counts.asked) / rate)} left")
    if resting >= 1:
        parts.append(f"paused for {span(resting)}")
    return "; ".join(parts)
