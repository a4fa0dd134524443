"""Redirects: followed only while they lead to the same thing on the paper's own hosts.

A redirect of an article's address that leads elsewhere (home, the login page)
is itself the answer, and the parser reads it as such.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler.middlewares.meta import meta_of, next_meta
from newscrawler.sites import Site, urls

MAX_HOPS = 5
"""RFC 9309, 2.3.1.2 asks for five with robots.txt; a page of the family needs one at most."""

_STATUSES = (301, 302, 303, 307, 308)


class RedirectMiddleware:
    def __init__(self, site: Site | None) -> None:
        self.site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        return cls(getattr(crawler.spidercls, "site", None))

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
        return request.replace(url=url, meta=next_meta(request, {"hops": hops + 1}))

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
