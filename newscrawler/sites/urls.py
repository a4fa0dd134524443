"""Article number ↔ address: every spelling of an article's address leads to one idx."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

from newscrawler.sites import Site

MAX_IDX = 2**63 - 1
"""SQLite's largest integer: a sister paper starts at 1.47 billion, so nothing smaller will do."""

_PLAIN = re.compile(r"https?://[\w.:-]+/news/view\.php\?idx=(\d{1,19})\Z", re.ASCII)
"""The usual form, read at a tenth of the price of all others."""
_SHORT_FORM = re.compile(r"^/(?:news|article)/(\d{1,19})/?$")
_VIEW = re.compile(r"^/(?:news|m)/view\.php$", re.IGNORECASE)


def permalink(site: Site, idx: int) -> str:
    """The address that the paper prints under its article ``idx``."""
    return site.permalink.format(idx=idx)


def view_url(site: Site, idx: int, base_url: str | None = None) -> str:
    """The address to ask for article ``idx``: the permalink, or the same path at ``base_url``."""
    return at_origin(permalink(site, idx), base_url)


def at_origin(url: str, base_url: str | None) -> str:
    """``url`` with scheme and host of ``base_url`` (and below its path, if it has one)."""
    if not base_url:
        return url
    base, parts = urlsplit(base_url), urlsplit(url)
    path = base.path.rstrip("/") + parts.path
    return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))


def idx_of(url: str) -> int | None:
    """The article number in any spelling of an article's address, or ``None``.

    Known spellings: ``/news/view.php?idx=N`` with any other parameters, the
    mobile ``/m/view.php?idx=N``, ``/news/N`` and ``/article/N``. The host is
    not looked at.

    >>> idx_of("https://www.amenews.kr/news/view.php?mcode=m1abcd&idx=43773&page=2")
    43773
    >>> idx_of("/article/12?mcode=m1abcd")
    12
    """
    if match := _PLAIN.match(url):
        digits = match[1]
        return int(digits) if 0 < int(digits) <= MAX_IDX else None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if _VIEW.match(parts.path):
        values = parse_qs(parts.query).get("idx", [])
        digits = values[0].strip() if values else ""
    elif match := _SHORT_FORM.match(parts.path):
        digits = match[1]
    else:
        return None
    if not (digits.isascii() and digits.isdigit()):
        return None
    idx = int(digits)
    return idx if 1 <= idx <= MAX_IDX else None


def mcode_of(url: str) -> str | None:
    """The section code in an address, or ``None``."""
    try:
        values = parse_qs(urlsplit(url).query).get("mcode", [])
    except ValueError:
        return None
    return values[0] if values and re.fullmatch(r"m[0-9a-z]{4,16}", values[0]) else None


def canonical_asset(url: str, site: Site, page_url: str) -> str:
    """An image's address, absolute; on the permalink's host if the paper serves it.

    ``page_url`` is where the page was fetched: a mirror's host counts as the paper's own.
    """
    absolute = urljoin(permalink(site, 1), url.strip())
    parts = urlsplit(absolute)
    own = {*site.hosts, urlsplit(page_url).hostname}
    if parts.hostname not in own:
        return absolute
    home = urlsplit(site.origin)
    return urlunsplit((home.scheme, home.netloc, parts.path, parts.query, ""))
