"""The classic skin: ``.titleWrap`` holds headline, dates and writer; amenews has it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from newscrawler.pages import dateline
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

NAME = "classic"

_SUBTITLES = frozenset({"subtitle", "sub-title", "sub_title", "subtit", "sub-tit", "subject2"})


def recognises(page: Page) -> bool:
    return page.first("titleWrap") is not None and not dates_beside_headline(page)


def head(page: Page, site: Site) -> Head:
    box = page.first("titleWrap")
    dates = dateline.read(entries(page, "registModifyDate"), site.timezone)
    byline, words = signature(page)
    if byline is None:
        byline, words = dates.writer, dates.writer_words
    section, code = location(page, "location", "breadcrumb", "breadcrumbs")
    return Head(
        headline_in(box),
        dates,
        byline,
        words,
        subtitles(page, below_headline(page, box)),
        section,
        code,
    )


def headline_in(box: Element | None) -> Element | None:
    """The first heading of a ``.titleWrap``."""
    if box is None:
        return None
    strong = next(box.iter("strong"), None)
    return strong if strong is not None else next(box.iter("h1", "h2", "h3"), None)


def below_headline(page: Page, box: Element | None) -> Iterator[Element]:
    """What a ``.titleWrap`` prints as subtitle: by class, or a heading below the headline."""
    if box is None:
        return
    headline = headline_in(box)
    around = {box, headline} | set(headline.iterancestors() if headline is not None else ())
    for element in box.iter("h2", "h3", "h4", "p", "div", "span", "em"):
        names = (element.get("class") or "").lower().split()
        if element.tag not in ("h2", "h3", "h4") and _SUBTITLES.isdisjoint(names):
            continue
        inside = element in around or headline in element.iterancestors() or page.in_body(element)
        if not inside:
            yield element
