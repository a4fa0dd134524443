"""The item pipelines: parse → validate → dedupe → store.

The last one returns the stored article as an item (``extensions/feeds.py``), so that Scrapy's feed
exports and your own pipelines after these work; an answer without an article is dropped.

Only ``from_crawler`` needs a crawler, so that the classes can be used without one.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawler import pages, sites
from newscrawler.config import options
from newscrawler.exceptions import StoreError
from newscrawler.extensions import extension
from newscrawler.extensions.feed_files import close_feeds
from newscrawler.extensions.feeds import article_item
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import UNREADABLE, Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Answer, Reading, Verdict
from newscrawler.outcomes import Outcome
from newscrawler.pages.validation import validated
from newscrawler.store.answers import KeepCaptures
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store


class ParsePipeline:
    """Parses the capture, unless a middleware has already done it."""

    def process_item(self, answer: Answer) -> Answer:
        if answer.reading is None:
            assert answer.capture is not None
            answer.reading = pages.read(answer.capture, sites.load(answer.site))
        article = answer.reading.article
        if article and answer.section_code and article.section_code in (None, answer.section_code):
            answer.reading = replace(
                answer.reading,
                article=replace(
                    article,
                    section_code=answer.section_code,
                    section=article.section or answer.section,
                ),
            )
        return answer


class ValidatePipeline:
    """Turns an implausible article into an unknown answer; the run goes on."""

    def __init__(self, crawler: Crawler | None = None) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        return cls(crawler)

    def process_item(self, answer: Answer) -> Answer:
        if answer.reading is None:
            return answer
        checked = validated(answer.reading)
        if checked is not answer.reading and self.crawler:
            self.crawler.stats.inc_value("pages/invalid")
        answer.reading = checked
        return answer


class DedupePipeline:
    """Compares the answer with the stored article of the same number. (The store finds reprints
    under other numbers.)"""

    def __init__(self, store: Store | StoreHolder) -> None:
        self._holder = store

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupePipeline:
        return cls(extension(crawler, StoreHolder))

    def process_item(self, answer: Answer) -> Answer:
        try:
            answer.change = _store(self._holder).compare(answer)
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, *UNREADABLE):
            # A bug, or a stored text that cannot be compared: the store stage meets it again,
            # and records it.
            answer.change = None
        return answer


COMMIT_WITHIN_S = 0.25
"""How long an answer waits for others to be written with it, in a crawl with several lanes: a disk
that needs 4 ms for a commit would otherwise take longer than everything else."""


class StorePipeline:
    """The last stage: answers that arrive together are one transaction, and are reported after
    it."""

    def __init__(
        self, crawler: Crawler, schedule: Schedule, keep: KeepCaptures, wait: float
    ) -> None:
        self._crawler = crawler
        self._holder = extension(crawler, StoreHolder)
        self._run = extension(crawler, Run)
        self._stopper = extension(crawler, Stopper)
        self._schedule = schedule
        self._keep = keep
        self._wait = wait
        self._waiting: list[tuple[Answer, asyncio.Future[None]]] = []
        self._holder.writes_with(self.flush)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        lanes = options.CONCURRENT_REQUESTS_PER_DOMAIN.read(crawler.settings)
        return cls(
            crawler,
            options.schedule(crawler.settings),
            KeepCaptures(options.CAPTURES.read(crawler.settings)),
            COMMIT_WITHIN_S if lanes > 1 else 0.0,
        )

    async def process_item(self, answer: Answer) -> dict[str, Any]:
        """Store the answer; returns the stored article.

        Raises:
            DropItem: the answer has no article.
        """
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._waiting.append((answer, written))
        if len(self._waiting) == 1:
            loop.call_later(self._wait, self.flush)
        await written
        if answer.reading is None or answer.reading.article is None:
            raise DropItem(f"number {answer.idx} has no article")
        try:
            stored = self._holder.store.record(answer.site, answer.idx)
        except UNREADABLE as error:
            self._run.count_bug(error)
            stored = None
        if stored is None:
            raise DropItem(f"the article {answer.idx} could not be stored")
        return article_item(stored)

    async def close_spider(self) -> None:
        """Close the feeds: every article has reached them, and the run has not ended yet."""
        await close_feeds(self._crawler)

    def flush(self) -> None:
        """Write the collected answers."""
        waiting, self._waiting = self._waiting, []
        try:
            self._save([answer for answer, _ in waiting])
        except Exception:
            # A bug with one of them must not lose the others.
            for answer, written in waiting:
                try:
                    self._save_or_note(answer)
                except Exception as error:
                    written.set_exception(error)
        for _, written in waiting:
            if not written.done():
                written.set_result(None)

    def _save_or_note(self, answer: Answer) -> None:
        """Write an answer; if a bug prevents it, write its ledger row and its capture only.

        Without a row it would be requested in every crawl, and fail again.
        """
        try:
            self._save([answer])
        except Exception as error:
            self._run.count_bug(error)
            why = f"{type(error).__name__} when it was stored: {error}"[:200]
            answer.reading, answer.change = Reading(Verdict.UNKNOWN, why), None
            answer.precomputed = None
            self._save([answer])

    def _save(self, answers: list[Answer]) -> None:
        if not answers:
            return
        try:
            saved = self._holder.store.save_all(
                answers, self._schedule, parser_version=pages.PARSER_VERSION, keep=self._keep
            )
        except StoreError as error:
            # Nothing of them was written, so their numbers are asked again next time.
            self._stopper.stop(Outcome.STORAGE, str(error))
        else:
            for one, answer in zip(saved, answers, strict=True):
                self._run.saved(one, answer)


def _store(holder: Store | StoreHolder) -> Store:
    return holder.store if isinstance(holder, StoreHolder) else holder
