"""The blocks of a body without the page's own lines, and without borders that cut sentences."""

from __future__ import annotations

import re

from newscrawler.pages import boilerplate
from newscrawler.pages.blocks import Flow, Paragraph, Picture
from newscrawler.pages.pictures import MARKS


def cut(flow: Flow) -> None:
    """End the blocks where the page's own lines begin: the note with the article's address, a
    heading of the template, a rights line behind all text.

    The same words among the text are text. An edit link is none anywhere.
    """
    blocks = flow.blocks
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            continue
        if block.lines == [boilerplate.EDIT_LINK]:
            block.lines = []
            _take_count(flow, at)
        elif boilerplate.is_closing(block.lines[0]) or _is_note(blocks, at):
            flow.ended = True
            _take_count(flow, at)
            leave_unclosed(blocks[:at])
            del blocks[at:]
            break
    kept = [block for block in blocks if isinstance(block, Picture) or block.lines]
    while len(kept) > 1 and isinstance(last := kept[-1], Paragraph):
        if isinstance(kept[-2], Picture) or not all(map(boilerplate.is_rights_line, last.lines)):
            break
        kept.pop()
    flow.blocks = kept


def _is_note(blocks: list[Paragraph | Picture], at: int) -> bool:
    """Whether the note stands there: with an address in it, behind it, or with nothing behind."""
    block = blocks[at]
    assert isinstance(block, Paragraph)
    for number, line in enumerate(block.lines):
        if boilerplate.is_note(line):
            if number:
                return False
            following = [*block.lines[1:], *_lines(blocks[at + 1 :])]
            own = "http" in line or "www." in line
            if not following:
                return own or boilerplate.is_whole_note(line)
            return own or boilerplate.is_address(following[0])
    return False


def _lines(blocks: list[Paragraph | Picture]) -> list[str]:
    first = next((block for block in blocks if isinstance(block, Paragraph)), None)
    return first.lines if first else []


def _take_count(flow: Flow, at: int) -> None:
    """A bare number right above the page's own lines is the count of recommendations."""
    above = flow.blocks[at - 1] if at else None
    if not isinstance(above, Paragraph) or len(above.lines) != 1:
        return
    if boilerplate.COUNT.fullmatch(above.lines[0]):
        flow.count = above.lines[0]
        above.lines = []


def leave_unclosed(blocks: list[Paragraph | Picture]) -> None:
    """A picture's box in which the page's own lines stand lacks its end tag."""
    if blocks and (group := blocks[-1].group) is not None:
        group.unclosed = True


_CONTINUES = re.compile(r"[,.)\]”’』」》〉%]|[\d“‘\"'(（△▲]")
_OPEN_END = re.compile(r"[가-힣](?:은|는|을|를|며|에서|(?<![회협합논문강정주건동결심편창예])의)$")
"""The end of words after which a sentence goes on: a particle, and not the end of a noun."""


def joined(blocks: list[Paragraph | Picture]) -> list[Paragraph | Picture]:
    """The same blocks, with paragraphs put together that a border cut in the middle of a sentence.

    The paper's word processor puts the border of a block before a figure, a comma
    or a quotation. Such a border has no blank line beside it.
    """
    found: list[Paragraph | Picture] = []
    for block in blocks:
        before = found[-1] if found else None
        if (
            isinstance(block, Paragraph)
            and isinstance(before, Paragraph)
            and before.group is block.group
            and "table" not in (before.block.tag, block.block.tag)
            and _goes_on(before, block)
        ):
            before.lines = [*before.lines, *block.lines]
            continue
        found.append(block)
    return found


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    first = after.lines[0]
    if not _CONTINUES.match(first) or first[0] in MARKS:
        return False
    if first[0] == "," and not before.lines[-1].endswith((".", ",")):
        return True
    return not after.apart and _OPEN_END.search(before.lines[-1]) is not None
