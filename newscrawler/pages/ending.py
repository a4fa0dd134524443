"""Where a text ends, if a name or a phrase of what follows an article is inside the text too.

The template prints the recommend count and the source note directly below the text, everything else
(related articles, keywords, profile, comments) below them. So what is above the note is no end.
"""

from __future__ import annotations

import re
from functools import cached_property

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate
from newscrawler.pages.dom import Page

_PROSE = 60
"""An excluded box with this many characters outside of links may contain the text."""
_LINE = 20
"""The same for an element that is in no text, such as ``object``: a browser shows what follows."""
_LOOKED_INTO = 8
"""Maximum number of such boxes on a page that are examined: the effort stays linear."""
_VISIBLE = frozenset(
    {
        "div", "p", "span", "section", "ul", "li", "center",
        "button", "acronym", "object", "video", "audio", "canvas", "svg",
    }
)  # fmt: skip
"""Excluded tags whose content a browser shows when the end tag is missing."""
_BOXES = frozenset({"div", "p", "span", "section", "ul", "li", "center"})


class Ending:
    """What the whole page says about the end of its text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.looked_into = 0
        self.has_odd_quotes = page.text.count('"') % 2 == 1
        """Whether an attribute may lack its second quotation mark."""
        self._lacking: dict[str, bool] = {}

    def is_in_text(self, element: Element) -> bool:
        """Whether an element that usually is below the text is inside it."""
        return boilerplate.may_be_in_text(element) and element in self._above_note

    @cached_property
    def _above_note(self) -> frozenset[Element]:
        """The elements that usually are below the note, and here are above it."""
        waiting: list[Element] = []
        above: list[Element] = []
        if self.page.root is None:
            return frozenset()
        for node in self.page.root.iter("*"):
            names = boilerplate.names_of(node)
            if boilerplate.ABOVE_NOTE in names or _notes(node.text) or _notes(node.tail):
                above += waiting
                waiting.clear()
            if not boilerplate.BELOW_NOTE.isdisjoint(names):
                waiting.append(node)
        return frozenset(above)

    def is_unclosed(self, element: Element) -> bool:
        """Whether an excluded element contains the text only because its end tag is missing."""
        if element.tag not in _VISIBLE or boilerplate.is_hidden(element):
            return False
        if self.looked_into >= _LOOKED_INTO:
            return False
        self.looked_into += 1
        least = _PROSE if element.tag in _BOXES else _LINE
        if not boilerplate.has_words(element, least, "a"):
            return False
        if element.tag in _BOXES and not _is_last(element):
            return False
        return self.lacks_ends(str(element.tag))

    def lacks_its_end(self, element: Element) -> bool:
        """Whether a box reaches to the end of its parent, perhaps because its end tag is
        missing."""
        if not _is_last(element):
            return False
        return self.has_odd_quotes or self.lacks_ends(str(element.tag))

    def lacks_ends(self, tag: str) -> bool:
        """Whether the page opens more elements of a kind than it closes."""
        if tag not in self._lacking:
            opened = re.findall(rf"<(/?){tag}\b", self.page.text, re.IGNORECASE)
            self._lacking[tag] = opened.count("") > opened.count("/")
        return self._lacking[tag]


def _notes(text: str | None) -> bool:
    return text is not None and boilerplate.is_whole_note(text)


def _is_last(element: Element) -> bool:
    """Whether nothing of a text comes after an element in its parent."""
    if (element.tail or "").strip():
        return False
    after = element.getnext()
    return after is None or boilerplate.ends_body(after)
