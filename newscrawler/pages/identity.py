"""Which paper a page belongs to: a host may serve another paper's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newscrawler.pages.dom import Page
from newscrawler.sites import Site

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")
"""The usual form of an address, whose host can be read ten times faster."""


def another_paper(page: Page, addresses: Iterable[str], page_url: str, site: Site) -> str | None:
    """The host of the paper to which a page belongs, if that is not this paper.

    All of the page's own ``addresses`` (``og:url``, canonical, the source note) must have hosts
    that are neither the paper's nor the requested one, and the page must not have the paper's name:
    a paper that moves to another host keeps its name.
    """
    hosts = {host for address in addresses if (host := _host(address))}
    bare = set(map(_bare, hosts))
    if not hosts or not bare.isdisjoint(map(_bare, site.hosts)):
        return None
    if _bare(urlsplit(page_url).hostname or "") in bare:
        return None
    name = page.metas.get("og:site_name", "").strip()
    return None if name and name == site.title else min(hosts)


def _host(address: str) -> str | None:
    if match := _PLAIN.match(address):
        return match[1]
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _bare(host: str) -> str:
    return host.removeprefix("www.")
