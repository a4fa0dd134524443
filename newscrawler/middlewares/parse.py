"""Reads each answer once, before anybody decides what to do about it."""

from __future__ import annotations

import logging
import os
from datetime import datetime

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler import clock, pages
from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.run import Recorder
from newscrawler.items import Capture, Groundwork, Reading, Verdict
from newscrawler.middlewares.precompute import lay, learn
from newscrawler.middlewares.worker import Aside, AsideError
from newscrawler.sites import Site

logger = logging.getLogger(__name__)


class ReadingMiddleware:
    """Puts ``meta["capture"]`` and ``meta["reading"]`` on answers for article numbers.

    Retries, the breaker and the parse stage all look at the same reading. A
    crawl that keeps a processor busy reads in a process of its own, which lays
    the store's groundwork as well: ``meta["groundwork"]``.
    """

    def __init__(self, crawler: Crawler, *, aside: bool) -> None:
        self.crawler = crawler
        self.site: Site | None = getattr(crawler.spidercls, "site", None)
        self.gap_fingerprints: frozenset[str] = frozenset()
        """How this site answers for numbers that cannot exist; set by the spider."""
        self._aside = Aside() if aside else None
        self._told: set[int] = set()
        """Dictionaries that the other process knows."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReadingMiddleware:
        lanes: int = options.read(crawler.settings, "CONCURRENT_REQUESTS_PER_DOMAIN")
        delay: float = options.read(crawler.settings, "DOWNLOAD_DELAY")
        at_full_speed = lanes > 1 and not delay and (os.cpu_count() or 1) > 1
        middleware = cls(crawler, aside=at_full_speed)
        crawler.signals.connect(middleware.close, signals.spider_closed)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        idx = request.meta.get("idx")
        if idx is None or self.site is None:
            return response
        capture = capture_of(response, self.site.name, idx, clock.now())
        request.meta["capture"] = capture
        request.meta["reading"] = await self._read(capture, request)
        return response

    async def close(self) -> None:
        aside, self._aside = self._aside, None
        if aside:
            await aside.close()

    async def _read(self, capture: Capture, request: Request) -> Reading:
        assert self.site is not None
        if capture.http_status == 304:
            if b"If-None-Match" in request.headers or b"If-Modified-Since" in request.headers:
                return Reading(Verdict.UNCHANGED, "not modified since the last look")
            return Reading(Verdict.TEMPORARY, "304 to a question without validators")
        if self._aside:
            try:
                return await self._read_aside(self._aside, capture, self.site, request)
            except AsideError:
                if self._aside:
                    logger.warning("The process that reads pages has died; it goes on without")
                    await self.close()
        return pages.read(capture, self.site, self.gap_fingerprints)

    async def _read_aside(
        self, aside: Aside, capture: Capture, site: Site, request: Request
    ) -> Reading:
        reading: Reading
        groundwork: Groundwork
        reading, groundwork = await aside.call(lay, capture, site, self.gap_fingerprints)
        request.meta["groundwork"] = groundwork
        store = extension(self.crawler, Recorder).store
        dictionary = store.captures.dictionary(capture.site, reading.layout)
        if dictionary and dictionary.id not in self._told:
            self._told.add(dictionary.id)
            await aside.call(learn, reading.layout or "", dictionary.id, dictionary.data)
        return reading


def capture_of(response: Response, site: str, idx: int, at: datetime) -> Capture:
    """The raw answer that Scrapy's response holds."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(site, idx, response.url, at, response.status, headers, response.body)
