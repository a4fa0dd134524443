"""Lets log lines know whose crawl they belong to, and makes them JSON where that is wished."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler

from newscrawler import logs, options


class Logs:
    """``newscrawler crawl`` installs its own handler; ``scrapy crawl`` and scrapyd have theirs."""

    def __init__(self, crawler: Crawler) -> None:
        logs.site.set(crawler.spidercls.name)
        if options.read(crawler.settings, "LOG_JSON"):
            self._to_json()
            # Scrapy makes its handler anew when the crawl begins.
            crawler.signals.connect(self._to_json, signals.engine_started)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Logs:
        return cls(crawler)

    def _to_json(self) -> None:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(logs.JsonFormatter())
