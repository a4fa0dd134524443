"""Retries with exponential back-off and full jitter.

Scrapy's retry middleware puts a request back into the queue at once. Here a failure first pauses
the whole lane, because other requests do not help a failing server either. The pacer obeys
Retry-After.
"""

from __future__ import annotations

import logging
import random

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawler.config import options
from newscrawler.exceptions import ProxyError
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.run import Run
from newscrawler.items import Verdict
from newscrawler.middlewares.meta import meta_of, next_meta
from newscrawler.middlewares.network_errors import error_text

logger = logging.getLogger(__name__)

_TEMPORARY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


class RetryMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self._times = options.RETRY_TIMES.read(settings)
        self._base = options.RETRY_BACKOFF_BASE.read(settings)
        self._longest = options.RETRY_BACKOFF_MAX.read(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        why = _trouble(request, response)
        if why is None:
            if not meta_of(request).get("dont_obey_robotstxt"):
                self._run.request_ended(None)
            return response
        return self._again(request, why) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, IgnoreRequest):
            return None
        return self._again(
            request, error_text(exception), at_proxy=isinstance(exception, ProxyError)
        )

    def _again(self, request: Request, why: str, *, at_proxy: bool = False) -> Request | None:
        self._run.request_ended(why, at_proxy=at_proxy)
        tries = meta_of(request).get("tries", 0)
        # Pause after the last try too: the next number goes to the same server.
        wait = random.uniform(0, min(self._longest, self._base * 2**tries))
        self._pacer.pause(wait)
        if meta_of(request).get("canary"):
            return None  # who asks it asks again later
        if self._pacer.is_over:
            return None  # Scrapy would drop it, and with it that the number was asked
        if tries >= self._times:
            logger.warning(
                "Failed after %d attempts, the number waits for a later run: %s (%s)",
                tries + 1,
                request.url,
                why,
            )
            return None
        logger.info("Attempt %d in %.1f s: %s (%s)", tries + 2, wait, request.url, why)
        meta = next_meta(request, {"tries": tries + 1, "trouble": why})
        return request.replace(meta=meta, priority=request.priority + 1)

    @property
    def _run(self) -> Run:
        return extension(self.crawler, Run)

    @property
    def _pacer(self) -> Pacer:
        return extension(self.crawler, Pacer)


def _trouble(request: Request, response: Response) -> str | None:
    """Why this request should be repeated soon, or ``None``."""
    reading = meta_of(request).get("reading")
    if reading is None:
        return f"status {response.status}" if response.status in _TEMPORARY_STATUSES else None
    if reading.verdict is Verdict.TEMPORARY and not meta_of(request).get("like_nothing"):
        return reading.reason
    return None
