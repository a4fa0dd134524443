"""Which ``img`` is a picture of the article, and where it lies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from newscrawler.sites import Site
from newscrawler.sites.urls import canonical_asset

MARKS = "▲△▴▵◀◁◂▶▷▸▼▽▾"
"""Arrows that point from a caption to its picture."""

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo")
_PLACEHOLDER = re.compile(
    r"^data:|(?:^|/)(?:blank|spacer|pixel|transparent|loading|loader|lazy|noimage|no_image|1x1)"
    r"[\w-]*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
_SKIN = re.compile(
    r"^/(?:[\w-]+/)?(?:img|skin|theme|icons?|emoticons?|css|plugin)/|/icons/", re.IGNORECASE
)
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01]px", re.IGNORECASE)


def source_of(image: Element) -> str | None:
    """The address of a picture as written, or ``None`` for what is none.

    None are counting pixels, icons of the skin, placeholders that nothing
    replaces, and the picture that leads to the login page.
    """
    source = _written(image)
    if source is None or image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
        return None
    style = image.get("style")
    if style and _TINY.search(style):
        return None
    try:
        path = urlsplit(source).path
    except ValueError:
        return None
    if _SKIN.search("/" + path.lstrip("./")):
        return None
    parent = image.getparent()
    while parent is not None and parent.tag in ("a", "span", "font", "b", "strong", "center"):
        if parent.tag == "a" and "login.php" in (parent.get("href") or ""):
            return None
        parent = parent.getparent()
    return source


def _written(image: Element) -> str | None:
    source = (image.get("src") or "").strip()
    if source and not _PLACEHOLDER.search(source):
        return source
    for name in _LAZY:
        later = (image.get(name) or "").strip()
        if later and not later.startswith("data:"):
            return later
    return None


def address(source: str, site: Site, page_url: str) -> str:
    """The absolute address of a picture, on the permalink's host if the paper has it.

    Blanks and Hangul in a file name stay as the page prints them: the archive
    keeps what was published, and every browser encodes it when it asks. What
    cannot be an address (``http:\\\\[x``) stays as it is too.
    """
    address = re.sub(r"[\t\r\n]", "", source).replace("\\", "/")
    try:
        return canonical_asset(address, site, page_url)
    except ValueError:
        return source
