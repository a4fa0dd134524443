"""Scrapy's feeds (``-o``, ``-O``, FEEDS) as part of the run: checked before it, closed within it.

Scrapy's exporter is off without a word beyond the log if one of its feeds is unusable, and closes
its files after the run's outcome is recorded: the last articles of a feed that could not be
written would be missing from a "complete" crawl.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter, FeedSlot
from scrapy.settings import Settings
from w3lib.url import file_uri_to_path

from newscrawler.config.surroundings import refuse_database
from newscrawler.exceptions import SettingError
from newscrawler.extensions import extension
from newscrawler.extensions.stopper import Stopper
from newscrawler.outcomes import Outcome

_LOGGER = logging.getLogger("scrapy.extensions.feedexport")
"""Where Scrapy says why it writes no feed; its exception has no text."""
_PLACEHOLDERS = ("time", "batch_time", "batch_id")
"""What a feed's address may contain besides the spider's attributes."""


def check_feeds(settings: Settings, spider: Spider, database: Path) -> None:
    """Refuse a feed that Scrapy would not write, or that would overwrite a database.

    Raises:
        SettingError: the message says why.
    """
    if not settings.getdict("FEEDS"):
        return
    with _reasons() as reasons:
        try:
            exporter = FeedExporter(Crawler(Spider, settings))
        except NotConfigured:
            raise SettingError(f"a feed cannot be used: {' '.join(reasons)}") from None
    known = {*dir(spider), *_PLACEHOLDERS}
    for address, feed in exporter.feeds.items():
        if unknown := [name for name in re.findall(r"%\((\w+)\)", address) if name not in known]:
            raise SettingError(f"the feed {address} has an unknown placeholder: {unknown[0]}")
        try:
            codecs.lookup(feed["encoding"] or "utf-8")
        except (LookupError, TypeError):
            raise SettingError(
                f"the feed {address} has an unknown encoding: {feed['encoding']!r}"
            ) from None
        if path := _local_path(address):
            refuse_database("a feed", path, database)


@contextmanager
def _reasons() -> Iterator[list[str]]:
    """What Scrapy logs about feeds meanwhile, instead of its log."""
    said: list[str] = []

    def take(record: logging.LogRecord) -> bool:
        said.append(record.getMessage())
        return False

    _LOGGER.addFilter(take)
    try:
        yield said
    finally:
        _LOGGER.removeFilter(take)


def _local_path(address: str) -> Path | None:
    scheme = urlsplit(address).scheme
    if scheme == "file":
        return Path(file_uri_to_path(address))
    return Path(address) if not scheme else None


async def close_feeds(crawler: Crawler) -> None:
    """Close the feeds before Scrapy would; a file that was not stored ends the run with 6."""
    exporter = crawler.get_extension(FeedExporter)
    if exporter is None or not exporter.slots or crawler.spider is None:
        return
    slots = exporter.slots
    await exporter.close_spider(crawler.spider)
    exporter.slots = []  # Scrapy closes what is left here when the spider has closed
    files = sum(slot.batch_id - 1 + _has_file(slot) for slot in slots)
    lost = files - _stored(crawler)
    if lost > 0:
        told = "a feed" if files == 1 else f"{lost} of {files} files of feeds"
        extension(crawler, Stopper).stop(
            Outcome.STORAGE,
            f"{told} could not be written to the end (the log says why): the articles are in the"
            " archive; write the file with newscrawler export",
        )


def _has_file(slot: FeedSlot) -> bool:
    """Whether Scrapy writes a file for the last batch of a feed."""
    return bool(slot.itemcount) or (bool(slot.store_empty) and slot.batch_id == 1)


def _stored(crawler: Crawler) -> int:
    """How many files Scrapy has stored, whatever their kind of storage."""
    return sum(
        int(count)
        for name, count in crawler.stats.get_stats().items()
        if name.startswith("feedexport/success_count/")
    )
