"""The headline as a reader sees it: whole, and without the paper's name."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.pages.dom import Page, line_of
from newscrawler.sites import Site

_INLINE = frozenset(
    {
        "a", "b", "big", "br", "em", "font", "i", "small", "span", "strike", "strong",
        "sub", "sup", "u", "wbr",
    }
)  # fmt: skip
_GAP = r"\s*(?:::|[-–—|:·<>«»/])\s*"
_CUT = re.compile(r"\s*(?:…|\.{2,})$")


def names_of(page: Page, site: Site) -> tuple[str, ...]:
    """What the paper calls itself: in its site file, its addresses and on the page."""
    return _longest_first((site.title, page.metas.get("og:site_name", ""), site.name, *site.hosts))


@lru_cache(maxsize=64)
def _longest_first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(filter(None, names)), key=lambda name: (-len(name), name)))


def choose(page: Page, printed: Element | None, names: tuple[str, ...]) -> str:
    """The headline: as printed above the article, else from ``og:title``; empty if in neither.

    The meta element wins where the printed one is cut short, or where the
    parser took words in angle brackets (``<OLED>``) for markup.
    """
    shared = without_name(page.metas.get("og:title", "") or page.title, names)
    if shared in names:
        shared = ""
    if printed is None:
        return shared
    title = without_name(line_of(printed), names)
    if not title or not shared:
        return title or shared
    if any(node.tag not in _INLINE for node in printed.iterdescendants()):
        inside = [node for node in printed.iterdescendants() if node.tag not in _INLINE]
        if any(f"<{node.tag}" in shared.lower() for node in inside):
            return shared
    cut = _CUT.search(title)
    if cut and len(shared) > cut.start() and shared.startswith(title[: cut.start()]):
        return shared
    return title


def without_name(title: str, names: tuple[str, ...]) -> str:
    """``title`` without the paper's name behind a dash, a bar or the like."""
    for name in names:
        if title.endswith(name):
            head = re.sub(_GAP + "$", "", title[: -len(name)])
            if head != title[: -len(name)]:
                return head.strip()
    return title


def is_name(title: str, names: tuple[str, ...]) -> bool:
    """Whether a title names the paper alone, perhaps with a slogan."""
    return any(
        title == name or re.match(re.escape(name) + _GAP, title) is not None for name in names
    )
