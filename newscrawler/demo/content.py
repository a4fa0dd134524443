"""The content of an article, independent of its page: the expected result of a crawl."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from newscrawler.demo import vocabulary, words
from newscrawler.demo.dice import Dice
from newscrawler.items import Image


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    """As the page spells it."""
    url: str
    """Absolute, as a reader of the page must understand it."""
    caption: str | None
    form: str
    """``box``, ``rows``, ``after`` or ``froala``: where the caption stands (see ``markup``)."""
    doubled: bool = False
    """The caption is printed twice in a row."""
    arrow: bool = True
    """The caption is printed with a leading ▲."""


@dataclass(frozen=True, slots=True)
class Junk:
    """An element in the body that is not part of the article."""

    kind: str


Block: TypeAlias = Paragraph | Table | Picture | Junk


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    subtitles: tuple[str, ...]
    blocks: tuple[Block, ...]
    keywords: tuple[str, ...]
    about: words.Topic

    @property
    def body(self) -> str:
        """Paragraphs separated by a blank line, lines by a newline; a table is one paragraph
        whose lines are its rows, cells parted by one space."""
        texts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                texts.append("\n".join(block.lines))
            elif isinstance(block, Table):
                texts.append(
                    "\n".join(" ".join(cell for cell in row if cell) for row in block.rows)
                )
        return "\n\n".join(texts)

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(Image(b.url, b.caption) for b in self.blocks if isinstance(b, Picture))


JUNK = (
    "script", "style", "comment", "iframe", "top_banner", "banner", "pdf_box", "acronym", "button",
)  # fmt: skip

_AMOUNT = re.compile(
    r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?=톤|억원|달러)|(?<![\d,.])\d{2,3}(?=톤|억원|달러)"
)

CAPTION_HABITS = {
    "caption_box": "box",
    "caption_doubled": "box",
    "caption_rows": "rows",
    "caption_after": "after",
    "caption_froala": "froala",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed of the paper to compose an article."""

    origin: str
    """Scheme and host of the permalink."""
    aliases: tuple[str, ...]
    """Other host names under which the paper links its own pictures."""


def compose(
    dice: Dice, habits: frozenset[str], desk: Desk, day: date, section: str = ""
) -> Content:
    """An article of that day and section with the given properties."""
    about = words.topic(dice, day, section)
    month = f"{day:%y%m}"
    title, lead = _headline(dice, habits, about, section)
    keywords = tuple(dice.some((about.material, about.field, about.firm, about.material2), 3))
    pictures = _pictures(dice, habits, desk, month, about)
    if "photo_only" in habits:
        if not pictures:
            pictures = [_picture(dice, desk, month, _caption(dice, about), "box")]
        return Content(title, (), tuple(pictures), keywords, about)
    blocks: list[Block] = list(_prose(dice, habits, about, lead))
    blocks = _with_pictures(dice, blocks, pictures)
    for kind in JUNK:
        if f"junk_{kind}" in habits:
            blocks.insert(dice.between(0, len(blocks)), Junk(kind))
    blocks = _apart(blocks)
    subtitles = tuple(
        words.fill(template, about, dice)
        for template in dice.some(vocabulary.ARROW_ITEMS, dice.pick((0, 1, 1, 2)))
    )
    return Content(title, subtitles, tuple(blocks), keywords, about)


def edited(content: Content, what: str, dice: Dice) -> Content:
    """The article after an edit of its ``text``, ``title`` or a ``caption``.

    Without a captioned picture (or without text) the title is edited instead.
    """
    about = content.about
    blocks = list(content.blocks)
    if what == "text":
        places = [i for i, block in enumerate(blocks) if isinstance(block, Paragraph)]
        if places:
            at = dice.pick(places)
            blocks[at] = _corrected(blocks[at], about, dice)
            blocks.append(Paragraph((words.fill(dice.pick(vocabulary.CLOSERS), about, dice),)))
            return replace(content, blocks=tuple(blocks))
    if what == "caption":
        for i, block in enumerate(blocks):
            if isinstance(block, Picture) and block.caption:
                filled = (
                    words.fill(template, about, dice)
                    for template in dice.shuffled(vocabulary.CAPTIONS)
                )
                caption = next(text for text in filled if text != block.caption)
                blocks[i] = replace(block, caption=caption)
                return replace(content, blocks=tuple(blocks))
    return replace(content, title=f"{content.title}(종합)")


def _corrected(block: Block, about: words.Topic, dice: Dice) -> Paragraph:
    """A paragraph with a different amount in it, or a different paragraph if it has none."""
    assert isinstance(block, Paragraph)
    for n, line in enumerate(block.lines):
        if found := _AMOUNT.search(line):
            amount = f"{int(found[0].replace(',', '')) + dice.between(1, 9) * 10:,}"
            line = line[: found.start()] + amount + line[found.end() :]
            return Paragraph((*block.lines[:n], line, *block.lines[n + 1 :]))
    return Paragraph((words.fill(dice.pick(vocabulary.MIDDLES), about, dice),))


def nearly(content: Content, dice: Dice) -> Content:
    """A reprint with small changes: a different headline or one changed paragraph."""
    at, longest = max(
        ((i, block) for i, block in enumerate(content.blocks) if isinstance(block, Paragraph)),
        key=lambda found: len(found[1].lines[0]),
        default=(0, None),
    )
    # One sentence of six is the most that a near duplicate may differ by.
    if longest is None or content.body.count(". ") < 6 or dice.chance(0.4):
        return replace(content, title=f"[보도자료] {content.title}")
    kept = longest.lines[0].split(". ")[:-1]
    changed = words.fill(dice.pick(vocabulary.MIDDLES), content.about, dice)
    blocks = list(content.blocks)
    blocks[at] = Paragraph((". ".join([*kept, changed]), *longest.lines[1:]))
    return replace(content, blocks=tuple(blocks))


def _caption(dice: Dice, about: words.Topic) -> str:
    return words.fill(dice.pick(vocabulary.CAPTIONS), about, dice)


def _headline(
    dice: Dice, habits: frozenset[str], about: words.Topic, section: str
) -> tuple[str, str]:
    """The title, and the first sentence that goes with it."""
    headline, opening = dice.pick(vocabulary.STORIES)
    shared: dict[str, str] = {}
    title = words.fill(headline, about, dice, shared)
    lead = words.fill(opening, about, dice, shared)
    return _special_title(dice, habits, about, section) or title, lead


def _special_title(
    dice: Dice, habits: frozenset[str], about: words.Topic, section: str
) -> str | None:
    if "english" in habits:
        return words.fill(dice.pick(vocabulary.ENGLISH_TITLES), about, dice)
    if "obituary" in habits:
        return f"[부고] {about.person} {about.firm} {about.rank} 부친상"
    if "appointments" in habits:
        return f"[인사] {about.body}"
    if "markup_title" in habits:
        return f"{about.firm} 누리집에 <script>alert('{about.material}')</script> 공격"
    if "entity_title" in habits:
        return words.fill(dice.pick(vocabulary.ENTITY_TITLES), about, dice)
    if "오피니언" in section:
        return words.fill(dice.pick(vocabulary.OPINION_TITLES), about, dice)
    return None


def _prose(dice: Dice, habits: frozenset[str], about: words.Topic, lead: str) -> list[Block]:
    blocks: list[Block]
    if "english" in habits:
        picks = [words.fill(t, about, dice) for t in dice.some(vocabulary.ENGLISH, 6)]
        blocks = [Paragraph((" ".join(picks[i : i + 2]),)) for i in range(0, len(picks), 2)]
    elif "appointments" in habits:
        blocks = [
            Paragraph((f"◇ {grade}", *(_appointee(dice) for _ in range(dice.between(2, 5)))))
            for grade in ("승진", "전보")
        ]
    elif "obituary" in habits:
        funeral = about.day + timedelta(days=2)
        blocks = [
            Paragraph((f"▲{about.person}({about.firm} {about.rank})씨 부친상",)),
            Paragraph(
                (
                    f"▲빈소: {about.place} 새숨병원 장례식장 {dice.between(1, 9)}호실",
                    f"▲발인: {funeral.month}월 {funeral.day}일 오전 {dice.between(6, 9)}시",
                )
            ),
        ]
    else:
        story = words.sentences(lead, about, dice, dice.between(4, 12), symbols="symbols" in habits)
        blocks = [Paragraph((text,)) for text in story]
    if "lines" in habits:
        lines = tuple(words.fill(t, about, dice) for t in dice.some(vocabulary.ARROW_ITEMS, 3))
        blocks.insert(dice.between(1, len(blocks)), Paragraph(lines))
    if "arrow_paragraph" in habits:
        item = "▲ " + words.fill(dice.pick(vocabulary.ARROW_ITEMS), about, dice)
        blocks.insert(dice.between(1, len(blocks)), Paragraph((item,)))
    if "arrow_run" in habits:
        items = [words.fill(t, about, dice) for t in dice.some(vocabulary.ARROW_ITEMS, 3)]
        run = " ".join(f"▲{item}" for item in items)
        blocks.insert(dice.between(1, len(blocks)), Paragraph((run,)))
    if "table" in habits:
        blocks.insert(dice.between(1, len(blocks)), _prices(dice))
    return blocks


def _appointee(dice: Dice) -> str:
    return f"▲{words.person(dice)} {dice.pick(vocabulary.FIELDS)} {dice.pick(vocabulary.RANKS)}"


def _prices(dice: Dice) -> Table:
    rows: list[tuple[str, ...]] = [("품목", "가격(달러/톤)", "전주 대비", "비고")]
    for material in dice.some(vocabulary.MATERIALS, dice.between(3, 8)):
        change = f"{dice.pick('▲▼')} {dice.between(1, 99) / 10:g}%"
        note = dice.pick(("", "", "현물", "3개월물"))
        rows.append((material, f"{dice.between(100, 98000):,}", change, note))
    return Table(tuple(rows))


def _pictures(
    dice: Dice, habits: frozenset[str], desk: Desk, month: str, about: words.Topic
) -> list[Picture]:
    pictures: list[Picture] = []
    for habit, form in CAPTION_HABITS.items():
        if habit not in habits:
            continue
        caption = _caption(dice, about)
        doubled = habit == "caption_doubled"
        picture = _picture(dice, desk, month, caption, form, doubled=doubled)
        if form in ("rows", "froala") and dice.chance(0.4):
            picture = replace(picture, arrow=False)
        pictures.append(picture)
    if "no_caption" in habits:
        form = dice.pick(("box", "rows", "after"))
        pictures.append(_picture(dice, desk, month, None, form))
    if "hangul_file" in habits:
        name = f"{about.material} {about.place} {dice.between(1, 99)}.jpg"
        caption = _caption(dice, about)
        pictures.append(_picture(dice, desk, month, caption, "box", name=name))
    if "foreign_image" in habits:
        url = f"https://photo.example.net/{month}/{dice.letters(12)}.jpg"
        caption = _caption(dice, about)
        pictures.append(Picture(url, url, caption, "box"))
    return pictures


def _picture(
    dice: Dice,
    desk: Desk,
    month: str,
    caption: str | None,
    form: str,
    *,
    doubled: bool = False,
    name: str | None = None,
) -> Picture:
    if name is None and dice.chance(0.5):
        name = f"{dice.letters(40)}.jpg"
    elif name is None:
        stamp = f"20{month}{dice.between(1, 28):02}{dice.between(8, 19):02}"
        stamp += f"{dice.below(60):02}{dice.below(60):02}"
        name = f"{stamp}_{dice.letters(8, 'abcdefghijkmnpqrstuvwxyz')}.jpg"
    path = f"/data/cheditor4/{month}/{name}"
    prefixes = ["../../../..", "../../../..", "..", "", desk.origin]
    prefixes += [f"http://{alias}" for alias in desk.aliases]
    return Picture(dice.pick(prefixes) + path, desk.origin + path, caption, form, doubled)


def _with_pictures(dice: Dice, blocks: list[Block], pictures: list[Picture]) -> list[Block]:
    """The first picture is usually at the beginning of the article; the others are anywhere."""
    for n, picture in enumerate(pictures):
        at = 0 if n == 0 and dice.chance(0.7) else dice.between(0, len(blocks))
        blocks.insert(at, picture)
    return blocks


def _apart(blocks: list[Block]) -> list[Block]:
    """The same blocks, without a ▲ paragraph of the body directly after a picture, which would be
    its caption.

    A captioned box or table keeps its own caption, so what follows it is free.
    """
    settled: list[Block] = []
    waiting: list[Block] = []
    for block in blocks:
        arrow = isinstance(block, Paragraph) and block.lines[0].startswith("▲")
        if arrow and _claims(settled):
            waiting.append(block)
            continue
        settled.append(block)
        if waiting and isinstance(block, Paragraph):
            settled += waiting
            waiting = []
    if waiting:
        settled = [*waiting, *settled]
    return settled


def _claims(blocks: list[Block]) -> bool:
    seen = [block for block in blocks if not isinstance(block, Junk)]
    last = seen[-1] if seen else None
    return isinstance(last, Picture) and (last.caption is None or last.form == "after")
