"""The one way to end a crawl early: an outcome for the record and a sentence for the operator."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from scrapy.crawler import Crawler

from newscrawler.outcomes import Outcome

logger = logging.getLogger(__name__)

_BY_PLAN = (Outcome.BUDGET, Outcome.QUIET_HOURS)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the program ends a crawl."""

    outcome: Outcome
    diagnosis: str


class Stopper:
    """Closes the spider; Scrapy's close reason is then the outcome."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.cause: Stop | None = None
        """The first reason that was given; later ones follow from it."""
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stopper:
        return cls(crawler)

    def stop(self, outcome: Outcome, diagnosis: str) -> None:
        """End the crawl early; only the first reason counts."""
        if self.cause is not None or self.crawler.engine.spider is None:
            return  # it is ending, or has ended, for another reason
        self.cause = Stop(outcome, diagnosis)
        level = logging.INFO if outcome in _BY_PLAN else logging.ERROR
        logger.log(level, "Stopping: %s", diagnosis)
        self._closing = asyncio.ensure_future(self._close(str(outcome)))

    async def _close(self, reason: str) -> None:
        if self.crawler.engine.spider is not None:  # closed meanwhile
            await self.crawler.engine.close_spider_async(reason=reason)
