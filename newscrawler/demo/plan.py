"""The content of each number: roles and properties, assigned so that every kind occurs in any 300
numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from newscrawler.demo.content import CAPTION_HABITS, JUNK
from newscrawler.demo.dice import Dice
from newscrawler.demo.markup import STYLES

BLOCK = 300
"""Numbers in a deal. Each block is shuffled by itself, so any number is found without its
neighbours and yet a block shows everything."""

MISSING = (
    "alert",
    "location_replace",
    "gnuboard",
    "not_found",
    "gone",
    "redirect_home",
    "meta_refresh",
    "home_page",
    "empty_template",
)
RIDDLE = "riddle"
"""A gap in words that no reader of the family has met; never drawn, only asked for."""
SILENT = (
    "empty_200",
    "history_back",
    "redirect_list",
    "redirect_error",
    "script_list",
    "other_article",
    "token_page",
    "status_500",
)
"""Gaps that do not say so; never drawn, only asked for."""
REMOVED = ("removed_alert", "removed_page")
RESTRICTED = ("members_body", "members_alert", "members_login")

_GAP_ROLES = (
    *("missing", "missing", "removed", "missing", "restricted", "missing"),
    *("withdrawn", "draft", "missing", "withdrawn", "missing"),
)

BYLINES = ("reporter", "reporter_email", "desk", "reporters", "reporters_email", "no_byline")

# How rarely each habit occurs. Primes: habits then meet each other and the eight body styles
# in every combination.
_EVERY = {
    "lines": 7,
    "arrow_paragraph": 17,
    "arrow_run": 19,
    "table": 13,
    "caption_box": 3,
    "caption_doubled": 11,
    "caption_rows": 13,
    "caption_after": 7,
    "caption_froala": 17,
    "no_caption": 19,
    "hangul_file": 29,
    "foreign_image": 61,
    "photo_only": 41,
    "no_dates": 43,
    "entity_title": 11,
    "markup_title": 71,
    "blank_og_title": 23,
    "english": 47,
    "appointments": 53,
    "obituary": 59,
    "symbols": 5,
    **{f"junk_{kind}": every for kind, every in zip(JUNK, (29, 31, 37) * 3, strict=True)},
}
HABITS = (*STYLES, *_EVERY, *BYLINES)
"""Every editors' habit and trap by name; the first eight are styles of the body's markup."""

_STYLES_OF = {
    "classic": STYLES,
    "classic_variant": ("br_body", "div_body", "br_body", "nested_divs", "plain_p", "span_soup"),
    "article_head": ("froala", "span_soup", "froala", "source_newlines", "froala", "br_body"),
    "redesigned": ("plain_p",),
}
SKINS = tuple(_STYLES_OF)
_NOTICES = frozenset(("appointments", "obituary"))
_SPECIAL = ("photo_only", "english", "appointments", "obituary")
_OF_PROSE = (
    *("lines", "symbols", "table", "arrow_paragraph", "arrow_run"),
    *("entity_title", "markup_title"),
)


@dataclass(frozen=True, slots=True)
class Role:
    kind: str
    """``plain``, ``repost``, ``near``, ``draft``, ``withdrawn`` (these are or become articles),
    ``missing``, ``removed``, ``restricted``."""
    ordinal: int
    """Place among those of the same kind in its block; decides the habits or the kind of gap."""


@lru_cache(maxsize=4096)
def _deck(seed: int, block: int) -> list[int]:
    return Dice("deck", seed, block).shuffled(range(BLOCK))


def role(seed: int, position: int, gap_share: float, reprint_share: float) -> Role:
    """The role of the number at ``position`` (0 = the first)."""
    slot = _deck(seed, position // BLOCK)[position % BLOCK]
    gaps = round(gap_share * BLOCK)
    reprints = round(reprint_share * BLOCK)
    if slot < gaps:
        kind = _GAP_ROLES[slot % len(_GAP_ROLES)]
        before = slot // len(_GAP_ROLES) * _GAP_ROLES.count(kind)
        return Role(kind, before + _GAP_ROLES[: slot % len(_GAP_ROLES)].count(kind))
    if slot < gaps + reprints:
        return Role("repost" if slot % 2 else "near", slot)
    return Role("plain", slot - gaps)


def habits(ordinal: int, skin: str, forced: tuple[str, ...]) -> frozenset[str]:
    """The properties of an article: one style, one kind of byline, and others.

    ``forced`` habits replace the dealt ones; a style and a byline are added when none is forced.
    """
    styles = tuple(h for h in forced if h in STYLES) or _STYLES_OF[skin]
    bylines = tuple(h for h in forced if h in BYLINES) or BYLINES
    always = {styles[ordinal % len(styles)], bylines[(ordinal // 7 + ordinal) % len(bylines)]}
    if forced:
        return frozenset(always | {h for h in forced if h in _EVERY})
    dealt = {h for n, (h, every) in enumerate(_EVERY.items()) if (ordinal + 7 * n) % every == 0}
    return frozenset(always | _consistent(dealt))


def is_notice(ordinal: int, forced: tuple[str, ...]) -> bool:
    """Whether an article is a list of appointments or an obituary, in any skin."""
    return not _NOTICES.isdisjoint(habits(ordinal, "classic", forced))


def state(gap: str) -> str:
    """What a page of that kind of gap means: missing, removed or restricted."""
    if gap in REMOVED:
        return "removed"
    return "restricted" if gap in RESTRICTED else "missing"


def _consistent(dealt: set[str]) -> set[str]:
    """A photo page has no table, an obituary is not in English, and so on."""
    special = next((h for h in _SPECIAL if h in dealt), None)
    if special is None:
        return dealt
    dealt = dealt - set(_SPECIAL) - set(_OF_PROSE) | {special}
    if special == "photo_only":
        dealt = {h for h in dealt if not h.startswith("junk_")}
        if not dealt & set(CAPTION_HABITS):
            dealt.add("caption_box")
    return dealt
