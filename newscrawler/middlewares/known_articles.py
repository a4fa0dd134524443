"""Requests known articles, to learn whether the site fails or only some numbers do."""

from __future__ import annotations

from collections.abc import Collection

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.items import Verdict
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.sites import Site, urls

_MORE = 4
"""How many stored articles are read for each one that is needed: some may be excluded."""


class KnownArticles:
    """Articles that existed at the last request, newest first; without any, what the site lists."""

    def __init__(self, crawler: Crawler, site: Site) -> None:
        self.crawler = crawler
        self.site = site

    def known(self, limit: int, *, but_not: Collection[int]) -> list[int]:
        """Up to ``limit`` stored articles that the site does not show under other numbers."""
        but_not = {*but_not, *self.shown}
        stored = extension(self.crawler, StoreHolder).ledger.some_articles(
            _MORE * limit + len(but_not)
        )
        return [idx for idx in stored if idx not in but_not][:limit]

    def listed(self, *, but_not: Collection[int]) -> list[int]:
        """The newest number that the site itself lists; it may be members only."""
        newest = extension(self.crawler, Run).newest
        if newest is None or newest in but_not or newest in self.shown:
            return []
        return [newest]

    @property
    def shown(self) -> set[int]:
        """Articles that the site shows under other numbers, too."""
        parser = self.crawler.get_downloader_middleware(ParseMiddleware)
        return parser.shown if parser else set()

    async def ask(self, idx: int) -> Verdict | None:
        """The verdict on an article; ``None`` if the crawl is ending."""
        meta: Meta = {"idx": idx, "canary": True}
        request = Request(
            urls.view_url(self.site, idx, getattr(self.crawler.spider, "base_url", None)),
            callback=NO_CALLBACK,
            meta={**meta},
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest:
            return None
        except Exception:
            # Any exception means that no answer came; the circuit breaker has counted it.
            return Verdict.TEMPORARY
        return meta_of(response)["reading"].verdict
