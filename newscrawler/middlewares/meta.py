"""The keys of this project in ``request.meta``: who sets each one and who reads it.

Scrapy passes ``meta`` from a request to its response, and to the request that follows it in a retry
or a redirect. Read and write it with :func:`meta_of` only, so that mypy checks each key. Scrapy's
own keys (``download_latency``, …) are not listed.
"""

from __future__ import annotations

from typing import TypedDict, cast

from scrapy import Request
from scrapy.http import Response

from newscrawler.items import Capture, Precomputed, Reading


class Meta(TypedDict, total=False):
    """A missing key means ``False``, or no value."""

    # -- set with the request --------------------------------------------------

    idx: int
    """The requested article number; a request without it is not for an article.

    Set by the spider, discovery, the doctor and known_articles; read by all."""
    section_code: str | None
    """The section in whose list the number was found. Spider → spider (the answer's field)."""
    section: str | None
    """The name of that section in the menu. Spider → spider."""
    probe: bool
    """A request that only tests the site; the spider does not ask for this number.

    Set by discovery and the doctor; read by the canary and the circuit breaker, which ignore it."""
    canary: bool
    """A known article, requested to learn whether the site works.

    Set by known_articles; read by the canary, the circuit breaker, retry (no retries) and the
    download handler (sent even while the circuit breaker probes)."""
    any_host: bool
    """A redirect may lead to another host (RFC 9309, 2.3.1.2). Robots → redirect."""
    allow_offsite: bool
    """The same for Scrapy's own middleware, which defines the name. Robots → Scrapy."""
    dont_obey_robotstxt: bool
    """The request is for robots.txt; the name is Scrapy's. Robots → robots, retry."""

    # -- set on the way to the site and back ---------------------------------------

    requests: int
    """How many requests were sent so far, the first included; missing: one.

    Retry, redirect → spider (``Answer.requests``)."""
    tries: int
    """How many attempts there were before this one. Retry → retry."""
    trouble: str
    """Why the previous attempt failed. Retry → spider (the reason if this one is not sent)."""
    error: Exception
    """What came in place of an answer. Circuit breaker → spider (any other exception is a bug)."""
    hops: int
    """How many redirects led here. Redirect → redirect, robots."""

    # -- what the answer says -----------------------------------------------------

    capture: Capture
    """The raw answer. Parse → spider, discovery."""
    reading: Reading
    """What it means. Parse → retry, circuit breaker, canary, known_articles, discovery, the doctor
    and the spider; the canary replaces one that it does not accept."""
    like_nothing: bool
    """The answer equals the one for a number that cannot exist, and has no message.

    Parse → retry (no retries), circuit breaker (no pause before its first probe)."""
    precomputed: Precomputed
    """What the second process has computed for the store. Parse → spider."""


def meta_of(of: Request | Response) -> Meta:
    """The typed meta of a request, or of a response's request.

    Raises:
        AttributeError: a response without a request.
    """
    return cast(Meta, of.meta)


def next_meta(request: Request, changes: Meta) -> Meta:
    """The meta for a request that follows this one: with ``changes``, and one more in
    ``requests``."""
    own = meta_of(request)
    return {**own, "requests": own.get("requests", 1) + 1, **changes}
