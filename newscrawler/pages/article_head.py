"""The newer skin: ``.article-head-title``, ``.article-head-nav`` and ``.info-text``."""

from __future__ import annotations

from newscrawler.pages import dateline
from newscrawler.pages.dom import Page
from newscrawler.pages.head import Head, entries, location, signature, subtitles
from newscrawler.sites import Site

NAME = "article_head"


def recognises(page: Page) -> bool:
    return page.first("article-head-title") is not None


def head(page: Page, site: Site) -> Head:
    dates = dateline.read(entries(page, "info-text", "registModifyDate"), site.timezone)
    byline, words = dates.writer, dates.writer_words
    if byline is None:
        byline, words = signature(page)
    section, code = location(page, "article-head-nav")
    return Head(
        page.first("article-head-title"), dates, byline, words, subtitles(page), section, code
    )
