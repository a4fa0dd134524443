"""Errors in signal handlers, which Scrapy only logs: a feed that cannot be written, a bug.

Without this, a crawl whose feed (``-O``, ``FEEDS``) was never written would end as complete.
"""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedExporter

from newscrawler.extensions import extension
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.outcomes import Outcome

_SIGNALS = "scrapy.utils.signal"
_TASKS = "asyncio"
"""Where asyncio reports what a task raised that nobody waited for: Scrapy closes a feed in one."""
_LOGGERS = tuple(map(logging.getLogger, (_SIGNALS, "scrapy.extensions.feedexport", _TASKS)))
"""Where Scrapy reports them, with the exception; there is no signal for it."""


class SignalErrors(logging.Handler):
    """A file that cannot be written ends the crawl; any other error counts as a bug."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self.crawler = crawler
        for logger in _LOGGERS:
            logger.addHandler(self)
        crawler.signals.connect(self._end, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SignalErrors:
        return cls(crawler)

    def emit(self, record: logging.LogRecord) -> None:
        # Crawls of several papers in one process use the same logger.
        if not record.exc_info:
            return
        if record.name == _TASKS:  # other tasks have errors of their own, of the network too
            is_ours = FeedExporter.__name__ in record.getMessage()
        else:
            is_ours = getattr(record, "spider", None) is self.crawler.spider
        if not is_ours:
            return
        error = record.exc_info[1]
        if isinstance(error, OSError):
            said = _sentence(error)
            if record.name == _SIGNALS:  # close_feeds() counts what Scrapy could not store
                extension(self.crawler, Stopper).stop(Outcome.STORAGE, said)
            # The other handlers log this instead: where Scrapy met it helps nobody.
            record.msg, record.args, record.exc_info = said, (), None
        elif isinstance(error, UnicodeEncodeError) and _is_of_feeds(record):
            character = error.object[error.start]
            extension(self.crawler, Stopper).stop(
                Outcome.STORAGE,
                f"a feed in {error.encoding} cannot hold {character!r}: use the encoding utf-8",
            )
        elif error is not None and record.name == _SIGNALS:
            extension(self.crawler, Run).count_bug(error, is_logged=True)

    def _end(self) -> None:
        for logger in _LOGGERS:
            logger.removeHandler(self)


def _is_of_feeds(record: logging.LogRecord) -> bool:
    """Whether it is an error of Scrapy's feeds."""
    handler = record.args.get("receiver") if isinstance(record.args, dict) else None
    return isinstance(getattr(handler, "__self__", None), FeedExporter)


def _sentence(error: OSError) -> str:
    file = f"{error.filename} " if error.filename else "a file that this crawl writes "
    return f"{file}cannot be written: {error.strerror or error}"
