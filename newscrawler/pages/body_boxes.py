"""Which elements of a page hold the text of the article: its boxes, and what fell out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, link_lists
from newscrawler.pages.dom import Page, line_of, squeeze
from newscrawler.pages.picture_groups import is_picture_group

_CLOSERS = re.compile(r"</div", re.IGNORECASE)
_FRAME = ("header", "footer", "aside", "nav")
_OPENERS = re.compile(r"<div", re.IGNORECASE)


def boxes(page: Page, root: Element) -> list[Element]:
    """The boxes with the text, in order: only Froala's if they are not empty, else all with the
    body's name."""
    froala = [box for box in page.places.get(".fr-view", []) if _is_outermost(box, root)]
    filled = [box for box in froala if _is_filled(box)]
    if filled:
        return filled
    named = page.bodies
    further = named[named.index(root) + 1 :] if root in named else []
    boxes = [root]
    around = set(root.iterancestors())
    for box in further:
        above = list(box.iterancestors())
        if any(known in above for known in boxes):
            continue
        if not any(_is_apart(element) for element in above if element not in around):
            boxes.append(box)
    return boxes


def _is_apart(element: Element) -> bool:
    """Whether what is inside an element belongs to something else than the article."""
    return boilerplate.ends_body(element) or element.tag in _FRAME


def subtitles_above(box: Element, root: Element) -> list[str]:
    """The lines of elements named as a subtitle that stand in the body ``root`` above the box with
    the text."""
    found: list[str] = []
    node: Element | None = box
    while node is not None and node is not root:
        for sibling in node.itersiblings(preceding=True):
            is_named = boilerplate.names_subtitle(sibling.get("class") or "")
            if is_named and next(sibling.iter("a"), None) is None:
                entries = list(sibling.iter("li")) or [sibling]
                found[:0] = [line for entry in entries if (line := line_of(entry))]
        node = node.getparent()
    return found


def _is_outermost(box: Element, root: Element) -> bool:
    """Whether a Froala box is in the body, and in no other such box."""
    for around in box.iterancestors():
        if around is root:
            return True
        if "fr-view" in (around.get("class") or "").split():
            return False
    return box is root


def _is_filled(box: Element) -> bool:
    if any(squeeze(str(text)) for text in box.itertext()):
        return True
    return next(box.iter("img", *boilerplate.EMBEDS), None) is not None


def spilled(page: Page, root: Element) -> Iterator[Element | str]:
    """The elements after the body without a class or id, if the source has more end tags than start
    tags.

    A stray ``</div>`` closes the body early; the rest of the text then follows it, up to the first
    element with a class or an id.
    """
    if not _is_followed(root):
        return
    if len(_CLOSERS.findall(page.text)) <= len(_OPENERS.findall(page.text)):
        return
    node = root
    while node is not None and node.tag != "body":
        if node.tail:
            yield node.tail
        for sibling in node.itersiblings():
            if _is_named(sibling) and not _may_be_in_text(sibling):
                return
            yield sibling
            if sibling.tail:
                yield sibling.tail
        node = node.getparent()


def _is_followed(root: Element) -> bool:
    """Whether text or an element without a class or id comes next in the document."""
    node = root
    while node is not None and node.tag != "body":
        if (node.tail or "").strip():
            return True
        if (after := node.getnext()) is not None:
            return not _is_named(after)
        node = node.getparent()
    return False


def _may_be_in_text(element: Element) -> bool:
    """Whether an element with a name is one that stands between paragraphs, and that is no text."""
    if _is_apart(element):
        return False
    if boilerplate.is_junk(element) or link_lists.is_link_list(element):
        return True
    return not line_of(element) and next(element.iter("img"), None) is None


def _is_named(element: Element) -> bool:
    if _is_apart(element):
        return True
    if element.tag not in ("div", "dl", "ul", "section"):
        return False
    if is_picture_group(element, element.tag):
        return False
    return bool(element.get("class") or element.get("id"))
