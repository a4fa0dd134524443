"""The visible text of a page outside of links and boilerplate: where the site's messages are."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate
from newscrawler.pages.dom import BLOCKS, squeeze

_FRAME = frozenset({"header", "footer", "nav", "aside", "option", "select", "textarea"})
_FRAME_NAMES = re.compile(r"head(?:er)?|foot(?:er)?|gnb|lnb|snb|nav|menu|copyright", re.IGNORECASE)


def chunks(root: Element) -> list[str]:
    """The visible text outside of links and boilerplate, block by block."""
    found: list[str] = []
    pieces: list[str] = []

    def settle() -> None:
        if text := squeeze("".join(pieces)):
            found.append(text)
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if _is_frame(node):
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                settle()
            if node.text:
                pieces.append(node.text)
        else:
            if tag in BLOCKS or tag == "br":
                settle()
            if node.tail:
                pieces.append(node.tail)
    settle()
    return found


def _is_frame(node: Element) -> bool:
    """Whether an element is not a message: a link, a control, or boilerplate."""
    tag = node.tag
    if tag == "a" or tag in _FRAME or (tag != "noscript" and boilerplate.is_junk(node)):
        return True
    # What stands below an article: keywords, a profile, readers' comments.
    if boilerplate.ends_body(node):
        return True
    names = boilerplate.names_of(node)
    return tag in BLOCKS and tag != "body" and any(map(_FRAME_NAMES.fullmatch, names))
