"""What ``request.meta`` carries: every key of ours, who sets it and who reads it.

Scrapy hands ``meta`` from a request to its response, and to the request that
follows it in a retry or a redirect. Read and write it through :func:`meta_of`
alone, so that mypy knows each key; what Scrapy itself keeps there
(``download_latency``, …) is not ours.
"""

from __future__ import annotations

from typing import TypedDict, cast

from scrapy import Request
from scrapy.http import Response

from newscrawler.items import Capture, Groundwork, Reading


class Meta(TypedDict, total=False):
    """A key that is not there says no, or nothing."""

    # -- what is asked for, set with the request ------------------------------

    idx: int
    """The article number that is asked for; a page without one is no article's.

    Set by the spider, discovery, the doctor and known_articles; read by all."""
    section_code: str | None
    """The section in whose list the number was found. Spider → spider (the answer's field)."""
    section: str | None
    """That section's name in the menu. Spider → spider."""
    probe: bool
    """A question about the site, whose answer is not stored by its middlewares' doing.

    Set by discovery and the doctor; read by the canary and the circuit breaker, which
    leave it alone."""
    canary: bool
    """A known article, asked to learn whether the site is well.

    Set by known_articles; read by the canary, the circuit breaker, retry (no quick tries)
    and the download handler (it may pass while the walk is held)."""
    any_host: bool
    """A redirect may lead to another host (RFC 9309, 2.3.1.2). Robots → redirect."""
    allow_offsite: bool
    """The same to Scrapy's own middleware, whose name it is. Robots → Scrapy."""
    dont_obey_robotstxt: bool
    """robots.txt itself: Scrapy's own name. Robots → robots, retry."""

    # -- what has become of it on the way ---------------------------------------

    requests: int
    """How many requests it took so far, the first included; not there: one.

    Retry, redirect → spider (the answer's field)."""
    tries: int
    """How many quick tries there were before this one. Retry → retry."""
    trouble: str
    """Why the try before this one failed. Retry → spider (the reason if this one is not sent)."""
    hops: int
    """How many redirects led here. Redirect → redirect, robots."""

    # -- what the answer says -----------------------------------------------------

    capture: Capture
    """The raw answer. Parse → spider, discovery."""
    reading: Reading
    """What it means. Parse → retry, circuit breaker, canary, known_articles, discovery, the
    doctor and the spider; the canary replaces one that it does not believe."""
    like_nothing: bool
    """The answer is silent as the one for a number that cannot exist.

    Parse → retry (no quick tries), circuit breaker (no rest before it probes)."""
    groundwork: Groundwork
    """What a worker has prepared for the store. Parse → spider."""


def meta_of(of: Request | Response) -> Meta:
    """The meta of a request, or of a response's request, with its types.

    Raises:
        AttributeError: a response that no request led to.
    """
    return cast(Meta, of.meta)


def next_meta(request: Request, changes: Meta) -> Meta:
    """The meta of a request that follows this one: its own with ``changes``, one request more."""
    own = meta_of(request)
    return {**own, "requests": own.get("requests", 1) + 1, **changes}
