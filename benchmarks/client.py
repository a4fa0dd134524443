"""The limit of a crawl: the same requests by a bare HTTP client, without Scrapy.

    python -m benchmarks.client BASE_URL FIRST LAST CONCURRENCY

Reads every page and drops it. Prints one JSON object: pages, bytes, seconds, cpu.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator

import aiohttp


async def _lane(session: aiohttp.ClientSession, urls: Iterator[str]) -> int:
    """Ask one after another; the bytes that came."""
    size = 0
    for url in urls:
        async with session.get(url) as response:
            size += len(await response.read())
    return size


async def main(base_url: str, first: str, last: str, concurrency: str) -> None:
    numbers = range(int(first), int(last) + 1)
    urls = (f"{base_url}/news/view.php?idx={idx}" for idx in numbers)
    began, cpu = time.perf_counter(), time.process_time()
    connector = aiohttp.TCPConnector(limit=int(concurrency))
    async with aiohttp.ClientSession(connector=connector) as session:
        sizes = await asyncio.gather(*(_lane(session, urls) for _ in range(int(concurrency))))
    record = {
        "pages": len(numbers),
        "bytes": sum(sizes),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }
    print(json.dumps(record))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
