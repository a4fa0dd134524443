"""Pages that are known by their form: the home page, a login form, a page about an article."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml.etree import _Element as Element

from newscrawler.items import Verdict
from newscrawler.pages import headline
from newscrawler.pages.dom import Page
from newscrawler.pages.messages import by_words
from newscrawler.pages.redirects import by_target
from newscrawler.sites import Site
from newscrawler.sites.urls import idx_of, mcode_of

_ARTICLE_FRAMES = frozenset({".basicView", ".viewContentWrap", ".article-head-title"})


def is_home(page: Page, root: Element, names: tuple[str, ...], page_url: str, site: Site) -> bool:
    """Whether the page says that it is the home page, and has its form.

    A notice in an article's place may also have the paper's name and side lists; a page with an
    article's template is never the home page.
    """
    if page.metas.get("og:type", "").lower() == "article":
        return False
    if not _ARTICLE_FRAMES.isdisjoint(page.places):
        return False
    shared = page.metas.get("og:title") or page.title
    addresses = [a for a in (page.metas.get("og:url"), page.canonical) if a]
    named = headline.is_name(shared, names) and headline.is_name(page.title or shared, names)
    at_home = any(
        (finding := by_target(a, page_url, site)) and finding.verdict is Verdict.MISSING
        for a in addresses
    )
    if not (named or at_home) or any(idx_of(a) for a in addresses):
        return False
    sections = {code for a in root.iter("a") if (code := mcode_of(a.get("href") or ""))}
    # Lists at the side are on every page, also on one with only a notice in its middle.
    middle = next((div for div in root.iter("div") if div.get("id") == "contents"), root)
    return _article_links(middle, page_url) >= 3 and len(sections) >= 2


def asks_for_password(root: Element, page: Page, page_url: str) -> bool:
    for field in root.iter("input"):
        if (field.get("type") or "").lower() == "password":
            form = next(field.iterancestors("form"), None)
            action = form.get("action") or "" if form is not None else ""
            return "로그인" in page.title or (
                "login" in action and _article_links(root, page_url) == 0
            )
    return False


def is_about_article(page: Page, root: Element, names: tuple[str, ...]) -> bool:
    """Whether the page describes an article: then its text is not a message of the site."""
    if page.metas.get("og:type", "").lower() == "article":
        return True
    if next(root.iter("article", "time"), None) is not None:
        return True
    shared = page.metas.get("og:title", "")
    return bool(shared) and not headline.is_name(shared, names) and by_words(shared) is None


def _article_links(root: Element, page_url: str) -> int:
    """How many articles the page links to."""
    found = set()
    for link in root.iter("a"):
        try:
            found.add(idx_of(urljoin(page_url, link.get("href") or "")))
        except ValueError:
            continue
    return len(found - {None})
