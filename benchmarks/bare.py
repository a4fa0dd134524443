"""Bare Scrapy: downloads the same pages and does nothing with them.

    python -m benchmarks.bare BASE_URL FIRST LAST CONCURRENCY

Scrapy's own defaults but for the concurrency, no delay, no log. Prints one
JSON object: pages, seconds, cpu.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class BareSpider(Spider):
    name = "bare"

    def __init__(self, base_url: str, first: str, last: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base_url = base_url
        self.numbers = range(int(first), int(last) + 1)

    async def start(self) -> AsyncIterator[Any]:
        for idx in self.numbers:
            yield Request(f"{self.base_url}/news/view.php?idx={idx}", self.parse)

    def parse(self, response: Response) -> None:
        pass


def main(base_url: str, first: str, last: str, concurrency: str) -> None:
    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            "DOWNLOAD_DELAY": 0,
            "HTTPERROR_ALLOW_ALL": True,
            "LOG_LEVEL": "WARNING",
            "EXTENSIONS": {"benchmarks.stopwatch.Stopwatch": 0},
        }
    )
    process.crawl(BareSpider, base_url=base_url, first=first, last=last)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
