"""Whose page it is: a host may serve a sister paper's pages in the place of the paper's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from newscrawler.pages.article import own_addresses
from newscrawler.pages.dom import Page
from newscrawler.sites import Site


def another_paper(page: Page, page_url: str, site: Site) -> str | None:
    """The host of the paper that a page says it belongs to, if that is not this one.

    Every address that the page gives itself (``og:url``, canonical, the source
    note) must be of other hosts than the paper's and than the one that was
    asked, and the name that it gives itself must not be the paper's: a paper
    that moves to another host keeps its name.
    """
    hosts = {host for address in own_addresses(page) if (host := _host(address))}
    ours = {*map(_bare, site.hosts), _bare(urlsplit(page_url).hostname or "")}
    if not hosts or not ours.isdisjoint(map(_bare, hosts)):
        return None
    name = page.metas.get("og:site_name", "").strip()
    return None if name and name == site.title else min(hosts)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _bare(host: str) -> str:
    return host.removeprefix("www.")
