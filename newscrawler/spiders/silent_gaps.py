"""Holes that do not speak: settled at the end of a run by evidence, never by resemblance alone.

A silent answer (``pages/silence.py``) leaves its number failed or unknown. It
is settled if

- the number that cannot exist is answered in the same way, at the start and at the end of the run;
- articles are there at both times: the newest, and those beside the numbers in question;
- what may be a hiccup, an empty answer, comes a second time, at the end;
- a status 5xx, and any silence where an article was, has lasted for a day and several looks.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from scrapy.crawler import Crawler

from newscrawler import clock, pages
from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.items import Answer, Reading, Verdict
from newscrawler.middlewares.known_articles import KnownArticles
from newscrawler.sites import Site
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX, Discovery
from newscrawler.store.states import State

logger = logging.getLogger(__name__)

LONG = timedelta(days=1)
"""How long a fault of a server may last that is none of the number's."""


class SilentGaps:
    """What one run learns of gaps that do not speak."""

    def __init__(self, crawler: Crawler, site: Site, discovery: Discovery) -> None:
        self._site = site
        self._discovery = discovery
        self._known = KnownArticles(crawler, site)
        self._holder = extension(crawler, StoreHolder)
        self._run = extension(crawler, Run)
        self._schedule = options.schedule(crawler.settings)
        self._nothing: Answer | None = None
        """The silent answer for a number that cannot exist."""

    async def learn(self, newest: int | None) -> str | None:
        """The silence of a number that cannot exist, if it is silent while an article is there.

        Args:
            newest: the newest number that the site lists, if it was asked.

        Raises:
            StoppingError: the crawl is ending.
        """
        asked = self._discovery.impossible
        reading = asked and asked.reading
        if reading and reading.silence and await self._discovery.is_well(newest):
            logger.info("A number that cannot exist is answered without a word: %s", reading.reason)
            self._nothing = asked
            return reading.silence
        return None

    async def settle(self) -> AsyncIterator[Answer]:
        """Settle what this run has asked for; answers that came after all, for the store.

        Raises:
            StoppingError: the crawl is ending.
        """
        nothing = self._nothing
        if nothing is None or nothing.reading is None or nothing.capture is None:
            return
        silence, last = nothing.reading.silence, 0
        assert silence is not None
        may_be_hiccup = nothing.reading.verdict is Verdict.TEMPORARY
        while gaps := self._holder.ledger.silent(
            silence,
            self._run.started_at,
            clock.now() - LONG,
            at_once=nothing.capture.http_status < 500,
            after=last,
        ):
            last = gaps[-1]
            if not await self._is_evidence(silence, gaps):
                return
            if may_be_hiccup:
                confirmed = []
                for idx in gaps:
                    answer = await self._discovery.look(idx)
                    if answer and answer.reading and answer.reading.silence == silence:
                        confirmed.append(idx)
                    elif answer:
                        yield answer
                if not await self._is_evidence(silence, gaps):
                    return
                gaps = confirmed
            self._settle(gaps, silence, State.FAILED if may_be_hiccup else State.UNKNOWN)

    async def _is_evidence(self, silence: str, gaps: Sequence[int]) -> bool:
        """Whether the impossible number is still silent, and articles around these are there."""
        asked = await self._discovery.look(IMPOSSIBLE_IDX)
        if asked is None or asked.reading is None or asked.reading.silence != silence:
            logger.info("Silent answers settle nothing: an impossible number is answered otherwise")
            return False
        beside = (self._holder.ledger.article_beside(idx) for idx in (gaps[0], gaps[-1]))
        articles = {idx for idx in (*self._known.known(1, but_not=gaps), *beside) if idx}
        for idx in articles:
            if not await self._is_there(idx):
                logger.warning("Silent answers settle nothing: article %d is not there now", idx)
                return False
        return bool(articles)

    async def _is_there(self, idx: int) -> bool:
        # Asked twice before it counts: a hiccup is no illness.
        for _ in range(2):
            if await self._known.ask(idx) in (Verdict.ARTICLE, Verdict.UNCHANGED):
                return True
        return False

    def _settle(self, gaps: Sequence[int], silence: str, was: State) -> None:
        reading = Reading(Verdict.MISSING, f"as a number that cannot exist: {silence}")
        at = clock.now()
        answers = [Answer(self._site.name, idx, at, reading=reading, requests=0) for idx in gaps]
        saved = self._holder.store.save_all(
            answers, self._schedule, parser_version=pages.PARSER_VERSION
        )
        for one in saved:
            self._run.settled_late(one, was)
        logger.info("%d silent gaps settled: %s", len(gaps), reading.reason)
