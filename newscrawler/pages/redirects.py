"""What a redirect of a page means: to the home page, to the login page, to itself."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from newscrawler.items import Verdict
from newscrawler.pages.statuses import Classification
from newscrawler.sites import Site
from newscrawler.sites.urls import whole

_QUICK = 10
"""A ``meta refresh`` after more seconds is a reload, not a redirect."""
_HOME_PATHS = re.compile(
    r"/?|/(?:m|main|news)/?|/(?:m/|news/|main/)?(?:index|main|home|default)\.(?:php|html?|asp)",
    re.I,
)


def by_target(target: str, page_url: str, site: Site) -> Classification | None:
    """What a redirect to ``target`` means: home or login of the paper; else ``None``."""
    try:
        parts = urlsplit(urljoin(page_url, target.strip()))
        here = urlsplit(page_url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.hostname not in {*site.hosts, here.hostname}:
        return None
    if "login" in parts.path.lower():
        return Classification(Verdict.RESTRICTED, "sent to the login page")
    if _HOME_PATHS.fullmatch(parts.path):
        return Classification(Verdict.MISSING, "sent to the home page")
    return None


def is_same(target: str, page_url: str) -> bool:
    """Whether ``target`` leads back to the page itself."""
    try:
        return urljoin(page_url, target.strip()).partition("#")[0] == page_url.partition("#")[0]
    except ValueError:
        return False


def refresh(root: Element) -> str | None:
    """The target of a quick ``meta refresh``; of a page with a text of its own it says nothing."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh":
            match = re.match(
                r"""([\d.]*)\s*[;,]\s*url\s*=\s*["']?([^"']*)""",
                (meta.get("content") or "").strip(),
                re.I,
            )
            seconds = whole(match[1].partition(".")[0] or "0") if match else None
            if match and seconds is not None and seconds <= _QUICK:
                return match[2]
    return None
