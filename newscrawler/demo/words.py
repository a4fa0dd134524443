"""Korean news prose about materials industries: invented people, firms, figures and events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from newscrawler.demo.dice import Dice
from newscrawler.demo.vocabulary import (
    BODIES,
    CLOSERS,
    COUNTRIES,
    ENGLISH_FIRMS,
    EVENTS,
    FIELDS,
    FIRMS,
    GIVEN,
    MATERIALS,
    MATERIALS_OF,
    MIDDLES,
    PLACES,
    PORTS,
    PROPERTIES,
    QUOTES,
    RANKS,
    STEPS,
    SURNAMES,
    SYMBOLIC,
    SYNONYMS,
)

_SYNONYM = re.compile("|".join(SYNONYMS))
_SLOT = re.compile(r"\{(\w+)(?:([:.])([^}]*))?\}")
# Digits and Latin letters are read aloud in Korean: 0 1 3 6 7 8 and L M N R end in a consonant.
_CLOSED_SIGNS = frozenset("013678LMNRlmnr")


def particle(word: str, pair: str) -> str:
    """The half of ``pair`` (은는, 이가, 을를, 와과) that follows ``word``."""
    last = word[-1]
    closed = (ord(last) - 0xAC00) % 28 != 0 if "가" <= last <= "힣" else last in _CLOSED_SIGNS
    if pair == "와과":
        return "과" if closed else "와"
    return pair[0] if closed else pair[1]


@dataclass(frozen=True, slots=True)
class Topic:
    """The names and figures of one article."""

    day: date
    """Of its publication: what its text says of days, months and years fits it."""
    firm: str
    firm2: str
    body: str
    person: str
    rank: str
    material: str
    material2: str
    field: str
    place: str
    country: str
    event: str
    en: str


def person(dice: Dice) -> str:
    return dice.pick(SURNAMES) + dice.pick(GIVEN)


def topic(dice: Dice, day: date, section: str = "") -> Topic:
    """What an article of that day and section is about."""
    firm, firm2 = dice.some(FIRMS, 2)
    material, material2 = dice.some(MATERIALS_OF.get(section, MATERIALS), 2)
    return Topic(
        day=day,
        firm=firm,
        firm2=firm2,
        body=dice.pick(BODIES),
        person=person(dice),
        rank=dice.pick(RANKS),
        material=material,
        material2=material2,
        field=dice.pick(FIELDS),
        place=dice.pick(PLACES),
        country=dice.pick(COUNTRIES),
        event=dice.pick(EVENTS),
        en=dice.pick(ENGLISH_FIRMS),
    )


def _value(slot: str, about: Topic, dice: Dice) -> str:
    match slot:
        case "num" | "num2":
            return f"{dice.between(11, 98) * dice.pick((1, 10, 100)):,}"
        case "few":
            return str(dice.between(11, 95))
        case "won":
            return f"{dice.between(12, 990) * 10:,}"
        case "pct":
            return f"{dice.between(30, 989) / 10:g}"
        case "rate":
            return f"{dice.between(11, 299) / 10:g}"
        case "small" | "small2":
            return str(dice.between(2, 9))
        case "hours":
            return str(dice.between(3, 240) * 4)
        case "year":
            return str(about.day.year + dice.between(1, 9))
        case "now":
            return str(about.day.year)
        case "past":
            return str(about.day.year - dice.between(1, 4))
        case "month":
            return str(dice.between(1, 12))
        case "last_month":
            return str((about.day.month - 2) % 12 + 1)
        case "next_month":
            return str(about.day.month % 12 + 1)
        case "day":
            return str(about.day.day)
        case "date":
            return str(dice.between(1, 28))
        case "step" | "step2":
            return dice.pick(STEPS)
        case "port":
            return dice.pick(PORTS)
        case "property":
            return dice.pick(PROPERTIES)
        case _:
            value: str = getattr(about, slot)
            return value


def fill(template: str, about: Topic, dice: Dice, known: dict[str, str] | None = None) -> str:
    """``template``, filled in and with varied words.

    A slot named twice keeps its value; ``known`` holds, and learns, the values that several
    templates share.
    """
    values: dict[str, str] = {} if known is None else known

    def put(match: re.Match[str]) -> str:
        slot, sign, pair = match.groups()
        if slot not in values:
            values[slot] = _value(slot, about, dice)
        word = values[slot]
        if sign == ".":  # the particle alone, e.g. after a closing quotation mark
            return particle(word, pair)
        return word + particle(word, pair) if pair else word

    varied = _SYNONYM.sub(lambda match: dice.pick(SYNONYMS[match[0]]), template)
    return _SLOT.sub(put, varied)


def sentences(
    lead: str, about: Topic, dice: Dice, paragraphs: int, *, symbols: bool = False
) -> list[str]:
    """This many paragraphs of prose: the lead, the story with quotations, a closing one."""
    middles = dice.shuffled(MIDDLES)
    quotes = dice.shuffled(QUOTES)
    story = [lead + " " + fill(middles.pop(), about, dice)]
    while len(story) < paragraphs - 1:
        parts = [fill(quotes.pop(), about, dice)] if quotes and dice.chance(0.25) else []
        wanted = len(parts) + dice.between(1, 3)
        while len(parts) < wanted:
            if not middles:
                middles = dice.shuffled(MIDDLES)
            parts.append(fill(middles.pop(), about, dice))
        story.append(" ".join(parts))
    if paragraphs > 1:
        story.append(fill(dice.pick(CLOSERS), about, dice))
    if symbols:
        for template in dice.some(SYMBOLIC, 3):
            story.insert(dice.between(1, len(story)), fill(template, about, dice))
    return story
