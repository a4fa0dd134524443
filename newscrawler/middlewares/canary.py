"""Checks that gaps are real, because a site in trouble may report articles as missing.

A site that answers its home page, a 404, "no such article" or its login page for everything would
fill the ledger with false gaps. There are two checks:

- *The canary.* After many gaps in a row a known article is requested. If it is gone too, none of
  the answers is accepted, and the run ends.
- *The proof.* Gaps that a short outage may have caused (``gap_row``) are requested again once an
  article has been seen. If one of them exists now, the whole row is requested again.

Gaps that are not proven when a run ends are not settled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newscrawler import clock, pages
from newscrawler.config import options
from newscrawler.exceptions import OverBoundError
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.page_reader import PageReader
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Capture, Reading, Verdict
from newscrawler.middlewares.gap_row import GapRow
from newscrawler.middlewares.gap_sample import GapSample
from newscrawler.middlewares.known_articles import KnownArticles
from newscrawler.middlewares.listed_gaps import ListedGaps
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.parse import ParseMiddleware
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store.states import REASONS, Code

logger = logging.getLogger(__name__)

_THERE = (Verdict.ARTICLE, Verdict.UNCHANGED)
_GONE = (Verdict.MISSING, Verdict.REMOVED)
_NO_ARTICLE = (*_GONE, Verdict.RESTRICTED)
_CONTROLS = 2
"""One known article may have been withdrawn since; two at once is no coincidence."""


class CanaryMiddleware:
    def __init__(self, crawler: Crawler, site: Site) -> None:
        self.crawler = crawler
        self.site = site
        self._known_articles = KnownArticles(crawler, site)
        self._limit = options.BREAKER_GAPS.read(crawler.settings)
        self._row = GapRow()
        self._sample = GapSample()
        self._listed_gaps: ListedGaps | None = None
        self._false: list[int] = []
        """Gaps that turned out to be articles."""
        self._one_by_one = asyncio.Lock()
        self._is_believed = True
        extension(crawler, Run).before_its_end(self._take_back_all)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CanaryMiddleware:
        site = getattr(crawler.spidercls, "site", None)
        if site is None:
            raise NotConfigured("the spider has no newspaper")
        return cls(crawler, site)

    async def process_response(self, request: Request, response: Response) -> Response:
        meta = meta_of(request)
        reading = meta.get("reading")
        if reading is None or meta.get("canary") or meta.get("probe"):
            return response
        if reading.verdict in (*_GONE, *_THERE) or meta.get("like_nothing"):
            async with self._one_by_one:
                await self._compare_with_lists(meta["idx"], has_article=reading.verdict in _THERE)
        if reading.verdict in _THERE:
            async with self._one_by_one:
                if not self._row.needs_proof:
                    self._sample.accept(self._row.clear())
                else:
                    await self._is_true()
        elif reading.verdict in _NO_ARTICLE and not self._is_future(meta["idx"], reading.verdict):
            await self._doubt_gap(meta, reading)
        return response

    async def conclude(self) -> list[int]:
        """At the end of the crawl: check unproven gaps; returns the numbers to request again.

        All answers must have been written.
        """
        async with self._one_by_one:
            if self._row.needs_proof and self._is_believed:
                await self._ask_canary()
        false, self._false = self._false, []
        self._take_back(false)  # those that were not written yet when they turned out false
        return false if self._is_believed else []

    async def _compare_with_lists(self, idx: int, *, has_article: bool) -> None:
        """Believe no gap any more, if the site lists too many of them as published."""
        if self._listed_gaps is None:
            listed = extension(self.crawler, Run).listed
            self._listed_gaps = ListedGaps(listed, self._holder.ledger.without_article(listed))
        self._listed_gaps.note(idx, has_article=has_article)
        if has_article or not self._is_believed or not await self._is_contradicted():
            return
        self._believe_nothing(
            f"the site lists {self._listed_gaps} as published, and answers that they do not exist:"
            " no gap is believed"
        )
        self._parser.nothing = None
        since = extension(self.crawler, Run).started_at
        self._holder.flush()
        self._take_back(self._holder.store.corrections.gaps_since(self.site.name, since))

    async def _is_contradicted(self) -> bool:
        gaps = self._listed_gaps
        assert gaps is not None
        if not gaps.are_too_many or (earlier := gaps.to_ask) is None:
            return gaps.are_too_many
        verdict = await self._known_articles.ask(earlier)
        gaps.note(earlier, has_article=verdict in _THERE)
        if verdict in _THERE:
            gaps.forget_earlier()
        return gaps.are_too_many

    def _believe_nothing(self, sentence: str) -> None:
        self._is_believed = False
        logger.warning("%s", sentence[0].upper() + sentence[1:])
        extension(self.crawler, Run).remark(sentence)

    async def _doubt_gap(self, meta: Meta, reading: Reading) -> None:
        answer_kind = await self._answer_kind(meta["capture"], reading)
        # Answers that arrive during a check wait for its result.
        async with self._one_by_one:
            if self._is_believed:
                self._add(meta["idx"], reading.verdict, answer_kind)
                if len(self._row) >= self._limit:
                    await self._ask_canary()
            if not self._is_believed:
                reason = REASONS[Code.DISBELIEVED]
                meta["reading"] = Reading(Verdict.UNKNOWN, reason, is_believed=False)

    def _add(self, idx: int, verdict: Verdict, answer_kind: str) -> None:
        is_sample = self._sample.picks()
        self._row.add(
            idx,
            verdict,
            answer_kind,
            is_known=answer_kind in self._parser.gap_fingerprints,
            is_surprising=is_sample or self._holder.ledger.is_article(idx),
        )

    async def _answer_kind(self, capture: Capture, reading: Reading) -> str:
        """The kind of the answer: its fingerprint, with verdict and status if they differ from a
        plain gap's."""
        try:
            reader = extension(self.crawler, PageReader)
            found = await reader.read(len(capture.body), pages.fingerprint, capture)
        except OverBoundError:
            found = ""
        is_plain = reading.verdict is Verdict.MISSING and capture.http_status == 200
        return found if is_plain else f"{reading.verdict} {capture.http_status} {found}"

    def _is_future(self, idx: int, verdict: Verdict) -> bool:
        """Whether the answer must not settle the number."""
        listed = extension(self.crawler, Run).newest
        newest = self._holder.store.newest(self.site.name)
        return verdict is Verdict.MISSING and listed is not None and idx > max(listed, newest)

    async def _ask_canary(self) -> None:
        stored = self._known_articles.known(_CONTROLS, but_not=self._row.idxs)
        controls = stored or self._known_articles.listed(but_not=self._row.idxs)
        verdicts: list[Verdict] = []
        for idx in controls:
            verdict = await self._known_articles.ask(idx)
            if verdict is None:
                return
            if verdict is Verdict.ARTICLE:
                logger.info("%d gaps in a row, but article %d exists", len(self._row), idx)
                self._limit *= 2
                await self._is_true()
                return
            verdicts.append(verdict)
        if not stored:
            await self._judge_without_article(verdicts)
        elif all(verdict in _NO_ARTICLE for verdict in verdicts):
            self._disbelieve(
                Outcome.CHANGED,
                f"the site has changed its pages or shows an error page: {len(self._row)} numbers"
                " in a row show no article, and neither do articles that existed before",
            )
        else:
            # A temporary error proves nothing: the check is repeated later, for all numbers.
            self._limit *= 2

    async def _judge_without_article(self, verdicts: list[Verdict]) -> None:
        """The archive holds no article; the newest number, if it was asked, may be for members."""
        if self._row.are_members_only:
            if len(self._row) >= self._limit:
                self._disbelieve(
                    Outcome.BLOCKED,
                    f"the site asks for a login: {len(self._row)} numbers in a row are for members"
                    " only, and no article has been seen",
                )
        elif any(verdict in _GONE for verdict in verdicts):
            self._disbelieve(
                Outcome.CHANGED,
                f"the site has changed its pages or shows an error page: {len(self._row)} numbers"
                " in a row show no article, and neither does the newest number that it lists",
            )
        elif not verdicts and len(self._row) >= self._limit:
            self._disbelieve(
                Outcome.CHANGED,
                f"{len(self._row)} numbers in a row show no article, and no article is known that"
                " could show whether the site works",
            )
        elif verdicts and Verdict.RESTRICTED not in verdicts:
            self._limit *= 2
        else:
            # It distinguishes members' articles from missing ones, so it works.
            self._limit *= 2
            await self._is_true()

    async def _is_true(self) -> bool:
        """Request some numbers of the row again; whether that shows if the row is real or false.

        ``False`` after a temporary error: the check is repeated after the next article.
        """
        is_clear = True
        for idx in self._row.witnesses:
            verdict = await self._known_articles.ask(idx)
            if verdict in _THERE or (verdict in _NO_ARTICLE and verdict != self._row.said(idx)):
                self._refute(idx, verdict)
                return True
            is_clear &= verdict in _NO_ARTICLE
        if is_clear:
            self._sample.is_true(self._row.is_proven())
        return is_clear

    def _refute(self, idx: int, now: Verdict | None) -> None:
        said = self._row.said(idx)
        false = [*self._row.clear(), *self._sample.is_false()]
        logger.warning(
            "Number %d was answered as %s, and then as %s: %d numbers are requested again",
            idx,
            said,
            now,
            len(false),
        )
        self._false += false
        self._take_back(false)  # at once: a killed run cannot do it at its end
        if self._sample.is_unreliable and self._is_believed:
            self._believe_nothing(
                "the site says of articles that they do not exist: no gap is believed"
            )

    def _disbelieve(self, outcome: Outcome, diagnosis: str) -> None:
        self._is_believed = False
        self._take_back(self._row.clear())
        extension(self.crawler, Stopper).stop(outcome, diagnosis)

    def _take_back_all(self) -> None:
        unproven = self._row.idxs if self._row.needs_proof else []
        self._take_back([*self._false, *unproven])

    def _take_back(self, idxs: Iterable[int]) -> None:
        self._holder.flush()
        was = self._holder.store.corrections.disbelieve(self.site.name, list(idxs), clock.now())
        extension(self.crawler, Run).taken_back(was)

    @property
    def _holder(self) -> StoreHolder:
        return extension(self.crawler, StoreHolder)

    @property
    def _parser(self) -> ParseMiddleware:
        parser = self.crawler.get_downloader_middleware(ParseMiddleware)
        assert parser is not None
        return parser
