"""Article number ↔ address: every form of an article's address gives one idx."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote_from_bytes, urljoin, urlsplit, urlunsplit

from newscrawler.sites import Site

MAX_IDX = 2**63 - 1
"""SQLite's largest integer: one paper starts at 1.47 billion, so a smaller limit is not enough."""

_PLAIN = re.compile(r"https?://[\w.:-]+/news/view\.php\?idx=(\d{1,19})\Z", re.ASCII)
"""The usual form, ten times faster to read than the others."""
_SHORT_FORM = re.compile(r"^/(?:news|article)/(\d{1,19})/?$")
_LEADING_DIGITS = re.compile(r"\s*([0-9]+)\s*(?:[/?#;]|$)")
"""A number with suffixes that people and other sites add: ``7/``, ``7?fbclid=x``."""
_NUMBERED = (
    # path, its parameters that hold the number
    (re.compile(r"/+(?:news|m)/+view\.php/?", re.IGNORECASE), ("idx",)),
    # the paper's own site until 2018, whose numbers were carried over
    (re.compile(r"/atc/(?:n\.)?view\.asp/?", re.IGNORECASE), ("p_index", "ik")),
    (re.compile(r"/?|/(?:atc/|index\.|default\.)[\w./]*", re.IGNORECASE), ("ik",)),
)


def permalink(site: Site, idx: int) -> str:
    """The permalink of article ``idx``."""
    return site.permalink.format(idx=idx)


def view_url(site: Site, idx: int, base_url: str | None = None) -> str:
    """The address to request for article ``idx``: the permalink, or the same path at
    ``base_url``."""
    return at_origin(permalink(site, idx), base_url)


def at_origin(url: str, base_url: str | None) -> str:
    """``url`` with the scheme and host of ``base_url`` (and under its path, if any)."""
    if not base_url:
        return url
    base, parts = urlsplit(base_url), urlsplit(url)
    path = base.path.rstrip("/") + parts.path
    return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))


def idx_of(url: str) -> int | None:
    """The article number in any form of an article's address, or ``None``.

    Known forms: ``/news/view.php?idx=N`` with any other parameters, the mobile
    ``/m/view.php?idx=N``, ``/news/N`` and ``/article/N``, and those of the paper's site before
    2018, ``/atc/n.view.asp?P_Index=N`` and ``?ik=N``, in any case. The host is ignored.

    >>> idx_of("https://www.amenews.kr/news/view.php?mcode=m1abcd&idx=43773&page=2")
    43773
    >>> idx_of("/article/12?mcode=m1abcd")
    12
    """
    if match := _PLAIN.match(url):
        return whole(match[1]) or None
    try:
        # Copied from a page's source, an address has &amp; where & is meant.
        parts = urlsplit(url.strip().replace("&amp;", "&"))
    except ValueError:
        return None
    if match := _SHORT_FORM.match(parts.path):
        return whole(match[1]) or None
    for path, names in _NUMBERED:
        if path.fullmatch(parts.path) and (digits := _digits(parts.query, names)):
            return whole(digits) or None
    return None


def _digits(query: str, names: tuple[str, ...]) -> str | None:
    """The leading digits of the last of these parameters, as PHP takes the last of equal names;
    names are case-insensitive."""
    if not query:
        return None
    for name, value in reversed(parse_qsl(query)):
        if name.lower() in names:
            match = _LEADING_DIGITS.match(value)
            return match[1] if match else None
    return None


def whole(digits: str) -> int | None:
    """A whole number that SQLite can hold, or ``None``; Python reads at most 4,300 digits.

    >>> whole("0042"), whole("9" * 19), whole("9" * 5000), whole("²")
    (42, None, None, None)
    """
    if not (digits.isascii() and digits.isdigit()):
        return None
    significant = digits.lstrip("0")
    if len(significant) > len(str(MAX_IDX)):
        return None
    number = int(significant or "0")
    return number if number <= MAX_IDX else None


def of_location(header: bytes) -> str:
    """The address in a ``Location`` header, in ASCII.

    Bytes that are not allowed in an address are percent-encoded unchanged, whatever their charset:
    the server knows its own (WHATWG URL, percent-encode after encoding). Some templates escape for
    HTML and write ``&amp;`` for ``&``.

    >>> of_location("/news/view.php?mcode=m1&amp;idx=7&stx=수소".encode("euc-kr"))
    '/news/view.php?mcode=m1&idx=7&stx=%BC%F6%BC%D2'
    """
    return quote_from_bytes(header.strip(), safe=_IN_ADDRESSES).replace("&amp;", "&")


_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~\\"


# A page's menu is a hundred links, the same on all of the paper's pages.
@lru_cache(maxsize=1024)
def mcode_of(url: str) -> str | None:
    """The section code in an address, or ``None``; the parameter's name is case-insensitive."""
    if "mcode" not in url.lower() and "%" not in url and url.isprintable():
        return None
    try:
        pairs = parse_qsl(urlsplit(url).query)
    except ValueError:
        return None
    code = next((value for name, value in pairs if name.lower() == "mcode"), "")
    return code if re.fullmatch(r"m[0-9a-z]{4,16}", code) else None


def canonical_asset(url: str, site: Site, page_url: str) -> str:
    """The absolute address of an image; on the permalink's host if the paper serves it.

    ``page_url`` is the page's address: a mirror's host counts as the paper's own.
    """
    absolute = urljoin(permalink(site, 1), url.strip())
    parts = urlsplit(absolute)
    if parts.hostname not in site.hosts and parts.hostname != urlsplit(page_url).hostname:
        return absolute
    home = urlsplit(site.origin)
    return urlunsplit((home.scheme, home.netloc, parts.path, parts.query, ""))
