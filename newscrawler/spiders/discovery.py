"""What a crawl learns of the site first: the newest number, and how a gap is answered."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler import clock, pages
from newscrawler.exceptions import OverBoundError
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.page_reader import PageReader
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Answer, Reading, Verdict
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.middlewares.parse import capture_of
from newscrawler.middlewares.robots import ForbiddenError
from newscrawler.outcomes import Outcome
from newscrawler.pages import listings
from newscrawler.pages.statuses import brings_page
from newscrawler.sites import Site, urls
from newscrawler.spiders import newest_number
from newscrawler.spiders.newest_number import Proof

logger = logging.getLogger(__name__)

T = TypeVar("T")

IMPOSSIBLE_IDX = 2_147_483_647
"""The largest MySQL INT: no paper reaches it, and the database of any site can search for it."""

ENDINGS = {
    Verdict.BLOCKED: Outcome.BLOCKED,
    Verdict.TEMPORARY: Outcome.DOWN,
    Verdict.FORBIDDEN: Outcome.FORBIDDEN,
    Verdict.UNKNOWN: Outcome.CHANGED,
}
"""How a run ends if no page lists articles, by the verdict on what came instead."""


class Discovery:
    """Requests the pages that are not articles: home, RSS, section lists, an impossible number."""

    def __init__(self, crawler: Crawler, site: Site, base_url: str | None) -> None:
        self.crawler = crawler
        self.site = site
        self.base_url = base_url
        self._holder = extension(crawler, StoreHolder)
        self.troubles: list[str] = []
        """Why sources listed no article, in a few words each."""
        self.verdicts: list[Verdict] = []
        """The verdicts on answers that listed no article, the home page's first."""
        self._asked_twice = False
        self.feed_dates: dict[int, datetime] = {}
        """Number → time of publication by the feed, if it was read."""
        self.answers: dict[int, Answer] = {}
        """Answers for listed numbers, so that the spider need not request them again."""
        self.impossible: Answer | None = None
        """The answer for a number that cannot exist, once it was requested."""
        self._is_well: bool | None = None

    async def find_newest(self, *, prove: bool = True) -> int | None:
        """The number up to which a crawl may go; ``None`` if no source lists one.

        The home page is requested first; RSS if the home page lists nothing new (it may be cached
        or made by hand) or an improbable number; a section's list if both fail. What they list is
        not trusted: a number that is not stored yet is requested, and its answer kept in
        :attr:`answers` for the spider.

        Args:
            prove: if ``False``, the highest listed number is returned without a request for it.

        Raises:
            StoppingError: the crawl is ending.
        """
        ledger = self._holder.ledger
        known = max(ledger.last_newest() or 0, self._holder.store.newest(self.site.name))
        limit = newest_number.ceiling(known, ledger.pace(), clock.now())
        listed = set(await self._from_home())
        top = max(listed, default=0)
        if top <= known or _stands_apart(listed) or (limit and top > limit):
            self._asked_twice = top <= known
            listed |= set(await self._from_rss())
        if not listed:
            listed = set(await self._from_lists())
        if not listed:
            return None
        newest = await self._believed(listed, known, limit) if prove else max(listed)
        extension(self.crawler, Run).found_listed(listed)
        return newest

    async def _believed(self, listed: set[int], known: int, limit: int | None) -> int | None:
        run, ledger = extension(self.crawler, Run), self._holder.ledger
        # Above what is stored, not above the mark of an earlier run: that run may have been
        # killed after its proof, and gaps below it would count as unpublished again.
        seen = self._holder.store.newest(self.site.name)
        fresh = {idx for idx in listed if idx > seen and not ledger.is_something(idx)}
        if not fresh:
            top = max(listed)
            run.found_newest(top)
            return top
        newest = await newest_number.find(fresh, limit, self._prove)
        doubted = newest.doubted if newest else tuple(sorted(fresh, reverse=True))
        if doubted:
            self._say_doubted(doubted)
        if newest is None:
            old = [idx for idx in listed if idx not in fresh]
            return await self._without_proof(max([known, *old]), doubted)
        if newest.is_proven:
            run.found_newest(newest.idx)
            answer = self.answers.get(newest.idx)
            if answer and answer.reading and answer.reading.article:
                self._holder.store.note_newest(self.site.name, newest.idx)
        return newest.idx

    def _say_doubted(self, doubted: tuple[int, ...]) -> None:
        some = ", ".join(map(str, doubted[:3])) + ", …" * (len(doubted) > 3)
        sentence = f"the site lists {some} as published, but no such article exists: ignored"
        logger.warning("%s", sentence[0].upper() + sentence[1:])
        extension(self.crawler, Run).remark(sentence)

    async def _without_proof(self, known: int, doubted: tuple[int, ...]) -> int | None:
        """No listed number exists: is the list wrong, or has the site lost its articles?"""
        articles = self._holder.ledger.some_articles(1)
        if articles and await self._prove(articles[0]) is Proof.THERE:
            extension(self.crawler, Run).found_newest(known)
            return known
        self.verdicts.insert(0, Verdict.UNKNOWN)
        self.troubles.append(f"number {doubted[0]} is listed, but does not exist")
        return None

    async def _prove(self, idx: int) -> Proof:
        answer = await self.probe(idx)
        if answer is None or answer.reading is None:
            return Proof.UNCLEAR
        match answer.reading.verdict:
            case Verdict.ARTICLE | Verdict.UNCHANGED:
                self.answers[idx] = answer
                return Proof.THERE
            case Verdict.RESTRICTED:
                # It would settle the number: asked again in the walk, where the canary judges
                # whether the site shows a login to everything.
                return Proof.THERE
            case Verdict.MISSING | Verdict.REMOVED:
                return Proof.NOTHING
        return Proof.UNCLEAR

    async def _from_home(self) -> tuple[int, ...]:
        response = await self._ask(self.site.home)
        if response is None:
            return ()
        home = await self._read(
            "the home page", response, listings.read_home, response.url, _content_type(response)
        )
        if home is None:
            return ()
        if home.sections:
            self._holder.store.sections.learn_names(self.site.name, home.sections, clock.now())
        if not home.idxs:
            await self._note_trouble("the home page", response)
        return home.idxs

    async def _from_rss(self) -> tuple[int, ...]:
        response = await self._ask(self.site.rss)
        if response is None:
            return ()
        items = await self._read(
            "RSS", response, listings.read_rss, self.site.timezone, response.url
        )
        if items is None:
            return ()
        if not items:
            await self._note_trouble("RSS", response)
        self.feed_dates = {item.idx: item.published_at for item in items if item.published_at}
        return tuple(item.idx for item in items)

    async def _from_lists(self) -> tuple[int, ...]:
        for code in list(self._holder.ledger.section_names())[:1]:
            async for page in self.section_pages(code):
                return tuple(entry.idx for entry in page.entries)
        return ()

    async def _read(
        self, source: str, response: Response, function: Callable[..., T], *arguments: object
    ) -> T | None:
        """What a page lists; ``None`` if it cannot be read, which is noted in :attr:`troubles`."""
        reader, body = extension(self.crawler, PageReader), response.body
        try:
            return await reader.read(len(body), function, body, *arguments, self.site)
        except StoppingError:
            raise
        except OverBoundError as error:
            why = str(error)
        except Exception as error:
            extension(self.crawler, Run).count_bug(error)
            why = f"it cannot be read ({type(error).__name__})"
        self.verdicts.append(Verdict.UNKNOWN)
        self.troubles.append(f"{source}: {why}")
        return None

    async def _note_trouble(self, source: str, response: Response) -> None:
        """Note why a page lists no article: by what it would mean as an answer for an article."""
        capture = capture_of(response, self.site.name, IMPOSSIBLE_IDX, clock.now())
        try:
            reader = extension(self.crawler, PageReader)
            reading = await reader.read(len(response.body), pages.read, capture, self.site)
        except OverBoundError as error:
            reading = Reading(Verdict.UNKNOWN, str(error))
        understood = reading.verdict in (Verdict.BLOCKED, Verdict.TEMPORARY)
        self.verdicts.append(reading.verdict if understood else Verdict.UNKNOWN)
        brought = brings_page(response.status)
        said = "it lists no article" if brought else f"status {response.status}"
        if understood or 300 <= response.status < 400:
            said = reading.reason  # a redirect: where to
        self.troubles.append(f"{source}: {said}")

    async def section_pages(self, code: str, start: int = 1) -> AsyncIterator[listings.ListPage]:
        """A section's list, page by page, until a page is empty or repeats earlier ones."""
        seen: set[int] = set()
        number = start
        while True:
            response = await self._ask(self.site.section_list.format(mcode=code, page=number))
            if response is None:
                return
            page = await self._read(
                "a list", response, listings.read_list, response.url, _content_type(response)
            )
            if page is None:
                return
            fresh = {entry.idx for entry in page.entries} - seen
            if not fresh:
                return
            yield page
            seen |= fresh
            number += 1

    async def learn_gap(self, newest: int | None) -> frozenset[str]:
        """Request a number that cannot exist; the fingerprints of answers that mean "no such
        article".

        An answer that the parser does not know is accepted as the site's gap only if a listed
        article can be read at the same time: otherwise it may be an unknown block or maintenance
        page.
        """
        ledger, store = self._holder.ledger, self._holder.store
        known = ledger.gap_fingerprints()
        if self._asked_twice and known:
            return known
        asked = await self.probe(IMPOSSIBLE_IDX)
        if asked is None:
            return known
        self.impossible = asked
        capture, reading = asked.capture, asked.reading
        assert capture is not None
        assert reading is not None
        try:
            fingerprint = pages.fingerprint(capture)
        except Exception as error:
            extension(self.crawler, Run).count_bug(error)
            return known
        if fingerprint in known:
            return known
        if reading.verdict is Verdict.UNKNOWN and reading.skin is None:
            if not await self.is_well(newest):
                return known
        elif reading.verdict is not Verdict.MISSING:
            return known
        store.learn_gap(self.site.name, fingerprint, reading.reason, clock.now())
        return known | {fingerprint}

    async def is_well(self, newest: int | None) -> bool:
        """Whether an article can be read now: the newest that the site lists, or a stored one."""
        if self._is_well is None:
            candidates = [newest, *self._holder.ledger.some_articles(1)]
            for idx in dict.fromkeys(idx for idx in candidates if idx is not None):
                self._is_well = await self._is_article(idx)
                if self._is_well:
                    return True
        return bool(self._is_well)

    async def _is_article(self, idx: int) -> bool:
        asked = self.answers.get(idx) or await self.probe(idx)
        return asked is not None and asked.reading is not None and asked.reading.article is not None

    async def probe(self, idx: int) -> Answer | None:
        """Request a number without storing the answer; ``None``: no answer came.

        Raises:
            StoppingError: the crawl is ending.
        """
        url = urls.view_url(self.site, idx, self.base_url)
        request = self._request(url, {"idx": idx, "probe": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except StoppingError:
            raise
        except Exception as error:
            self._end_if_stopped()
            logger.warning("The request for number %d failed: %s", idx, error_text(error))
            return None
        meta = meta_of(response)
        capture = meta["capture"]
        return Answer(
            self.site.name,
            idx,
            capture.fetched_at,
            capture,
            meta["reading"],
            requests=meta.get("requests", 1),
            precomputed=meta.get("precomputed"),
        )

    async def _ask(self, path: str) -> Response | None:
        """A page of the site; ``None`` if it failed, which is noted in :attr:`troubles`."""
        url = urls.at_origin(self.site.origin + path, self.base_url)
        try:
            response = await self.crawler.engine.download_async(self._request(url))
        except StoppingError:
            raise
        except Exception as error:
            # A network error, or robots.txt forbids it: this source lists nothing.
            self._end_if_stopped()
            forbidden = isinstance(error, ForbiddenError)
            self.verdicts.append(Verdict.FORBIDDEN if forbidden else Verdict.TEMPORARY)
            self.troubles.append(f"{path}: {error_text(error)}")
            return None
        if not brings_page(response.status):
            await self._note_trouble(path, response)
            return None
        return response

    def _end_if_stopped(self) -> None:
        """Raise the reason, if the crawl is ending: Scrapy accepts no more requests then."""
        if cause := extension(self.crawler, Stopper).cause:
            raise StoppingError(cause.diagnosis)

    def _request(self, url: str, meta: Meta | None = None) -> Request:
        return Request(url, callback=NO_CALLBACK, priority=10, meta={**(meta or {})})


def _stands_apart(idxs: set[int]) -> bool:
    """Whether the highest of these is far above the second."""
    top = sorted(idxs)[-2:]
    return len(top) > 1 and top[1] - top[0] > newest_number.LEAP


def _content_type(response: Response) -> str | None:
    header = response.headers.get("Content-Type")
    return header.decode("latin-1") if header else None
