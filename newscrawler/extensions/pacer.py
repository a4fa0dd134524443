"""The pace of a crawl: one lane to the server, with a floor, pauses, budgets and quiet hours."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawler import clock
from newscrawler.config import options
from newscrawler.exceptions import NewscrawlerError
from newscrawler.extensions import extension
from newscrawler.extensions.lane import Lane
from newscrawler.extensions.stopper import Stopper
from newscrawler.outcomes import Outcome

logger = logging.getLogger(__name__)

_SLICE_S = 0.25
"""How long a waiting request sleeps before it looks whether the crawl is being stopped."""


class StoppingError(NewscrawlerError, IgnoreRequest):
    """The crawl is ending: the request was not sent and nothing is known of its number."""


class Pacer:
    """Lets requests through one by one, never closer than the floor, never inside a pause.

    There is one lane for all hosts of a paper: amenews.kr and www.amenews.kr
    are the same server, and it is the server that must not be hurt. Papers on
    one server share its lane; their spiders carry it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self._lane: Lane = getattr(crawler.spidercls, "lane", None) or Lane()
        self._lane.join(
            options.DOWNLOAD_DELAY.read(settings),
            options.CONCURRENT_REQUESTS_PER_DOMAIN.read(settings),
        )
        self._jitter = options.DELAY_JITTER.read(settings)
        self._quiet = options.QUIET_HOURS.read(settings)
        self._max_requests = options.MAX_REQUESTS.read(settings)
        minutes = options.MAX_MINUTES.read(settings)
        until = options.UNTIL.read(settings)
        self._ends = [clock.Deadline(until)] if until else []
        self._ends += [clock.Deadline.after(minutes)] if minutes else []
        self._retry_after_max = options.RETRY_AFTER_MAX.read(settings)
        self.holds_the_walk = False
        """While the breaker probes, nobody else asks for numbers."""
        self._closed = False
        self._sent = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pacer:
        return cls(crawler)

    @property
    def floor(self) -> float:
        """The least time between two requests, in seconds."""
        return self._lane.floor

    @property
    def rested(self) -> float:
        """Seconds of pauses so far, the present one to its end."""
        return self._lane.rested

    @property
    def resting(self) -> float:
        """Seconds until the present pause is over; 0 outside of one."""
        return self._lane.resting

    async def turn(self, *, of_the_walk: bool = False) -> None:
        """Wait until a request may be sent, and take that turn.

        Args:
            of_the_walk: it is not sent while the walk is held.

        Raises:
            StoppingError: the crawl is ending, or its budget is used up.
        """
        while True:
            self._check()
            wait = self._lane.wait
            if of_the_walk and self.holds_the_walk:
                wait = _SLICE_S
            if wait > 0:
                await asyncio.sleep(min(wait, _SLICE_S))
            elif self._lane.is_full:
                await self._lane.until_free(_SLICE_S)
            else:
                break
        # No await between the look and the booking: two requests cannot take one turn.
        self._lane.take(self.floor * (1 + random.uniform(0, self._jitter)))
        self._sent += 1
        self.crawler.stats.set_value("pacer/requests", self._sent)

    def done(self, size: int = 0) -> None:
        """A request has ended, with an answer of ``size`` bytes or without one.

        The floor counts from here too: the server has the whole pause to
        itself, however long the request took to reach it.
        """
        self._lane.leave()
        self.crawler.stats.inc_value("pacer/bytes", size)

    def pause(self, seconds: float) -> None:
        """Send nothing for so long from now; a longer pause already set stays."""
        self._lane.rest(seconds)

    def raise_floor(self, seconds: float, why: str) -> None:
        """Lengthen the least time between requests; it is never shortened."""
        if seconds > self.floor:
            logger.info("%s: at least %g s between requests", why, seconds)
            self._lane.raise_floor(seconds)

    def heed(self, response: Response) -> None:
        """Rest as long as the answer asks for; end the crawl if that is longer than may be waited.

        Called as soon as the answer is there: what waits for its turn must not slip through.
        """
        seconds = retry_after(response, clock.now())
        if seconds is None:
            return
        if seconds > self._retry_after_max:
            self.close()
            extension(self.crawler, Stopper).stop(
                Outcome.BLOCKED,
                f"the site asks to stay away for {seconds:.0f} s (status {response.status},"
                f" Retry-After), longer than RETRY_AFTER_MAX",
            )
            return
        logger.warning(
            "Status %d, Retry-After: the whole host rests for %.0f s", response.status, seconds
        )
        self.pause(seconds)

    def close(self) -> None:
        """Let nothing more through; who waits is told so."""
        self._closed = True

    @property
    def is_over(self) -> bool:
        """Whether the crawl is ending, so that nothing more is sent."""
        return self._closed or not self.crawler.engine.running

    def _check(self) -> None:
        if self.is_over:
            raise StoppingError("the crawl is ending")
        if self._max_requests and self._sent >= self._max_requests:
            self._stop(Outcome.BUDGET, f"the budget of {self._max_requests} requests is used up")
        if any(end.has_passed for end in self._ends):
            self._stop(Outcome.BUDGET, "the time budget is used up")
        if self._quiet and local_time(self.crawler) in self._quiet:
            span = f"{self._quiet.start:%H:%M}-{self._quiet.end:%H:%M}"
            self._stop(Outcome.QUIET_HOURS, f"quiet hours {span}")

    def _stop(self, outcome: Outcome, diagnosis: str) -> None:
        self.close()
        extension(self.crawler, Stopper).stop(outcome, diagnosis)
        raise StoppingError(diagnosis)


def local_time(crawler: Crawler) -> time:
    """The paper's local time of day."""
    site = getattr(crawler.spidercls, "site", None)
    zone = ZoneInfo(site.timezone if site else "Asia/Seoul")
    return datetime.now(zone).time()


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks to wait (RFC 9110, 10.2.3), both forms; ``None``: not said.

    A date that has passed means no wait; a value that cannot be read is ignored.
    """
    header = response.headers.get("Retry-After")
    if header is None or response.status not in (429, 503):
        return None
    text = header.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
