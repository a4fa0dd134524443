"""A slice: take the lease → download old copies → crawl until a fixed end → upload → release."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from scrapy.settings import Settings

from newscrawler import clock, crawler
from newscrawler.archive.reparse.run import replay
from newscrawler.config import options, sources
from newscrawler.exceptions import (
    AwayError,
    DepotError,
    FencedError,
    LeaseHeldError,
    LockedError,
    ReplayError,
    StoreError,
)
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot, Manifest
from newscrawler.fleet.facts import counts, site_digest
from newscrawler.fleet.lease import Claim
from newscrawler.fleet.local import owner_of, refusals
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store.lock import LaneLock
from newscrawler.store.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")
_RETRY_S = 2.0
"""Time between two attempts to reach a depot that does not answer."""


@dataclass
class Work:
    """One paper in a slice."""

    site: Site
    settings: Settings
    copy: Copy
    claim: Claim
    head: Manifest | None = None
    summary: dict[str, Any] = field(default_factory=dict)


class Slice:
    """A bounded crawl of some papers whose archives are in a depot.

    Args:
        depot: where versions and leases are.
        folder: this machine's copies; one process at a time works on each lane.
        end: no request is sent after it.
        reparse: re-parse stored answers with the current parser, without requests.
    """

    def __init__(self, depot: Depot, folder: Path, end: datetime, *, reparse: bool = False) -> None:
        self.depot = depot
        self.folder = folder
        self.end = end
        self.owner = owner_of(folder)
        self._reparse = reparse
        self._locks: dict[str, LaneLock] = {}
        self._claims: dict[str, Claim] = {}

    def run(self, papers: Sequence[tuple[Site, Settings]]) -> list[dict[str, Any]]:
        """Run the slice; returns a summary for each paper, in any case.

        Each has the keys of a crawl's summary, and ``version`` (what the depot has now),
        ``owner``, ``until`` (when another machine's lease ends) and ``unshipped``.

        Raises:
            SettingError, SiteError: invalid settings, before any request.
            DepotError: the depot does not answer when the first lease is taken.
        """
        finished: list[dict[str, Any]] = []
        ready: list[Work] = []
        try:
            for site, settings in papers:
                begun = self._begin(site, settings)
                if isinstance(begun, Work):
                    ready.append(begun)
                else:
                    finished.append(begun)
            if self._reparse:
                for work in ready:
                    work.summary = self._reparse_paper(work)
            elif ready:
                self._crawl(ready)
            for work in ready:
                self._ship(work)
                finished.append(work.summary)
        finally:
            self._give_back()
        return finished

    # -- before the crawl -------------------------------------------------------

    def _begin(self, site: Site, settings: Settings) -> Work | dict[str, Any]:
        """Take the lease of a paper's lane and download its archive; or return a summary with the
        reason."""
        checked = settings.copy()
        sources.apply(site, checked)
        if not self._reparse:
            sources.check_manners(site, checked, None)
        longest = timedelta(seconds=options.DOWNLOAD_TIMEOUT.read(checked))
        copy = Copy(self.folder, site)
        try:
            claim = self._claim(site.lane_name, longest)
            head = copy.freshen(self.depot, self.owner)
        except LeaseHeldError as error:
            until = clock.to_text(error.until) if error.until else None
            return self._not_begun(site, Outcome.LOCKED, error, until)
        except LockedError as error:
            return self._not_begun(site, Outcome.LOCKED, error)
        except StoreError as error:
            return self._not_begun(site, Outcome.STORAGE, error)
        except AwayError:
            raise
        except DepotError as error:
            outcome = Outcome.STORAGE if error.exit_code == 6 else Outcome.REFUSED
            return self._not_begun(site, outcome, error)
        if head and head.site_digest != site_digest(site):
            logger.warning(
                "%s: %s shipped version %d with another site file than this machine has",
                *(site.name, head.machine, head.version),
            )
        own = settings.copy()
        own.set("NEWSCRAWLER_DB", str(copy.path), "cmdline")
        given = options.UNTIL.read(checked)
        own.set("UNTIL", min(self.end, given or self.end).isoformat(), "cmdline")
        return Work(site, own, copy, claim, head)

    def _claim(self, lane: str, longest: timedelta) -> Claim:
        if lane not in self._claims:
            # The local lock first: if another process here holds it, its lease is not abandoned.
            with refusals(self.folder):
                self._locks[lane] = LaneLock(self.folder, f"slice-{lane}", clock.now())
            until = self.end + longest + lease.MARGIN
            self._claims[lane] = lease.claim(self.depot.objects, lane, self.owner, until)
        return self._claims[lane]

    def _not_begun(
        self, site: Site, outcome: Outcome, error: Exception, until: str | None = None
    ) -> dict[str, Any]:
        summary = crawler.not_begun(site, outcome, str(error))
        return {**summary, **self._about(site, None), "until": until}

    def _about(self, site: Site, version: int | None) -> dict[str, Any]:
        unshipped = Copy(self.folder, site).has_unshipped_work
        return {"version": version, "owner": self.owner, "until": None, "unshipped": unshipped}

    # -- the crawl and after ----------------------------------------------------

    def _crawl(self, ready: list[Work]) -> None:
        jobs = [(work.site, work.settings) for work in ready]
        try:
            with _signals_afterwards():
                summaries = crawler.crawl(jobs, {})
        except (LockedError, StoreError) as error:
            outcome = Outcome.LOCKED if isinstance(error, LockedError) else Outcome.STORAGE
            summaries = [crawler.not_begun(work.site, outcome, str(error)) for work in ready]
        by_name = {summary["site"]: summary for summary in summaries}
        for work in ready:
            work.summary = by_name[work.site.name]

    def _reparse_paper(self, work: Work) -> dict[str, Any]:
        """Re-parse a paper's stored answers, without those that an earlier slice has read."""
        if not work.copy.path.exists():
            return crawler.not_begun(work.site, Outcome.COMPLETE, "nothing was ever crawled")
        try:
            with Store.open(work.copy.path) as store:
                checked = work.settings.copy()
                sources.apply(work.site, checked)
                schedule = options.schedule(checked)
                tally = replay(work.copy.path, work.site, store=store, schedule=schedule)
        except (LockedError, StoreError, ReplayError) as error:
            outcome = Outcome.LOCKED if isinstance(error, LockedError) else Outcome.STORAGE
            return crawler.not_begun(work.site, outcome, str(error))
        told = f"{tally.numbers} numbers read again, {tally.corrected} articles corrected"
        return {
            **crawler.not_begun(work.site, Outcome.COMPLETE, told),
            "left": work.head.left if work.head else None,
            "read": tally.numbers,
            "corrected": tally.corrected,
        }

    def _ship(self, work: Work) -> None:
        """Upload the result of a crawl, and add to the summary whether it succeeded."""
        version = work.head.version if work.head else None
        try:
            if work.copy.path.exists():
                try:
                    shipped = self._patiently(lambda: self._shipped(work), work.claim)
                    version = shipped.version
                except FencedError as error:
                    with work.copy.held():
                        aside = work.copy.set_aside(self.depot, self.owner, str(error))
                    self._ended(
                        work, Outcome.FENCED, f"{error}; the work of this slice is in {aside}"
                    )
        except StoreError as error:
            self._ended(work, Outcome.STORAGE, str(error))
        except (DepotError, LockedError) as error:
            self._ended(
                work, Outcome.UNSHIPPED, f"{error}; the next slice on this machine uploads it"
            )
        work.summary.update(self._about(work.site, version))

    def _shipped(self, work: Work) -> Manifest:
        facts = {
            "outcome": work.summary["outcome"],
            "left": work.summary["left"],
            **counts(work.copy.path, work.site.name),
        }
        stands = lambda: work.claim.still_stands  # noqa: E731 - asked when all else is done
        return work.copy.ship(self.depot, work.claim.lease, stands, facts, work.head)

    @staticmethod
    def _ended(work: Work, outcome: Outcome, diagnosis: str) -> None:
        logger.error("%s: %s", work.site.name, diagnosis)
        work.summary.update(outcome=str(outcome), exit_code=outcome.exit_code, diagnosis=diagnosis)

    @staticmethod
    def _patiently(work: Callable[[], T], claim: Claim) -> T:
        """Repeat while the depot does not answer, as long as the lease lasts."""
        while True:
            try:
                return work()
            except AwayError as error:
                if clock.now() + timedelta(seconds=_RETRY_S) >= claim.lease.ends:
                    raise
                logger.warning("%s; trying again", error)
                time.sleep(_RETRY_S)

    def _give_back(self) -> None:
        for claim in self._claims.values():
            # A lease that is not released expires.
            with suppress(DepotError):
                claim.release()
        for lock in self._locks.values():
            lock.release()


@contextmanager
def _signals_afterwards() -> Iterator[None]:
    """Restore the handlers of SIGINT and SIGTERM from before the crawl.

    Scrapy does not remove its own, which only stop its event loop: a slice that waits for its depot
    could not be interrupted.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            for number, handler in before.items():
                signal.signal(number, handler)
