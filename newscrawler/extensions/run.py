"""The record of a run: opens the archive, counts what is saved, knows how the run ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from newscrawler import clock
from newscrawler.config import options
from newscrawler.config.selection import Kind, Selection
from newscrawler.config.sources import database_path
from newscrawler.items import Answer, Change, Verdict
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store.answers import Saved
from newscrawler.store.ledger import Ledger
from newscrawler.store.states import State
from newscrawler.store.store import Store, StoreError

logger = logging.getLogger(__name__)

_UPDATE_EVERY_S = 5.0
"""How old the counts in the run's row may get while it runs."""


@dataclass(slots=True)
class Counts:
    """What a run has done so far; the names are columns of ``runs``."""

    asked: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    missing: int = 0
    removed: int = 0
    restricted: int = 0
    pending: int = 0
    failed: int = 0
    unknown: int = 0
    retries: int = 0

    def add(self, saved: Saved, answer: Answer) -> None:
        self.asked += 1
        self.retries += max(0, answer.requests - 1)
        if saved.state is State.ARTICLE:
            name = "unchanged" if saved.change is Change.NONE else saved.change
            setattr(self, f"articles_{name}", getattr(self, f"articles_{name}") + 1)
        else:
            setattr(self, saved.state, getattr(self, saved.state) + 1)

    @property
    def articles(self) -> int:
        return self.articles_new + self.articles_changed + self.articles_unchanged

    @property
    def unsettled(self) -> int:
        return self.pending + self.failed + self.unknown


class Recorder:
    """Holds the store for a crawl and writes its row in ``runs``.

    The archive is opened on first use, so that ``scrapy shell`` and ``scrapy
    check`` touch no database.
    """

    def __init__(self, crawler: Crawler, site: Site | None) -> None:
        self.crawler = crawler
        self.site = site
        self.counts = Counts()
        self.selection: Selection | None = None
        self.run_id: int | None = None
        self.newest: int | None = None
        """The newest number that the site itself lists, once it was asked."""
        self.future_streak = 0
        """Answers in a row that held nothing beyond the newest number."""
        self.expected: int | None = None
        """How many numbers this run will ask for, as far as is known."""
        self.answered = False
        """Whether anything but robots.txt was answered so that it could be used."""
        self.trouble: str | None = None
        """Why an answer was worth another try, the last time."""
        self.outcome: Outcome | None = None
        self.diagnosis: str | None = None
        self.started_at = clock.now()
        self.flush: Callable[[], None] = lambda: None
        """Writes the looks that wait to be written together; set by the store stage."""
        self._store: Store | None = None
        self._forbidden = 0
        self._bugs = 0
        self._written = monotonic()
        self._closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self._finish, signals.spider_closed)
        crawler.signals.connect(self._bug, signals.spider_error)
        crawler.signals.connect(self._bug, signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        return cls(crawler, getattr(crawler.spidercls, "site", None))

    @property
    def store(self) -> Store:
        """The archive, open for writing.

        Raises:
            LockedError: another process is writing it.
            StoreError: it cannot be written.
        """
        if self._store is None:
            assert self.site is not None
            self._store = Store.open(database_path(self.crawler.settings, self.site))
        return self._store

    @property
    def ledger(self) -> Ledger:
        assert self.site is not None
        return Ledger(self.store.connection, self.site.name)

    def begin(self, selection: Selection) -> None:
        """Open the run's record."""
        assert self.site is not None
        self.selection = selection
        self.run_id = self.store.begin_run(
            self.site.name, str(selection), effective(self.crawler), self.started_at
        )

    def found_newest(self, idx: int) -> None:
        """The site lists ``idx`` as its newest number."""
        assert self.site is not None
        self.newest = max(idx, self.newest or 0)
        self.store.note_newest(self.site.name, self.newest)
        if self.run_id is not None:
            self.store.update_run(self.run_id, {"newest": self.newest})

    def saved(self, saved: Saved, answer: Answer) -> None:
        """Count a look that the store has written."""
        self.counts.add(saved, answer)
        verdict = answer.reading and answer.reading.verdict
        if verdict is Verdict.FORBIDDEN:
            self._forbidden += 1
        future = saved.state is State.PENDING and verdict is Verdict.MISSING
        self.future_streak = self.future_streak + 1 if future else 0
        if monotonic() - self._written > _UPDATE_EVERY_S:
            try:
                self._write({})
            except StoreError as error:
                self.stop(Outcome.STORAGE, str(error))

    def stop(self, outcome: Outcome, diagnosis: str) -> None:
        """End the crawl early; the first reason given is the one that counts."""
        if self.outcome is not None:
            return
        self.outcome, self.diagnosis = outcome, diagnosis
        logger.log(
            logging.INFO if outcome in (Outcome.BUDGET, Outcome.QUIET_HOURS) else logging.ERROR,
            "Stopping: %s",
            diagnosis,
        )
        close = self.crawler.engine.close_spider_async(reason=str(outcome))
        self._closing = asyncio.ensure_future(close)

    @property
    def left(self) -> int | None:
        """How many of the numbers it set out to ask for are still to be asked, if known."""
        return None if self.expected is None else max(0, self.expected - self.counts.asked)

    def summary(self) -> dict[str, Any]:
        """The run as one flat record: what ``--json`` prints and a pinged URL receives."""
        outcome = self.outcome or Outcome.RUNNING
        return {
            "run": self.run_id,
            "site": self.site.name if self.site else None,
            "selection": str(self.selection) if self.selection else None,
            "outcome": str(outcome),
            "exit_code": outcome.exit_code,
            "diagnosis": self.diagnosis,
            "started_at": clock.to_text(self.started_at),
            "finished_at": clock.to_text(clock.now()),
            "newest": self.newest,
            "left": self.left,
            **self._traffic(),
            **asdict(self.counts),
        }

    def _traffic(self) -> dict[str, int]:
        stats = self.crawler.stats
        return {
            "requests": stats.get_value("pacer/requests", 0),
            "bytes": stats.get_value("pacer/bytes", 0),
        }

    def _bug(self) -> None:
        self._bugs += 1

    def _finish(self, spider: Spider, reason: str) -> None:
        if self._store is None:
            return
        try:
            if self.run_id is not None:
                self._conclude(reason)
        except StoreError as error:
            self.outcome, self.diagnosis = Outcome.STORAGE, str(error)
            logger.error("%s", error)
        finally:
            self._store.close()
            self._store = None

    def _conclude(self, reason: str) -> None:
        assert self.site is not None
        if self.outcome is not Outcome.STORAGE:
            late = self.store.settle_gaps_below_newest(
                self.site.name, self.started_at, options.schedule(self.crawler.settings)
            )
            self.counts.pending -= late
            self.counts.missing += late
        if self.outcome is None:
            self.outcome = self._judge(reason)
        if self.outcome is Outcome.BUDGET and self.trouble and not self.answered:
            # Left as it is, a paper that is down for weeks would alarm nobody.
            self.outcome = Outcome.DOWN
            self.diagnosis = f"{self.diagnosis}, and no usable answer has come ({self.trouble})"
        self._write(
            {
                "finished_at": clock.to_text(clock.now()),
                "outcome": self.outcome,
                "exit_code": self.outcome.exit_code,
                "diagnosis": self.diagnosis,
            }
        )

    def _judge(self, reason: str) -> Outcome:
        if self._bugs or reason == "start_error":
            self.diagnosis = "a fault of the program: the log has the traceback; please report it"
            return Outcome.ERROR
        if reason == "shutdown":
            return Outcome.INTERRUPTED
        if self._forbidden and self._forbidden == self.counts.asked:
            self.diagnosis = "robots.txt forbids every number that was asked for"
            return Outcome.FORBIDDEN
        waiting = self.counts.unsettled
        if self.selection and self.selection.kind is Kind.CATCH_UP and self.newest:
            waiting += self.ledger.count_waiting(self.newest)
        return Outcome.UNSETTLED if waiting else Outcome.COMPLETE

    def _write(self, values: dict[str, Any]) -> None:
        assert self.run_id is not None
        self.store.update_run(self.run_id, {**self._traffic(), **asdict(self.counts), **values})
        self._written = monotonic()


def effective(crawler: Crawler) -> dict[str, Any]:
    """The options as this run has them, for its record; a secret one only as set or not."""
    return {
        option.name: options.shown(option, crawler.settings.get(option.name))
        for option in options.OPTIONS
    }
