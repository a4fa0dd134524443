"""Doubts good news: when number after number "holds nothing", a known article is asked for.

A site that answers home, a 404 or "no such article" for everything would fill
the ledger with false gaps. An article that is surely there tells the two
apart: if it is "missing" too, none of the answers is believed.
"""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler import clock, options, urls
from newscrawler.extensions import extension
from newscrawler.extensions.recorder import Recorder
from newscrawler.items import Reading, Verdict
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site

logger = logging.getLogger(__name__)

_GONE = (Verdict.MISSING, Verdict.REMOVED)
_CONTROLS = 2
"""A control may itself have been withdrawn since; two at once are no accident."""

REASON = "the site called everything missing, known articles too"


class ControlMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.site: Site | None = getattr(crawler.spidercls, "site", None)
        self._limit: int = options.read(crawler.settings, "BREAKER_GAPS")
        self._streak: list[int] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ControlMiddleware:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        reading: Reading | None = request.meta.get("reading")
        if reading is None or self.site is None or "control" in request.meta:
            return response
        idx = request.meta["idx"]
        if reading.verdict is Verdict.ARTICLE:
            self._streak.clear()
        elif reading.verdict in _GONE and idx <= self._recorder.store.newest(self.site.name):
            self._streak.append(idx)
            if len(self._streak) >= self._limit:
                await self._doubt(request)
        return response

    async def _doubt(self, request: Request) -> None:
        assert self.site is not None
        controls = [
            idx
            for idx in self._recorder.ledger.some_articles(_CONTROLS * 4)
            if idx not in self._streak
        ][:_CONTROLS]
        if not controls and self._recorder.newest and self._recorder.newest not in self._streak:
            controls = [self._recorder.newest]
        for idx in controls:
            verdict = await self._ask(idx, request)
            if verdict is None or verdict is Verdict.ARTICLE:
                logger.info("%d gaps in a row; article %d is there: a true hole", self._limit, idx)
                self._streak.clear()
                self._limit *= 2
                return
        if not controls:
            return
        request.meta["reading"] = Reading(Verdict.UNKNOWN, REASON)
        self._recorder.store.distrust(self.site.name, self._streak, REASON, clock.now())
        self._recorder.stop(
            Outcome.CHANGED,
            f"the site has changed its pages or is not itself: {len(self._streak)} numbers in a"
            f" row hold nothing, and neither do articles that are known to be there",
        )

    async def _ask(self, idx: int, request: Request) -> Verdict | None:
        """The verdict on a known article; ``None`` when the crawl is ending."""
        assert self.site is not None
        base = getattr(self.crawler.spider, "base_url", None)
        control = Request(
            urls.view_url(self.site, idx, base),
            callback=NO_CALLBACK,
            meta={"idx": idx, "control": True},
        )
        try:
            await self.crawler.engine.download_async(control)
        except IgnoreRequest:
            return None
        except Exception:
            # No answer at all is the breaker's business, not evidence of a hole.
            return Verdict.TEMPORARY
        reading: Reading = control.meta["reading"]
        return reading.verdict

    @property
    def _recorder(self) -> Recorder:
        return extension(self.crawler, Recorder)
