"""Reads each answer once, before anybody decides what to do about it."""

from __future__ import annotations

from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler import clock, pages
from newscrawler.items import Capture, Reading, Verdict
from newscrawler.sites import Site


class ReadingMiddleware:
    """Puts ``meta["capture"]`` and ``meta["reading"]`` on answers for article numbers.

    Retries, the breaker and the parse stage all look at the same reading.
    """

    def __init__(self, site: Site | None) -> None:
        self.site = site
        self.gap_fingerprints: frozenset[str] = frozenset()
        """How this site answers for numbers that cannot exist; set by the spider."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReadingMiddleware:
        return cls(getattr(crawler.spidercls, "site", None))

    def process_response(self, request: Request, response: Response) -> Response:
        idx = request.meta.get("idx")
        if idx is None or self.site is None:
            return response
        capture = capture_of(response, self.site.name, idx, clock.now())
        request.meta["capture"] = capture
        request.meta["reading"] = self._read(capture, request)
        return response

    def _read(self, capture: Capture, request: Request) -> Reading:
        assert self.site is not None
        if capture.http_status == 304:
            if b"If-None-Match" in request.headers or b"If-Modified-Since" in request.headers:
                return Reading(Verdict.UNCHANGED, "not modified since the last look")
            return Reading(Verdict.TEMPORARY, "304 to a question without validators")
        return pages.read(capture, self.site, self.gap_fingerprints)


def capture_of(response: Response, site: str, idx: int, at: datetime) -> Capture:
    """The raw answer that Scrapy's response holds."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(site, idx, response.url, at, response.status, headers, response.body)
