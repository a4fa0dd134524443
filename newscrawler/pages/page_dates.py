"""When a page says that it was published and modified: the list below the headline.

In some skins the writer stands there too. How a date's text is read: ``date_text.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from lxml.etree import _Element as Element

from newscrawler.pages import bylines, date_text
from newscrawler.pages.dom import line_of, squeeze
from newscrawler.sites.urls import mcode_of

_OF = r"(?:(?:기사|온라인|인터넷|웹|데스크|최초|최[종근]|마지막|재(?=\S))\s*){0,2}"
"""What a label says of itself first: ``기사등록``, ``온라인 등록``, ``기사 최종수정``."""
_LABEL = re.compile(
    rf"(?P<modified>{_OF}(?:수정|변경|업데이트|갱신|고침)|최종\s*편집|updated?|modified)"
    rf"|(?P<registered>{_OF}(?:등록|입력|승인|작성(?!자))|registered|created)"
    r"|(?P<paper>지면(?:\s*(?:게재|보기|발행))?|(?:신문|종이신문)\s*(?:게재|발행)|발행호|\d+\s*면|print(?:ed)?)"
    rf"|(?P<published>{_OF}(?:게재|게시|발행(?!인)|송고|배포|보도(?!자))|(?:published|posted)(?:\s+on)?)",
    re.IGNORECASE,
)
"""Labels before a date. The date of a printed edition is not a date of the page."""
_ORDER = ("registered", "published", "", "paper")
"""Which label's date is the published one, if there are several."""
_TIME_ALONE = re.compile(
    r"\W{0,3}(?:(?:오전|오후|AM|PM)\s*)?\d{1,2}\s*[:시]\s*\d{1,2}\D{0,3}(?:\d{1,2}\D{0,3})?(?:[AP]M)?",
    re.IGNORECASE,
)
_LABEL_END = re.compile(r"\s*(?:일시|일자|시간|시각|날짜|일)?\s*[:：\]】)|]?\s*$")
_EDITION = re.compile(r"(?<![A-Za-z\d])(?:제\s*|[A-Z])?\d{1,5}\s*[호면](?!\w)")
"""The number or a page of the printed paper: ``제123호``, ``1면``, ``A12면``."""
_COUNTED = re.compile(r"(?<!\w)\d")
"""A number of its own, as in the text of a counter; ``취재1팀`` has none."""
_ENTRY = 200
"""A longer entry is not one: an unclosed list contains the text below it."""
_YEAR_AND_TIME = re.compile(r"(?<!\d)(?:19|20)\d\d\D.{0,20}\d\s?[:時시]\s?\d\d")
"""A date in a form that is not understood: not a writer."""
_EDGES = " \t|/·,:;-–"
_BRACKETS = (("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class PageDates:
    published: datetime | None = None
    modified: datetime | None = None
    writer: str | None = None
    """What an entry says besides the dates."""
    writer_words: str = ""
    """The same, with addresses that are only in mail links."""


def read(entries: Iterable[Element], timezone: str) -> PageDates:
    """Read the entries (``li``) in order; the first date of each kind counts.

    A date without a label is the published one if it is the first, else the modified one. A
    registered date has priority over that of the printed edition.
    """
    published: dict[str, datetime] = {}
    modified: datetime | None = None
    writer: str | None = None
    words = ""
    seen = False
    for line, entry in _lines(entries):
        is_entry = len(line) <= _ENTRY
        line = rest = line[:_ENTRY]
        printed = list(date_text.PRINTED.finditer(line))
        if not all(match["hour"] for match in printed) or not printed:
            line = rest = date_text.in_usual_signs(line)
            printed = list(date_text.PRINTED.finditer(line))
        for match in reversed(printed):
            rest = rest[: match.start()] + "\0" + rest[match.end() :]
        for match in printed:
            value = date_text.of_match(match, timezone)
            label = _label(line[: match.start()])
            if label == "modified" or (not label and seen):
                modified = modified or value
            elif value is not None:
                published.setdefault(label, value)
            seen |= label != "paper"
        said = _writer(rest) if is_entry and not _links_section(entry) else None
        # An entry may also be a section's name or the number of the printed paper.
        if said and (writer is None or bylines.is_signed(said) > bylines.is_signed(writer)):
            writer, words = said, _with_addresses(said, entry)
    first = next((published[label] for label in _ORDER if label in published), None)
    return PageDates(first, modified, writer, words)


def labelled(lines: Iterable[str], timezone: str) -> PageDates:
    """The dates of lines anywhere on a page, only those after a label."""
    published: dict[str, datetime] = {}
    modified: datetime | None = None
    above = ""
    for part in lines:
        line = f"{above} {part}" if above else part
        above = line if is_label(line) else ""
        line = line[:_ENTRY]
        printed = list(date_text.PRINTED.finditer(line))
        if not printed:
            line = date_text.in_usual_signs(line)
            printed = list(date_text.PRINTED.finditer(line))
        for match in printed:
            value = date_text.of_match(match, timezone)
            label = _label(line[: match.start()])
            if value is None or not label:
                continue
            if label == "modified":
                modified = modified or value
            else:
                published.setdefault(label, value)
    first = next((published[label] for label in _ORDER if label in published), None)
    return PageDates(first, modified)


_MOST_ENTRIES = 100
"""A list of more entries is no list of dates: unclosed tags put thousands inside one another."""


def _lines(entries: Iterable[Element]) -> list[tuple[str, Element]]:
    """The text of each entry; a time alone belongs to the date before it, a label alone to the date
    after it."""
    found: list[tuple[str, Element]] = []
    label = ""
    for entry in islice(entries, _MOST_ENTRIES):
        line = f"{label} {_line(entry)}".strip()
        label = ""
        if len(line) <= _ENTRY and _TIME_ALONE.fullmatch(line) and found:
            found[-1] = (f"{found[-1][0]} {line}", found[-1][1])
        elif is_label(line):
            label = line
        else:
            found.append((line, entry))
    return found


def _line(entry: Element) -> str:
    """An entry's words; with blanks between its elements where a time is only so one."""
    line = line_of(entry)
    if ":" not in line and len(line) <= _ENTRY and (exact := _exact(entry, line)):
        return exact
    if len(entry) < 2 or len(line) > _ENTRY or ":" not in line:
        return line
    printed = date_text.PRINTED.search(line)
    if printed and printed["hour"]:
        return line
    spaced = squeeze(" ".join(map(str, entry.itertext())))
    printed = date_text.PRINTED.search(spaced)
    return spaced if printed and printed["hour"] else line


_EXACT = ("datetime", "title")
"""Attributes with the whole time, of which the page shows only the day."""


def _exact(entry: Element, line: str) -> str | None:
    """The line of a day with the time that an attribute adds to the same day."""
    if not any(map(str.isdigit, line)):
        return None
    day = date_text.PRINTED.search(line)
    if day is None or day["hour"]:
        return None
    for node in islice(entry.iter(), _MOST_ENTRIES):
        for value in filter(None, map(node.get, _EXACT)):
            whole = date_text.PRINTED.search(value[:_ENTRY])
            if whole and whole["hour"] and _day(whole) == _day(day):
                return line[: day.start()] + whole[0] + line[day.end() :]
    return None


def _day(date: re.Match[str]) -> list[int]:
    return [int(part) for part in date.group("year", "month", "day")]


def ends_with_label(text: str) -> bool:
    """Whether a text ends with the label of a date (``기사등록``)."""
    return bool(_label(text))


def is_modified(text: str) -> bool:
    """Whether a text ends with the label of a change (``최종수정``)."""
    return _label(text) == "modified"


# Labels are the same on every page.
@lru_cache(maxsize=256)
def is_label(line: str) -> bool:
    """Whether a line is the label of a date, alone."""
    return len(line) < 12 and _label(line) != "" and _LABEL_END.sub("", _LABEL.sub("", line)) == ""


@lru_cache(maxsize=256)
def _label(before: str) -> str:
    """The name of the label at the end of this text; empty if there is none."""
    before = before[-_ENTRY:]  # a label is short, and stands at the end
    end = _LABEL_END.search(before)
    stem = before[: end.start()] if end else before
    labels = [match for match in _LABEL.finditer(stem) if match.end() >= len(stem)]
    return labels[-1].lastgroup or "" if labels else ""


@lru_cache(maxsize=256)
def _writer(rest: str) -> str | None:
    """The text of an entry without the date and its label."""
    rest = _EDITION.sub("", rest)
    if "\0" in rest:
        parts = [_without_label(part) for part in rest.split("\0")]
        rest = next((part for part in parts if part), "")
    elif (label := _LABEL.match(rest)) and (
        len(rest) < 12 or not any(map(str.isalpha, rest[label.end() :]))
    ):
        return None  # a label with nothing behind it, or with a date that is none: 0000-00-00
    rest = _trimmed(rest)
    if not any(map(str.isalpha, rest)) or _YEAR_AND_TIME.search(rest):
        return None
    if _COUNTED.search(rest) and "기자" not in rest and "@" not in rest:
        return None
    return None if bylines.is_control(rest) else rest


def _links_section(entry: Element) -> bool:
    return any(mcode_of(link.get("href") or "") for link in entry.iter("a"))


def _without_label(part: str) -> str:
    stem = _LABEL_END.sub("", _trimmed(part))
    for match in _LABEL.finditer(stem):
        if match.end() >= len(stem):
            return _trimmed(stem[: match.start()])
    return _trimmed(part)


def _trimmed(text: str) -> str:
    """``text`` without separators at its ends, and without half a pair of brackets there."""
    text = text.strip(_EDGES)
    for opening, closing in _BRACKETS:
        if text.startswith(closing) or (text.startswith(opening) and closing not in text):
            return _trimmed(text[1:])
        if text.endswith(opening) or (text.endswith(closing) and opening not in text):
            return _trimmed(text[:-1])
    return text


def _with_addresses(writer: str, entry: Element) -> str:
    """The writer with the addresses that are only in mail links, next to the names if possible."""
    words = bylines.linked_emails(entry)
    hidden = [address for address in bylines.EMAIL.findall(words) if address not in writer]
    if line_of(entry) == writer:
        return words
    return " ".join([writer, *hidden])
