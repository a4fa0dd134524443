"""Which tables contain data, and which are only for layout."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, pictures
from newscrawler.pages.dom import squeeze

_CAPTION_CELL = 300
"""Longer text without a mark below a picture in a table is text of the article."""
_CAPTION_SENTENCES = 2
"""The same for a text with more sentences."""
_FIGURES = 120
"""A cell with several paragraphs and this many characters is text of the article."""


def _own_rows(table: Element) -> list[list[Element]]:
    """The cells of a table that are not empty, row by row; not those of tables inside it."""
    rows: list[list[Element]] = []
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells = [cell for cell in row.iterchildren("td", "th") if _text(cell) or _has_image(cell)]
        if cells:
            rows.append(cells)
    return rows


def is_data(table: Element) -> bool:
    """Whether a table contains data: not one that is used for layout."""
    rows = _own_rows(table)
    if sum(len(row) for row in rows) <= 1:
        return False
    if len(rows) == 1 and _has_image(table):
        return False
    is_nested = any(next(cell.iter("table"), None) is not None for row in rows for cell in row)
    if is_nested and sum(len(row) > 1 for row in rows) < 2:
        return False
    if any(map(_is_prose, (cell for row in rows for cell in row))):
        return False
    return any(len(row) > 1 for row in rows)


def _is_prose(cell: Element) -> bool:
    """Whether a cell has a picture next to others, or several paragraphs, unlike a figure."""
    paragraphs = sum(1 for child in cell.iterchildren("p", "div", "center") if _text(child))
    sentences = sum(map(boilerplate.has_sentence, map(_text, cell.iterchildren("p", "div"))))
    if paragraphs < 2 or (len(_text(cell)) < _FIGURES and sentences < 2):
        table = next(cell.iterancestors("table"), None)
        return paragraphs > 1 and table is not None and _has_image(table)
    return True


def holds_pictures(table: Element) -> bool:
    """Whether a table has only pictures and their captions."""
    if next(table.iter("img"), None) is None:
        return False
    captions = images = 0
    above = False
    for row in _own_rows(table):
        has_images = False
        for cell in row:
            count, text = _images(cell), _text(cell)
            images += count
            has_images |= count > 0
            if count and text and _holds_text(cell):
                return False
            unmarked = text and text[0] not in pictures.MARKS
            if unmarked and (count or not above or _is_text(text)):
                return False
            captions += bool(text)
        above = has_images or above
    return images > 0 and captions <= images


def _is_text(unmarked: str) -> bool:
    if len(unmarked) > _CAPTION_CELL:
        return True
    return boilerplate.sentences_in(unmarked) > _CAPTION_SENTENCES


_BOX_NAME = re.compile(r"img_caption|fr-img-caption", re.IGNORECASE)
_LINES = 2
"""A caption and a line below it: a cell with more paragraphs below a picture has text."""


def _holds_text(cell: Element) -> bool:
    """Whether a cell with pictures is a frame around text: with an editor's box for a picture and
    its caption, or with paragraphs without a mark."""
    unmarked = 0
    whole = _text(cell)
    for child in cell.iterdescendants("p", "div", "figure", "span", "table"):
        if child.tag == "p":
            text = _text(child)
            unmarked += bool(text) and text[0] not in pictures.MARKS
        elif _can_be_own_box(child) and _text(child) not in ("", whole) and _has_image(child):
            return True
    return unmarked >= _LINES


def _can_be_own_box(element: Element) -> bool:
    """Whether an element is for a picture and its caption, if it holds both."""
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return element.tag in ("figure", "table") or _BOX_NAME.search(names) is not None


def _text(cell: Element) -> str:
    return squeeze("".join(cell.itertext()))


def _images(cell: Element) -> int:
    return sum(pictures.source_of(image) is not None for image in cell.iter("img"))


def _has_image(element: Element) -> bool:
    # Stops at the first: tables inside one another would make all of them the cube of their depth.
    return any(pictures.source_of(image) is not None for image in element.iter("img"))
