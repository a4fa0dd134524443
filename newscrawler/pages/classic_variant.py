"""The classic skin's variant: headline and dates stand in ``.basicView`` itself.

There is no ``.viewContentWrap``, the date list is beside ``.titleWrap``, and its
first entry may hold the writer before the date.
"""

from __future__ import annotations

from newscrawler.pages import classic, dateline
from newscrawler.pages.head import Head, entries, location, signature, subtitles
from newscrawler.pages.tree import Page
from newscrawler.sites import Site

NAME = "classic_variant"


def recognises(page: Page) -> bool:
    box = page.first("titleWrap")
    if box is None or page.first("viewContentWrap") is not None:
        return False
    dates = page.first("registModifyDate")
    return dates is None or box not in dates.iterancestors()


def head(page: Page, site: Site) -> Head:
    box = page.first("titleWrap")
    dates = dateline.read(entries(page.places.get("registModifyDate", [])), site.timezone)
    byline, words = dates.writer, dates.writer_words
    if byline is None:
        byline, words = signature(page)
    section, code = location(page, "location", "breadcrumb", "breadcrumbs")
    return Head(
        classic.headline_in(box),
        dates,
        byline,
        words,
        subtitles(page, classic.below_headline(box)),
        section,
        code,
    )
