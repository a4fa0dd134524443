"""The classic skin's variant: headline and dates stand in ``.basicView`` itself.

There is no ``.viewContentWrap``, the date list is beside ``.titleWrap``, and its
first entry may hold the writer before the date.
"""

from __future__ import annotations

from newscrawler.pages import classic, dateline
from newscrawler.pages.dom import Page
from newscrawler.pages.head import (
    Head,
    dates_beside_headline,
    entries,
    location,
    signature,
    subtitles,
)
from newscrawler.sites import Site

NAME = "classic_variant"


def recognises(page: Page) -> bool:
    return page.first("titleWrap") is not None and dates_beside_headline(page)


def head(page: Page, site: Site) -> Head:
    box = page.first("titleWrap")
    dates = dateline.read(entries(page, "registModifyDate"), site.timezone)
    byline, words = dates.writer, dates.writer_words
    if byline is None:
        byline, words = signature(page)
    section, code = location(page, "location", "breadcrumb", "breadcrumbs")
    return Head(
        classic.headline_in(box),
        dates,
        byline,
        words,
        subtitles(page, classic.below_headline(page, box)),
        section,
        code,
    )
