"""Holds the archive open for writing while a crawl runs."""

from __future__ import annotations

from collections.abc import Callable

from scrapy.crawler import Crawler

from newscrawler.config import archives
from newscrawler.exceptions import StoreError
from newscrawler.sites import Site
from newscrawler.store.ledger import Ledger
from newscrawler.store.store import Store


class StoreHolder:
    """Opens the archive on first use, so that ``scrapy shell`` and ``check`` open no database.

    The run closes it when the spider closes; after that it stays closed.
    """

    def __init__(self, crawler: Crawler, site: Site | None) -> None:
        self.crawler = crawler
        self.site = site
        self._store: Store | None = None
        self._is_closed = False
        self._write_waiting: Callable[[], None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreHolder:
        return cls(crawler, getattr(crawler.spidercls, "site", None))

    @property
    def store(self) -> Store:
        """The archive, open for writing.

        Raises:
            LockedError: another process is writing it.
            StoreError: it cannot be written, or the crawl has ended.
        """
        if self._is_closed:
            raise StoreError("the crawl has ended")
        if self._store is None:
            assert self.site is not None
            self._store = Store.open(archives.of_settings(self.crawler.settings, self.site))
        return self._store

    @property
    def is_open(self) -> bool:
        return self._store is not None

    @property
    def ledger(self) -> Ledger:
        """Queries of the ledger; raises the errors of :attr:`store`."""
        assert self.site is not None
        return Ledger(self.store.connection, self.site.name)

    def writes_with(self, write_waiting: Callable[[], None]) -> None:
        """The store stage collects answers to write them in one transaction; this is how it writes
        the rest."""
        self._write_waiting = write_waiting

    def flush(self) -> None:
        """Write the answers that are collected but not written yet."""
        if self._write_waiting:
            self._write_waiting()

    def close(self) -> None:
        """Close the archive; it is not opened again."""
        self._is_closed = True
        store, self._store = self._store, None
        if store:
            store.close()
