"""Parses each answer once, before other middlewares decide what to do with it."""

from __future__ import annotations

import logging
import os
import pickle
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler import clock, pages
from newscrawler.config import options
from newscrawler.exceptions import OverBoundError, StoreError
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.page_reader import PageReader
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Capture, Precomputed, Reading, Verdict
from newscrawler.middlewares.meta import meta_of
from newscrawler.middlewares.precompute import lay, learn
from newscrawler.middlewares.repeated_text import WINDOW, RepeatedText
from newscrawler.outcomes import Outcome
from newscrawler.pages import silence
from newscrawler.pages.validation import validated
from newscrawler.sites import Site
from newscrawler.store.states import ONE_TEXT

logger = logging.getLogger(__name__)


class ParseMiddleware:
    """Puts ``meta["capture"]`` and ``meta["reading"]`` on answers for article numbers.

    Retry, the circuit breaker and the parse stage use the same reading. A crawl that keeps a
    processor busy parses in a second process, which also computes what the store needs:
    ``meta["precomputed"]``. An answer that cannot be read, because of its size or a bug, is
    unknown, with the reason, and the crawl goes on.
    """

    def __init__(self, crawler: Crawler, *, worker: bool) -> None:
        self.crawler = crawler
        self.site: Site | None = getattr(crawler.spidercls, "site", None)
        self.gap_fingerprints: frozenset[str] = frozenset()
        """Fingerprints of this site's answers for numbers that cannot exist; set by the spider."""
        self.nothing: str | None = None
        """The silence (``pages/silence.py``) of that answer, if it has no message; set by the
        spider."""
        self.shown: set[int] = set()
        """Articles that the site shows under other numbers, too: that one of them can be read does
        not show that the site works."""
        self._texts: RepeatedText | None = None
        self._in_worker = worker
        self._pickled_site = pickle.dumps(self.site)
        self._told: set[tuple[int, int]] = set()
        """Dictionaries that the second process has, by its generation."""
        extension(crawler, Run).before_its_end(self._doubt_copies)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ParseMiddleware:
        lanes = options.CONCURRENT_REQUESTS_PER_DOMAIN.read(crawler.settings)
        delay = options.DOWNLOAD_DELAY.read(crawler.settings)
        at_full_speed = lanes > 1 and not delay and (os.cpu_count() or 1) > 1
        return cls(crawler, worker=at_full_speed)

    async def process_response(self, request: Request, response: Response) -> Response:
        meta = meta_of(request)
        idx = meta.get("idx")
        if idx is None or self.site is None:
            return response
        if not meta.get("probe") and not self._in_worker:
            self._note_reading(idx)  # a page that kills the other process does not kill the crawl
        capture = capture_of(response, self.site.name, idx, clock.now())
        meta["capture"] = capture
        reading = await self._read(capture, request)
        # Refused here already, so that the circuit breaker counts it.
        reading = self._unrepeated(idx, validated(reading))
        if reading.shows is not None:
            self.shown.add(reading.shows)
        if found := silence.of(capture, reading):
            reading = replace(reading, silence=found)
            meta["like_nothing"] = found == self.nothing
        meta["reading"] = reading
        return response

    def _unrepeated(self, idx: int, reading: Reading) -> Reading:
        """The reading, or a doubtful one if many other numbers have the same article."""
        if reading.article is None:
            return reading
        if self._texts is None:
            ledger = extension(self.crawler, StoreHolder).ledger
            self._texts = RepeatedText(ledger.latest_texts(WINDOW))
        if not self._texts.is_copy(idx, reading.article):
            return reading
        self._doubt_copies()
        return Reading(Verdict.COPY, ONE_TEXT, reading.skin)

    def _doubt_copies(self) -> None:
        """Articles that were stored before their text was recognised are not believed any more.

        At once, since a killed run has no end; at the end for those that were not written yet."""
        holder = extension(self.crawler, StoreHolder)
        if self.site is not None and self._texts and self._texts.copies and holder.is_open:
            holder.flush()
            holder.store.corrections.doubt_articles(
                self.site.name, sorted(self._texts.copies), clock.now()
            )

    def _note_reading(self, idx: int) -> None:
        """Record which number is being read: if that kills this process, the next run reads it in
        a second one."""
        try:
            extension(self.crawler, Run).reads(idx)
        except StoreError as error:
            extension(self.crawler, Stopper).stop(Outcome.STORAGE, str(error))

    async def _read(self, capture: Capture, request: Request) -> Reading:
        assert self.site is not None
        if capture.http_status == 304:
            if b"If-None-Match" in request.headers or b"If-Modified-Since" in request.headers:
                return Reading(Verdict.UNCHANGED, "not modified since the last request")
            return Reading(Verdict.TEMPORARY, "304 to a request without validators")
        reader = extension(self.crawler, PageReader)
        try:
            if self._in_worker:
                return await self._read_aside(reader, capture, request)
            arguments = (pages.read, capture, self.site, self.gap_fingerprints)
            if capture.idx in extension(self.crawler, Run).suspects:
                return await reader.aside(*arguments)
            return await reader.read(len(capture.body), *arguments)
        except StoppingError:
            raise
        except OverBoundError as error:
            logger.warning("Number %d: %s", capture.idx, error)
            return Reading(Verdict.UNKNOWN, str(error))
        except Exception as error:
            extension(self.crawler, Run).count_bug(error)
            return Reading(Verdict.UNKNOWN, f"{type(error).__name__}: {error}"[:200])

    async def _read_aside(self, reader: PageReader, capture: Capture, request: Request) -> Reading:
        reading: Reading
        precomputed: Precomputed
        reading, precomputed = await reader.aside(
            lay, capture, self._pickled_site, self.gap_fingerprints
        )
        meta_of(request)["precomputed"] = precomputed
        store = extension(self.crawler, StoreHolder).store
        dictionary = store.captures.dictionary(capture.site, reading.skin)
        if dictionary and (told := (reader.generation, dictionary.id)) not in self._told:
            self._told.add(told)
            await reader.aside(learn, reading.skin or "", dictionary.id, dictionary.data)
        return reading


def capture_of(response: Response, site: str, idx: int, at: datetime) -> Capture:
    """The raw answer in Scrapy's response."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(site, idx, response.url, at, response.status, headers, response.body)
