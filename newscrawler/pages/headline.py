"""The headline as a reader sees it: complete, and without the paper's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate
from newscrawler.pages.dom import BLOCKS, Page, line_of, squeeze
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
    """The names of the paper: in its site file, its addresses and on the page."""
    return _longest_first((site.title, page.metas.get("og:site_name", ""), site.name, *site.hosts))


@lru_cache(maxsize=64)
def _longest_first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(filter(None, names)), key=lambda name: (-len(name), name)))


_LEADING_MARKS = re.compile(r"^[ㆍ·•・‧∙▪▫◦]\s+|^[■□◆◇●○◎★☆▶▷►▸※◈❖✔·ㆍ•\-–]+\s*")
_BULLET = re.compile(r"^[ㆍ·•・‧∙▪▫◦]+\s+")


def choose(page: Page, printed: Element | None, names: tuple[str, ...]) -> tuple[str, list[str]]:
    """The headline, and the subtitles in the same element.

    A subtitle in the headline's element begins with its own element: where ``og:title`` ends, or
    where the markup says so (a block, an element after a ``br``, a class).
    """
    shared = _shared(page, names)
    if printed is not None and len(printed):
        if _letters(shared) not in _letters(line_of(printed)):
            shared = ""
        for title, subtitles in _splits(printed, names, bool(shared)):
            if not shared or _letters(title) == _letters(shared):
                return _unmarked(title, shared), subtitles
    return _unmarked(_whole(page, printed, names), shared), []


def _splits(
    printed: Element, names: tuple[str, ...], shared: bool
) -> Iterator[tuple[str, list[str]]]:
    """The possible places where the element's text splits into headline and subtitles."""
    before = [printed.text or ""]
    after_break = False
    for number, child in enumerate(printed):
        title = without_name(squeeze("".join(before)), names)
        said = boilerplate.names_subtitle(child.get("class") or "") or child.tag in BLOCKS
        if title and child.tag != "br" and (shared or said or after_break):
            rest = [line for node in printed[number:] if (line := _shown(node))]
            tails = [line for node in printed[number:] if (line := squeeze(node.tail or ""))]
            if rest and not tails:
                yield title, rest
        if title and child.tag == "br" and shared:
            rest = [
                line
                for node in printed[number:]
                for line in (_shown(node), squeeze(node.tail or ""))
                if line
            ]
            if rest:
                yield title, rest
        after_break = child.tag == "br" and not squeeze(child.tail or "")
        before += [" " if child.tag == "br" else line_of(child), child.tail or ""]


def _shown(node: Element) -> str:
    return "" if node.tag in boilerplate.UNSEEN else line_of(node)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _unmarked(title: str, shared: str) -> str:
    """A headline without the mark that the template prints before it, as in ``og:title``."""
    bare = _LEADING_MARKS.sub("", title)
    return bare if shared and bare == shared else _BULLET.sub("", title)


def _shared(page: Page, names: tuple[str, ...]) -> str:
    shared = without_name(page.metas.get("og:title", "") or page.title, names)
    return "" if shared in names else shared


def _whole(page: Page, printed: Element | None, names: tuple[str, ...]) -> str:
    """The headline: as printed above the article, else from ``og:title``; empty if in neither.

    The meta element is used if the printed one is shortened, or if the parser read words in angle
    brackets (``<OLED>``) as tags.
    """
    shared = _shared(page, names)
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
    """``title`` without the paper's name after a dash, a bar or similar."""
    for name in names:
        if title.endswith(name):
            head = re.sub(_GAP + "$", "", title[: -len(name)])
            if head != title[: -len(name)]:
                return head.strip()
    return title


def is_name(title: str, names: tuple[str, ...]) -> bool:
    """Whether a title is only the paper's name, perhaps with a slogan."""
    return any(
        title == name or re.match(re.escape(name) + _GAP, title) is not None for name in names
    )
