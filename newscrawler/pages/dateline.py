"""The list below the headline: published, modified, and in some skins the writer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.pages import bylines, dates
from newscrawler.pages.dom import line_of

_LABEL = re.compile(
    r"(?P<modified>(?:기사|최종|마지막)?\s*(?:수정|변경|업데이트|갱신)|updated?|modified)"
    r"|(?P<published>(?:기사|최초)?\s*(?:등록|입력|승인|작성(?!자)|게재|게시|발행|송고)|published|posted)",
    re.IGNORECASE,
)
_LABEL_END = re.compile(r"\s*(?:일시|일자|시간|시각|날짜|일)?\s*[:：\]】)|]?\s*$")
_ENTRY = 200
"""Characters up to which an entry is one; an unclosed list swallows the text below it."""
_EDGES = " \t|/·,:;-–"
_BRACKETS = (("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class Dateline:
    published: datetime | None = None
    modified: datetime | None = None
    writer: str | None = None
    """What an entry says beside the dates."""
    writer_words: str = ""
    """The same with addresses that only stand in mail links."""


def read(entries: Iterable[Element], timezone: str) -> Dateline:
    """Read the entries (``li``) in order; the first date of each kind counts.

    A date without a label is the published one if none came before, else the modified one.
    """
    published: datetime | None = None
    modified: datetime | None = None
    writer: str | None = None
    words = ""
    seen = False
    for entry in entries:
        line = line_of(entry)
        is_entry = len(line) <= _ENTRY
        line = rest = line[:_ENTRY]
        printed = list(dates.PRINTED.finditer(line))
        for match in reversed(printed):
            rest = rest[: match.start()] + "\0" + rest[match.end() :]
        for match in printed:
            value = dates.of_match(match, timezone)
            is_modified = _is_modified(line[: match.start()], seen)
            seen = True
            if is_modified:
                modified = modified or value
            else:
                published = published or value
        if writer is None and is_entry:
            writer = _writer(rest)
            if writer is not None:
                words = _with_addresses(writer, entry)
    return Dateline(published, modified, writer, words)


# Labels are the same on every page.
@lru_cache(maxsize=256)
def _is_modified(before: str, seen: bool) -> bool:
    end = _LABEL_END.search(before)
    stem = before[: end.start()] if end else before
    labels = [match for match in _LABEL.finditer(stem) if match.end() >= len(stem)]
    if labels:
        return labels[-1]["modified"] is not None
    return seen


@lru_cache(maxsize=256)
def _writer(rest: str) -> str | None:
    """The words of an entry that are neither a date nor its label."""
    if "\0" in rest:
        parts = [_without_label(part) for part in rest.split("\0")]
        rest = next((part for part in parts if part), "")
    elif _LABEL.match(rest) and len(rest) < 12:
        return None
    rest = _trimmed(rest)
    if not any(map(str.isalpha, rest)):
        return None
    return None if bylines.is_control(rest) else rest


def _without_label(part: str) -> str:
    stem = _LABEL_END.sub("", part)
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
    """The writer with the addresses that stand in mail links only, beside the names if possible."""
    words = bylines.linked_emails(entry)
    hidden = [address for address in bylines.EMAIL.findall(words) if address not in writer]
    if line_of(entry) == writer:
        return words
    return " ".join([writer, *hidden])
