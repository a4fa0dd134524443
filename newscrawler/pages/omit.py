"""Removes from the tree of a body, before it is read, what the skin excludes from the text."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, remainder, selectors
from newscrawler.pages.dom import Page, outermost, squeeze
from newscrawler.pages.head import Head
from newscrawler.sites.skins import Skin

_NOTE = 400
"""Maximum characters of a note below the text; a longer one that begins so is text."""


def mark(page: Page, skin: Skin, body: Element, head: Head) -> list[str]:
    """Empty the elements that are dropped or belong to fields of the head, and mark where the text
    ends.

    An emptied element stays in its place: it still separates paragraphs.

    Returns:
        the sentences of these elements that are in no field: one without its end tag contains the
        text.
    """
    dropped = _inside(page, body, skin.drop)
    lost = [text for element in outermost(dropped) for text in remainder.sentences([element])]
    lost += [text for element in outermost(page.taken) for text in _not_read(element, head)]
    for element in (*dropped, *page.taken):
        element.clear(keep_tail=True)
    for element in _inside(page, body, skin.below):
        _add_class(element, boilerplate.END)
    for element in _inside(page, body, skin.picture):
        _add_class(element, "img_caption")
    for note in skin.note:
        if note in page.text:
            _mark_note(body, note)
    return lost


def _not_read(element: Element, head: Head) -> list[str]:
    """The sentences of an element of the head that are not in its fields."""
    read = f"{head.subtitle or ''}\n{head.byline or ''}"
    pieces = (squeeze(str(text)) for text in element.itertext())
    return remainder.sentences([f"{piece}\n" for piece in pieces if piece not in read])


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class') or ''} {name}")


def _inside(page: Page, body: Element, texts: tuple[str, ...]) -> list[Element]:
    found = [element for text in texts for element in selectors.find(text, page)]
    return [element for element in found if body in element.iterancestors()]


def _mark_note(body: Element, note: str) -> None:
    """Mark the end of the text before the first short text that begins with the note."""
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
