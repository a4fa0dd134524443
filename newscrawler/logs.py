"""What goes to the log and where: news for an operator, not a line for each page."""

from __future__ import annotations

import logging

from rich.console import Console
from rich.logging import RichHandler
from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

CONSOLE = Console(stderr=True, highlight=False)
"""Everything that is no result goes here: log, progress, summary."""


class NewsFormatter(LogFormatter):
    """A page is no news: it is told at DEBUG, and an item not at all."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "%(status)s %(url)s",
            "args": {"status": response.status, "url": request.url},
        }

    def scraped(self, item: object, response: object, spider: Spider) -> LogFormatterResult:
        return None  # type: ignore[return-value]  # Scrapy's word for "do not log"


_installed: list[logging.Handler] = []


def install(settings: Settings) -> None:
    """Send the log to standard error, above the progress line when there is one."""
    configure_logging(settings)
    root = logging.getLogger()
    while _installed:
        root.removeHandler(_installed.pop())
    handler: logging.Handler
    if CONSOLE.is_terminal:
        handler = RichHandler(console=CONSOLE, show_path=False, markup=False)
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")
        )
    handler.setLevel(settings.get("LOG_LEVEL"))
    root.addHandler(handler)
    _installed.append(handler)
