"""Redirects: followed only to the same article or page on the paper's own hosts.

A redirect from an article's address to another page (home, login) is itself the answer, and the
parser reads it.

If the whole paper has moved (to https, to another of its hosts, to another form of address), every
page would cost two requests: after a few such redirects, pages are requested at the new address. A
small page with ``meta refresh`` or a script that opens another address is a redirect too.
"""

from __future__ import annotations

import logging
from collections import Counter
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler.middlewares.meta import meta_of, next_meta
from newscrawler.pages import client_redirect
from newscrawler.pages.statuses import brings_page
from newscrawler.sites import Site, urls

logger = logging.getLogger(__name__)

MAX_HOPS = 5
"""RFC 9309, 2.3.1.2 asks for five with robots.txt; a page of these papers needs one at most."""

_STATUSES = (301, 302, 303, 307, 308)


_NUMBER = "{idx}"
_ENOUGH = 3
"""After this many redirects to the same form of address the paper has moved."""


class RedirectMiddleware:
    def __init__(self, site: Site | None) -> None:
        self.site = site
        self._seen: Counter[tuple[str, str]] = Counter()
        self.moved: dict[str, str] = {}
        """Form of an article's address → the form to which all of them redirect."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        return cls(getattr(crawler.spidercls, "site", None))

    def process_request(self, request: Request) -> Request | None:
        """Request a page at its new address, if the paper has moved; not if a redirect led here."""
        meta = meta_of(request)
        if not self.moved or "idx" not in meta or "hops" in meta:
            return None
        new = self.moved.get(_form(request.url, meta["idx"]))
        if new is None:
            return None
        url = new.replace(_NUMBER, str(meta["idx"]))
        return request.replace(url=url, meta={**meta, "hops": 1})

    def process_response(self, request: Request, response: Response) -> Request | Response:
        idx = meta_of(request).get("idx")
        hops = meta_of(request).get("hops", 0)
        try:
            location = self._location(request, response)
            if location is None or hops >= MAX_HOPS:
                return response
            url = urljoin(request.url, urls.of_location(location))
            if not self._same_thing(request, url):
                return response
        except ValueError:
            return response  # no address at all
        url = self._on_mirror(request.url, url)
        if url == request.url:
            return response
        if idx is not None:
            self._learn(_form(request.url, idx), _form(url, idx))
        return request.replace(url=url, meta=next_meta(request, {"hops": hops + 1}))

    def _location(self, request: Request, response: Response) -> bytes | None:
        """Where the answer redirects to: by its header, or by a page that only opens another
        address."""
        if response.status in _STATUSES:
            return response.headers.get("Location")
        idx = meta_of(request).get("idx")
        if idx is None or not brings_page(response.status):
            return None
        if len(response.body) > client_redirect.SMALL or str(idx).encode() not in response.body:
            return None
        target = client_redirect.target(
            response.body, (response.headers.get("Content-Type") or b"").decode("latin-1")
        )
        return target.encode() if target else None

    def _learn(self, old: str, new: str) -> None:
        """Count a redirect to another form of the page's own address."""
        self._seen[old, new] += 1
        if self._seen[old, new] == _ENOUGH:
            self.moved[old] = new
            logger.info(
                "%s redirects every page to %s: from now on pages are requested there", old, new
            )

    def _same_thing(self, request: Request, url: str) -> bool:
        """Raises ValueError if it is not an address."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.port == 0:
            return False
        idx = meta_of(request).get("idx")
        if idx is not None and urls.idx_of(url) != idx:
            return False
        # RFC 9309 allows any host for robots.txt; other pages stay on the paper's hosts.
        return bool(meta_of(request).get("any_host")) or parts.hostname in self._own(request.url)

    def _own(self, asked: str) -> set[str | None]:
        return {urlsplit(asked).hostname, *(self.site.hosts if self.site else ())}

    def _on_mirror(self, asked: str, url: str) -> str:
        """An address with the paper's real host, from a mirror, means the mirror."""
        mirror = urlsplit(asked)
        if self.site and mirror.hostname not in self.site.hosts:
            target = urlsplit(url)
            if target.hostname in self.site.hosts:
                return target._replace(scheme=mirror.scheme, netloc=mirror.netloc).geturl()
        return url


def _form(url: str, idx: int) -> str:
    """An article's address without its number, which is at the end in all known forms."""
    return _NUMBER.join(url.rpartition(str(idx))[::2])


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as written in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
