"""Crawls inside the test process: the same spider, engine and settings, without a new Python each.

Starting Python and Scrapy takes a second, a crawl of sixty pages a fifth of that. Twisted's
reactor can run only once in a process, so it runs in a thread until the tests are over.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from scrapy.crawler import Crawler
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.reactor import install_reactor

from newscrawler.crawling import settings_from
from newscrawler.extensions.recorder import Recorder

_LONGEST_S = 60.0


def crawl(site: str, assignments: Sequence[str], **arguments: str) -> dict[str, Any]:
    """Crawl to the end with settings as ``-s`` takes them; the run's summary."""
    work = _crawl(site, assignments, arguments)
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(_LONGEST_S)


async def _crawl(
    site: str, assignments: Sequence[str], arguments: dict[str, str]
) -> dict[str, Any]:
    settings = settings_from(assignments)
    crawler = Crawler(SpiderLoader.from_settings(settings).load(site), settings)
    await crawler.crawl_async(**arguments)
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None
    return recorder.summary()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop of the running reactor."""
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    running: Any = reactor  # a module attribute that is an object of the class installed above
    started = threading.Event()
    running.callWhenRunning(started.set)
    thread = threading.Thread(
        target=running.run, kwargs={"installSignalHandlers": False}, name="reactor", daemon=True
    )
    thread.start()

    def stop() -> None:
        running.callFromThread(running.stop)
        thread.join(10)

    atexit.register(stop)
    assert started.wait(10)
    loop: asyncio.AbstractEventLoop = running._asyncioEventloop  # it has no other name
    return loop
