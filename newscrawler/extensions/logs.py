"""What is logged and where: events that an operator needs, not a line for each page."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from rich.logging import RichHandler
from rich.text import Text
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from newscrawler.config import options
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize import harmless, one_line

CONSOLE = SafeConsole(stderr=True, highlight=False)
"""Everything that is not a result goes here: log, progress, summary."""


class NewsFormatter(LogFormatter):
    """Pages are logged at DEBUG only, items not at all."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "%(status)s %(url)s",
            "args": {"status": response.status, "url": request.url},
        }

    def scraped(self, item: object, response: object, spider: Spider) -> LogFormatterResult:
        return None  # type: ignore[return-value]  # Scrapy's word for "do not log"

    def dropped(
        self, item: object, exception: BaseException, response: object, spider: Spider
    ) -> LogFormatterResult:
        return None  # type: ignore[return-value]  # a number without an article is no news either


site: ContextVar[str | None] = ContextVar("site", default=None)
"""The paper whose crawl writes the line; each crawl runs in its own context."""


class _WithSite(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.site = site.get()
        return True


_LISTINGS = ("Scrapy %(version)s started", "Versions:", "Enabled ", "Overridden settings:")
_LISTERS = ("scrapy.utils.log", "scrapy.addons", "scrapy.middleware", "scrapy.crawler")


class _ListingsAtDebug(logging.Filter):
    """Moves Scrapy's start-up lists to DEBUG: they help to find a fault, and are not events of a
    crawl."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.INFO and str(record.msg).startswith(_LISTINGS):
            record.levelno, record.levelname = logging.DEBUG, logging.getLevelName(logging.DEBUG)
        return True


_listings_at_debug = _ListingsAtDebug()


TIME_FORMAT = "%Y-%m-%d %H:%M:%S%z"
"""Local time with its zone: a reader may be in another zone, or compare it with UTC times."""


class PlainFormatter(logging.Formatter):
    """One line for each message, whatever text of the site it contains."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # its name in logging
        record.message = one_line(record.message)
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, site, logger, message, exception."""

    def format(self, record: logging.LogRecord) -> str:
        spoken = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": record.levelname,
            "site": site.get(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            spoken["exception"] = self.formatException(record.exc_info)
        return harmless(json.dumps(spoken, ensure_ascii=False))


class _LogFile(logging.FileHandler):
    """Reports a full disk once, instead of a traceback for every line."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not self._told:
            CONSOLE.print(f"LOG_FILE cannot be written: {sys.exception()}", markup=False)
        self._told = True


_installed: list[logging.Handler] = []


def install(settings: Settings, *, several: bool = False) -> None:
    """Send the log to LOG_FILE or to standard error, above the progress line if there is one.

    With ``several`` papers in one process each line names its paper.
    """
    configure_logging(settings)
    _demote_listings()
    root = logging.getLogger()
    root.setLevel(logging.NOTSET)  # the handler decides
    while _installed:
        old = _installed.pop()
        root.removeHandler(old)
        old.close()
    handler = _handler(settings, "[%(site)s] " if several else "")
    handler.addFilter(_WithSite())
    handler.setLevel(settings.get("LOG_LEVEL"))
    root.addHandler(handler)
    _installed.append(handler)


def _demote_listings() -> None:
    for name in _LISTERS:
        logging.getLogger(name).addFilter(_listings_at_debug)  # the same one is added once


def _handler(settings: Settings, whose: str) -> logging.Handler:
    handler: logging.Handler
    if not settings.getbool("LOG_ENABLED"):
        return logging.NullHandler()  # scrapy --nolog
    if path := settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        handler = _LogFile(path, mode, encoding="utf-8")
    elif CONSOLE.is_terminal and not options.LOG_JSON.read(settings):
        rich = RichHandler(
            console=CONSOLE, show_path=False, markup=False, log_time_format=_time_on_a_terminal
        )
        rich.setFormatter(PlainFormatter(f"{whose}%(message)s"))
        return rich
    else:
        handler = logging.StreamHandler()
    line = f"%(asctime)s %(levelname)s {whose}%(message)s"
    handler.setFormatter(
        JsonFormatter() if options.LOG_JSON.read(settings) else PlainFormatter(line, TIME_FORMAT)
    )
    return handler


def _time_on_a_terminal(moment: datetime) -> Text:
    return Text(f"{moment.astimezone():%m-%d %H:%M %Z}")


class Logs:
    """Without :func:`install` (``scrapy parse``, a script) Scrapy's own handler is used."""

    def __init__(self, crawler: Crawler) -> None:
        site.set(crawler.spidercls.name)
        _demote_listings()
        if options.LOG_JSON.read(crawler.settings):
            self._to_json()
            # Scrapy makes its handler anew when the crawl begins.
            crawler.signals.connect(self._to_json, signals.engine_started)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Logs:
        return cls(crawler)

    def _to_json(self) -> None:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
