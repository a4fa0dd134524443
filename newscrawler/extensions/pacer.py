"""The pace of a crawl: the delay between requests, pauses, budgets and quiet hours."""

from __future__ import annotations

import asyncio
import logging
import random
import re
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

_TOLD = (304, 404, 410)
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:\s*,\s*[0-9]+(?:\.[0-9]*)?)*")
"""Whole seconds by the RFC; some servers send fractions, or the header twice."""
_CENTURY_S = 100 * 365 * 86_400.0
"""A header may have any number of digits; a longer pause is the same."""
_SLICE_S = 0.25
"""How long a waiting request sleeps before it checks again whether the crawl is ending."""


class StoppingError(NewscrawlerError, IgnoreRequest):
    """The crawl is ending: the request was not sent and nothing is known of its number."""


class Pacer:
    """Sends requests one by one, with the minimum time between them, and none during a pause.

    All hosts of a paper share one lane: amenews.kr and www.amenews.kr are the same server, and the
    load on the server counts. Papers on one server share its lane, an attribute of their spider
    classes.
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
        """While the circuit breaker probes, no other number is requested."""
        self._closed = False
        self._sent = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pacer:
        return cls(crawler)

    @property
    def floor(self) -> float:
        """The minimum time between two requests, in seconds."""
        return self._lane.floor

    @property
    def rested(self) -> float:
        """Seconds of pauses so far, with the whole of the current one."""
        return self._lane.rested

    @property
    def resting(self) -> float:
        """Seconds until the current pause ends; 0 if there is none."""
        return self._lane.resting

    async def turn(self, *, of_the_walk: bool = False) -> None:
        """Wait until a request may be sent, and count it as sent.

        Args:
            of_the_walk: it is the spider's request for a number, which waits while the circuit
                breaker probes.

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
        # No await between reading and setting the time, so two requests never get the same turn.
        self._lane.take(self.floor * (1 + random.uniform(0, self._jitter)))
        self._sent += 1
        self.crawler.stats.set_value("pacer/requests", self._sent)

    def done(self, size: int = 0) -> None:
        """A request has ended, with an answer of ``size`` bytes or without one.

        The minimum time counts from here too: the server always gets a full delay without a
        request.
        """
        self._lane.leave()
        self.crawler.stats.inc_value("pacer/bytes", size)

    def pause(self, seconds: float) -> None:
        """Send nothing for this many seconds from now; a longer pause that is already set stays."""
        self._lane.rest(seconds)

    def raise_floor(self, seconds: float, why: str) -> None:
        """Raise the minimum time between requests; it is never lowered."""
        if seconds > self.floor:
            logger.info("%s: at least %g s between requests", why, seconds)
            self._lane.raise_floor(seconds)

    def obey_retry_after(self, response: Response) -> None:
        """Obey Retry-After: pause, or end the crawl if the time is longer than RETRY_AFTER_MAX.

        Called as soon as the answer arrives, before a waiting request can be sent.
        """
        seconds = retry_after(response, clock.now())
        if not seconds:
            return
        if seconds > self._retry_after_max:
            self.close()
            extension(self.crawler, Stopper).stop(
                Outcome.BLOCKED,
                f"the site asks for a pause of {seconds:.0f} s (status {response.status},"
                f" Retry-After), longer than RETRY_AFTER_MAX",
            )
            return
        logger.warning(
            "Status %d, Retry-After: no request to the host for %.0f s", response.status, seconds
        )
        self.pause(seconds)

    def close(self) -> None:
        """Send nothing more; waiting requests end with StoppingError."""
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
    """Seconds that the server asks to wait (RFC 9110, 10.2.3), in both forms; ``None``: none given.

    A date is held against the server's own clock as well as ours, since either may be wrong; a date
    in the past means no wait. An invalid value is ignored. An answer that says what is
    there, or that nothing is, asks for no pause, whatever its headers.
    """
    header = response.headers.get("Retry-After")
    if header is None or response.status < 300 or response.status in _TOLD:
        return None
    text = header.decode("latin-1").strip()
    if _SECONDS.fullmatch(text):
        return min(_CENTURY_S, max(float(seconds) for seconds in text.split(",")))
    moment = _http_date(text)
    if moment is None:
        return None
    servers_now = _http_date((response.headers.get("Date") or b"").decode("latin-1"))
    waits = [(moment - at).total_seconds() for at in (now, servers_now) if at]
    # The wrong clock makes the date long past, or far away.
    return min((wait for wait in waits if wait > 0), default=0.0)


def _http_date(text: str) -> datetime | None:
    """A moment, as a header writes it; ``None`` if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
