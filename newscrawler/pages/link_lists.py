"""Boxes inside a text that only lead elsewhere: to other articles, to further pages, to a control.

Templates and editors put them between paragraphs under many names (``related_news``,
``series_box``, ``paging``), so they are recognised by their links: each leads to an article of the
family or to a control of the page, and beside the links there is no more than a heading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate
from newscrawler.sites.urls import idx_of

_ALWAYS = frozenset({"aside", "nav"})
BOXES = _ALWAYS | {"div", "section", "ul", "ol", "dl", "table"}
"""Tags of such boxes; most need a class or an id, which shows that a template or an editor's tool
made them."""
_HEADING = 40
"""Maximum characters beside links to articles."""
_TITLE = 120
"""Maximum characters of a link to an article: an unclosed link contains the text."""
_CARD = 400
"""The same with a picture."""
_BUTTON = 12
"""The same for a link that is a control."""
_NODES = 300
"""A box with more nodes is text: the effort stays in proportion to the page."""
_FOLDER = "http://paper/news/"
"""Where a relative address begins."""


@dataclass(slots=True)
class _Words:
    """The text of a link, or all text beside the links."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    """Characters of it."""

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text.strip())

    @property
    def has_letters(self) -> bool:
        return any(map(str.isalpha, "".join(self.pieces)))

    @property
    def sentences(self) -> int:
        return boilerplate.sentences_in("".join(self.pieces))


@dataclass(slots=True)
class _Link(_Words):
    target: str = ""
    is_card: bool = False
    """Whether it shows a picture: then it may show the beginning of the other article too."""

    @property
    def is_long(self) -> bool:
        return self.size > (_CARD if self.is_card else _TITLE)

    @property
    def is_control(self) -> bool:
        target = self.target.lower()
        return self.size <= _BUTTON and (target in ("", "#") or target.startswith("javascript:"))

    @property
    def leads_to_article(self) -> bool:
        """Whether it leads to an article, or from one to its further pages. A title is at most one
        sentence: with more, a link without its end tag contains the text."""
        if self.sentences > 1 and not self.is_card:
            return False
        return self.target.startswith("?") or is_article(self.target)


def is_article(target: str) -> bool:
    """Whether the address of a link, which may be relative, is that of an article."""
    try:
        return idx_of(urljoin(_FOLDER, target)) is not None
    except ValueError:
        return False


def is_link_list(box: Element) -> bool:
    """Whether one of the ``BOXES`` in a text is a list of links to articles, or a bar of
    controls."""
    if box.tag not in _ALWAYS and not (box.get("class") or box.get("id")):
        return False
    links: list[_Link] = []
    beside = _Words()
    link: Element | None = None
    nodes = buttons = embeds = 0
    walk = etree.iterwalk(box, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            nodes += 1
            if node is not box and boilerplate.is_junk(node):
                buttons += node.tag == "button"
                embeds += node.tag in boilerplate.EMBEDS
                walk.skip_subtree()
                continue
            if node.tag == "a" and link is None:
                link = node
                links.append(_Link(target=(node.get("href") or "").strip()))
            elif node.tag == "img":
                if link is None:
                    return False
                links[-1].is_card = True
            text = node.text
        else:
            if node is link:
                link = None
            text = None if node is box else node.tail
        if text:
            (beside if link is None else links[-1]).add(text)
        if nodes > _NODES or beside.size > _HEADING or (links and links[-1].is_long):
            return False
    if not any(found.size for found in links):
        # Buttons and their counters.
        return buttons > 0 and not embeds and beside.size <= _BUTTON and not beside.has_letters
    if beside.size == 0 and all(found.is_control for found in links):
        return True
    leading = [found for found in links if found.leads_to_article]
    others = (found for found in links if found not in leading)
    return bool(leading) and beside.sentences == 0 and all(found.is_control for found in others)
