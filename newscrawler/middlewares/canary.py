"""Doubts bad luck: when number after number shows no article, a known one is asked for.

A site that answers home, a 404, "no such article" or its login page for
everything would fill the ledger with false gaps. An article that is surely
there tells the two apart: if it is gone too, none of the answers is believed.
"""

from __future__ import annotations

import asyncio
import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newscrawler import clock
from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Reading, Verdict
from newscrawler.middlewares.known_articles import KnownArticles
from newscrawler.middlewares.meta import meta_of
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store.states import REASONS, Code

logger = logging.getLogger(__name__)

_THERE = (Verdict.ARTICLE, Verdict.UNCHANGED)
_GONE = (Verdict.MISSING, Verdict.REMOVED)
_NO_ARTICLE = (*_GONE, Verdict.RESTRICTED)
_CONTROLS = 2
"""A control may itself have been withdrawn since; two at once are no accident."""


class CanaryMiddleware:
    def __init__(self, crawler: Crawler, site: Site) -> None:
        self.crawler = crawler
        self.site = site
        self._known_articles = KnownArticles(crawler, site)
        self._limit = options.BREAKER_GAPS.read(crawler.settings)
        self._streak: list[int] = []
        self._one_by_one = asyncio.Lock()
        self._is_believed = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CanaryMiddleware:
        site = getattr(crawler.spidercls, "site", None)
        if site is None:
            raise NotConfigured("no spider of a newspaper")
        return cls(crawler, site)

    async def process_response(self, request: Request, response: Response) -> Response:
        meta = meta_of(request)
        reading = meta.get("reading")
        if reading is None or meta.get("canary") or meta.get("probe"):
            return response
        if reading.verdict in _THERE:
            self._streak.clear()
        elif reading.verdict in _NO_ARTICLE and not self._is_future(meta["idx"], reading.verdict):
            # What comes in while a control is under way waits for what it says.
            async with self._one_by_one:
                self._streak.append(meta["idx"])
                if self._is_believed and len(self._streak) >= self._limit:
                    await self._doubt()
            if not self._is_believed:
                reason = REASONS[Code.DISBELIEVED]
                meta["reading"] = Reading(Verdict.UNKNOWN, reason, is_believed=False)
        return response

    def _is_future(self, idx: int, verdict: Verdict) -> bool:
        """Whether the answer settles nothing: "removed" and "for members" always do."""
        listed = extension(self.crawler, Run).newest
        newest = self._holder.store.newest(self.site.name)
        return verdict is Verdict.MISSING and listed is not None and idx > newest

    async def _doubt(self) -> None:
        stored = self._known_articles.known(_CONTROLS, but_not=self._streak)
        controls = stored or self._known_articles.listed(but_not=self._streak)
        # What is only listed may have been for members from the first.
        against = _NO_ARTICLE if stored else _GONE
        verdicts = []
        for idx in controls:
            verdict = await self._known_articles.ask(idx)
            if verdict is None:
                return
            if verdict is Verdict.ARTICLE:
                logger.info("%d gaps in a row; article %d is there: a true hole", self._limit, idx)
                self._streak.clear()
                self._limit *= 2
                return
            verdicts.append(verdict)
        if all(verdict in against for verdict in verdicts):
            if verdicts:
                self._disbelieve()
        else:
            # A hiccup proves nothing: the question is put again later, about all of them.
            self._limit *= 2

    def _disbelieve(self) -> None:
        self._is_believed = False
        self._holder.flush()
        self._holder.store.disbelieve(self.site.name, self._streak, clock.now())
        extension(self.crawler, Stopper).stop(
            Outcome.CHANGED,
            f"the site has changed its pages or is not itself: {len(self._streak)} numbers in a"
            f" row hold nothing, and neither do articles that are known to be there",
        )

    @property
    def _holder(self) -> StoreHolder:
        return extension(self.crawler, StoreHolder)
