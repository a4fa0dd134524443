"""Pings a watcher at the start and the end of a run."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler import options, ping
from newscrawler.extensions import extension
from newscrawler.extensions.recorder import Recorder


class Ping:
    """Connected after the recorder, whose summary is told; waits in a thread, not in the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        if not options.read(crawler.settings, "PING_URL"):
            raise NotConfigured
        self.crawler = crawler
        self._started: asyncio.Future[None] | None = None
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ping:
        return cls(crawler)

    def _start(self) -> None:
        self._started = asyncio.ensure_future(self._tell(None))

    async def _end(self) -> None:
        if self._started:
            await self._started
        await self._tell(extension(self.crawler, Recorder).summary())

    async def _tell(self, summary: dict[str, Any] | None) -> None:
        site = self.crawler.spidercls.name
        await asyncio.to_thread(ping.tell, self.crawler.settings, site, summary)
