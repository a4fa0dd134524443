"""Validators: the site may answer "not modified", if it says so of what was not modified only.

A site whose validators (ETag, Last-Modified) stay the same while a page changes hides every edit.
So the last refresh of an article is made without them; and a run in which the site said "not
modified" sends it, once, validators that it never gave: RFC 9110, 13.1, asks for the page then.
"""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from newscrawler import clock
from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.middlewares.meta import Meta
from newscrawler.sites import Site

logger = logging.getLogger(__name__)

_NEVER_GIVEN = {
    "If-None-Match": '"newscrawler"',
    "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
}
_NOT_MODIFIED = 304


class Validators:
    """The validators of one run."""

    def __init__(self, crawler: Crawler, site: Site) -> None:
        self.crawler = crawler
        self.site = site
        self.unchanged: list[int] = []
        """Numbers that the site called "not modified" in this run."""
        self._schedule = options.schedule(crawler.settings)

    def headers(self, idx: int, *, named: bool) -> dict[str, str]:
        """The headers of a conditional request; empty for one that must bring the page.

        Args:
            named: somebody has named the number, so that no schedule says which refresh is its
                last.
        """
        ledger = extension(self.crawler, StoreHolder).ledger
        etag, last_modified, published_at = ledger.validators(idx)
        given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in given.items() if value}
        if headers and not named and not self._schedule.refresh(clock.now(), published_at):
            return {}
        return headers

    async def disproved(self, url: str) -> list[int]:
        """The numbers to request again, now without validators, because the site says "not
        modified" to any validator.

        Args:
            url: the address of the first number in ``unchanged``.

        Raises:
            StoreError: the archive cannot be written.
        """
        if not self.unchanged or not await self._says_so_of_anything(url):
            return []
        logger.warning(
            "The site says 'not modified' (304) to validators that it never gave: %d articles are"
            " requested again without them",
            len(self.unchanged),
        )
        extension(self.crawler, StoreHolder).store.corrections.forget_validators(self.site.name)
        return self.unchanged

    async def _says_so_of_anything(self, url: str) -> bool:
        meta: Meta = {"idx": self.unchanged[0], "canary": True}
        request = Request(url, callback=NO_CALLBACK, headers=_NEVER_GIVEN, meta={**meta})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception:
            return False  # no answer came; the circuit breaker has counted it
        return bool(response.status == _NOT_MODIFIED)
