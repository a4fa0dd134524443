"""The body of an article → its blocks, in reading order: paragraphs and pictures.

Paragraphs are parted by block elements, by two ``br`` in a row and by pictures;
a single ``br`` parts lines. Inline tags part nothing: a word cut across them
stays one word. A data table is one paragraph, a row a line, its cells joined by
a space; a table that only holds pictures with captions, or wraps everything in
one cell or one column, is no data table. Each ``li`` is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, pictures, tables
from newscrawler.pages.dom import BLOCKS, Page, squeeze

_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|table)", re.IGNORECASE)
_CLOSERS = re.compile(r"</div", re.IGNORECASE)
_OPENERS = re.compile(r"<div", re.IGNORECASE)
_PLAIN_BLOCKS = BLOCKS - {"figure", "figcaption", "form", "table"}
"""Tags that without attributes mean nothing but a block: most of a body."""
_GROUPS = frozenset({"figure", "figcaption", "table"})
"""Tags that may be a picture's box without saying so."""
_CAPTION_NAMES = frozenset({"img_caption", "fr-img-caption", "fr-inner", "caption", "cap"})


@dataclass(slots=True, eq=False)
class Group:
    """An element that the editor made for a picture and its caption."""

    element: Element
    unclosed: bool = False
    """Its end tag is missing, so that it swallowed what follows."""


@dataclass(slots=True, eq=False)
class Paragraph:
    lines: list[str]
    block: Element
    """The innermost block element in which it stands."""
    group: Group | None = None


@dataclass(slots=True, eq=False)
class Picture:
    source: str
    """The address as the page writes it."""
    block: Element
    group: Group | None = None


@dataclass(slots=True)
class Flow:
    blocks: list[Paragraph | Picture] = field(default_factory=list)
    ended: bool = False
    """Whether the furniture below the article was met inside the body."""
    embeds: bool = False
    """Whether the body shows a video or another frame."""
    login: bool = False
    """Whether the body links to the login page."""


def read(page: Page, root: Element) -> Flow:
    """All blocks of the body ``root``, and of what a stray end tag pushed out of it."""
    flow = Flow()
    writer = _Writer(flow, root)
    writer.walk(root)
    if not flow.ended:
        for part in _spilled(page, root):
            if isinstance(part, str):
                if boilerplate.words_end_body(part):
                    break
                writer.text(part)
            else:
                writer.walk(part)
            if flow.ended:
                break
        writer.end_paragraph()
    return flow


def _spilled(page: Page, root: Element) -> Iterator[Element | str]:
    """What follows the body without a name of its own, if the source closes more than it opens.

    A stray ``</div>`` in the body closes it early; the rest of the text then
    stands beside it, up to the first element that has a class or an id.
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
            if _is_named(sibling):
                return
            yield sibling
            if sibling.tail:
                yield sibling.tail
        node = node.getparent()


def _is_followed(root: Element) -> bool:
    """Whether words or an element without a name come next in the document."""
    node = root
    while node is not None and node.tag != "body":
        if (node.tail or "").strip():
            return True
        if (after := node.getnext()) is not None:
            return not _is_named(after)
        node = node.getparent()
    return False


def _is_named(element: Element) -> bool:
    if boilerplate.ends_body(element) or element.tag in ("header", "footer", "aside", "nav"):
        return True
    return element.tag in ("div", "dl", "ul", "section") and bool(
        element.get("class") or element.get("id")
    )


class _Writer:
    """Turns the events of a walk into blocks."""

    def __init__(self, flow: Flow, root: Element) -> None:
        self.flow = flow
        self.root = root
        self.open_blocks: list[Element] = [root]
        self.group: Group | None = None
        self.table: Element | None = None
        """The data table that is being read."""
        self.pieces: list[str] = []
        self.lines: list[str] = []

    # -- what the walk calls

    def walk(self, top: Element) -> None:
        walk = etree.iterwalk(top, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                is_plain = not node.keys()
                if is_plain and node.tag in _PLAIN_BLOCKS:
                    self.start_block(node)
                elif boilerplate.ends_body(node, is_plain) and node is not self.root:
                    self.stop()
                    return
                elif not self.start(node, is_plain):
                    walk.skip_subtree()
                    continue
                if node.text and not self.accept(node.text):
                    return
            else:
                if node is self.open_blocks[-1] or self.group is not None:
                    self.end(node)
                if node is not top and node.tail and not self.accept(node.tail):
                    return
        self.end_paragraph()

    def accept(self, text: str) -> bool:
        """Take a stretch of text, unless it says that the article is over."""
        if not self.pieces and text.isspace():
            return True
        if ("퍼가실" in text or "무단" in text) and boilerplate.words_end_body(text):
            self.stop()
            return False
        self.pieces.append(text)
        return True

    def start(self, node: Element, is_plain: bool) -> bool:
        """Open an element, plain if it has no attributes; false if nothing in it counts."""
        tag = node.tag
        if tag == "br":
            self.end_line()
            return True
        if tag == "img":
            self.picture(node)
            return True
        if boilerplate.is_junk(node, is_plain):
            self.flow.embeds |= tag in ("iframe", "object", "embed", "video", "audio")
            if tag in BLOCKS:
                self.end_paragraph()
            return False
        if tag in BLOCKS or (not is_plain and _shown_as_block(node)):
            self.start_block(node)
        elif tag == "a" and "login.php" in (node.get("href") or ""):
            self.flow.login = True
        if self.group is None and self.table is None:
            if (not is_plain or tag in _GROUPS) and _is_picture_group(node, tag):
                self.end_paragraph()
                self.group = Group(node)
            elif tag == "table" and tables.is_data(node):
                self.table = node
        return True

    def end(self, node: Element) -> None:
        if self.group is not None and node is self.group.element:
            self.end_paragraph()
            self.group = None
        if node is self.open_blocks[-1] and node is not self.root:
            if node is self.table:
                self.end_row()
                self.table = None
                self.end_paragraph()
            elif self.is_row(node):
                self.end_row()
            else:
                self.end_paragraph()
            self.open_blocks.pop()

    def stop(self) -> None:
        self.flow.ended = True
        if self.table is not None:
            self.end_row()
            self.table = None
        self.end_paragraph()
        blocks = self.flow.blocks
        if blocks and (group := blocks[-1].group) is not None:
            group.unclosed = True

    # -- what that does to the text

    def text(self, text: str) -> None:
        self.pieces.append(text)

    def start_block(self, node: Element) -> None:
        if self.is_row(node):
            self.end_row()
        else:
            self.end_paragraph()
        self.open_blocks.append(node)

    def is_row(self, node: Element) -> bool:
        """Whether an element is a row of the data table, not of one inside a cell."""
        if self.table is None or node.tag != "tr":
            return False
        return next(node.iterancestors("table"), None) is self.table

    def end_line(self) -> None:
        if self.table is not None:
            self.pieces.append(" ")
            return
        line = self.take_line()
        if line:
            self.lines.append(line)
        else:
            self.end_paragraph()

    def end_row(self) -> None:
        line = self.take_line()
        if line:
            self.lines.append(line)

    def end_paragraph(self) -> None:
        if self.table is not None:
            self.pieces.append(" ")
            return
        if self.pieces:
            line = self.take_line()
            if line:
                self.lines.append(line)
        if self.lines:
            self.flow.blocks.append(Paragraph(self.lines, self.open_blocks[-1], self.group))
            self.lines = []

    def take_line(self) -> str:
        line = squeeze("".join(self.pieces))
        self.pieces.clear()
        return line

    def picture(self, node: Element) -> None:
        source = pictures.source_of(node)
        if source is None:
            return
        if self.table is None:
            self.end_paragraph()
        self.flow.blocks.append(Picture(source, self.open_blocks[-1], self.group))


def _shown_as_block(node: Element) -> bool:
    style = node.get("style")
    return bool(style) and _is_block_style(style)


@lru_cache(maxsize=1024)
def _is_block_style(style: str) -> bool:
    return _BLOCK_STYLE.search(style) is not None


def _is_picture_group(node: Element, tag: str) -> bool:
    identity, names = node.get("id"), node.get("class")
    if identity and identity.lower().startswith("img_caption"):
        return True
    if names and _is_caption_name(names):
        return True
    if tag in ("figure", "figcaption"):
        return tag == "figcaption" or next(node.iter("img"), None) is not None
    return tag == "table" and tables.holds_pictures(node)


@lru_cache(maxsize=1024)
def _is_caption_name(names: str) -> bool:
    return not _CAPTION_NAMES.isdisjoint(names.lower().split())
