"""The last step before the network: each request waits for its turn, and answers have size limits.

A request that has passed Scrapy's middlewares may still wait in a download slot when the server
asks for a pause. A download handler is the only public place after that slot, so that no request is
sent during a pause.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import DownloadCancelledError, NotConfigured, ResponseDataLossError
from scrapy.http import Response
from scrapy.resolver import dnscache
from scrapy.utils.gz import gunzip
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from newscrawler.config import options
from newscrawler.exceptions import HeadError, ProxyError, UnpackError
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.stopper import Stopper
from newscrawler.middlewares.meta import meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.outcomes import Outcome

MAX_HEAD = 256 * 1024
"""Maximum bytes of status line and headers, as in browsers (Chromium: 256 KB)."""
_PROXY_WANTS_PASSWORD = 407
"""RFC 9110, 15.5.8: the answer is from the proxy itself."""
_GATEWAY = (502, 503, 504)
_PROXY_SPEAKS = ("Proxy-Status", "X-Squid-Error")
"""Headers by which a proxy says that an answer is its own (RFC 9209; Squid)."""
_GZIP = b"\x1f\x8b\x08"
"""The first bytes of a gzip member (RFC 1952, 2.3.1)."""


class _BoundedParser(_LenientHTTPClientParser):
    """Ends an answer with endless headers, or with an invalid status (RFC 9110, 15)."""

    _head = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        if self.state in (STATUS, HEADER):
            self._head += len(data)
            # The first bytes of the body come with the last of the head, in one piece of 64 KB.
            if self._head > MAX_HEAD + 65536:
                raise HeadError(f"more than {MAX_HEAD // 1024} KB of headers")
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def statusReceived(self, status: bytes) -> None:  # noqa: N802  # Twisted's name
        code = status.split(b" ")[1:2]
        if not code or not code[0].isdigit() or len(code[0]) != 3:
            raise HeadError(f"the status line is invalid: {status[:40]!r}")
        super().statusReceived(status)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # noqa: N802  # Twisted's name
        try:
            super().allHeadersReceived()  # type: ignore[no-untyped-call]
        except (ValueError, KeyError) as error:
            raise HeadError(
                f"Content-Length or Transfer-Encoding of the answer is invalid ({error})"
            ) from error


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        answered = super().request(request)
        # As Scrapy does it: Twisted has the class of the parser written into request().
        assert self._parser is not None
        self._parser.__class__ = _BoundedParser
        return answered


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class PacedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, after the pacer."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        try:
            super().__init__(crawler)
        except Exception as error:
            # Made at the first request, whose failure would count as one of the site.
            why = f"Scrapy cannot make its download handler with these settings: {error}"
            extension(crawler, Stopper).stop(Outcome.REFUSED, why)
            raise NotConfigured(why) from error  # for another error Scrapy logs a traceback
        # Twisted repeats a request at once when a kept-alive connection breaks:
        # a request that nobody paced. Our own retry waits.
        self._pool.retryAutomatically = False
        self._pool._factory = _BoundedFactory
        self._max_size = options.DOWNLOAD_MAXSIZE.read(crawler.settings)
        self._pacer = extension(crawler, Pacer)
        # Scrapy's message recommends to accept truncated pages; here they are failures.
        self._fail_on_dataloss_warned = True
        self._unpacker = HttpCompressionMiddleware(crawler=crawler)

    async def download_request(self, request: Request) -> Response:
        meta = meta_of(request)
        walks = "idx" in meta and not meta.get("canary")
        await self._pacer.turn(of_the_walk=walks)
        size = 0
        try:
            response = await self._answer(request)
            size = len(response.body)
            self._pacer.obey_retry_after(response)
        finally:
            self._pacer.done(size)
        return self._unpacked(request, response)

    async def _answer(self, request: Request) -> Response:
        """Scrapy's own download; through a proxy, an error names the proxy."""
        proxy = request.meta.get("proxy")
        try:
            response = await super().download_request(request)
        except DownloadCancelledError as error:
            raise UnpackError(
                f"the answer is larger than {self._max_size} bytes (DOWNLOAD_MAXSIZE)"
            ) from error
        except ResponseDataLossError as error:
            raise UnpackError("the answer was cut off before its end") from error
        except Exception as error:
            # The host may have moved since its addresses were looked up: look them up again.
            dnscache.pop(urlsplit(request.url).hostname or "", None)
            if proxy:
                raise ProxyError(
                    f"no answer through the proxy {proxy}: {error_text(error)}"
                ) from error
            raise
        if proxy and response.status == _PROXY_WANTS_PASSWORD:
            raise ProxyError(f"the proxy {proxy} needs a user name and a password (status 407)")
        if proxy and response.status in _GATEWAY:
            said = filter(None, map(response.headers.get, _PROXY_SPEAKS))
            if why := next(said, None):
                raise ProxyError(
                    f"no answer through the proxy {proxy}: status {response.status}"
                    f" ({why[:100].decode('latin-1')})"
                )
        return response

    def _unpacked(self, request: Request, response: Response) -> Response:
        """Decompressed here: an error in a later middleware would not reach retry and circuit
        breaker."""
        try:
            unpacked = self._unpacker.process_response(request, response)
            assert isinstance(unpacked, Response)
            return self._unlabelled(unpacked)
        except Exception as error:
            raise UnpackError(f"the answer cannot be decompressed: {error}") from error

    def _unlabelled(self, response: Response) -> Response:
        """Decompress a body that is gzip without a header that says so, or twice, by its first
        bytes."""
        body = response.body
        for _ in range(2):
            if body.startswith(_GZIP):
                body = gunzip(body, max_size=self._max_size)
        return response if body is response.body else response.replace(body=body)
