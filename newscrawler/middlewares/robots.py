"""robots.txt by RFC 9309: read first, obeyed, and read again within a day.

Scrapy's own middleware reads a 503 for robots.txt as permission; the RFC demands the opposite
(2.3.1.4).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK

from newscrawler.config import options
from newscrawler.exceptions import NewscrawlerError, OverBoundError, UnreadableError
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer, StoppingError
from newscrawler.extensions.page_reader import PageReader
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.outcomes import Outcome
from newscrawler.pages import robots
from newscrawler.store.connection import Error

logger = logging.getLogger(__name__)

PRIORITY = 1000

_BUGS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError),
    Error,
)
"""No network error is one of these."""
_UNTIL_READABLE = "by RFC 9309 nothing may be requested until it can be read"


class ForbiddenError(NewscrawlerError, IgnoreRequest):
    """robots.txt disallows this address; the message is the ledger's reason."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a host's robots.txt says to this crawler."""

    rules: robots.Rules | None
    """``None``: unreachable, so everything is disallowed for now."""
    reason: str
    read_at: float
    text: bytes = b""
    """The file as received."""


class RobotsMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        if not options.ROBOTSTXT_OBEY.read(crawler.settings):
            raise NotConfigured("ROBOTSTXT_OBEY is off")
        self.crawler = crawler
        self._token = options.ROBOTSTXT_USER_AGENT.read(crawler.settings)
        self._max_age = options.ROBOTSTXT_MAX_AGE.read(crawler.settings)
        self._longest_pause = options.RETRY_AFTER_MAX.read(crawler.settings)
        self._policies: dict[str, Policy] = {}
        self._reading = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    def policy(self, url: str) -> Policy | None:
        """What the robots.txt of this address's host says, if it was requested."""
        return self._policies.get(_origin(url))

    async def process_request(self, request: Request) -> None:
        if meta_of(request).get("dont_obey_robotstxt"):
            return
        origin = _origin(request.url)
        policy = self._fresh(origin)
        if policy is None:
            # All requests that wait for it share one download.
            async with self._reading:
                policy = self._fresh(origin)
                if policy is None:
                    policy = self._policies[origin] = await self._read(origin)
        if policy.rules is None:
            if "hops" in meta_of(request):
                # On a host outside the crawl only this answer has failed.
                raise UnreadableError(f"redirected to {origin}, whose {policy.reason}")
            self._stop(Outcome.DOWN, f"{policy.reason}: {_UNTIL_READABLE}")
            raise ForbiddenError(policy.reason)
        if not policy.rules.allows(request.url):
            raise ForbiddenError("robots.txt disallows it")

    def _fresh(self, origin: str) -> Policy | None:
        policy = self._policies.get(origin)
        is_old = policy is not None and monotonic() - policy.read_at > self._max_age
        return None if is_old else policy

    async def _read(self, origin: str) -> Policy:
        """Fetch and parse; the retry middleware has already repeated a failed request."""
        meta: Meta = {"dont_obey_robotstxt": True, "any_host": True, "allow_offsite": True}
        request = Request(
            f"{origin}/robots.txt", callback=NO_CALLBACK, priority=PRIORITY, meta={**meta}
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except StoppingError:
            raise
        except _BUGS as error:
            return self._unread(error)
        except Exception as error:
            # Any failure to get an answer is "unreachable" (2.3.1.4), whatever its class.
            return Policy(None, f"robots.txt cannot be reached ({error_text(error)})", monotonic())
        status = response.status
        if status >= 500 or status == 429:
            return Policy(None, f"robots.txt answers {status}", monotonic())
        body = response.body if 200 <= status < 300 else b""
        reader = extension(self.crawler, PageReader)
        try:
            rules = await reader.read(len(body), robots.read, body, self._token)
        except OverBoundError as error:
            return Policy(None, f"robots.txt cannot be read: {error}", monotonic())
        except StoppingError:
            raise
        except Exception as error:
            return self._unread(error)
        policy = Policy(rules, f"{status}", monotonic(), body)
        self._apply_pace(policy)
        return policy

    def _unread(self, error: Exception) -> Policy:
        """A bug of the program, not a fault of the site."""
        extension(self.crawler, Run).count_bug(error)
        return Policy(None, f"robots.txt cannot be read ({type(error).__name__})", monotonic())

    def _apply_pace(self, policy: Policy) -> None:
        assert policy.rules is not None
        if delay := policy.rules.crawl_delay:
            self._raise_floor(delay, "robots.txt Crawl-delay")
        if pause := policy.rules.request_rate:
            self._raise_floor(pause, "robots.txt Request-rate")

    def _raise_floor(self, seconds: float, why: str) -> None:
        if seconds <= self._longest_pause:
            extension(self.crawler, Pacer).raise_floor(seconds, why)
            return
        extension(self.crawler, Pacer).close()
        self._stop(
            Outcome.FORBIDDEN,
            f"{why} asks for {seconds:.0f} s between requests, longer than RETRY_AFTER_MAX",
        )

    def _stop(self, outcome: Outcome, diagnosis: str) -> None:
        extension(self.crawler, Stopper).stop(outcome, diagnosis)


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))
