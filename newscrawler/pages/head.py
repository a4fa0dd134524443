"""What the layouts have in common: the values above the body of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, bylines
from newscrawler.pages.dateline import Dateline
from newscrawler.pages.dom import Page, line_of
from newscrawler.sites.urls import mcode_of

HOME = frozenset({"HOME", "홈", "메인", "처음"})
"""What a link to the front page is called, in upper case."""


@dataclass(frozen=True, slots=True)
class Head:
    headline: Element | None
    """The element that prints it."""
    dateline: Dateline
    byline: str | None
    byline_words: str
    """The byline with addresses that only stand in mail links."""
    subtitle: str | None
    section: str | None
    section_code: str | None


def dates_beside_headline(page: Page) -> bool:
    """Whether the date list stands beside ``.titleWrap``, not in it: the classic variant."""
    if page.first("viewContentWrap") is not None:
        return False
    box, dates = page.first("titleWrap"), page.first("registModifyDate")
    if dates is None:
        return page.first("else-area") is None
    return box not in dates.iterancestors()


def entries(page: Page, *names: str) -> list[Element]:
    """The ``li`` of the lists of the first of these names; a list without any is one entry."""
    found: list[Element] = []
    for element in next(filter(None, map(page.of, names)), []):
        # An unclosed box above the text has swallowed it; a box of the head in the text is one.
        inside = page.in_body(element)
        if not inside or boilerplate.is_head_box(element):
            items = [item for item in element.iter("li") if inside or not page.in_body(item)]
            found.extend(items or [element])
    return found


def signature(page: Page) -> tuple[str | None, str]:
    """The writer's line of the box that the classic skins keep for it, with hidden addresses."""
    for box in page.of("else-area"):
        inside = page.in_body(box)
        if inside and not boilerplate.is_head_box(box):
            continue
        lines = [p for p in box.iter("p") if inside or not page.in_body(p)]
        kept = [p for p in lines if (line := line_of(p)) and not bylines.is_control(line)]
        if not lines:
            # Share links may stand in the same box.
            alone = not bylines.is_control(line_of(box))
            kept = (
                [box]
                if alone
                else [
                    e
                    for e in box.iter("span", "strong", "em", "li", "div")
                    if not _is_link(e) and not bylines.is_control(line_of(e))
                ]
            )
            kept = kept[:1]
        words = " ".join(filter(None, map(line_of, kept)))
        if words and words != "기자":
            return words, " ".join(map(bylines.linked_emails, kept))
    return None, ""


def _is_link(element: Element) -> bool:
    return not line_of(element) or next(element.iter("a"), None) is not None


def subtitles(page: Page, extra: Iterator[Element] | tuple[Element, ...] = ()) -> str | None:
    """The lines of ``ul.subj`` and of ``extra`` elements, a line each."""
    items = [item for box in page.of("subj") for item in list(box.iter("li")) or [box]]
    found = [line for item in items if (line := line_of(item))]
    found += [line for element in extra if (line := line_of(element))]
    return "\n".join(dict.fromkeys(found)) or None


def location(page: Page, *names: str) -> tuple[str | None, str | None]:
    """Section and its code from the place that says where the article stands: HOME, then it."""
    for name in names:
        for element in page.of(name):
            for link in element.iter("a"):
                section, code = line_of(link), mcode_of(link.get("href") or "")
                is_home = section.upper() in HOME or link.get("href") == "/"
                if section and (code or not is_home):
                    return section, code
    return None, None
