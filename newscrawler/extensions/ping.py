"""Reports each run to a monitoring service, with the URLs of healthchecks.io; never stops a
crawl."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.config import options
from newscrawler.config.option import HasSettings
from newscrawler.extensions import extension
from newscrawler.extensions.run import Run
from newscrawler.outcomes import EXIT_OK, EXIT_UNSETTLED
from newscrawler.version import USER_AGENT

logger = logging.getLogger(__name__)

_FINE = (EXIT_OK, EXIT_UNSETTLED)
"""Exit codes that count as success: unsettled numbers and a used-up budget are normal."""


def tell(settings: HasSettings, site: str, summary: Mapping[str, Any] | None) -> None:
    """Call PING_URL, if it is set: a run begins (no summary) or has ended."""
    address = options.PING_URL.read(settings).replace("{site}", site)
    if not address:
        return
    if summary is None:
        address = _below(address, "start")
    elif summary["exit_code"] not in _FINE:
        address = _below(address, "fail")
    _send(address, summary, options.PING_TIMEOUT.read(settings))


def _below(address: str, word: str) -> str:
    path, question, query = address.partition("?")
    return f"{path.rstrip('/')}/{word}{question}{query}"


def _send(address: str, summary: Mapping[str, Any] | None, timeout: float) -> None:
    # The library's time-out is for each piece of the answer; a thread can be left behind.
    asking = threading.Thread(target=_ask, args=(address, summary, timeout), daemon=True)
    asking.start()
    asking.join(timeout)
    if asking.is_alive():
        logger.warning("PING_URL did not answer within PING_TIMEOUT (%g s)", timeout)


def _ask(address: str, summary: Mapping[str, Any] | None, timeout: float) -> None:
    body = b"" if summary is None else json.dumps(summary, ensure_ascii=False).encode()
    headers = {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json; charset=utf-8",
    }
    try:
        with urlopen(Request(address, body, headers), timeout=timeout):
            pass
    except (OSError, HTTPException, ValueError) as error:
        # Whoever reads the address may ping in our name: the log does not show it.
        logger.warning("PING_URL cannot be called: %s", type(error).__name__)


class Ping:
    """Sends the run's summary at its end; waits in a thread, so that the crawl goes on."""

    def __init__(self, crawler: Crawler) -> None:
        if not options.PING_URL.read(crawler.settings):
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
        await self._tell(extension(self.crawler, Run).summary())

    async def _tell(self, summary: dict[str, Any] | None) -> None:
        site = self.crawler.spidercls.name
        await asyncio.to_thread(tell, self.crawler.settings, site, summary)
