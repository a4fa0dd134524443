"""The record of a run: its row in ``runs``, what it has counted, how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from time import monotonic
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from newscrawler import clock
from newscrawler.config import options
from newscrawler.config.selection import Kind, Selection
from newscrawler.exceptions import DamagedArchiveError, StoreError
from newscrawler.extensions import extension
from newscrawler.extensions.bugs import Bugs
from newscrawler.extensions.counts import Counts
from newscrawler.extensions.ending import SHUTDOWN, Ending, RunFacts, ending_of
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.partial_articles import Completeness
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Answer, Reading, Verdict
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store.answers import Saved
from newscrawler.store.connection import Error, unreadable
from newscrawler.store.states import State

logger = logging.getLogger(__name__)

UNREADABLE = (Error, DamagedArchiveError)
"""What reading the archive raises if a page or a value in it is damaged."""

_UPDATE_EVERY_S = 5.0
"""How often the counts in the run's row are updated, in seconds."""


class Run:
    """The run's row in ``runs``, and what is counted for it.

    The other extensions read from here; they report with one method each (``begin``, ``expect``,
    ``found_newest``, ``request_ended``, ``saved``, ``count_bug``, ``remark``).
    """

    def __init__(self, crawler: Crawler, site: Site | None) -> None:
        self.crawler = crawler
        self.site = site
        self.counts = Counts()
        self.selection: Selection | None = None
        self.run_id: int | None = None
        self.newest: int | None = None
        """The newest number that the site itself lists, once it is known."""
        self.listed: frozenset[int] = frozenset()
        """The numbers up to the newest that the site lists as published."""
        self.expected: int | None = None
        """How many numbers this run will request, if known."""
        self.future_streak = 0
        """Answers in a row without anything above the newest number."""
        self.suspects: frozenset[int] = frozenset()
        """Numbers whose answers were being read when a run was killed."""
        self.ending: Ending | None = None
        """How it ended; ``None`` while it runs."""
        self.started_at = clock.now()
        self._answered = False
        self._trouble: str | None = None
        self._at_proxy = False
        self._remark: str | None = None
        self._completeness = Completeness(options.INCOMPLETE_IN_A_ROW.read(crawler.settings))
        self._forbidden = 0
        self._bugs = Bugs()
        self._before_end: list[Callable[[], None]] = []
        self._written = monotonic()
        crawler.signals.connect(self._finish, signals.spider_closed)
        crawler.signals.connect(self._failed, signals.spider_error)
        crawler.signals.connect(self._failed, signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Run:
        return cls(crawler, getattr(crawler.spidercls, "site", None))

    # -- what others tell it ----------------------------------------------------

    def begin(self, selection: Selection) -> None:
        """Open the run's row.

        Raises:
            StoreError: it cannot be written.
        """
        assert self.site is not None
        self.selection = selection
        store, name = self._holder.store, self.site.name
        self._look_at_the_clock(store.runs.last_time(name))
        schedule = options.schedule(self.crawler.settings)
        if mended := store.corrections.mend_times(name, self.started_at, schedule.longest):
            logger.warning("%d numbers had a due time from a wrong clock: they are due now", mended)
        if since := store.runs.cut_off_since(name):
            # The killed run could not do this at its own end.
            store.corrections.settle_gaps_below_newest(name, since, schedule)
            store.corrections.disbelieve(
                name, store.corrections.gaps_at_the_end(name, since), self.started_at
            )
        crashers = store.corrections.suspect_crashers(name, self.started_at, schedule)
        for idx in crashers:
            logger.warning(
                "A run was killed while it read the answer for number %d: this answer is read in a"
                " second process",
                idx,
            )
        self.suspects = frozenset(crashers)
        self.run_id = store.runs.begin(
            name, str(selection), effective(self.crawler), self.started_at
        )

    def _look_at_the_clock(self, last: datetime | None) -> None:
        if last is not None and self.started_at < last:
            sentence = (
                f"the clock says {clock.to_text(self.started_at)}, which is before the last run"
                f" ({clock.to_text(last)}): correct it, or retries and refreshes come at wrong"
                " times"
            )
            logger.warning("%s", sentence[0].upper() + sentence[1:])
            self.remark(sentence)

    def expect(self, numbers: int) -> None:
        """The spider is going to request this many numbers."""
        self.expected = numbers

    def found_newest(self, idx: int) -> None:
        """The site lists ``idx`` as its newest number, and a request has confirmed it."""
        self.newest = max(idx, self.newest or 0)
        if self.run_id is not None:
            self._holder.store.runs.update(self.run_id, {"newest": self.newest})

    def found_listed(self, idxs: Iterable[int]) -> None:
        """The site lists these numbers as published; those above the newest are not believed."""
        newest = self.newest or 0
        self.listed = frozenset(idx for idx in idxs if idx <= newest)

    def request_ended(self, trouble: str | None, *, at_proxy: bool = False) -> None:
        """A request has ended; ``trouble`` says why its answer cannot be used, if so."""
        if trouble is None:
            self._answered = True
        else:
            self._trouble = trouble
        self._at_proxy = at_proxy

    def saved(self, saved: Saved, answer: Answer) -> None:
        """Count an answer that the store has written."""
        self.counts.add(saved, answer)
        verdict = answer.reading and answer.reading.verdict
        if verdict is Verdict.FORBIDDEN:
            self._forbidden += 1
        if verdict in (Verdict.ARTICLE, Verdict.UNCHANGED):
            self._bugs.end_row()
        self.future_streak = self.future_streak + 1 if saved.is_future else 0
        if saved.state is State.ARTICLE and answer.reading and answer.reading.article:
            self._judge_completeness(answer.reading, answer.asked_at)
        # `scrapy parse` stores answers without a run.
        if self.run_id is not None and monotonic() - self._written > _UPDATE_EVERY_S:
            try:
                self._write({})
            except StoreError as error:
                extension(self.crawler, Stopper).stop(Outcome.STORAGE, str(error))

    def settled_late(self, saved: Saved, was: State) -> None:
        """Count a number as settled that was counted as ``was``: the end of the run brought the
        evidence.
        """
        for name, step in ((was, -1), (saved.state, 1)):
            setattr(self.counts, name, getattr(self.counts, name) + step)

    def taken_back(self, states: Sequence[State]) -> None:
        """Looks that were counted as these states are not believed any more."""
        for state in states:
            setattr(self.counts, state, getattr(self.counts, state) - 1)
        self.counts.pending += len(states)

    def compared_feed_dates(self, compared: int, apart: int) -> None:
        """The feed's dates of ``compared`` articles were compared with their pages' dates, and
        ``apart`` of them differ."""
        self.counts.feed_dates_apart = apart
        self.crawler.stats.set_value("feed/dates_compared", compared)
        self.crawler.stats.set_value("feed/dates_apart", apart)

    def asks_again(self, count: int, *, counted_as: str = "pending") -> None:
        """Uncount this many numbers whose answers were taken back, since this run requests them
        again.

        Args:
            counted_as: the field of :class:`Counts` that has them.
        """
        setattr(self.counts, counted_as, getattr(self.counts, counted_as) - count)
        self.counts.asked -= count

    def before_its_end(self, call: Callable[[], None]) -> None:
        """Register a call for the end of the run, before its outcome is decided, while the archive
        is open."""
        self._before_end.append(call)

    def _judge_completeness(self, reading: Reading, asked_at: datetime) -> None:
        for flaw in self._completeness.judge(reading, asked_at):
            setattr(self.counts, flaw, getattr(self.counts, flaw) + 1)
        if sentence := self._completeness.verdict:
            extension(self.crawler, Stopper).stop(Outcome.CHANGED, sentence)

    def remark(self, sentence: str) -> None:
        """A sentence for the run's diagnosis, used if its ending has none."""
        self._remark = sentence

    def count_bug(self, error: BaseException, *, is_logged: bool = False) -> None:
        """An answer of the site caused an unexpected exception: a bug, which does not end the
        crawl, unless it strikes every answer.

        A stored value that cannot be read is none: the archive is damaged, and the crawl ends.

        Args:
            is_logged: whether Scrapy has logged it.
        """
        if isinstance(error, UNREADABLE):
            extension(self.crawler, Stopper).stop(Outcome.STORAGE, self._unreadable(error))
            return
        self._bugs.add(error, is_logged=is_logged)
        if sentence := self._bugs.verdict:
            extension(self.crawler, Stopper).stop(Outcome.ERROR, sentence)

    def reads(self, idx: int) -> None:
        """Note that an answer is going to be read in this process, which it may kill.

        Raises:
            StoreError: that cannot be written.
        """
        if self.run_id is not None and self._holder.is_open:
            self._holder.store.runs.note_reading(self.run_id, idx)

    def _failed(self, failure: Failure) -> None:
        if failure.value is not None:  # Twisted's type; a failure always has one
            self.count_bug(failure.value, is_logged=True)

    # -- what others ask -----------------------------------------------------

    @property
    def left(self) -> int | None:
        """How many of the expected numbers are not requested yet; ``None``: not known."""
        return None if self.expected is None else max(0, self.expected - self.counts.asked)

    def summary(self) -> dict[str, Any]:
        """The run as one flat record: ``--json`` prints it, PING_URL receives it."""
        outcome = self.ending.outcome if self.ending else Outcome.RUNNING
        return {
            "run": self.run_id,
            "site": self.site.name if self.site else None,
            "selection": str(self.selection) if self.selection else None,
            "outcome": str(outcome),
            "exit_code": outcome.exit_code,
            "diagnosis": self.ending and self.ending.diagnosis,
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

    # -- its end --------------------------------------------------------------------

    def abandon(self) -> None:
        """The event loop has ended during the crawl (a second Ctrl-C): close what is open."""
        if self.ending is None:
            self._finish(SHUTDOWN)

    def _finish(self, reason: str) -> None:
        holder = self._holder
        try:
            if self.run_id is not None and holder.is_open:
                for call in self._before_end:
                    call()
                self._settle_passed_gaps()
            self.ending = self._ending_for(reason)
            if self.ending.outcome is Outcome.ERROR and holder.is_open:
                self._blame_damage(holder.store.damage())
            if self.run_id is not None and holder.is_open:
                self._conclude(self.ending)
        except (StoreError, *UNREADABLE) as error:
            said = str(error) if isinstance(error, StoreError) else self._unreadable(error)
            self.ending = Ending(Outcome.STORAGE, said)
            logger.error("%s", said)
        finally:
            holder.close()

    def _blame_damage(self, damage: str | None) -> None:
        """An unexpected exception is no bug if the archive is damaged."""
        if damage:
            said = self._unreadable(DamagedArchiveError(damage))
            self.ending = Ending(Outcome.STORAGE, said)

    def _unreadable(self, error: Exception) -> str:
        return unreadable(self._holder.store.path, error)

    def _settle_passed_gaps(self) -> None:
        stop = extension(self.crawler, Stopper).cause
        if self.site is None or (stop and stop.outcome is Outcome.STORAGE):
            return
        late = self._holder.store.corrections.settle_gaps_below_newest(
            self.site.name, self.started_at, options.schedule(self.crawler.settings)
        )
        self.counts.pending -= late
        self.counts.missing += late

    def _ending_for(self, reason: str) -> Ending:
        waiting = 0
        catches_up = self.selection and self.selection.kind is Kind.CATCH_UP
        if catches_up and self.newest and self._holder.is_open:
            waiting = self._holder.ledger.count_waiting(self.newest)
        ending = ending_of(
            RunFacts(
                close_reason=reason,
                stop=extension(self.crawler, Stopper).cause,
                bugs=self._bugs.count,
                asked=self.counts.asked,
                forbidden=self._forbidden,
                unsettled=self.counts.unsettled,
                waiting=waiting,
                left=self.left,
                answered=self._answered,
                trouble=self._trouble,
                at_proxy=self._at_proxy,
            )
        )
        return Ending(ending.outcome, ending.diagnosis or self._remark)

    def _conclude(self, ending: Ending) -> None:
        self._write(
            {
                "finished_at": clock.to_text(clock.now()),
                "outcome": ending.outcome,
                "exit_code": ending.outcome.exit_code,
                "diagnosis": ending.diagnosis,
                "caught_up_to": self._caught_up_to(ending),
                "reading": None,
            }
        )

    def _caught_up_to(self, ending: Ending) -> int | None:
        """The number from which the next crawl catches up: never above the highest article."""
        is_whole = ending.outcome in (Outcome.COMPLETE, Outcome.UNSETTLED) and not self.left
        catches_up = self.selection is not None and self.selection.kind is Kind.CATCH_UP
        if self.site is None or self.newest is None or not (is_whole and catches_up):
            return None
        return min(self.newest, self._holder.store.newest(self.site.name)) or None

    def _write(self, values: dict[str, Any]) -> None:
        assert self.run_id is not None
        self._holder.store.runs.update(
            self.run_id, {**self._traffic(), **asdict(self.counts), **values}
        )
        self._written = monotonic()

    @property
    def _holder(self) -> StoreHolder:
        return extension(self.crawler, StoreHolder)


def effective(crawler: Crawler) -> dict[str, Any]:
    """The values of the options in this run, for its record; of a secret only whether it is set."""
    return {
        option.name: option.shown(crawler.settings.get(option.name)) for option in options.OPTIONS
    }
