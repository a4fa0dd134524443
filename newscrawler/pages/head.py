"""The fields above the body of an article, by the selectors of its skin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, bylines
from newscrawler.pages.dom import Page, line_of, squeeze
from newscrawler.pages.page_dates import PageDates, is_label
from newscrawler.sites.urls import mcode_of

HOME = frozenset({"HOME", "홈", "메인", "처음"})
"""The text of a link to the home page, in upper case."""
_STEP = re.compile(r"\s*[>›»]\s*")
_SUBTITLES = frozenset({"subtitle", "sub-title", "sub_title", "subtit", "sub-tit", "subject2"})
_NAME = 30
"""Maximum characters of a writer's name alone, or of a section's name without a link."""


@dataclass(frozen=True, slots=True)
class Head:
    box: Element | None
    """The box around headline and writer, if the skin names one."""
    headline: Element | None
    """The element with it."""
    dates: PageDates
    byline: str | None
    byline_words: str
    """The byline, with addresses that are only in mail links."""
    subtitle: str | None
    section: str | None
    section_code: str | None


def entries_of(page: Page, boxes: Iterable[Element], *, everywhere: bool = False) -> list[Element]:
    """The ``li`` elements of lists; a box without any is one entry.

    Without ``everywhere``, elements inside the text are excluded: an unclosed list contains the
    text.
    """
    found: list[Element] = []
    for box in boxes:
        items = list(box.iter("li") if everywhere else above_text(page, box, "li"))
        found.extend(items or [box])
    return found


def above_text(page: Page, box: Element, *tags: str) -> Iterator[Element]:
    """The elements of a box, up to the article's text: a box without its end tag contains the
    text, and all that stands below it."""
    body = page.body
    if body is None or page.in_body(box):
        yield from box.iter(*tags)
        return
    for element in box.iter(*{*tags, str(body.tag)}):
        if element is body:
            return
        if element.tag in tags:
            yield element


def signature(page: Page, boxes: Sequence[Element]) -> tuple[str | None, str]:
    """The writer's line in the first of ``boxes`` that has one, and with the addresses of mail
    links.

    Neighbouring boxes with only a name each are one line.
    """
    if len(boxes) > 1 and all(_is_name(box) for box in boxes):
        boxes = [box for box in boxes if box.getparent() is boxes[0].getparent()]
        return (" ".join(map(line_of, boxes)), " ".join(map(bylines.linked_emails, boxes)))
    for box in boxes:
        kept = _signed(page, box)
        words = " ".join(filter(None, map(line_of, kept)))
        if words and words != "기자" and not is_label(words):
            return words, " ".join(map(bylines.linked_emails, kept))
    return None, ""


def _is_name(box: Element) -> bool:
    line = line_of(box)
    return 0 < len(line) <= _NAME and not len(box) and not bylines.is_control(line)


def _signed(page: Page, box: Element) -> list[Element]:
    """The elements of a box with the writer, without other links."""
    lines = list(above_text(page, box, "p"))
    if lines:
        plain = [p for p in lines if (line := line_of(p)) and not bylines.is_control(line)]
        # A link to the writer's other articles may stand in the same line.
        return plain or [part for p in lines for part in p if _is_writers(part)][:1]
    if not bylines.is_control(line_of(box)):
        return [box]
    # Share links may stand in the same box.
    parts = above_text(page, box, "span", "strong", "em", "li", "div")
    return [e for e in parts if not _is_link(e) and not bylines.is_control(line_of(e))][:1]


def _is_writers(part: Element) -> bool:
    line = line_of(part)
    return bool(line) and not bylines.is_control(line) and bylines.is_signed(line)


def _is_link(element: Element) -> bool:
    return not line_of(element) or next(element.iter("a"), None) is not None


def below_headline(page: Page, box: Element | None, headline: Element | None) -> Iterator[Element]:
    """The subtitle in the box around a headline: by class, or a heading below it."""
    if box is None:
        return
    around = {box, headline} | set(headline.iterancestors() if headline is not None else ())
    for element in above_text(page, box, "h2", "h3", "h4", "p", "div", "span", "em"):
        names = element.get("class")
        is_named = names and not _SUBTITLES.isdisjoint(names.lower().split())
        if not is_named and element.tag not in ("h2", "h3", "h4"):
            continue
        inside = element in around or headline in element.iterancestors()
        if not inside and not boilerplate.is_all_links(element):
            yield element


def section_name(link: Element) -> str:
    """The text of a link to a section; of one without its end tag the beginning."""
    line = line_of(link)
    return line if len(line) <= _NAME else squeeze(link.text or "")[:_NAME]


def section_of(places: Iterable[Element]) -> tuple[str | None, str | None]:
    """Section and code from the path to the article: HOME, then the section."""
    for place in places:
        links = list(place.iter("a"))
        for link in links:
            section, code = section_name(link), mcode_of(link.get("href") or "")
            is_home = section.upper() in HOME or link.get("href") == "/"
            if section and (code or not is_home):
                return section, code
        if not links:
            steps = [s for s in _STEP.split(line_of(place)) if s and s.upper() not in HOME]
            if steps and len(steps[0]) <= _NAME:
                return steps[0], None
    return None, None
