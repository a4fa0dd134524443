"""Says in the tree of a body, before it is read, what is no text of the article to its skin."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, selectors
from newscrawler.pages.dom import Page, squeeze
from newscrawler.sites.skins import Skin

_NOTE = 400
"""A note below the text is no longer than this; a longer stretch that begins so is text."""


def mark(page: Page, skin: Skin, body: Element) -> None:
    """Empty what is dropped or was taken by other fields, and mark where the text ends.

    An emptied element stays where it is: it still parts paragraphs.
    """
    for element in (*_inside(page, body, skin.drop), *page.taken):
        element.clear(keep_tail=True)
    for element in _inside(page, body, skin.below):
        _add_class(element, boilerplate.END)
    for element in _inside(page, body, skin.picture):
        _add_class(element, "img_caption")
    for note in skin.note:
        if note in page.text:
            _mark_note(body, note)


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class') or ''} {name}")


def _inside(page: Page, body: Element, texts: tuple[str, ...]) -> list[Element]:
    found = [element for text in texts for element in selectors.find(text, page)]
    return [element for element in found if body in element.iterancestors()]


def _mark_note(body: Element, note: str) -> None:
    """Put an end before the first short stretch of text that begins with the note."""
    for element in body.iter("*"):
        end = etree.Element("div", {"class": boilerplate.END})
        if _is_note(element.text, note):
            element.insert(0, end)
            end.tail, element.text = element.text, None
            return
        if element is not body and _is_note(element.tail, note):
            tail, element.tail = element.tail, None
            element.addnext(end)
            end.tail = tail
            return


def _is_note(text: str | None, note: str) -> bool:
    return text is not None and len(text) <= _NOTE and squeeze(text).startswith(note)
