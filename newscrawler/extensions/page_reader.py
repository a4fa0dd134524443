"""Reads pages with a limit on processor time, so that no page can block the crawl.

An ordinary page takes a few milliseconds and is read in the crawl's process. A large page, or one
that takes more than a quarter of a second, is read in a second process, with READ_TIME_LIMIT
seconds and a memory limit; meanwhile the crawl still reacts to Ctrl-C and to its budget.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler

from newscrawler.config import options
from newscrawler.exceptions import (
    OverBoundError,
    OverdueError,
    WorkerError,
    WorkerOverdueError,
    WorkerUnusableError,
)
from newscrawler.extensions import time_limit
from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.worker import Worker

logger = logging.getLogger(__name__)

T = TypeVar("T")

QUICK_S = 0.25
"""Processor time for a page in the crawl's own process; a page of 72 KB takes 3 ms."""
LARGE = 256 * 1024
"""A page of more bytes is read in the second process at once. Its tree takes up to 80 times its
size, and that process frees the memory."""
MEMORY = 640 * 1024 * 1024
"""Memory limit of the second process in bytes: with the crawl's own 150 MB it fits into
MemoryMax=1G of the systemd unit."""
ALONE_S = 1.5
"""Processor time for a page when no second process can be started: Ctrl-C must not wait longer."""
_SLICE_S = 0.2
"""How often a waiting call checks whether the crawl is ending."""
_HANGS_S = 60.0
"""After this many seconds without an answer, on top of the limit, the second process counts as
hanging."""


class PageReader:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.limit = options.READ_TIME_LIMIT.read(crawler.settings)
        self._worker: Worker | None = None
        self._waiting = 0
        """Calls without an answer of the second process."""
        self._watcher: asyncio.Task[None] | None = None
        self._is_alone = False
        """Whether no second process could be started."""
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PageReader:
        return cls(crawler)

    async def read(self, size: int, function: Callable[..., T], *arguments: Any) -> T:
        """The result of the function, run in this or in the second process; it must be a
        module-level function.

        Args:
            size: bytes of what is read.

        Raises:
            OverBoundError: it exceeds a limit of time or memory.
            StoppingError: the crawl is ending.
        """
        if size > LARGE or self._is_alone:
            return await self.aside(function, *arguments)
        if not time_limit.can_ring():  # somebody runs the crawl in a thread of theirs
            return function(*arguments)
        with contextlib.suppress(OverdueError), time_limit.within(min(QUICK_S, self.limit)):
            return function(*arguments)
        return await self.aside(function, *arguments)

    async def aside(self, function: Callable[..., T], *arguments: Any) -> T:
        """The same, always in the second process."""
        if self._is_alone:
            return self._alone(function, *arguments)
        if self._worker is None:
            self._worker = Worker(seconds=self.limit, memory=MEMORY)
        self._waiting += 1
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch(self._worker))
        try:
            result: T = await self._worker.call(function, *arguments)
        except WorkerOverdueError as error:
            raise OverBoundError(
                f"it takes more than {self.limit:g} s of processor time to read (READ_TIME_LIMIT)"
            ) from error
        except WorkerUnusableError as error:
            logger.warning("Pages are read in the crawl's own process: %s", error)
            self._is_alone = True
            return self._alone(function, *arguments)
        except WorkerError as error:
            raise OverBoundError(f"the process that read it has ended: {error}") from error
        except MemoryError as error:
            raise OverBoundError("it takes more memory to read than the limit allows") from error
        finally:
            self._waiting -= 1
        return result

    @property
    def generation(self) -> int:
        """How many second processes there were; a new one has nothing of what the last one
        received."""
        return self._worker.generation if self._worker else 0

    async def close(self) -> None:
        """End the second process."""
        worker, self._worker = self._worker, None
        if self._watcher:
            self._watcher.cancel()
        if worker:
            await worker.close()

    async def _watch(self, worker: Worker) -> None:
        """While calls wait: end them if the crawl ends or the process hangs.

        One task for all calls: a timer for each page would cost as much as the call itself.
        """
        while self._waiting:
            await asyncio.sleep(_SLICE_S)
            if not self.crawler.engine.running:
                worker.abandon(StoppingError("the crawl is ending"))
            elif worker.idle_s > self.limit + _HANGS_S:
                worker.kill()

    def _alone(self, function: Callable[..., T], *arguments: Any) -> T:
        """In this process, with less time, because it blocks the crawl."""
        seconds = min(self.limit, ALONE_S)
        bound = time_limit.within(seconds) if time_limit.can_ring() else contextlib.nullcontext()
        try:
            with bound:
                return function(*arguments)
        except OverdueError as error:
            raise OverBoundError(
                f"it takes more than {seconds:g} s of processor time to read"
            ) from error
        except MemoryError as error:
            raise OverBoundError("it takes more memory to read than there is") from error
