"""Redirects: followed only while they lead to the same thing on the paper's own hosts.

A redirect of an article's address that leads elsewhere (home, the login page)
is itself the answer, and the parser reads it as such.

Where the paper has moved as a whole (to https, to another of its hosts) every page would cost
two requests: once that is seen, pages are asked for at the new place.
"""

from __future__ import annotations

import logging
from collections import Counter
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler.middlewares.meta import meta_of, next_meta
from newscrawler.sites import Site, urls

logger = logging.getLogger(__name__)

MAX_HOPS = 5
"""RFC 9309, 2.3.1.2 asks for five with robots.txt; a page of the family needs one at most."""

_STATUSES = (301, 302, 303, 307, 308)


_ENOUGH = 3
"""So many pages that lead to the same place elsewhere are a move."""


class RedirectMiddleware:
    def __init__(self, site: Site | None) -> None:
        self.site = site
        self._seen: Counter[tuple[str, str]] = Counter()
        self.moved: dict[str, str] = {}
        """Origin → the origin to which its pages have moved."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        return cls(getattr(crawler.spidercls, "site", None))

    def process_request(self, request: Request) -> Request | None:
        """Ask at the new place where a page has moved; what a redirect led to is left alone."""
        meta = meta_of(request)
        origin = origin_of(request.url)
        if origin not in self.moved or "idx" not in meta or "hops" in meta:
            return None
        url = self.moved[origin] + request.url.removeprefix(origin)
        return request.replace(url=url, meta={**meta, "hops": 1})

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get("Location")
        if response.status not in _STATUSES or location is None:
            return response
        hops = meta_of(request).get("hops", 0)
        try:
            url = urljoin(request.url, urls.of_location(location))
            if hops >= MAX_HOPS or not self._same_thing(request, url):
                return response
        except ValueError:
            return response  # no address at all
        url = self._on_mirror(request.url, url)
        if url == request.url:
            return response
        if "idx" in meta_of(request):
            self._learn(origin_of(request.url), origin_of(url), request.url, url)
        return request.replace(url=url, meta=next_meta(request, {"hops": hops + 1}))

    def _learn(self, old: str, new: str, asked: str, url: str) -> None:
        """Count a redirect to the same path and query at another origin."""
        if old == new or asked.removeprefix(old) != url.removeprefix(new):
            return
        self._seen[old, new] += 1
        if self._seen[old, new] == _ENOUGH:
            self.moved[old] = new
            logger.info("%s redirects every page to %s: from now on they are asked there", old, new)

    def _same_thing(self, request: Request, url: str) -> bool:
        """Raises ValueError where the address is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.port == 0:
            return False
        idx = meta_of(request).get("idx")
        if idx is not None and urls.idx_of(url) != idx:
            return False
        # The RFC lets robots.txt lead to any host; nothing else may.
        return bool(meta_of(request).get("any_host")) or parts.hostname in self._own(request.url)

    def _own(self, asked: str) -> set[str | None]:
        return {urlsplit(asked).hostname, *(self.site.hosts if self.site else ())}

    def _on_mirror(self, asked: str, url: str) -> str:
        """A mirror that names the paper's real host means itself."""
        mirror = urlsplit(asked)
        if self.site and mirror.hostname not in self.site.hosts:
            target = urlsplit(url)
            if target.hostname in self.site.hosts:
                return target._replace(scheme=mirror.scheme, netloc=mirror.netloc).geturl()
        return url


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as they stand in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
