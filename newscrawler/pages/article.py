"""An article's page → its values, once its skin is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.etree import _Element as Element

from newscrawler.items import Article, Capture, Image
from newscrawler.pages import (
    body,
    boilerplate,
    bylines,
    captions,
    headline,
    omit,
    pictures,
    selectors,
    title_box,
)
from newscrawler.pages.dom import Page, line_of, squeeze
from newscrawler.pages.head import Head
from newscrawler.sites import Site
from newscrawler.sites.skins import Skin
from newscrawler.sites.urls import idx_of, permalink

_COUNT = re.compile(r"(?<![0-9.,])([0-9][0-9,]*)(\.[0-9]+)?\s*([만천억kKmM])?")
_UNITS = {"천": 1_000, "k": 1_000, "만": 10_000, "m": 1_000_000, "억": 100_000_000}
_MOST = 1_000_000_000
"""A larger number is not a count of readers."""
_PERMALINK = re.compile(r"(?:>|\s|value=[\"'])\s*(https?://[^\s\"'<>]+)")
_KEYWORD = "listkey"
"""The program that lists the articles with a keyword."""
_SOURCE_NOTE = "링크 주소를 출처로"
"""The part of the note that all papers share."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a page with an article's template shows; ``classify`` decides whether it is an
    article."""

    title: str
    paragraphs: tuple[str, ...]
    pictures: tuple[captions.Shown, ...]
    embeds: bool
    login: bool
    ended: bool
    """Whether an element that follows an article was seen."""
    subtitles: tuple[str, ...] = ()
    """Lines above the text that the body's markup marks as subtitles."""
    count: str | None = None
    """The recommend count, if it is in the body's box."""
    dropped: tuple[str, ...] = ()
    """Texts in the body's box or next to it that are in no field."""

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.pictures or self.embeds)


def content(page: Page, skin: Skin, head: Head, box: Element, names: tuple[str, ...]) -> Content:
    omitted = omit.mark(page, skin, box, head)
    read = body.read(page, box)
    paragraphs, shown = captions.part(read.blocks)
    title, below = headline.choose(page, head.headline, names)
    return Content(
        title,
        tuple("\n".join(lines) for lines in paragraphs),
        tuple(shown),
        read.embeds,
        read.login,
        read.ended or _SOURCE_NOTE in page.text or _shows_below(page, skin),
        (*(line for line in below if not title_box.is_of_others(line)), *read.subtitles),
        read.count,
        (*omitted, *read.dropped),
    )


def _shows_below(page: Page, skin: Skin) -> bool:
    """Whether the page shows an element that follows an article."""
    return any(selectors.find(text, page) for text in skin.below) or any(
        note in page.text for note in skin.note
    )


def build(
    page: Page,
    skin: Skin,
    head: Head,
    content: Content,
    names: tuple[str, ...],
    capture: Capture,
    site: Site,
) -> Article:
    return Article(
        idx=capture.idx,
        url=permalink(site, capture.idx),
        title=content.title,
        body="\n\n".join(content.paragraphs),
        subtitle=_lines(head.subtitle, *content.subtitles),
        section=head.section,
        section_code=head.section_code,
        byline=head.byline,
        reporters=bylines.reporters(head.byline_words, names) if head.byline else (),
        published_at=head.dates.published,
        modified_at=head.dates.modified,
        images=tuple(
            Image(pictures.address(shown.source, site, capture.url, page.base), shown.caption)
            for shown in content.pictures
        ),
        keywords=_keywords(page, skin),
        recommend_count=_recommendations(page, skin, content.count),
    )


def _lines(*texts: str | None) -> str | None:
    """The lines of these texts, without repetitions."""
    lines = (line for text in texts if text for line in text.split("\n"))
    return "\n".join(dict.fromkeys(lines)) or None


def numbers_in(addresses: Iterable[str]) -> set[int]:
    """The article numbers in addresses."""
    return {idx for address in addresses if (idx := idx_of(address))}


def own_addresses(page: Page) -> set[str]:
    """The page's own addresses: in its head and below the text."""
    addresses = [page.metas.get("og:url"), page.canonical]
    note = page.text.rfind(_SOURCE_NOTE)
    if note >= 0:
        match = _PERMALINK.search(page.text, note, note + 400)
        addresses.append(match[1].replace("&amp;", "&") if match else None)
    return {address for address in addresses if address}


def _below_text(page: Page, field: str, texts: tuple[str, ...]) -> list[Element]:
    """What a skin's selectors find for a field below the text, which may contain it."""
    for text in texts:
        if found := page.in_column(selectors.find(text, page)):
            page.sources[field] = text
            return found
    return []


def _keywords(page: Page, skin: Skin) -> tuple[str, ...]:
    links: list[Element] = []
    typed: list[str] = []
    for box in _below_text(page, "keywords", skin.keywords):
        inside = list(box.iter("a"))
        links += [a for a in inside if _KEYWORD in (a.get("href") or "")] or inside
        if not inside:
            typed += _typed_keywords(box)
    links = links or _linked_keywords(page)
    lines = (line_of(link).lstrip("#").strip() for link in links)
    return tuple(dict.fromkeys(filter(None, lines if links else typed)))


_KEYWORD_LABEL = re.compile(r"^(?:관련\s*)?(?:키워드|태그|tags?|keywords?)(?!\w)\s*[:：]?", re.I)
_KEYWORD_BORDER = re.compile(r"[,#|;]")
_LONGEST_KEYWORD = 30
"""Maximum characters of one; more is a sentence."""


def _typed_keywords(box: Element) -> list[str]:
    """The keywords in a box without links; none of a box without its end tag."""
    if not boilerplate.is_head_sized(box):
        return []
    lines = [line_of(entry) for entry in box.iter("dd", "li")] or [line_of(box)]
    words = (w.strip() for line in lines for w in _split_keywords(line))
    return [w for w in words if len(w) <= _LONGEST_KEYWORD and not w.rstrip(".").endswith("니다")]


def _split_keywords(line: str) -> list[str]:
    return _KEYWORD_BORDER.split(_KEYWORD_LABEL.sub("", line))


def _linked_keywords(page: Page) -> list[Element]:
    """The links to keywords below the text, in a box with another name."""
    if page.body is None or _KEYWORD not in page.text:
        return []
    # One of the skins has no column: there the box stands next to the text's.
    around = page.column if page.column is not None else page.body.getparent()
    if around is None:
        return []
    links = (a for a in around.iter("a") if _KEYWORD in (a.get("href") or ""))
    return [link for link in links if not page.in_body(link)]


def _recommendations(page: Page, skin: Skin, in_body: str | None) -> int | None:
    """The recommend count, from its box, its button or a bare number."""
    for box in _below_text(page, "recommend_count", skin.recommendations):
        # Some papers print the count on the button, which is no text elsewhere.
        buttons = ("".join(map(str, button.itertext())) for button in box.iter("button"))
        for words in (line_of(box), *buttons):
            if (count := count_of(words)) is not None:
                return count
    bare = in_body or _below(page)
    return count_of(bare) if bare else None


def _below(page: Page) -> str | None:
    """The bare number right below the body, above the edit link."""
    if page.body is None:
        return None
    after = page.body.getnext()
    words = squeeze(page.body.tail or "")
    if not words and after is not None and after.tag in ("div", "p", "span", "a", "em", "strong"):
        words = line_of(after)
    return words if boilerplate.COUNT.fullmatch(words) else None


def count_of(words: str) -> int | None:
    """The first number in ``words`` as a count of readers, or ``None`` if it cannot be one.

    >>> count_of("추천 1.2만"), count_of("1,234"), count_of("9" * 25)
    (12000, 1234, None)
    """
    match = _COUNT.search(words)
    if match is None or len(match[1]) > 15:
        return None
    unit = _UNITS.get((match[3] or "").lower(), 1)
    number = float(match[1].replace(",", "") + (match[2] or ""))
    count = round(number * unit)
    return count if count <= _MOST else None
