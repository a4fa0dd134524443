"""Crawls inside the test process: the same spider, engine and settings, without a new Python each.

Starting Python and Scrapy takes a second, a crawl of sixty pages a fifth of that. Twisted's
reactor can run only once in a process, so it runs in a thread until the tests are over.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Coroutine, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from scrapy.crawler import Crawler
from scrapy.utils.reactor import install_reactor

from newscrawler.crawler import for_examination, settings_from
from newscrawler.extensions.run import Run
from newscrawler.sites import Site
from newscrawler.spiders.doctor import DoctorSpider
from newscrawler.spiders.loader import SiteSpiderLoader, spider_for

T = TypeVar("T")

_LONGEST_S = 60.0


def crawl(site: str, assignments: Sequence[str], **arguments: str) -> dict[str, Any]:
    """Crawl to the end with settings as ``-s`` takes them; the run's summary."""
    settings = settings_from(assignments)
    spider = SiteSpiderLoader.from_settings(settings).load(site)
    run = _finished(Crawler(spider, settings), arguments).get_extension(Run)
    assert run is not None
    return run.summary()


def examine(site: Site, assignments: Sequence[str], base_url: str, folder: Path) -> DoctorSpider:
    """Let the doctor look; the spider has the findings."""
    settings = for_examination(settings_from(assignments), str(folder))
    crawler = Crawler(spider_for(site, DoctorSpider), settings)
    spider = _finished(crawler, {"base_url": base_url}).spider
    assert isinstance(spider, DoctorSpider)
    return spider


def _finished(crawler: Crawler, arguments: dict[str, str]) -> Crawler:
    async def work() -> None:
        await crawler.crawl_async(**arguments)

    play(work())
    return crawler


def play(work: Coroutine[Any, Any, T]) -> T:
    """The result of work that needs the reactor's loop."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(_LONGEST_S)


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
