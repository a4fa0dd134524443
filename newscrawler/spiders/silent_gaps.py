"""Silent gaps, for which the site shows no message: settled at the end of a run, by evidence.

A silent answer (``pages/silence.py``) leaves its number failed or unknown. The number is settled if

- a number that cannot exist has the same answer, at the start and at the end of the run;
- articles can be read at both times: the newest, and those next to the numbers in question;
- an empty answer, which may be a temporary error, comes a second time at the end;
- a status 5xx, or any silent answer for a former article, has lasted a day and several attempts.
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
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.sites import Site
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX, Discovery
from newscrawler.store.states import State

logger = logging.getLogger(__name__)

LONG = timedelta(days=1)
"""How long a server error may last that has nothing to do with the number."""


class SilentGaps:
    """Finds and settles the silent gaps of one run."""

    def __init__(self, crawler: Crawler, site: Site, discovery: Discovery) -> None:
        self._crawler = crawler
        self._site = site
        self._discovery = discovery
        self._known = KnownArticles(crawler, site)
        self._holder = extension(crawler, StoreHolder)
        self._run = extension(crawler, Run)
        self._schedule = options.schedule(crawler.settings)
        self._nothing: Answer | None = None
        """The silence of the answer for a number that cannot exist."""

    async def learn(self, newest: int | None) -> str | None:
        """The silence of a number that cannot exist; ``None`` if it has a message or no article can
        be read.

        Args:
            newest: the newest number that the site lists, if it was asked.

        Raises:
            StoppingError: the crawl is ending.
        """
        asked = self._discovery.impossible
        reading = asked and asked.reading
        if reading and reading.silence and await self._discovery.is_well(newest):
            logger.info(
                "The answer for a number that cannot exist has no message: %s", reading.reason
            )
            self._nothing = asked
            return reading.silence
        return None

    async def settle(self) -> AsyncIterator[Answer]:
        """Settle the numbers of this run; yields answers that came in the second attempt.

        Raises:
            StoppingError: the crawl is ending.
        """
        parser = self._crawler.get_downloader_middleware(ParseMiddleware)
        nothing = self._nothing if parser and parser.nothing else None  # the canary may have doubts
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
                    answer = await self._discovery.probe(idx)
                    if answer and answer.reading and answer.reading.silence == silence:
                        confirmed.append(idx)
                    elif answer:
                        yield answer
                if not await self._is_evidence(silence, gaps):
                    return
                gaps = confirmed
            self._settle(gaps, silence, State.FAILED if may_be_hiccup else State.UNKNOWN)

    async def _is_evidence(self, silence: str, gaps: Sequence[int]) -> bool:
        """Whether the impossible number is still silent, and articles next to these can be read.

        An article that the site shows under other numbers, too, is no evidence."""
        asked = await self._discovery.probe(IMPOSSIBLE_IDX)
        if asked is None or asked.reading is None or asked.reading.silence != silence:
            logger.info(
                "Silent answers settle nothing: an impossible number has another answer now"
            )
            return False
        beside = (self._holder.ledger.article_beside(idx) for idx in (gaps[0], gaps[-1]))
        articles = {idx for idx in (*self._known.known(1, but_not=gaps), *beside) if idx}
        articles -= self._known.shown
        for idx in articles:
            if not await self._is_there(idx):
                logger.warning("Silent answers settle nothing: article %d cannot be read now", idx)
                return False
        return bool(articles)

    async def _is_there(self, idx: int) -> bool:
        # Requested twice: one temporary error proves nothing.
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
