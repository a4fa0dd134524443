"""The spider that requests article numbers, the same for every paper.

The spider decides which number to request next and yields the answers; ``pages`` reads what they
mean.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.scraper import Scraper
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawler import clock
from newscrawler.config import archives, options, selection, sources, value_types
from newscrawler.config.selection import Kind, Selection
from newscrawler.exceptions import (
    NoArchiveError,
    SelectionError,
    SettingError,
    SiteError,
    StoreError,
)
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.lane import Lane
from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.run import UNREADABLE, Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Answer, Reading, Verdict
from newscrawler.middlewares.canary import CanaryMiddleware
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.middlewares.parse import ParseMiddleware, capture_of
from newscrawler.middlewares.robots import ForbiddenError
from newscrawler.outcomes import Outcome
from newscrawler.sites import urls
from newscrawler.spiders import feed_dates
from newscrawler.spiders.discovery import ENDINGS, Discovery
from newscrawler.spiders.paper import PaperSpider
from newscrawler.spiders.sections import Place, SectionLists
from newscrawler.spiders.selected_numbers import SelectedNumbers
from newscrawler.spiders.silent_gaps import SilentGaps
from newscrawler.spiders.validators import Validators

logger = logging.getLogger(__name__)

_SLICE_S = 0.02
_NOWHERE = Place(None, None)
_BY_NAME = (Kind.IDX, Kind.SECTION, Kind.REFRESH)
"""Selections of given numbers: by a person, a list, or the archive."""


def _is_idle(scraper: Scraper) -> bool:
    return scraper.slot is None or scraper.slot.is_idle()


class NewspaperSpider(PaperSpider):
    """A paper's spider; subclasses carry a ``site`` and its name.

    Args (each as text, as ``-a NAME=VALUE`` gives it):
        range: ``1-500``, ``500-`` or ``-500``.
        idx: numbers or addresses, comma-separated.
        section: a section's code or name.
        sections, unsettled (also gaps), refresh, new: ``True`` (or 1, yes, on) turns the
            selection on.
        base_url: another origin that serves the same site.

    An invalid argument ends the crawl before any request, with one sentence in the log.
    """

    lane: ClassVar[Lane | None] = None
    """The lane that it shares with other papers of this process on the same server."""
    discovery: Discovery
    silent_gaps: SilentGaps
    validators: Validators
    _caught_up_to: int | None = None
    """Where the new numbers begin; read before this run writes its own row."""
    _open = 0
    """How many numbers were requested and have no answer yet."""

    def __init__(
        self,
        range: str | None = None,
        idx: str | None = None,
        section: str | None = None,
        sections: str | None = None,
        unsettled: str | None = None,
        gaps: str | None = None,
        refresh: str | None = None,
        new: str | None = None,
        base_url: str | None = None,
        **others: Any,
    ) -> None:
        super().__init__(base_url, **others)
        self.selection = Selection()
        if self.refusal:
            return
        try:
            mirror = urlsplit(base_url).hostname if base_url else None
            self.selection = selection.parse(
                hosts=(*self.site.hosts, mirror or self.site.hosts[0]),
                range=range,
                idx=idx,
                section=section,
                sections=_switch("sections", sections),
                gaps=_switch("unsettled", unsettled) or _switch("gaps", gaps),
                refresh=_switch("refresh", refresh),
                new=_switch("new", new),
            )
        except SelectionError as error:
            self.refusal = str(error)

    # -- the walk -------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        if refusal := self.refusal or self._bad_manners():
            self._stopper.stop(Outcome.REFUSED, refusal)
            return
        try:
            self._run.begin(self.selection)
            self.discovery = Discovery(self.crawler, self.site, self.base_url)
            self.silent_gaps = SilentGaps(self.crawler, self.site, self.discovery)
            self.validators = Validators(self.crawler, self.site)
            async for request in self._walk():
                self._open += isinstance(request, Request)
                yield request
                await self._room()
            await self._answered()
            for idx in [*await self._false_gaps(), *await self._hidden_edits()]:
                self._open += 1
                yield self._request(idx)
                await self._room()
            await self._answered()
            self._compare_feed_dates()
            async for answer in self.silent_gaps.settle():
                yield answer
        except IgnoreRequest as error:
            # Stopped, or forbidden: the stopper knows why.
            logger.debug("The crawl ends early: %s", error)
        except StoreError as error:
            self._stopper.stop(Outcome.STORAGE, str(error))
        except UNREADABLE as error:
            self._run.count_bug(error)

    async def _false_gaps(self) -> list[int]:
        """Numbers that this run stored as gaps, but that have an article: to be requested again."""
        canary = self.crawler.get_downloader_middleware(CanaryMiddleware)
        assert canary is not None
        idxs = await canary.conclude()
        self._run.asks_again(len(idxs))
        return idxs

    async def _hidden_edits(self) -> list[int]:
        """Numbers that the site called "not modified" without looking: to be requested again."""
        if not (unchanged := self.validators.unchanged):
            return []
        url = urls.view_url(self.site, unchanged[0], self.base_url)
        idxs = await self.validators.disproved(url)
        self._run.asks_again(len(idxs), counted_as="articles_unchanged")
        return idxs

    def _compare_feed_dates(self) -> None:
        """Count the articles whose date in the feed, if this run has read it, is not their
        page's."""
        if feed := self.discovery.feed_dates:
            dates = feed_dates.compare(feed, self._holder.ledger.published_at(feed))
            self._run.compared_feed_dates(len(dates.compared), len(dates.apart))

    def _bad_manners(self) -> str | None:
        try:
            sources.check_manners(self.site, self.settings, self.base_url)
            archives.check_beginning(self.settings, self.site, meant=self.selection.begins)
        except (SettingError, SiteError, NoArchiveError) as error:
            return str(error)
        return None

    async def _room(self) -> None:
        """Wait until Scrapy needs more requests, so that many numbers are never a long queue."""
        engine = self.crawler.engine
        while engine.running and engine.needs_backout():
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def _answered(self) -> None:
        """Wait until all requests have their answers, and the answers are written."""
        engine = self.crawler.engine
        while engine.running and (self._open or not _is_idle(engine.scraper)):
            await asyncio.sleep(_SLICE_S)

    async def _walk(self) -> AsyncIterator[Request | Answer]:
        newest = await self._newest()
        if self.selection.kind is Kind.SECTIONS:
            await self._section_lists().walk()
            return
        if self.selection.kind is Kind.SECTION:
            code = self._section_lists().code_of(self.selection.section or "")
            if code is None:
                return
            await self._learn_gap(newest)
            async for idx, place in self._section_lists().unsettled(code):
                yield self._request(idx, place)
            return
        numbers = iter(self._numbers(newest))
        first = next(numbers, None)
        if first is None:
            return
        await self._learn_gap(newest)
        places = await self._places_of_new(newest)
        for idx in chain([first], numbers):
            if self._in_the_future(newest):
                return
            yield self._ask(idx, places.get(idx, _NOWHERE))
        if self.selection.kind is Kind.CATCH_UP:
            # Articles that discovery requested although they are not due are stored too.
            for answer in self.discovery.answers.values():
                yield answer

    def _ask(self, idx: int, place: Place) -> Request | Answer:
        """The request for a number, or its answer if discovery already has it."""
        answer = self.discovery.answers.pop(idx, None)
        if answer is None:
            return self._request(idx, place)
        answer.section_code, answer.section = place.code, place.name
        return answer

    async def _newest(self) -> int | None:
        """The newest number that the site lists, if the selection needs it."""
        chosen = self.selection
        known = self._holder.store.newest(self.site.name)
        self._caught_up_to = self._holder.ledger.caught_up_to()
        if chosen.kind is Kind.RANGE and chosen.last is not None and chosen.last <= known:
            return None
        if chosen.kind is Kind.IDX and max(chosen.idxs) <= known:
            return None
        up_to_newest = chosen.kind in (Kind.CATCH_UP, Kind.RANGE, Kind.GAPS)
        newest = await self.discovery.find_newest(prove=up_to_newest)
        if newest is None and (
            chosen.kind is Kind.CATCH_UP or (chosen.kind is Kind.RANGE and chosen.last is None)
        ):
            self._give_up()
        return newest

    def _give_up(self) -> None:
        troubles = "; ".join(dict.fromkeys(self.discovery.troubles))
        blocked = Verdict.BLOCKED in self.discovery.verdicts
        # The home page answers for the site; the others may never have been there.
        verdict = Verdict.BLOCKED if blocked else self.discovery.verdicts[0]
        outcome = ENDINGS[verdict]
        self._stopper.stop(outcome, f"the newest number cannot be found ({troubles})")
        raise StoppingError(troubles)

    async def _learn_gap(self, newest: int | None) -> None:
        reading = self.crawler.get_downloader_middleware(ParseMiddleware)
        assert reading is not None
        reading.gap_fingerprints = await self.discovery.learn_gap(newest)
        reading.nothing = await self.silent_gaps.learn(newest)

    async def _places_of_new(self, newest: int | None) -> dict[int, Place]:
        """The sections in whose lists new articles were found; empty if nothing is new."""
        before = self._caught_up_to or self.site.first_idx - 1
        most = options.SECTION_LISTS.read(self.settings)
        if self.selection.kind is not Kind.CATCH_UP or newest is None or newest <= before:
            return {}
        return await self._section_lists().places_of_new(before + 1, newest, most)

    def _numbers(self, newest: int | None) -> Iterable[int]:
        """The numbers to request, in order; read from the ledger during the crawl."""
        return SelectedNumbers(
            self.selection,
            self.site,
            self._holder.ledger,
            self._run,
            caught_up_to=self._caught_up_to,
        ).up_to(newest)

    def _in_the_future(self, newest: int | None) -> bool:
        """Whether a range has gone far enough beyond the newest number that the site lists."""
        limit = options.FUTURE_LIMIT.read(self.settings)
        if newest is None or self._run.future_streak < limit:
            return False
        self._run.remark(f"nothing is published beyond {newest} yet")
        return True

    def _section_lists(self) -> SectionLists:
        return SectionLists(self.crawler, self.site, self.discovery)

    # -- questions and answers --------------------------------------------------

    def _request(self, idx: int, place: Place = _NOWHERE) -> Request:
        meta: Meta = {"idx": idx, "section_code": place.code, "section": place.name}
        return Request(
            urls.view_url(self.site, idx, self.base_url),
            callback=self.parse,
            errback=self.no_answer,
            headers=self.validators.headers(idx, named=self.selection.kind is Kind.IDX),
            cb_kwargs={"idx": idx},
            meta={**meta},
        )

    def parse(self, response: Response, idx: int | None = None) -> Iterator[Answer]:
        """Pass every answer to the pipelines."""
        self._open -= 1
        meta = meta_of(response)
        idx = idx or urls.idx_of(response.url)
        if idx is None:
            return
        capture = meta.get("capture") or capture_of(response, self.site.name, idx, clock.now())
        if (reading := meta.get("reading")) and reading.verdict is Verdict.UNCHANGED:
            self.validators.unchanged.append(idx)
        yield Answer(
            self.site.name,
            idx,
            capture.fetched_at,
            capture,
            meta.get("reading"),
            requests=meta.get("requests", 1),
            section_code=meta.get("section_code"),
            section=meta.get("section"),
            precomputed=meta.get("precomputed"),
            by_name=self.selection.kind in _BY_NAME,
        )

    def no_answer(self, failure: Failure) -> Iterator[Answer]:
        """No answer came: the number stays unsettled, with the reason.

        If a retry was not sent because the crawl is ending, the reason is the error before it. An
        exception that came after the answer is a bug in a middleware: the answer is kept, unknown.
        """
        self._open -= 1
        error: Exception = failure.value  # type: ignore[assignment]  # never a bare one here
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        meta = meta_of(request)
        requests = meta.get("requests", 1)
        capture = None
        if isinstance(error, ForbiddenError):
            reading = Reading(Verdict.FORBIDDEN, str(error))
        elif isinstance(error, IgnoreRequest):
            if "trouble" not in meta:
                return  # never sent: nothing is known of the number
            reading = Reading(Verdict.TEMPORARY, meta["trouble"])
            requests -= 1
        elif isinstance(error, StoreError):
            self._stopper.stop(Outcome.STORAGE, str(error))
            return
        elif isinstance(error, UNREADABLE):
            self._run.count_bug(error)
            return
        elif error is not meta.get("error"):
            self._run.count_bug(error)
            reading = Reading(Verdict.UNKNOWN, f"{type(error).__name__}: {error}"[:200])
            capture = meta.get("capture")
        else:
            reading = Reading(Verdict.TEMPORARY, error_text(error))
        yield Answer(
            self.site.name,
            meta["idx"],
            clock.now(),
            capture,
            reading,
            requests=requests,
        )

    @property
    def _holder(self) -> StoreHolder:
        return extension(self.crawler, StoreHolder)

    @property
    def _run(self) -> Run:
        return extension(self.crawler, Run)

    @property
    def _stopper(self) -> Stopper:
        return extension(self.crawler, Stopper)


def _switch(name: str, text: str | None) -> bool:
    """The value of a selection that is on or off, given as ``-a NAME=VALUE``.

    Raises:
        SelectionError: the text means neither.
    """
    if text is None:
        return False
    try:
        return value_types.FLAG.parse(text)
    except ValueError:
        takes = value_types.FLAG.takes
        raise SelectionError(f"the argument {name} must be {takes}, not {text!r}") from None
