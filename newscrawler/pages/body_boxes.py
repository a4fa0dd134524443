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
_COLUMN = "basicView"
"""The class of an article's column: a page may show the beginning of a second article below."""
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
    texts = {_text(root)} if further else set()
    outer = set(root.iterancestors())
    excluded = {root: True}
    for box in further:
        if _is_excluded(box, outer, excluded):
            continue
        # A page may hold a second copy, for printing.
        if (text := _text(box)) not in texts:
            boxes.append(box)
            texts.add(text)
            excluded[box] = True
    return boxes


def _is_excluded(box: Element, outer: set[Element], known: dict[Element, bool]) -> bool:
    """Whether a box is in another one, or in an element that is not shown or is of something else.

    ``outer``: the elements around the article. ``known``: the answers for elements so far, so that
    each element is asked about once.
    """
    path: list[Element] = []
    node: Element | None = box
    while node is not None and node not in outer and node not in known:
        path.append(node)
        node = node.getparent()
    is_excluded = node is not None and known.get(node, False)
    for element in reversed(path):
        is_excluded = is_excluded or _is_of_others(element)
        known[element] = is_excluded
    return is_excluded


def _is_of_others(element: Element) -> bool:
    """Whether what is inside an element is not shown, or is another article's."""
    return (
        _is_apart(element)
        or boilerplate.is_hidden(element)
        or _COLUMN in (element.get("class") or "").split()
    )


def _text(box: Element) -> str:
    return "".join("".join(map(str, box.itertext())).split())


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
    if not has_stray_ends(page):
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


def has_stray_ends(page: Page) -> bool:
    """Whether the source closes more boxes than it opens, so that the body may be closed early."""
    if page.has_stray_ends is None:
        closers, openers = _CLOSERS.findall(page.text), _OPENERS.findall(page.text)
        page.has_stray_ends = len(closers) > len(openers)
    return page.has_stray_ends


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
