"""The whole crawl, in a process of its own, timed like bare Scrapy.

    python -m benchmarks.whole BASE_URL FIRST LAST CONCURRENCY DATABASE [NAME=VALUE …]

Prints one JSON object: pages, seconds, cpu.
"""

from __future__ import annotations

import sys

from newscrawler import crawler, sites


def main(
    base_url: str, first: str, last: str, concurrency: str, database: str, *settings: str
) -> None:
    given = crawler.settings_from(
        [
            "DOWNLOAD_DELAY=0",
            "AUTOTHROTTLE_ENABLED=False",
            f"CONCURRENT_REQUESTS_PER_DOMAIN={concurrency}",
            f"NEWSCRAWLER_DB={database}",
            *settings,
        ]
    )
    extensions = {**given.getdict("EXTENSIONS"), "benchmarks.stopwatch.Stopwatch": 0}
    given.set("EXTENSIONS", extensions, "cmdline")
    crawler.crawl(
        [(sites.load("amenews"), given)], {"range": f"{first}-{last}", "base_url": base_url}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
