"""The last step before the wire: every request waits here for its turn.

A request that has passed Scrapy's middlewares may still sit in a download slot
when the server asks for a pause. A download handler is the one public place
behind that slot, so nothing slips through while the host is paused.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from newscrawler.exceptions import UnpackError
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.middlewares.meta import meta_of


class PacedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the pacer."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Twisted repeats a request at once when a kept-alive connection breaks:
        # a request that nobody paced. Our own retry waits.
        self._pool.retryAutomatically = False
        self._pacer = extension(crawler, Pacer)
        self._unpacker = HttpCompressionMiddleware(crawler=crawler)

    async def download_request(self, request: Request) -> Response:
        meta = meta_of(request)
        walks = "idx" in meta and not meta.get("canary")
        await self._pacer.turn(of_the_walk=walks)
        size = 0
        try:
            response = await super().download_request(request)
            size = len(response.body)
            self._pacer.heed(response)
        finally:
            self._pacer.done(size)
        return self._unpacked(request, response)

    def _unpacked(self, request: Request, response: Response) -> Response:
        """Unpacked here, since an error in a middleware's hands passes by retry and breaker."""
        try:
            unpacked = self._unpacker.process_response(request, response)
        except Exception as error:
            raise UnpackError(f"the answer cannot be unpacked: {error}") from error
        assert isinstance(unpacked, Response)
        return unpacked
