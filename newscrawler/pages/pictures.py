"""Which ``img`` is a picture of the article, and its address."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from newscrawler.sites import Site
from newscrawler.sites.urls import canonical_asset, permalink

MARKS = "▲△▴▵◀◁◂▶▷▸▼▽▾"
"""Arrows that point from a caption to its picture."""

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo", "data-url",
    "data-srcset", "data-lazy-srcset", "srcset",
)  # fmt: skip
"""Attributes with the address of a picture that a script loads later, and ``srcset``."""
_LATER = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo")
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:blank|spacer|pixel|transparent|loading|loader|lazy|noimage|no_image|1x1|dot|empty)"
    r"[\w-]*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
_FIRST_OF_SET = re.compile(r"(.+?)(?:\s+\d[\d.]*[xwh]\s*(?:,|$)|,\s|$)")
"""The first address of ``a.jpg 1x, b.jpg 2x``; a name may contain spaces."""
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp)(?:\?|$)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SKIN = re.compile(
    r"^/(?:[\w-]+/)?(?:img|skin|theme|icons?|emoticons?|css|plugin)/|/icons/", re.IGNORECASE
)
_ADVERT = re.compile(r"(?:^|/)(?:banners?|ads?|adv|adimg|advert\w*)(?:/|$)", re.IGNORECASE)
_ADVERT_HOST = re.compile(r"^(?:ads?|adserver|adimg|banners?)\d*\.", re.IGNORECASE)
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01]px", re.IGNORECASE)


def source_of(image: Element) -> str | None:
    """The address of a picture, as written; ``None`` if it is not a picture of the article.

    Not pictures of the article: tracking pixels, icons of the template, advertisements,
    placeholders, files on the writer's own disk, and the picture that links to the login page.
    """
    source = _written(image)
    if source is None or image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
        return None
    style = image.get("style")
    if style and _TINY.search(style):
        return None
    if not _is_of_article(source):
        return None
    parent = image.getparent()
    while parent is not None and parent.tag in ("a", "span", "font", "b", "strong", "center"):
        if parent.tag == "a" and "login.php" in (parent.get("href") or ""):
            return None
        parent = parent.getparent()
    return source


def is_loaded_later(image: Element) -> bool:
    """Whether a script loads the picture, and may hide it until then."""
    return any(image.get(name) for name in _LATER)


def is_placeholder(image: Element) -> bool:
    """Whether a script, or a ``noscript`` beside it, shows another picture in this one's place."""
    return _written(image) is None


def needs_no_placeholder(image: Element) -> bool:
    """Whether a picture in ``noscript`` is one of the article even if no other is in its place:
    not the counter of another host."""
    source = _written(image) or ""
    is_elsewhere = source.startswith("//") or _SCHEME.match(source) is not None
    return not is_elsewhere or re.search(r"\.(?:jpe?g|png|webp)(?:\?|$)", source, re.I) is not None


def _is_of_article(source: str) -> bool:
    """Whether an address is neither of the template nor of an advertisement."""
    try:
        parts = urlsplit(source)
        host = parts.hostname or ""
    except ValueError:
        return False
    path = "/" + parts.path.lstrip("./")
    return not (_SKIN.search(path) or _ADVERT.search(path) or _ADVERT_HOST.match(host))


def is_embed(element: Element) -> bool:
    """Whether a frame shows content of the article, not a counter or an advertisement."""
    source = element.get("src") or element.get("data") or ""
    if element.get("width") in ("0", "1") or element.get("height") in ("0", "1"):
        return False
    try:
        parts = urlsplit(source.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return not (_ADVERT.search(parts.path) or _ADVERT_HOST.match(host))


def _written(image: Element) -> str | None:
    source = (image.get("src") or "").strip()
    if _can_be_picture(source):
        if _is_of_article(source):
            return source
        # An icon of the template in the place of a picture that a script loads.
        later = ((image.get(name) or "").strip() for name in _LATER)
        return next((a for a in later if _FILE.search(a) and _can_be_picture(a)), source)
    candidates = [image.get(name) or "" for name in _LAZY]
    if (around := image.getparent()) is not None and around.tag in ("picture", "source"):
        candidates += [source.get("srcset") or "" for source in around.iter("source")]
    for written in candidates:
        address = _FIRST_OF_SET.match(written.strip())
        if address and _can_be_picture(address[1]):
            return address[1]
    return None


def _can_be_picture(source: str) -> bool:
    """Whether an address is one on the web, and not empty or a file on a disk."""
    if not source or source[0] in "#?" or source.startswith("\\\\"):
        return False
    scheme = _SCHEME.match(source)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        return False
    return _PLACEHOLDER.search(source) is None


def address(source: str, site: Site, page_url: str, base: str | None = None) -> str:
    """The absolute address of a picture; on the permalink's host if the paper serves it.

    ``base`` is the ``base href`` of the page. Blanks and Hangul in a file name stay
    as the page prints them: the archive keeps what was published, and every browser
    encodes it when it asks. What cannot be an address (``http:\\\\[x``) stays as it is too.
    """
    address = re.sub(r"[\t\r\n]", "", source).replace("\\", "/")
    try:
        if base:
            address = urljoin(urljoin(permalink(site, 1), base), address)
        return canonical_asset(address, site, page_url)
    except ValueError:
        return source
