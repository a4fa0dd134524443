"""The body of an article → its blocks, in reading order: paragraphs and pictures.

Block elements, two ``br`` in a row and pictures separate paragraphs; a single ``br`` separates
lines. Inline tags separate nothing: a word across them stays one word. A data table is one
paragraph, with a line for each row and a space between cells; a table with only pictures and
captions, or with one cell or one column around everything, is not a data table. Each ``li`` is a
paragraph.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import (
    body_boxes,
    boilerplate,
    link_lists,
    pictures,
    remainder,
    tables,
    trim,
)
from newscrawler.pages.blocks import Flow, Group, Paragraph, Picture
from newscrawler.pages.dom import BLOCKS, Page, line_of, squeeze
from newscrawler.pages.ending import Ending
from newscrawler.pages.picture_groups import is_picture_group

_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|table|flex|grid|list-item)", re.IGNORECASE)
_FLOAT_STYLE = re.compile(r"float\s*:\s*(?:left|right)", re.IGNORECASE)
_LINES_STYLE = re.compile(r"white-space\s*:\s*pre", re.IGNORECASE)
_PLAIN_BLOCKS = BLOCKS - {"figure", "figcaption", "form", "table", "pre", "aside", "nav"}
"""Tags that are plain blocks without attributes: most of a body."""
_GROUPS = frozenset({"figure", "figcaption", "table"})
"""Tags that may be a picture's box without a class that says so."""
_HOLDS_TEXT = frozenset(
    {"select", "option", "textarea", "template", "map", "canvas", "svg", "title", "xml"}
)
"""Tags whose content no browser shows, and that hold the text if their end tag is missing."""
_MOST_ITEMS = 30
"""No head has more lines: unclosed tags put thousands inside one another."""


def read(page: Page, root: Element) -> Flow:
    """All blocks of the body ``root``, of elements that a stray end tag moved out of it, and of
    other body boxes with the same name."""
    flow = Flow()
    boxes = body_boxes.boxes(page, root)
    flow.subtitles += body_boxes.subtitles_above(boxes[0], root)
    ending = Ending(page)
    moved: set[Element | str] = set()
    for box in boxes:
        writer = _Writer(flow, box, ending)
        writer.walk(box)
        if flow.ended:
            break
        for part in body_boxes.spilled(page, box):
            moved.add(part)
            if isinstance(part, str) and boilerplate.COUNT.fullmatch(part.strip()):
                flow.count = part.strip()
            elif isinstance(part, str):
                writer.text(part)
            else:
                writer.walk(part)
            if flow.ended:
                break
        writer.end_paragraph()
        if flow.ended:
            break
    if not flow.ended:
        is_closed_early = body_boxes.has_stray_ends(page)
        flow.dropped += remainder.beside(boxes[-1], frozenset(moved), is_closed_early)
    flow.dropped += remainder.outside(root, boxes)
    flow.dropped += remainder.commented(page.text)
    if ending.has_odd_quotes:
        flow.dropped += remainder.in_attributes(root)
    if page.text.count("<") != page.text.count(">"):
        flow.dropped += remainder.in_tags(page.text, flow.texts())
    trim.cut(flow, page.text)
    flow.blocks = trim.joined(flow.blocks)
    return flow


class _Writer:
    """Turns the events of a tree traversal into blocks."""

    def __init__(self, flow: Flow, root: Element, ending: Ending) -> None:
        self.flow = flow
        self.ending = ending
        self.root = root
        self.open_blocks: list[Element] = [root]
        self.group: Group | None = None
        self.table: Element | None = None
        """The data table that is being read."""
        self.pre: Element | None = None
        """The element in which line breaks of the source are kept."""
        self.pieces: list[str] = []
        self.lines: list[str] = []
        self.apart = True
        """Whether the next paragraph has a blank line before it."""
        self.fresh = False
        """Whether no text came since the last block was opened."""

    # -- what the walk calls

    def walk(self, top: Element) -> None:
        walk = etree.iterwalk(top, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                is_plain = not node.keys()
                if is_plain and node.tag in _PLAIN_BLOCKS:
                    self.start_block(node)
                elif node is not self.root and boilerplate.ends_body(node, is_plain):
                    if not self.ending.is_in_text(node):
                        self.stop()
                        return
                    self.drop(node)
                    walk.skip_subtree()
                    continue
                elif not self.start(node, is_plain):
                    walk.skip_subtree()
                    continue
                if node.text:
                    self.accept(node.text)
            else:
                if node is self.open_blocks[-1] or self.group is not None:
                    self.end(node)
                if node is self.pre:
                    self.pre = None
                if node is not top and node.tail:
                    self.accept(node.tail)
        self.end_paragraph()

    def accept(self, text: str) -> None:
        """Add text."""
        if self.pre is not None:
            first, *others = text.splitlines() or [""]
            self.pieces.append(first)
            for line in others:
                self.end_line()
                self.pieces.append(line)
            if text[-1] in "\r\n":
                self.end_line()
        elif self.pieces or not text.isspace():
            self.pieces.append(text)

    def start(self, node: Element, is_plain: bool) -> bool:
        """Open an element (plain: without attributes); ``False`` if its content is excluded."""
        tag = node.tag
        if tag == "br":
            self.end_line()
            return True
        if tag == "img":
            if is_plain or not boilerplate.is_hidden(node) or pictures.is_loaded_later(node):
                self.picture(node)
            return True
        if tag in boilerplate.VOID:
            self.flow.embeds |= tag == "embed"
            return True
        if boilerplate.is_junk(node, is_plain) and not self.ending.is_unclosed(node):
            self.drop(node)
            return False
        if not is_plain and node is not self.root and self.is_of_the_head(node):
            return False
        if tag in link_lists.BOXES and node is not self.root and self.is_link_list(node):
            self.end_paragraph()
            return False
        if tag in BLOCKS or (not is_plain and _shown_as_block(node)):
            self.start_block(node)
        elif tag == "a" and (target := node.get("href")):
            self.flow.login |= "login.php" in target
            if link_lists.is_article(target):
                self.flow.titles.add(line_of(node))
        if self.pre is None and (tag == "pre" or (not is_plain and _keeps_lines(node))):
            self.pre = node
        if self.group is None and self.table is None:
            if (not is_plain or tag in _GROUPS) and is_picture_group(node, tag):
                self.end_paragraph()
                self.group = Group(node)
            elif tag == "table" and tables.is_data(node):
                self.table = node
        return True

    def drop(self, node: Element) -> None:
        """Exclude an element, and keep its text for the report if it is long."""
        tag = node.tag
        if tag in boilerplate.EMBEDS:
            self.flow.embeds |= pictures.is_embed(node)
            self.flow.dropped += remainder.unseen(node)
        elif tag == "noscript":
            self.fallback(node)
            self.flow.dropped += remainder.unseen(node)
        elif tag in _HOLDS_TEXT:
            self.flow.dropped += remainder.unseen(node)
        elif tag in ("script", "style"):
            self.flow.dropped += remainder.swallowed(node.text or "")
        elif tag not in boilerplate.UNSEEN and isinstance(tag, str):
            found = remainder.longer(node, remainder.DROPPED) or remainder.sentences([node])
            if not found and (linked := remainder.sentences([node], linked=True)):
                # An advertisement's link may have a sentence, but so has a text after an open box.
                is_open = self.ending.has_odd_quotes or self.ending.lacks_ends(str(tag))
                found = linked if is_open else []
            self.flow.dropped += found
            for script in node.iter("script", "style"):
                self.flow.dropped += remainder.swallowed(script.text or "")
        if tag in BLOCKS:
            self.end_paragraph()

    def is_of_the_head(self, node: Element) -> bool:
        """Whether an element belongs to the article's head; stores a subtitle above the text."""
        names = node.get("class")
        if not names or not boilerplate.may_be_of_the_head(names):
            return False
        if boilerplate.names_subtitle(names) and not self.has_text():
            lines = _subtitle_lines(node)
            self.flow.subtitles += lines
            return bool(lines)
        if not boilerplate.is_head_box(node) or self.ending.is_unclosed(node):
            return False
        self.flow.dropped += remainder.sentences([node])
        return True

    def is_link_list(self, node: Element) -> bool:
        """Whether an element is a list of links; a link without its end tag may hold the text."""
        if not link_lists.is_link_list(node):
            return False
        return not (self.ending.lacks_ends("a") and remainder.sentences([node], linked=True))

    def has_text(self) -> bool:
        return bool(self.lines or self.pieces) or any(
            isinstance(block, Paragraph) for block in self.flow.blocks
        )

    def fallback(self, node: Element) -> None:
        """The pictures in ``noscript``, where a script loads the same ones."""
        shown = {block.source for block in self.flow.blocks[-1:] if isinstance(block, Picture)}
        before = node.getprevious()
        is_expected = before is not None and before.tag == "img" and pictures.is_placeholder(before)
        for image in node.iter("img"):
            if pictures.source_of(image) in shown:
                continue
            if is_expected or pictures.needs_no_placeholder(image):
                self.picture(image)

    def end(self, node: Element) -> None:
        if self.group is not None and node is self.group.element:
            self.end_paragraph()
            self.group.unclosed |= self.ending.lacks_its_end(node)
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
                # A block with nothing in it is how the editor writes a blank line.
                self.apart |= self.fresh
                self.fresh = False
            self.open_blocks.pop()

    def stop(self) -> None:
        self.flow.ended = True
        if self.table is not None:
            self.end_row()
            self.table = None
        self.end_paragraph()
        trim.leave_unclosed(self.flow.blocks)

    # -- what that does to the text

    def text(self, text: str) -> None:
        self.pieces.append(text)

    def start_block(self, node: Element) -> None:
        if self.table is not None and self.is_row(node):
            self.end_row()
        else:
            self.end_paragraph()
        self.open_blocks.append(node)
        self.fresh = True

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
            self.apart |= not self.fresh

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
            block = self.open_blocks[-1]
            self.flow.blocks.append(Paragraph(self.lines, block, self.group, self.apart))
            self.lines = []
            self.apart = self.fresh = False

    def take_line(self) -> str:
        line = squeeze("".join(self.pieces))
        self.pieces.clear()
        return line

    def picture(self, node: Element) -> None:
        source = pictures.source_of(node)
        if source is None:
            return
        self.fresh = False
        if self.table is None:
            self.end_paragraph()
        self.flow.blocks.append(Picture(source, self.open_blocks[-1], self.group))


def _subtitle_lines(box: Element) -> list[str]:
    """The lines of a box that is named as a subtitle: its entries, or the box itself if it has
    none. A box with too many entries is text: it has no lines of a subtitle."""
    items = list(islice(box.iter("li", "dt", "dd"), _MOST_ITEMS + 1)) or [box]
    if len(items) > _MOST_ITEMS:
        return []
    return [line for item in items if (line := line_of(item))]


def _keeps_lines(node: Element) -> bool:
    style = node.get("style")
    return bool(style) and _LINES_STYLE.search(style) is not None


def _shown_as_block(node: Element) -> bool:
    style = node.get("style")
    if not style:
        return False
    # A first letter may float too: it is part of its word.
    return _is_block_style(style) or (_floats(style) and next(node.iter("img"), None) is not None)


@lru_cache(maxsize=1024)
def _is_block_style(style: str) -> bool:
    return _BLOCK_STYLE.search(style) is not None


@lru_cache(maxsize=1024)
def _floats(style: str) -> bool:
    return _FLOAT_STYLE.search(style) is not None
