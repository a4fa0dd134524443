"""The circuit breaker: stops requests after many bad answers in a row, probes, then ends the run.

A row of errors (no usable answer, a refusal) ends with the next proper answer, even if it is a gap.
A row of pages that are not understood ends only with an article: a redesign may change the articles
and leave the gaps as they were. A probe requests a known article: if it is there, the site works
and the fault is in the requested numbers. Failures with articles between them are counted in
failing_share.py.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import NamedTuple

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Reading, Verdict
from newscrawler.middlewares.known_articles import KnownArticles
from newscrawler.middlewares.meta import meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site

logger = logging.getLogger(__name__)

OUTCOMES = {
    Verdict.TEMPORARY: (Outcome.DOWN, "the site is down or in trouble"),
    Verdict.BLOCKED: (Outcome.BLOCKED, "the site blocks this crawler"),
    Verdict.UNKNOWN: (Outcome.CHANGED, "the site has changed its pages"),
    Verdict.COPY: (Outcome.CHANGED, "the site shows one article under many numbers"),
}
"""How a run ends, and what its diagnosis begins with, by the commonest verdict on the answers."""

_PAGES = (Verdict.UNKNOWN, Verdict.COPY)
"""The site answers, but not with the article that was requested."""


class _Bad(NamedTuple):
    idx: int
    verdict: Verdict
    is_silent: bool
    """The answer equals the one for a number that cannot exist."""


PAUSE_IN_BACKOFFS = 12
"""The first pause in units of RETRY_BACKOFF_BASE: one setting controls both."""


class CircuitBreakerMiddleware:
    def __init__(self, crawler: Crawler, site: Site) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self._known_articles = KnownArticles(crawler, site)
        self._threshold = options.BREAKER_THRESHOLD.read(settings)
        self._keeps_unknown = options.ON_UNKNOWN.read(settings) == "keep"
        self._blocks = options.BREAKER_BLOCKS.read(settings)
        pause = options.BREAKER_PAUSE.read(settings)
        base = options.RETRY_BACKOFF_BASE.read(settings)
        self._pause = PAUSE_IN_BACKOFFS * base if pause is None else pause
        self._probes = options.BREAKER_PROBES.read(settings)
        self._streak: list[_Bad] = []
        """The bad answers in a row."""
        self._patience = 1
        """Doubles whenever a probe finds that the site works, so that a long row costs few
        probes."""
        self._probing = False
        self._failed_probes = 0
        self._last_reason = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CircuitBreakerMiddleware:
        site = getattr(crawler.spidercls, "site", None)
        if site is None:
            raise NotConfigured("the spider has no newspaper")
        return cls(crawler, site)

    async def process_response(self, request: Request, response: Response) -> Response:
        reading = meta_of(request).get("reading")
        if reading is not None and not meta_of(request).get("probe"):
            await self._note(request, reading)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        meta_of(request)["error"] = exception
        if isinstance(exception, IgnoreRequest) or meta_of(request).get("probe"):
            return
        if "idx" in meta_of(request):
            await self._note(request, Reading(Verdict.TEMPORARY, error_text(exception)))

    async def _note(self, request: Request, reading: Reading) -> None:
        if reading.verdict.settles:
            self._relax(reading.verdict, asked_by_walk=not meta_of(request).get("canary"))
            return
        if self._keeps_unknown and reading.verdict is Verdict.UNKNOWN:
            return  # kept to be read later, by somebody's wish
        meta = meta_of(request)
        self._streak.append(
            _Bad(meta["idx"], reading.verdict, is_silent=meta.get("like_nothing", False))
        )
        self._last_reason = reading.reason
        if self._is_open() and not self._probing:
            self._probing = True
            try:
                await self._probe_or_give_up()
            finally:
                self._probing = False

    def _relax(self, verdict: Verdict, *, asked_by_walk: bool) -> None:
        understood = verdict in (Verdict.ARTICLE, Verdict.UNCHANGED)
        if understood and asked_by_walk:
            self._patience = 1
        self._streak = [bad for bad in self._streak if bad.verdict in _PAGES and not understood]
        if not self._streak and self._failed_probes:
            logger.info("The site answers again: the crawl goes on")
            self._failed_probes = 0

    def _is_open(self) -> bool:
        bad = self._counts()
        return (
            bad.total() >= self._threshold * self._patience
            or bad[Verdict.BLOCKED] >= self._blocks * self._patience
        )

    def _counts(self) -> Counter[Verdict]:
        return Counter(bad.verdict for bad in self._streak)

    async def _probe_or_give_up(self) -> None:
        """Probe after growing pauses, until the site works or the probes are used up.

        If no article is known, the next number is the probe.
        """
        suspects = {bad.idx for bad in self._streak}
        known = self._known_articles.known(
            self._probes, but_not=suspects
        ) or self._known_articles.listed(but_not=suspects)
        while self._failed_probes < self._probes:
            self._rest()
            if not known:
                return
            idx = known[self._failed_probes % len(known)]
            if await self._ask_alone(idx) is None:
                return
            if not self._is_open():
                logger.warning("Article %d exists: the site works, only these numbers fail", idx)
                self._patience *= 2
                return
        self._give_up()

    async def _ask_alone(self, idx: int) -> Verdict | None:
        pacer = extension(self.crawler, Pacer)
        pacer.holds_the_walk = True
        try:
            return await self._known_articles.ask(idx)
        finally:
            pacer.holds_the_walk = False

    def _rest(self) -> None:
        wait = self._pause * 2**self._failed_probes
        if not self._failed_probes and all(bad.is_silent for bad in self._streak):
            wait = 0.0  # holes in a row, as it seems; whether they are, the probe says at once
        self._failed_probes += 1
        logger.warning(
            "%d bad answers in a row (%s): pause of %.0f s, then probe %d of %d",
            len(self._streak),
            self._last_reason,
            wait,
            self._failed_probes,
            self._probes,
        )
        extension(self.crawler, Pacer).pause(wait)

    def _give_up(self) -> None:
        verdict, _ = self._counts().most_common(1)[0]
        outcome, sentence = OUTCOMES[verdict]
        extension(self.crawler, Pacer).close()
        extension(self.crawler, Stopper).stop(
            outcome,
            f"{sentence}: {len(self._streak)} bad answers in a row,"
            f" the last one: {self._last_reason}",
        )
