"""The writer's line of an article, in the forms that the CMS prints."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from newscrawler.demo import vocabulary
from newscrawler.demo.dice import Dice
from newscrawler.items import Reporter

_STAFF = tuple(vocabulary.STAFF)


@dataclass(frozen=True, slots=True)
class Byline:
    printed: str
    """Empty when nobody signs."""
    html: str
    reporters: tuple[Reporter, ...]
    """The people in it. The editorial desk (편집국) signs as nobody in particular."""


def byline(dice: Dice, habits: frozenset[str]) -> Byline:
    """The writer's line for one of the habits of ``plan.BYLINES``."""
    if "no_byline" in habits:
        return Byline("", "", ())
    if "desk" in habits:
        return Byline("편집국", "편집국", ())
    names = dice.some(_STAFF, 2)
    mails = [f"{vocabulary.STAFF[name]}@amenews.kr" for name in names]
    if "reporters" in habits:
        form = dice.pick(("{0} 기자, {1} 기자", "{0}·{1} 기자", "{0} 기자 {1} 기자"))
        printed = form.format(*names)
        return Byline(printed, escape(printed), tuple(Reporter(name) for name in names))
    people: tuple[Reporter, ...]
    if "reporters_email" in habits:
        second = Reporter(names[1], mails[1] if dice.chance(0.7) else None)
        people = (Reporter(names[0], mails[0]), second)
    else:
        people = (Reporter(names[0], mails[0] if "reporter_email" in habits else None),)
    printed = " ".join(f"{p.name} 기자 {p.email or ''}".strip() for p in people)
    html = printed
    if dice.chance(0.5):
        for mail in (p.email for p in people if p.email):
            html = html.replace(mail, f'<a href="mailto:{mail}">{mail}</a>')
    return Byline(printed, html, people)
