"""A Scrapy extension that tells how long a crawl took, from its opening to its end."""

from __future__ import annotations

import json
import time
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler


class Stopwatch:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _start(self, spider: Spider) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def _stop(self, spider: Spider) -> None:
        stats = self.crawler.stats
        assert stats is not None
        record = {
            "pages": stats.get_value("downloader/response_count", 0),
            "bytes": stats.get_value("downloader/response_bytes", 0),
            "seconds": time.perf_counter() - self._began,
            "cpu": time.process_time() - self._cpu,
        }
        print(json.dumps(record), flush=True)
