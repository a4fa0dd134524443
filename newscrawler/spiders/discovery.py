"""What a crawl learns of the site before it walks: the newest number, and the look of a gap."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
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
from newscrawler.extensions.reader import Reader
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Capture, Reading, Verdict
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.parse import capture_of
from newscrawler.middlewares.robots import ForbiddenError, error_text
from newscrawler.pages import listings
from newscrawler.sites import Site, urls

logger = logging.getLogger(__name__)

T = TypeVar("T")

IMPOSSIBLE_IDX = 2_147_483_647
"""The largest number of a MySQL INT: no paper reaches it, and every database can look it up."""

_LEAP = 1000
"""More numbers than a paper gives out in two months."""


_STRANGE = 3
"""How many numbers of a home page are tried when the highest cannot be believed."""


class Discovery:
    """Asks the few pages that are no articles: home, RSS, section lists, an impossible number."""

    def __init__(self, crawler: Crawler, site: Site, base_url: str | None) -> None:
        self.crawler = crawler
        self.site = site
        self.base_url = base_url
        self._holder = extension(crawler, StoreHolder)
        self.troubles: list[str] = []
        """Why sources did not tell, in a few words each."""
        self.verdicts: list[Verdict] = []
        """What the answers that did not tell mean, the home page's first."""
        self._asked_twice = False
        self._at_home: list[int] = []
        """The numbers that the home page lists, the highest first."""

    async def find_newest(self) -> int | None:
        """The highest number that the site lists; ``None`` when no source tells.

        The home page is asked first. RSS is asked when the home page shows
        nothing new, since a home page may be cached or hand-made, and when one
        number stands far above the others, since a strange link must not send
        the crawl into millions of numbers; without RSS such a number must be an
        article. A section's list is asked only when both fail.

        Raises:
            StoppingError: the crawl is ending.
        """
        known = self._holder.ledger.last_newest() or self._holder.store.newest(self.site.name)
        found = await self._from_home()
        if found is None or found <= known:
            self._asked_twice = True
            found = max(found or 0, await self._from_rss() or 0) or None
        elif _stands_apart(self._at_home) or (known and found - known > _LEAP):
            told = await self._from_rss()
            found = await self._highest_article() if told is None else min(found, told)
        if found is None:
            found = await self._from_lists()
        if found is not None:
            extension(self.crawler, Run).found_newest(found)
        return found

    async def _from_home(self) -> int | None:
        response = await self._ask(self.site.home)
        if response is None:
            return None
        home = await self._read(
            "the home page", response, listings.read_home, response.url, _content_type(response)
        )
        if home is None:
            return None
        if home.sections:
            self._holder.store.learn_sections(self.site.name, home.sections, clock.now())
        self._at_home = sorted(home.idxs, reverse=True)
        return await self._highest(home.idxs, "the home page", response)

    async def _highest_article(self) -> int:
        """The highest of the home page's first few numbers that is an article; else the lowest."""
        few = self._at_home[:_STRANGE]
        for idx in few:
            if await self._is_article(idx):
                return idx
        return few[-1]

    async def _from_rss(self) -> int | None:
        response = await self._ask(self.site.rss)
        if response is None:
            return None
        items = await self._read(
            "RSS", response, listings.read_rss, self.site.timezone, response.url
        )
        if items is None:
            return None
        return await self._highest([item.idx for item in items], "RSS", response)

    async def _from_lists(self) -> int | None:
        for code in list(self._holder.ledger.section_names())[:1]:
            async for page in self.section_pages(code):
                return max(entry.idx for entry in page.entries)
        return None

    async def _highest(
        self, idxs: list[int] | tuple[int, ...], source: str, response: Response
    ) -> int | None:
        if not idxs:
            await self._note_trouble(source, response)
            return None
        return max(idxs)

    async def _read(
        self, source: str, response: Response, function: Callable[..., T], *arguments: object
    ) -> T | None:
        """What a page lists, or ``None`` with the trouble noted where it cannot be read."""
        reader, body = extension(self.crawler, Reader), response.body
        try:
            return await reader.read(len(body), function, body, *arguments, self.site)
        except StoppingError:
            raise
        except OverBoundError as error:
            why = str(error)
        except Exception as error:
            extension(self.crawler, Run).trip(error)
            why = f"it cannot be read ({type(error).__name__})"
        self.verdicts.append(Verdict.UNKNOWN)
        self.troubles.append(f"{source}: {why}")
        return None

    async def _note_trouble(self, source: str, response: Response) -> None:
        """Why a page that should list articles does not: what it would mean for an article."""
        capture = capture_of(response, self.site.name, IMPOSSIBLE_IDX, clock.now())
        try:
            reader = extension(self.crawler, Reader)
            reading = await reader.read(len(response.body), pages.read, capture, self.site)
        except OverBoundError as error:
            reading = Reading(Verdict.UNKNOWN, str(error))
        understood = reading.verdict in (Verdict.BLOCKED, Verdict.TEMPORARY)
        self.verdicts.append(reading.verdict if understood else Verdict.UNKNOWN)
        status = f"status {response.status}" if response.status != 200 else "it lists no article"
        self.troubles.append(f"{source}: {reading.reason if understood else status}")

    async def section_pages(self, code: str) -> AsyncIterator[listings.ListPage]:
        """A section's list, page by page, until one is empty or repeats those before it."""
        seen: set[int] = set()
        number = 1
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
        """Ask for a number that cannot exist; the fingerprints that mean "nothing there".

        An answer that the parser does not know is believed to be the site's
        gap only when an article that the site lists is readable at the same
        time: otherwise it may be a block or maintenance page in new words.
        """
        ledger, store = self._holder.ledger, self._holder.store
        known = ledger.gap_fingerprints()
        if self._asked_twice and known:
            return known
        asked = await self._look(IMPOSSIBLE_IDX)
        if asked is None:
            return known
        capture, reading = asked
        fingerprint = pages.fingerprint(capture)
        if fingerprint in known:
            return known
        if reading.verdict is Verdict.UNKNOWN and reading.layout is None:
            told_apart = newest is not None and await self._is_article(newest)
            if not told_apart:
                return known
        elif reading.verdict is not Verdict.MISSING:
            return known
        store.learn_gap(self.site.name, fingerprint, reading.reason, clock.now())
        return known | {fingerprint}

    async def _is_article(self, idx: int) -> bool:
        asked = await self._look(idx)
        return asked is not None and asked[1].verdict is Verdict.ARTICLE

    async def _look(self, idx: int) -> tuple[Capture, Reading] | None:
        url = urls.view_url(self.site, idx, self.base_url)
        request = self._request(url, {"idx": idx, "probe": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except StoppingError:
            raise
        except Exception as error:
            self._end_if_stopped()
            logger.warning("The probe for number %d failed: %s", idx, error_text(error))
            return None
        meta = meta_of(response)
        return meta["capture"], meta["reading"]

    async def _ask(self, path: str) -> Response | None:
        """A page of the site, or ``None`` with the trouble noted."""
        url = urls.at_origin(self.site.origin + path, self.base_url)
        try:
            response = await self.crawler.engine.download_async(self._request(url))
        except StoppingError:
            raise
        except Exception as error:
            # Whatever went wrong on the way, or robots.txt forbids it: this source does not tell.
            self._end_if_stopped()
            forbidden = isinstance(error, ForbiddenError)
            self.verdicts.append(Verdict.FORBIDDEN if forbidden else Verdict.TEMPORARY)
            self.troubles.append(f"{path}: {error_text(error)}")
            return None
        if response.status != 200:
            await self._note_trouble(path, response)
            return None
        return response

    def _end_if_stopped(self) -> None:
        """Scrapy takes no more requests once the crawl is being closed."""
        if cause := extension(self.crawler, Stopper).cause:
            raise StoppingError(cause.diagnosis)

    def _request(self, url: str, meta: Meta | None = None) -> Request:
        return Request(url, callback=NO_CALLBACK, priority=10, meta={**(meta or {})})


def _stands_apart(idxs: list[int]) -> bool:
    """Whether the first of these, the highest, lies far above the second."""
    return len(idxs) > 1 and idxs[0] - idxs[1] > _LEAP


def _content_type(response: Response) -> str | None:
    header = response.headers.get("Content-Type")
    return header.decode("latin-1") if header else None
