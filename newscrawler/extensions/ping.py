"""Pings a watcher at the start and the end of a run."""

from __future__ import annotations

import asyncio

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler import options, ping
from newscrawler.extensions import extension
from newscrawler.extensions.recorder import Recorder


class Ping:
    """Connected after the recorder, whose summary is told; waits in a thread, not in the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        template: str = options.read(crawler.settings, "PING_URL")
        if not template:
            raise NotConfigured
        self.crawler = crawler
        self._address = template.replace("{site}", crawler.spidercls.name)
        self._timeout: float = options.read(crawler.settings, "PING_TIMEOUT")
        self._started: asyncio.Future[None] | None = None
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ping:
        return cls(crawler)

    def _start(self) -> None:
        work = asyncio.to_thread(ping.start, self._address, self._timeout)
        self._started = asyncio.ensure_future(work)

    async def _end(self) -> None:
        if self._started:
            await self._started
        summary = extension(self.crawler, Recorder).summary()
        await asyncio.to_thread(ping.end, self._address, summary, self._timeout)
