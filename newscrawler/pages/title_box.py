"""The other content of the headline's box: subtitles, a writer, text that is in no field.

The skins have selectors for dates and writer. A subtitle has no fixed place: it is a ``span``,
``em``, ``div``, ``li`` or ``h3`` of the box, so it is the rest after all known parts are removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, bylines, date_text, page_dates
from newscrawler.pages.dom import BLOCKS, Page, line_of, lines_of, squeeze

_CONTROL_NAME = re.compile(
    r"sns|share|mail|print|control|scrap|font|zoom|util|tool|btn|button|banner|icon|count|hit"
    r"|comment|reply|login|modal|layer|popup|menu|gnb|kakao|facebook|twitter|naver|edit|modify(?![-_]?date)",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:이|본)?\s*(?:기사\s*)?(?:메일\s*(?:전송|보내기)|이메일\s*보내기|수정|삭제|프린트(?:하기)?|인쇄(?:하기)?"
    r"|스크랩(?:하기)?|(?:\S{2,12}\s)?공유하기|공유|글자\s*(?:크기|확대|축소|크게|작게)|(?:주소|URL|링크)\s*복사(?:하기)?|목록"
    r"|QR\s*코드|https?://\S+|다른\s*기사\s*보기|기자\s*프로필|좋아요|추천(?:하기)?|댓글|조회(?:수)?|닫기|[-+가|·\s]+)\s*[:：]?\s*[\d,]*",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:기자|특파원|통신원|리포터|논설위원|편집국|취재팀|뉴스팀)\s*(?:$|[=,·/|;:(\[<)\]]|\S+@)"
    r"|@[\w-]+\."
)
"""A writer's role at the end of a name or line; in the middle of a phrase it is a word."""
_SIGNATURE = 60
"""Maximum characters of a writer's line with such words."""
_WEEKDAY = re.compile(r"^\W*[월화수목금토일](?:요일)?(?!\w)")
_EDITION = re.compile(r"제?\s*\d+\s*[호면]|^\s*일?자(?!\w)")
"""The number and the page of a printed paper: ``제123호``, ``20일자 1면``."""
_DIGITS = 8
"""A day and a time have this many digits."""
_PHRASE = 8
"""A line above the headline is a subtitle with this many letters; a label has fewer."""
_LONGEST = 250
"""Maximum characters of a subtitle; more is text inside an unclosed box."""
_LINKED = frozenset({"dl", "ul", "div", "p", "span", "li", "h2", "h3", "h4", "h5", "h6"})
"""Tags that are controls if all of their text is in links."""


@dataclass(frozen=True, slots=True)
class TitleBox:
    subtitles: tuple[str, ...] = ()
    """Lines below the headline, phrases above it, and what is marked as a subtitle."""
    signature: str | None = None
    """A line that may be the writer's."""
    signature_words: str = ""
    """The same, with addresses that are only in mail links."""
    left: tuple[str, ...] = ()
    """Other lines, without dates and controls of the page."""


def read(
    page: Page, around: Element | None, headline: Element | None, known: frozenset[str]
) -> TitleBox:
    """The lines of the headline's box: ``around``, if the skin has a selector for it.

    ``known``: lines that are in a field already.
    """
    box = _box(around, headline)
    if box is None or headline is None:
        return TitleBox()
    subtitles: list[str] = []
    signatures: list[tuple[str, str]] = []
    left: list[str] = []
    is_below = False
    beside_writer = _beside_writer(box)
    for unit in _units(page, box, headline):
        if unit is headline:
            is_below = True
            continue
        assert isinstance(unit, tuple)
        line, element = unit
        if not line or line in known or is_control(line):
            continue
        if _is_stamp(line):
            continue
        if element in beside_writer and not _is_line_of_its_own(line, known):
            continue
        named = boilerplate.names_subtitle(element.get("class") or "")
        if len(line) <= _SIGNATURE and _SIGNED.search(line) and not named:
            signatures.append((line, bylines.linked_emails(element)))
        elif (named or is_below or _is_phrase(line)) and _may_be_subtitle(line):
            subtitles.append(line)
        else:
            left.append(line)
    signature, words = signatures[0] if signatures else (None, "")
    return TitleBox(tuple(dict.fromkeys(subtitles)), signature, words, tuple(left))


def below(page: Page, box: Element, known: frozenset[str], timezone: str) -> TitleBox:
    """The lines between the headline's box and the text: those marked as subtitles, a writer's
    line, perhaps beside a date, and other phrases."""
    if page.body is None:
        return TitleBox()
    around_body = set(page.body.iterancestors())
    common = next((around for around in box.iterancestors() if around in around_body), None)
    if common is None or box in around_body:
        return TitleBox()
    subtitles: list[str] = []
    signature, words = None, ""
    left: list[str] = []
    is_below = False
    for unit in _units(page, common, box):
        if unit is box:
            is_below = True
            continue
        if not is_below:
            continue
        assert isinstance(unit, tuple)
        line, element = unit
        if not line or line in known or len(line) > _LONGEST:
            continue
        if is_of_others(line):
            if signature is None:
                signature, words = _signed(line, element, timezone)
        elif boilerplate.names_subtitle(element.get("class") or ""):
            subtitles.append(line)
        elif _is_phrase(line):
            left.append(line)
    return TitleBox(tuple(subtitles), signature, words, tuple(left))


def _signed(line: str, element: Element, timezone: str) -> tuple[str | None, str]:
    """The writer's line, alone or beside a date."""
    if len(line) <= _SIGNATURE and not is_control(line) and not _is_stamp(line):
        return line, bylines.linked_emails(element)
    beside = page_dates.read([element], timezone)
    if beside.writer and bylines.is_signed(beside.writer):
        return beside.writer, beside.writer_words
    return None, ""


def _beside_writer(box: Element) -> frozenset[Element]:
    """The elements in the writer's box, which is inside the headline's: a template may print the
    subtitle there."""
    areas = [area for area in box.iter("div", "p", "ul") if _holds_writer(area)]
    return frozenset(element for area in areas for element in area.iter())


def _holds_writer(element: Element) -> bool:
    names = element.get("class")
    if not names or boilerplate.WRITER not in names.split():
        return False
    return boilerplate.is_head_sized(element)


def _is_line_of_its_own(line: str, known: frozenset[str]) -> bool:
    """Whether a line in the writer's box is a phrase, and no part or label of the writer's line."""
    if not _is_phrase(line) or "@" in line or bylines.is_control(line):
        return False
    return not any(line in text for text in known)


def is_of_others(line: str) -> bool:
    """Whether a line is no subtitle but a control, a time, the writer's name, or text inside an
    unclosed element."""
    if len(line) > _LONGEST:
        return True
    is_signed = len(line) <= _SIGNATURE and _SIGNED.search(line) is not None
    return is_control(line) or _is_stamp(line) or is_signed


@lru_cache(maxsize=512)
def is_control(line: str) -> bool:
    """Whether a line is the label of a button (``기사 메일전송``), or its counter."""
    return _CONTROL.fullmatch(line) is not None


def _may_be_subtitle(line: str) -> bool:
    return len(line) <= _LONGEST and sum(map(str.isalpha, line)) >= 2


def _is_phrase(line: str) -> bool:
    """Whether a line above the headline is a phrase, not a label such as a section's name."""
    return " " in line and sum(map(str.isalpha, line)) >= _PHRASE


def _is_stamp(line: str) -> bool:
    """Whether a line is a time stamp: it has a time, or says nothing but a day."""
    match = date_text.PRINTED.search(line)
    if match is None and sum(map(str.isdigit, line)) >= _DIGITS:
        line = date_text.in_usual_signs(line)
        match = date_text.PRINTED.search(line)
    if match is None or match["hour"]:
        return match is not None
    before, after = line[: match.start()], _WEEKDAY.sub("", line[match.end() :])
    before, after = _EDITION.sub("", before), _EDITION.sub("", after)
    if page_dates.ends_with_label(before):
        before = ""
    return sum(map(str.isalpha, before + after)) < 2


def _box(around: Element | None, headline: Element | None) -> Element | None:
    """The headline's box by the skin's selector, if the headline is in it."""
    if around is None or headline is None or around not in headline.iterancestors():
        return None
    return around


Unit: TypeAlias = Element | tuple[str, Element]


def _units(page: Page, box: Element, headline: Element) -> Iterator[Unit]:
    """The smallest elements of the box with text, and its own text, in order."""
    path = {headline, *headline.iterancestors()}
    around_body = {page.body, *page.body.iterancestors()} if page.body is not None else set()
    stack: list[Iterator[Unit]] = [_children(box)]
    while stack:
        unit = next(stack[-1], None)
        if unit is None:
            stack.pop()
        elif isinstance(unit, tuple) or unit is headline:
            yield unit
        elif unit is page.body:
            return
        elif unit in path or unit in around_body:
            stack.append(_children(unit))
        elif not _is_other(unit):
            if any(child.tag in BLOCKS for child in unit):
                stack.append(_children(unit))
            else:
                yield from _said(unit)


def _said(element: Element) -> Iterator[Unit]:
    lines = lines_of(element)
    yield from ((line, element) for line in lines)


def _children(element: Element) -> Iterator[Unit]:
    if element.text and not element.text.isspace():
        yield squeeze(element.text), element
    for child in element:
        yield child
        if child.tail and not child.tail.isspace():
            yield squeeze(child.tail), element


def _is_other(element: Element) -> bool:
    """Whether an element is not a line of the headline: a known part, a control, a link."""
    if boilerplate.is_junk(element) or element.tag in ("form", "label", "h1", "br", "img"):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if boilerplate.names_subtitle(element.get("class") or ""):
        return False
    if _holds_writer(element):
        return False
    if boilerplate.is_head_box(element) or boilerplate.ends_body(element):
        return True
    if names != " " and _names_control(names):
        return True
    is_link = element.tag == "a" or (element.tag in _LINKED and boilerplate.is_all_links(element))
    return is_link and not bylines.has_mail_link(element)


@lru_cache(maxsize=512)
def _names_control(names: str) -> bool:
    return _CONTROL_NAME.search(names) is not None


def signature(page: Page) -> tuple[str | None, str]:
    """The writer's name in the profile below the article, if there is none above."""
    for box in page.of(".writerProfile"):
        for element in box.iter("strong", "b", "p", "span", "em", "dt", "dd", "li", "div", "a"):
            line = line_of(element)
            if len(line) > _SIGNATURE or not _SIGNED.search(line) or bylines.is_control(line):
                continue
            if line.replace(" ", "") != "기자":
                return line, bylines.linked_emails(element)
    return None, ""
