"""Texts in the body's box, or next to it, that are in no field: the sign that a text was cut.

They are counted, never stored as text of the article: an advertisement or a list of other articles
looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate
from newscrawler.pages.dom import BLOCKS, squeeze

DROPPED = 20
"""The text of an excluded box with this many characters or more is kept for the report."""
PROSE = 60
"""The same for a box next to the body: a counter or a button is shorter."""
_SENTENCE = 10
"""No sentence of an article has fewer characters."""
_PHRASE = 30
"""Text directly below the body with this many characters is counted without a sentence too."""
_KEPT = 5_000
"""How many characters of each are kept."""
_LEVELS = 4
"""How many boxes around the body a stray end tag may have closed."""
_BOXES = frozenset({"div", "dl", "ul", "section"})
"""Tags with which a template makes a box, if it has a class or an id."""
_FRAME = ("header", "footer", "aside", "nav")
_LOOSE = frozenset({"p", "div", "table", "span", "font", "center", "blockquote", "b", "strong"})
"""Tags of a text that a stray end tag moved out of the body."""


def longer(element: Element, least: int) -> list[str]:
    """The element's text in one line, if it has this many characters outside of links."""
    if not boilerplate.has_words(element, least, "a", "script", "style"):
        return []
    line = squeeze(" ".join(_pieces([element], linked=True)))
    return [line[:_KEPT]] if line else []


def unseen(element: Element) -> list[str]:
    """The text of an element that a browser does not show, if it has sentences: what follows an
    element without its end tag."""
    # Words for browsers that show no video have no markup, and are short.
    is_text = len(element) > 0 or element.tag == "textarea"
    return (
        sentences([element], linked=True)
        if is_text or boilerplate.words_in(element) >= PROSE
        else []
    )


def sentences(
    parts: Iterable[Element | str], enough: int | None = None, *, linked: bool = False
) -> list[str]:
    """The text of elements, and text beside them, in one line, if it has a sentence; with
    ``enough`` characters also without one."""
    line = squeeze("\n".join(_pieces(parts, linked=linked)))
    is_long = enough is not None and len(line) >= enough
    is_prose = len(line) >= _SENTENCE and boilerplate.has_sentence(line)
    return [line[:_KEPT]] if is_long or is_prose else []


_MARKUP = re.compile(r"<[^<>]*>")
_PARAGRAPH = re.compile(r"</?(?:p|div|br|td|li|h[1-6]|blockquote|section)\b", re.IGNORECASE)


def swallowed(source: str) -> list[str]:
    """The text in a script or style, if it has paragraphs with sentences: what follows a ``script``
    without its end tag."""
    if not (_PARAGRAPH.search(source) and boilerplate.has_sentence(source)):
        return []
    return sentences([_MARKUP.sub(" ", source)])


def commented(source: str) -> list[str]:
    """The text in the comments of a page that lack their end: they reach to the end of the next
    comment, or of the page."""
    if source.count("<!--") <= source.count("-->"):
        return []
    found: list[str] = []
    start = source.find("<!--")
    while start >= 0:
        # A comment may be as short as <!--> or <!--->.
        end = source.find("-->", start + 2)
        inside = source[start + 4 : end if end >= 0 else None]
        if end < 0 or "<!--" in inside:
            found += swallowed(inside)
        start = source.find("<!--", end + 3) if end >= 0 else -1
    return found


_values_with_markup = etree.XPath("descendant::*/@*[contains(., '<')]")
"""The attributes inside an element that have a tag in their value."""


def in_attributes(box: Element) -> list[str]:
    """The text in the attributes of a box's elements: one without its second quotation mark reaches
    to the next such mark."""
    # What is behind the first tag's end is text; before it, it is the value itself.
    values = (str(value).partition(">")[2] for value in _values_with_markup(box))
    return [text for value in values for text in sentences([_MARKUP.sub(" ", value)])]


_OPEN_TAG = re.compile(r"</?[a-z][a-z0-9]*\b([^<>]*)(?=<)", re.IGNORECASE)


def in_tags(source: str, read: str) -> list[str]:
    """The text in tags of a page that lack their ``>``, so that it reaches to the next one.

    ``read``: the text of the article, in which a ``<`` may stand too.
    """
    found = (sentences([match[1].rpartition('"')[2]]) for match in _OPEN_TAG.finditer(source))
    return [text for texts in found for text in texts if text not in read]


_CODE = frozenset({"script", "style"})


def _pieces(parts: Iterable[Element | str], *, linked: bool = False) -> Iterator[str]:
    """Text, without that of scripts and (unless ``linked``) of links."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        walk = etree.iterwalk(part, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                if node.tag in _CODE or (node.tag == "a" and not linked):
                    walk.skip_subtree()
                elif node.text:
                    yield " " + node.text if node.tag in BLOCKS else node.text
            elif node is not part and node.tail:
                yield node.tail


def beside(
    box: Element, read: frozenset[Element | str], is_closed_early: bool = False
) -> list[str]:
    """Texts between the body and the elements below an article, which may belong to the article.

    ``read``: elements and text after the box that were read as text of the article.
    ``is_closed_early``: stray end tags may have closed the body and boxes around it, so that boxes
    of the text are outside of these.
    """
    found: list[str] = []
    loose: list[Element | str] = []
    around: Element | None = box
    for level in range(_LEVELS):
        if around is None or around.tag == "body":
            break
        if around.tail and around.tail not in read:
            loose.append(around.tail)
        may_be_text = is_closed_early and _end_is_ahead(around)
        if not _collect(around, level == 0, may_be_text, found, loose, read):
            break
        around = around.getparent()
    if is_closed_early and not found:
        # A paragraph of the text may be a link as a whole.
        return sentences(loose, enough=_PHRASE) or sentences(loose, linked=True)
    return found + sentences(loose, enough=_PHRASE)


def _end_is_ahead(element: Element) -> bool:
    """Whether an element that follows an article comes after this one, in it or around it."""
    node: Element | None = element
    while node is not None:
        for sibling in node.itersiblings():
            if any(map(boilerplate.ends_body, sibling.iter("*"))):
                return True
        node = node.getparent()
    return False


def _collect(
    node: Element,
    is_box: bool,
    may_be_text: bool,
    found: list[str],
    loose: list[Element | str],
    read: frozenset[Element | str],
) -> bool:
    """Collect what follows a node in its parent; whether what follows the parent may belong to the
    article too."""
    for sibling in node.itersiblings():
        if sibling in read:
            continue
        if boilerplate.ends_body(sibling) or sibling.tag in _FRAME:
            return False
        is_named = sibling.tag in _BOXES and bool(sibling.get("class") or sibling.get("id"))
        if is_named and not (is_box or may_be_text):
            return False
        if not boilerplate.is_junk(sibling):
            texts = longer(sibling, PROSE)
            if may_be_text or is_box:
                texts = texts or sentences([sibling], linked=may_be_text)
            if any(map(boilerplate.is_whole_note, texts or map(str, sibling.itertext()))):
                return False
            if texts:
                found += texts
            elif not is_named and sibling.tag in _LOOSE:
                loose.append(sibling)
        if sibling.tail:
            loose.append(sibling.tail)
    return True


_LIST = frozenset({"ul", "ol", "dl", "button", "form"})


def outside(root: Element, boxes: list[Element]) -> list[str]:
    """The sentences of the body that are in none of the boxes that were read, without lists of
    other articles."""
    if root in boxes:
        return []
    read = set(boxes)
    holding: set[Element] = set()
    for box in boxes:
        above: Element | None = box
        while above is not None and above not in holding:
            holding.add(above)
            above = above.getparent()
    parts: list[Element | str] = []
    around = [root]
    while around:
        node = around.pop()
        parts.append(node.text or "")
        for child in node:
            if boilerplate.ends_body(child):
                break
            if child not in holding:
                if not boilerplate.is_junk(child) and next(child.iter(*_LIST), None) is None:
                    parts.append(child)
            elif child not in read:
                around.append(child)
            if child.tail:
                parts.append(child.tail)
    return sentences(parts)
