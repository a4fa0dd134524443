"""Which paragraphs are captions, and of which picture.

A caption belongs to a picture: it is in the same box as the picture
(``div#img_caption``, Froala's ``fr-img-caption``, ``figure``, a table of
pictures), or it begins with ▲ right after one, or with ▼ right above one that has
no other. A ▲ paragraph anywhere else is text, and so is a list ``▲ … ▲ … ▲ …``
below a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from newscrawler.pages.blocks import Group, Paragraph, Picture
from newscrawler.pages.pictures import MARKS

_MARK = re.compile(f"[{MARKS}]")
_LEADING = re.compile(f"^[{MARKS}\\s]+")
_OUTSIDE = "▲△▴▵◀◁◂"
"""Marks that make a paragraph of its own a caption; ▶ and ▼ begin lists there."""
_POINTING = "▼▽"
"""Marks of a caption above its picture."""
_BRACKETS = ("()", "[]", "<>", "【】", "〔〕", "（）", "〈〉")
_OPENING = "".join(pair[0] for pair in _BRACKETS)
_CREDIT = re.compile(
    r"(?:[(\[<【]\s*)?(?:ⓒ|Ⓒ|©|\(c\)|(?:사진|자료|이미지|그림|그래픽|출처|제공)(?:제공|출처|자료)?\s*[=:ⓒ©/|])",
    re.IGNORECASE,
)
"""The beginning of a picture's credit line."""
_CREDIT_LINE = 60
"""Maximum characters of a credit line below a picture."""
_ENDED = r"(?:(?<=[.!?…])|(?<=[.!?…][”’\"')\]）]))"
_DOUBLED_STOP = re.compile(_ENDED + r"\s*\.$")
"""The full stop that the template adds after a caption that already has one."""
_DOUBLED_STOPS = re.compile(_ENDED + r"\s*\.(?=\s|$)")
_SEPARATORS = frozenset(" .,|/·" + MARKS)
_OPEN = (",", "·", "ㆍ")
"""Ends of a line of a caption that another line of it follows."""
_NOTE = 80
"""A second, unmarked paragraph in a picture's box is part of the caption up to this length."""


@dataclass(slots=True, eq=False)
class Shown:
    """A picture with the caption that was found for it."""

    source: str
    caption: str | None = None


def part(blocks: list[Paragraph | Picture]) -> tuple[list[list[str]], list[Shown]]:
    """The paragraphs of the text (as lines) and the pictures with their captions."""
    return _Sorter(blocks).sort()


class _Sorter:
    def __init__(self, blocks: list[Paragraph | Picture]) -> None:
        self.blocks = blocks
        self.paragraphs = Counter(id(b.block) for b in blocks if isinstance(b, Paragraph))
        """How many paragraphs each block element has."""
        self.text: list[list[str]] = []
        self.shown: list[Shown] = []
        self.waiting: list[tuple[Shown, Picture]] = []
        """Pictures without a caption, with no text after them yet."""
        self.captioned: str | None = None
        """The last caption, while only repetitions of it follow."""
        self.pointing: list[tuple[list[str], Shown]] = []
        """Lines that point down to a picture, and the picture: its caption, if it has no other."""
        self.above: list[str] | None = None
        """The lines of the paragraph directly above, if it is in no box."""

    def sort(self) -> tuple[list[list[str]], list[Shown]]:
        for group, blocks in groupby(self.blocks, key=lambda block: block.group):
            if group is None:
                for block in blocks:
                    if isinstance(block, Picture):
                        self.show(block)
                    else:
                        self.read(block)
            else:
                self.read_group(group, list(blocks))
        return self.without_captions() if self.pointing else self.text, self.shown

    def without_captions(self) -> list[list[str]]:
        """The text without the lines that point down to a picture without another caption."""
        used: set[int] = set()
        for lines, shown in self.pointing:
            if shown.caption is None and (caption := _plain(lines)):
                shown.caption = caption
                used.add(id(lines))
        return [lines for lines in self.text if id(lines) not in used]

    def show(self, picture: Picture) -> None:
        shown = Shown(picture.source)
        self.shown.append(shown)
        self.waiting.append((shown, picture))
        self.captioned = None
        if (above := self.above) is not None:
            self.above = None
            is_list = self.text[-2:-1] and self.text[-2][0][0] in _POINTING
            if above[0][0] in _POINTING and len(above) == 1 and not is_list:
                self.pointing.append((above, shown))

    def read(self, paragraph: Paragraph) -> None:
        """A paragraph outside of any box."""
        self.above = None
        if self.captioned is not None and _same(_plain(paragraph.lines), self.captioned):
            self.repeat(_plain(paragraph.lines))
            return
        if self.waiting and (rest := self.as_caption(paragraph)) is not None:
            if rest:
                self.text.append(rest)
                self.captioned = None
            return
        self.waiting.clear()
        self.captioned = None
        self.text.append(paragraph.lines)
        self.above = paragraph.lines

    def as_caption(self, paragraph: Paragraph) -> list[str] | None:
        """Assign a caption to the waiting pictures; returns the remaining lines, ``None`` if it is
        text."""
        if paragraph.block.tag == "table" and len(paragraph.lines) > 1:
            return None
        together = self.waiting[-1][1].block is paragraph.block
        lines, rest = paragraph.lines, list[str]()
        if lines[0][0] in _OPENING:
            lines = _without_brackets(lines)
        if lines[0][0] in (MARKS if together else _OUTSIDE):
            if not self.is_caption_alone(paragraph):
                lines, rest = _marked(lines)
        elif _is_credit(lines[0]):
            lines, rest = lines[:1], lines[1:]
        else:
            return None
        captions = split(" ".join(lines))
        if not captions:
            # A mark alone: the picture goes on waiting for its caption, but not behind "▲ .".
            if any(map(str.strip, (_LEADING.sub("", line) for line in lines))):
                self.waiting.clear()
            return rest
        if len(captions) == 1:
            self.waiting[-1][0].caption = captions[0]
        elif len(captions) == len(self.waiting):
            for (shown, _), caption in zip(self.waiting, captions, strict=True):
                shown.caption = caption
        else:
            return None
        self.waiting.clear()
        self.captioned = captions[-1]
        return rest

    def is_caption_alone(self, paragraph: Paragraph) -> bool:
        """Whether a block has only pictures and their caption.

        In a ``p`` the text begins with the line below a caption.
        """
        block = paragraph.block
        return self.paragraphs[id(block)] == 1 and block.tag in ("td", "center", "figure")

    def repeat(self, caption: str) -> None:
        """Whether it is a caption printed a second time, the template's full stop aside."""
        if self.captioned is not None and len(caption) < len(self.captioned):
            for shown in self.shown:
                if shown.caption == self.captioned:
                    shown.caption = caption
            self.captioned = caption

    def read_group(self, group: Group, blocks: list[Paragraph | Picture]) -> None:
        """Read a box for pictures and captions."""
        if not any(isinstance(block, Picture) for block in blocks):
            for block in blocks:
                assert isinstance(block, Paragraph)
                if self.waiting and len(blocks) == 1:
                    self.give([block.lines])
                else:
                    self.read(block)
            return
        above: list[list[str]] = []
        while isinstance(blocks[0], Paragraph):
            above.append(blocks.pop(0).lines)  # type: ignore[union-attr]  # checked above
        self.waiting.clear()
        self.captioned = None
        below = False
        for is_picture, run in groupby(blocks, key=lambda block: isinstance(block, Picture)):
            if is_picture:
                for picture in run:
                    assert isinstance(picture, Picture)
                    self.show(picture)
            else:
                below = True
                self.read_captions(group, [block for block in run if isinstance(block, Paragraph)])
        if above and not below:
            self.give(above)
        elif above:
            self.text.extend(above)

    def read_captions(self, group: Group, paragraphs: list[Paragraph]) -> None:
        """Read the lines below the pictures of a box."""
        kept: list[list[str]] = []
        for paragraph in paragraphs:
            lines = paragraph.lines
            if lines[0][0] in _OPENING:
                lines = _without_brackets(lines)
            if not kept or not _same(_plain(lines), _plain(kept[0])):
                kept.append(lines)
            elif len(_plain(lines)) < len(_plain(kept[0])):
                kept[0] = lines
        marked = kept[0][0][0] in MARKS or paragraphs[0].block.tag == "figcaption"
        if len(kept) == 1 and (marked or not group.unclosed):
            self.give(kept)
            return
        if group.element.tag == "table" and len(kept) == len(self.waiting):
            # A row of pictures, and a row with a caption below each.
            self.give_each(kept)
            return
        all_marked = all(lines[0][0] in MARKS for lines in kept)
        short = len(kept) == 2 and len(" ".join(kept[1])) <= _NOTE
        if all_marked or (short and not group.unclosed):
            self.give(kept)
        elif marked or not group.unclosed:
            self.give(kept[:1])
            self.text.extend(kept[1:])
            self.captioned = None
        else:
            self.text.extend(kept)
            self.waiting.clear()

    def give_each(self, paragraphs: list[list[str]]) -> None:
        for (shown, _), lines in zip(self.waiting, paragraphs, strict=True):
            shown.caption = _plain(lines) or None
        self.captioned = None
        self.waiting.clear()

    def give(self, paragraphs: list[list[str]]) -> None:
        """Assign captions to the waiting pictures: one each if the counts are equal, else all to
        the last."""
        text = " ".join(" ".join(lines) for lines in paragraphs)
        captions = split(text)
        if len(self.waiting) > 1 and len(captions) == len(self.waiting):
            for (shown, _), caption in zip(self.waiting, captions, strict=True):
                shown.caption = caption
        elif captions:
            whole = captions[0] if len(captions) == 1 else _LEADING.sub("", text)
            self.waiting[-1][0].caption = whole
        self.captioned = captions[-1] if captions else None
        self.waiting.clear()


def split(text: str) -> list[str]:
    """The captions in one line, without repetitions and marks."""
    found: list[str] = []
    for piece in _MARK.split(text):
        caption = typed(piece.strip())
        if caption and not any(_same(caption, other) for other in found):
            found.append(caption)
    return found


def once(text: str) -> str:
    """A caption that an editor's tool wrote twice (``C. C``) → the one caption."""
    for gap in range(6):
        length, odd = divmod(len(text) - gap, 2)
        if odd or length < (2 if gap > 1 else 4):
            continue
        middle = text[length : len(text) - length]
        if text[:length] == text[-length:] and _SEPARATORS.issuperset(middle):
            return text[-length:].strip()
    return text


def typed(caption: str) -> str:
    """A caption as its writer typed it: once, without the full stop that the template adds (to an
    empty one too).

    >>> typed("설비를 살피고 있다. ."), typed("새 설비. 새 설비"), typed("웃는다. 웃는다..")
    ('설비를 살피고 있다.', '새 설비', '웃는다.')
    """
    if not caption.strip(" ."):
        return ""
    plain = _DOUBLED_STOPS.sub("", caption)
    single = once(plain)
    return single if single != plain else _DOUBLED_STOP.sub("", once(caption))


def _plain(lines: list[str]) -> str:
    return typed(_LEADING.sub("", " ".join(lines)))


def _marked(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of a caption, and those below it: marked lines, or one behind a mark alone or
    a comma, and a credit line."""
    end = 0
    while end < len(lines) and (
        lines[end][0] in MARKS or not split(" ".join(lines[:end])) or lines[end - 1].endswith(_OPEN)
    ):
        end += 1
    if 0 < end < len(lines) and _is_credit(lines[end]):
        end += 1
    return lines[:end], lines[end:]


def _without_brackets(lines: list[str]) -> list[str]:
    """A marked caption without the brackets around it: ``[▲ C]``."""
    line = lines[0]
    if len(lines) > 1 or line[0] + line[-1] not in _BRACKETS:
        return lines
    inside = line[1:-1].strip()
    return [inside] if inside[:1] in tuple(MARKS) else lines


def _is_credit(line: str) -> bool:
    return len(line) <= _CREDIT_LINE and _CREDIT.match(line) is not None


def _same(one: str, other: str) -> bool:
    return one.rstrip(" .") == other.rstrip(" .")
