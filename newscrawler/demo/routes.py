"""Which page belongs to an address of the paper."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

from newscrawler.demo import answers
from newscrawler.demo.answers import Answer
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.pages import Pages

# One white pixel.
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8ffff3f0005fe02fea7351a3d0000000049454e44ae426082"
)
_IMAGE = Answer(200, _PNG, "image/png")
_NOT_FOUND = answers.bare("Not Found", 404)
_SHORT_FORM = re.compile(r"/(?:news|article)/(\d{1,19})/?")
_VIEWS = ("/news/view.php", "/m/view.php")
_CACHE_BYTES = 512_000_000


def idx_asked(path: str, query: str) -> int | None:
    """The article number in an address; -1 for an article's address without one."""
    if path in _VIEWS:
        digits = parse_qs(query).get("idx", [""])[0]
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else -1
    short = _SHORT_FORM.fullmatch(path)
    return int(short[1]) if short else None


@dataclass
class Router:
    """Answers requests, and caches rendered pages until the paper changes."""

    newspaper: Newspaper
    _pages: Pages | None = None
    _edition: int = -1
    _cache: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def answer(self, path: str, query: str, *, redesigned: bool = False) -> Answer:
        """The paper's answer for a path and query, without faults."""
        if path.startswith(("/data/", "/img/")):
            return _IMAGE
        key = f"{path}?{query}{'#redesigned' if redesigned else ''}"
        if self._edition != self.newspaper.edition:
            self._edition, self._bytes = self.newspaper.edition, 0
            self._cache.clear()
            self._pages = Pages(self.newspaper)
        if known := self._cache.get(key):
            self._cache.move_to_end(key)
            return known
        made = self._make(path, query, redesigned)
        self._cache[key] = made
        self._bytes += len(made.body)
        while self._bytes > _CACHE_BYTES:
            self._bytes -= len(self._cache.popitem(last=False)[1].body)
        return made

    def changed_at(self, path: str, query: str) -> datetime | None:
        """When the article at that address was last changed, if it has dates."""
        idx = idx_asked(path, query)
        article = None if idx is None else self.newspaper.truth(idx).article
        return (article.modified_at or article.published_at) if article else None

    def _make(self, path: str, query: str, redesigned: bool) -> Answer:
        pages = self._pages
        assert pages is not None  # answer() made them
        mobile = path.startswith("/m/")
        idx = idx_asked(path, query)
        if idx is not None:
            return pages.article(idx, mobile=mobile, redesigned=redesigned)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        number = asked.get("page", "1")
        page = max(1, int(number)) if number.isdecimal() and len(number) < 10 else 1
        match path:
            case "/" | "/news/index.php" | "/m/":
                return pages.home()
            case "/news/list.php" | "/m/list.php":
                return pages.section(asked.get("mcode"), page, mobile=mobile)
            case "/news/search.php":
                return pages.search(asked.get("stx", ""), page)
            case "/rss_view.php":
                return pages.rss(asked.get("code"))
            case "/bbs/login.php":
                return pages.login()
        return _NOT_FOUND
