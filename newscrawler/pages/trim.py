"""The blocks of a body without boilerplate lines, and without block borders inside sentences."""

from __future__ import annotations

import re
from functools import cached_property

from newscrawler.pages import boilerplate
from newscrawler.pages.blocks import Flow, Paragraph, Picture
from newscrawler.pages.pictures import MARKS


def cut(flow: Flow, source: str) -> None:
    """End the blocks where boilerplate begins: the note with the article's address, a heading of
    the template, a copyright line after all text.

    The same words inside the text are text: those above the page's own note. A link of the
    template never is. ``source``: the page's.
    """
    blocks = flow.blocks
    lines = [
        (at, line)
        for at, block in enumerate(blocks)
        if isinstance(block, Paragraph)
        for line in block.lines
    ]
    kept = list(lines)
    own_note = _OwnNote(lines, source)
    for number in _related(lines, flow.titles):
        kept[number] = (lines[number][0], "")
    for number, (at, line) in enumerate(lines):
        if boilerplate.is_own_link(line):
            kept[number] = (at, "")
            if line == boilerplate.EDIT_LINK:
                _take_count(flow, kept, number)
        elif (
            boilerplate.is_closing(line)
            or (boilerplate.is_note(line) and _is_whole_note(lines[number : number + 2]))
        ) and not own_note.is_outside(number):
            flow.ended = True
            _take_count(flow, kept, number)
            del kept[number:]
            leave_unclosed(blocks[:at])
            del blocks[at + 1 :]
            break
    if len(kept) < len(lines) or kept != lines:
        _keep(blocks, kept)
    while len(blocks) > 1 and isinstance(last := blocks[-1], Paragraph):
        if isinstance(blocks[-2], Picture) or not all(map(boilerplate.is_rights_line, last.lines)):
            break
        blocks.pop()


_MARKED = re.compile(r"^\W+")
_RELATED = re.compile(
    r"\W*(?:관련|연관|추천|이전|지난|함께\s*(?:볼|읽을)\s*만?한?)\s*(?:기사|뉴스|글)(?:\s*보기)?\W*"
)
"""What a writer puts above links to other articles."""


def _related(lines: list[tuple[int, str]], titles: set[str]) -> list[int]:
    """The numbers of the lines that are titles of other articles, each of them a link, below or
    behind the words that say so; and of these words."""
    if not titles:
        return []
    found: list[int] = []
    is_list = False
    for number, (_, line) in enumerate(lines):
        label = _RELATED.match(line)
        rest = line[label.end() :] if label else _MARKED.sub("", line)
        is_title = rest in titles or (label is not None and bool(rest) and line in titles)
        if is_title and (label or is_list):
            found += [number] if label or number - 1 in found else [number - 1, number]
            is_list = True
        else:
            is_list = label is not None and not rest
    return found


def _keep(blocks: list[Paragraph | Picture], kept: list[tuple[int, str]]) -> None:
    """Keep only these lines in the paragraphs (by their index among the blocks), if there are
    any."""
    lines: dict[int, list[str]] = {}
    for at, line in kept:
        if line:
            lines.setdefault(at, []).append(line)
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            block.lines = lines.get(at, [])
    blocks[:] = [block for block in blocks if isinstance(block, Picture) or block.lines]


def _is_whole_note(lines: list[tuple[int, str]]) -> bool:
    """Whether the first line, which may be the note, is it: with an address in it or after it, or
    certainly the note with nothing after it."""
    note, *following = (text for _, text in lines)
    if "http" in note or "www." in note:
        return True
    return boilerplate.is_address(following[0]) if following else boilerplate.is_whole_note(note)


class _OwnNote:
    """Where the page prints its own note, below the text or in an unclosed box of it."""

    def __init__(self, lines: list[tuple[int, str]], source: str) -> None:
        self.lines = lines
        self.source = source

    def is_outside(self, number: int) -> bool:
        """Whether the note is below the whole text, so that this line and those after it are
        above it."""
        return number > self._last_inside and self._is_printed

    @cached_property
    def _is_printed(self) -> bool:
        return boilerplate.is_whole_note(self.source)

    @cached_property
    def _last_inside(self) -> int:
        """The last line that has its words; -1 if none has."""
        found = (n for n, (_, line) in enumerate(self.lines) if boilerplate.is_whole_note(line))
        return max(found, default=-1)


def _take_count(flow: Flow, lines: list[tuple[int, str]], number: int) -> None:
    """A bare number directly above the boilerplate is the recommend count."""
    above = next((n for n in range(number - 1, -1, -1) if lines[n][1]), None)
    if above is not None and boilerplate.COUNT.fullmatch(lines[above][1]):
        flow.count = lines[above][1]
        lines[above] = (lines[above][0], "")


def leave_unclosed(blocks: list[Paragraph | Picture]) -> None:
    """A picture's box with boilerplate lines in it lacks its end tag."""
    if blocks and (group := blocks[-1].group) is not None:
        group.unclosed = True


_CONTINUES = re.compile(r"[,.)\]”’』」》〉%]|[\d“‘\"'(（]")
_OPEN_END = re.compile(r"[가-힣](?:은|는|을|를|며|에서|(?<![회협합논문강정주건동결심편창예])의)$")
"""Endings after which a sentence continues: a particle, and not the end of a noun."""

_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")
"""The beginning of an entry in a numbered list, which continues no sentence."""
_TOPIC = re.compile(r"[가-힣](?:은|는)$")
_FIRST_WORDS = 40
"""Maximum characters of a line that can be the first words of a sentence, its topic."""


def joined(blocks: list[Paragraph | Picture]) -> list[Paragraph | Picture]:
    """The same blocks, with paragraphs joined where a border is in the middle of a sentence.

    The paper's editor puts a block border before a number, a comma or a quotation. Such a border
    has no blank line next to it.
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
    first, last = after.lines[0], before.lines[-1]
    if not after.apart and len(last) <= _FIRST_WORDS < len(first) and _TOPIC.search(last):
        if not last[0].isalnum() or _is_bold(before):
            return False  # a heading
        # A whole sentence follows, no entry of a list.
        return after.lines[-1].endswith((".", "”", '"'))
    if not _CONTINUES.match(first) or first[0] in MARKS or _NUMBERED.match(first):
        return False
    if first[0] == "," and not last.endswith((".", ",")):
        return True
    return not after.apart and _OPEN_END.search(last) is not None


def _is_bold(paragraph: Paragraph) -> bool:
    """Whether all text of a paragraph's element is in one bold element: a heading."""
    block = paragraph.block
    if len(block) != 1 or (block.text or "").strip() or (block[0].tail or "").strip():
        return False
    return block[0].tag in ("b", "strong")
