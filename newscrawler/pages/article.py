"""An article's page → its values, once the layout is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from newscrawler.items import Article, Capture, Image
from newscrawler.pages import body, bylines, captions, headline, pictures
from newscrawler.pages.dom import Page, line_of
from newscrawler.pages.head import Head
from newscrawler.sites import Site
from newscrawler.sites.urls import idx_of, permalink, whole

_COUNT = re.compile(r"[0-9][0-9,]*")
_PERMALINK = re.compile(r"(?:>|\s|value=[\"'])\s*(https?://[^\s\"'<>]+)")
_BELOW = frozenset({"likeContentWrap", "relatedNews", "keywords", "writerProfile", "replyWrite"})
_SOURCE_NOTE = "다른 곳에 퍼가실 때는"


@dataclass(frozen=True, slots=True)
class Content:
    """What the page of an article shows, before anybody asks whether it is one."""

    title: str
    paragraphs: tuple[str, ...]
    pictures: tuple[captions.Shown, ...]
    embeds: bool
    login: bool
    ended: bool
    """Whether something that stands below an article was seen."""

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.pictures or self.embeds)


def content(page: Page, head: Head, box: Element, names: tuple[str, ...]) -> Content:
    read = body.read(page, box)
    paragraphs, shown = captions.part(read.blocks)
    return Content(
        headline.choose(page, head.headline, names),
        tuple("\n".join(lines) for lines in paragraphs),
        tuple(shown),
        read.embeds,
        read.login,
        read.ended or _SOURCE_NOTE in page.text or not _BELOW.isdisjoint(page.places),
    )


def build(
    page: Page, head: Head, content: Content, names: tuple[str, ...], capture: Capture, site: Site
) -> Article:
    return Article(
        idx=capture.idx,
        url=permalink(site, capture.idx),
        title=content.title,
        body="\n\n".join(content.paragraphs),
        subtitle=head.subtitle,
        section=head.section,
        section_code=head.section_code,
        byline=head.byline,
        reporters=bylines.reporters(head.byline_words, names) if head.byline else (),
        published_at=head.dateline.published,
        modified_at=head.dateline.modified,
        images=tuple(
            Image(pictures.address(shown.source, site, capture.url), shown.caption)
            for shown in content.pictures
        ),
        keywords=_keywords(page),
        recommend_count=_recommendations(page),
    )


def own_numbers(page: Page) -> set[int]:
    """The article numbers that the page gives itself: in its head and below the text."""
    addresses = [page.metas.get("og:url"), page.canonical]
    note = page.text.rfind(_SOURCE_NOTE)
    if note >= 0:
        match = _PERMALINK.search(page.text, note, note + 400)
        addresses.append(match[1].replace("&amp;", "&") if match else None)
    return {idx for address in set(addresses) if address and (idx := idx_of(address))}


def _keywords(page: Page) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for box in [box for box in page.of("keywords") if box.tag == "dl"] or page.of("keywords"):
        links = list(box.iter("a"))
        for link in [a for a in links if "listkey" in (a.get("href") or "")] or links:
            if keyword := line_of(link).lstrip("#").strip():
                found[keyword] = None
    return tuple(found)


def _recommendations(page: Page) -> int | None:
    for box in page.of("likeContentWrap"):
        # Some papers print the count on the button, which is no text elsewhere.
        buttons = ("".join(map(str, button.itertext())) for button in box.iter("button"))
        for words in (line_of(box), *buttons):
            if match := _COUNT.search(words):
                return whole(match[0].replace(",", ""))
    return None
