"""Home page, section lists and feed: which articles there are, and the sections' names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import characters, date_text, dom, encoding, feed
from newscrawler.pages.dom import line_of, squeeze
from newscrawler.sites import Site
from newscrawler.sites.urls import idx_of, mcode_of

_LIST_PATH = re.compile(r"/(?:list|search|listkey)\.php$", re.IGNORECASE)
_MOBILE = re.compile(r"/m/|^/m$", re.IGNORECASE)
_SKIN = re.compile(r"skin\d*")
_NO_NAME = re.compile(
    r"\W*(?:(?:(?:전체|기사|뉴스|전체\s*기사)\s*)?(?:더\s*보기|보기)|(?:read\s*|view\s*)?(?:more|all)"
    r"|처음|이전|다음|마지막|맨\s*(?:앞|뒤|끝)|끝|목록|first|prev(?:ious)?|next|last|\d*)\W*",
    re.IGNORECASE,
)
"""The text of a link that leads to a list, or to a page of it, and does not name its section."""
_TRIED = 20
"""In how many elements of an item its title is searched."""


@dataclass(frozen=True, slots=True)
class Home:
    sections: dict[str, str]
    """Section code → the name that the menu gives it."""
    idxs: tuple[int, ...]
    """Articles of this paper that the page links to, in its order; the newest is the largest."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    idx: int
    title: str
    date: date | None
    mcode: str | None


@dataclass(frozen=True, slots=True)
class ListPage:
    entries: tuple[ListEntry, ...]
    """Newest first; empty after the last page."""
    last_page: int | None
    """The highest page in the pager, which may show only the next few."""
    recognised: bool
    """Whether there is a list at all, even an empty one; if not, the skin is unknown."""


@dataclass(frozen=True, slots=True)
class RssItem:
    idx: int
    title: str
    published_at: datetime | None


def read_home(
    body: bytes, url: str, content_type: str | None = None, site: Site | None = None
) -> Home:
    """The home page. ``url`` is where it was fetched; links to other hosts than it and the
    ``site``'s own do not count. Never raises."""
    page = dom.parse(encoding.decode(body, content_type).text)
    sections: dict[str, str] = {}
    idxs: dict[int, None] = {}
    for link, address in _links(page, url, site):
        if idx := idx_of(address):
            idxs[idx] = None
        elif (code := mcode_of(address)) and code not in sections and _is_list(address):
            name = line_of(link) or squeeze(link.get("title") or _alternative(link))
            if name and not _NO_NAME.fullmatch(name):
                sections[code] = name
    return Home(sections, tuple(idxs))


def read_list(
    body: bytes, url: str, content_type: str | None = None, site: Site | None = None
) -> ListPage:
    """A section's list or a search result, of the desktop or the mobile skin. Never raises."""
    page = dom.parse(encoding.decode(body, content_type).text)
    lists = _lists(page, url)
    own = _own_hosts(url, site)
    section = mcode_of(url)
    entries: dict[int, ListEntry] = {}
    for box in lists:
        for item in _items(box, _base(page, url), own):
            if item.links[0][1] not in entries:
                entries[item.links[0][1]] = item.entry()
    pages = [
        number
        for _, address in _links(page, url, site)
        if _is_list(address)
        and mcode_of(address) in (section, None)
        and (number := _page_of(address))
    ]
    last = max([*pages, _page_of(url) or 1]) if pages else None
    return ListPage(tuple(entries.values()), last, bool(lists))


def read_rss(
    body: bytes, timezone: str = date_text.SEOUL, url: str = "", site: Site | None = None
) -> tuple[RssItem, ...]:
    """The items of a feed that lead to articles, in its order. ``url`` is where it was fetched;
    with a ``site``, links to other hosts than it and the site's own do not count. Never raises."""
    own = _own_hosts(url, site) if site else None
    items: dict[int, RssItem] = {}
    for item in feed.items(encoding.decode(body, _xml_label(body)).text):
        leads_here = own is None or _leads_to(item.address, url, own)
        idx = idx_of(item.address) if leads_here else None
        if idx is not None and idx not in items:
            # Some papers escape a title twice.
            title = squeeze(characters.unescape(item.title))
            items[idx] = RssItem(idx, title, date_text.parse_feed(item.published, timezone))
    return tuple(items.values())


def _xml_label(body: bytes) -> str | None:
    label = re.match(rb"""\s*<\?xml[^>]{0,200}?encoding=["']([\w-]{3,20})""", body)
    return f"charset={label[1].decode('ascii', 'replace')}" if label else None


def _base(page: dom.Page, url: str) -> str:
    """The address against which a browser reads the links of a page."""
    try:
        return urljoin(url, page.base) if page.base else url
    except ValueError:
        return url


def _links(page: dom.Page, url: str, site: Site | None) -> Iterator[tuple[Element, str]]:
    """The links to the paper itself, with absolute addresses."""
    if page.root is None:
        return
    own = _own_hosts(url, site)
    base = _base(page, url)
    for link in page.root.iter("a", "area"):
        if address := _address(link, base, own):
            yield link, address


def _address(link: Element, base: str, hosts: frozenset[str]) -> str | None:
    """Where a link leads, if that is one of these hosts."""
    href = (link.get("href") or "").strip()
    try:
        address = urljoin(base, href)
        return address if href and urlsplit(address).hostname in hosts else None
    except ValueError:
        return None


def _own_hosts(url: str, site: Site | None) -> frozenset[str]:
    here = urlsplit(url).hostname or ""
    return frozenset(
        {here, here.removeprefix("www."), f"www.{here}", *(site.hosts if site else ())}
    )


def _leads_to(address: str, url: str, hosts: frozenset[str]) -> bool:
    try:
        return urlsplit(urljoin(url, address)).hostname in hosts
    except ValueError:
        return False


def _is_list(address: str) -> bool:
    return _LIST_PATH.search(urlsplit(address).path) is not None


def _page_of(address: str) -> int | None:
    digits = parse_qs(urlsplit(address).query).get("page", [""])[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _alternative(link: Element) -> str:
    image = next(link.iter("img"), None)
    return (image.get("alt") or "") if image is not None else ""


def _lists(page: dom.Page, url: str) -> list[Element]:
    """The boxes with the list. ``ul.skinNN`` is one only on the mobile site: a desktop page has
    such lists at its side, an error page too."""
    if desktop := page.places.get(".basicList"):
        return dom.outermost(desktop)
    if page.root is None or _MOBILE.search(urlsplit(url).path) is None:
        return []
    return dom.outermost(
        element
        for element in page.root.iter("ul")
        if any(_SKIN.fullmatch(name) for name in (element.get("class") or "").split())
    )


@dataclass(slots=True)
class _Item:
    """An item of a list: the content of a ``li``, without that of nested ``li``."""

    links: list[tuple[Element, int]] = field(default_factory=list)
    """Its links to articles, with their numbers."""
    titles: list[Element] = field(default_factory=list)
    """Those of them in ``.title``."""
    printed: Element | None = None
    """The element with its date."""
    in_title: int = 0
    """How many ``.title`` are open."""

    def entry(self) -> ListEntry:
        link, idx = self.links[0]
        strong = (element for link, _ in self.links for element in link.iter("strong"))
        named = chain(self.titles, () if self.titles else strong, (link for link, _ in self.links))
        title = next(filter(None, map(line_of, islice(named, _TRIED))), "")
        when = date_text.parse(line_of(self.printed)) if self.printed is not None else None
        mcode = mcode_of(link.get("href") or "")
        return ListEntry(idx, title, when.date() if when else None, mcode)


def _items(box: Element, base: str, own: frozenset[str]) -> list[_Item]:
    """The items of a list that link to articles, in one traversal, however they are nested."""
    found: list[_Item] = []
    around: list[_Item] = []
    for event, node in etree.iterwalk(box, events=("start", "end")):
        tag = node.tag
        if tag == "li":
            if event == "start":
                around.append(_Item())
                found.append(around[-1])
            else:
                around.pop()
            continue
        if not around:
            continue
        item = around[-1]
        names = (node.get("class") or "").split()
        if "title" in names:
            item.in_title += 1 if event == "start" else -1
        if event == "end":
            continue
        if "registDate" in names and item.printed is None:
            item.printed = node
        if tag == "a" and (address := _address(node, base, own)) and (idx := idx_of(address)):
            item.links.append((node, idx))
            if item.in_title and "title" not in names:
                item.titles.append(node)
    return [item for item in found if item.links]
