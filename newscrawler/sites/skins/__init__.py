"""Skins: the page templates of the papers, as tables of CSS selectors.

A skin is data. The shipped ones are in ``shipped.toml``; a site file changes or adds one with
``[skins.NAME]``. ``newscrawler.pages`` applies the selectors to a page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawler.exceptions import SiteError
from newscrawler.humanize import did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from cssselect import Selector as ParsedSelector

PSEUDO_ELEMENTS = ("text", "attr", "json")
"""Allowed at the end of a selector: ``::text`` and ``::attr(NAME)`` as in Scrapy, ``::json(KEY)``
for a value of JSON-LD."""


@dataclass(frozen=True, slots=True)
class Skin:
    """A table of selectors. Of several for one key, the first with a match counts.

    Keys that a skin lacks have general rules, for example the title from ``og:title``.
    """

    name: str
    marks: tuple[str, ...] = ()
    """A page with a match of one of these has this skin. Default: every page with a match of
    ``body``."""
    unless: tuple[str, ...] = ()
    """A page with a match of one of these does not have this skin."""
    head: tuple[str, ...] = ()
    """The box with headline and writer; a smaller heading in it is the subtitle."""
    headline: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    """The list with the dates, or its entries; their labels say which date it is."""
    published: tuple[str, ...] = ()
    """An element with the time of publication only; used before ``dates``."""
    modified: tuple[str, ...] = ()
    writer: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    """Links to the article's section; a link to the home page is skipped."""
    body: tuple[str, ...] = ()
    """The box with the text; an empty one is skipped."""
    picture: tuple[str, ...] = ()
    """Boxes inside the body with a picture and its caption."""
    drop: tuple[str, ...] = ()
    """Elements inside the body that are not text; scripts, forms and banners are always
    excluded."""
    below: tuple[str, ...] = ()
    """What follows the text: inside the body, the text ends where this begins."""
    note: tuple[str, ...] = ()
    """Words (not selectors) with which the note below the text begins."""
    keywords: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()

    def __hash__(self) -> int:
        # Asked for every page; papers with two skins of one name are few.
        return hash(self.name)

    @property
    def selectors(self) -> tuple[str, ...]:
        """All of them, in the order of the keys."""
        return tuple(s for key in SELECTOR_KEYS for s in getattr(self, key))


KEYS = tuple(field.name for field in fields(Skin) if field.name != "name")
SELECTOR_KEYS = tuple(key for key in KEYS if key != "note")
_LIKE = "like"


@cache
def shipped() -> tuple[Skin, ...]:
    """The skins of the package, in the order in which they are tried on a page."""
    return merged((), shipped_tables(), check=False)


def shipped_tables() -> dict[str, Any]:
    """The tables of the shipped skins; a test checks their selectors, not each start."""
    text = folder_of(__name__, __file__).joinpath("shipped.toml").read_text(encoding="utf-8")
    tables: dict[str, Any] = tomllib.loads(text)["skins"]
    return tables


def folder_of(module: str, file: str) -> Path | Traversable:
    """The folder of a package's files: a folder of the disk, or a part of a zip file."""
    folder = Path(file).parent
    if folder.is_dir():
        return folder
    from importlib import resources  # loads slowly

    return resources.files(module)


def merged(
    known: Iterable[Skin], tables: Mapping[str, Any], *, check: bool = True
) -> tuple[Skin, ...]:
    """``known`` skins, changed and extended by ``tables``; a new skin is first in the order.

    Args:
        check: whether the selectors are parsed, to find errors.

    Raises:
        SiteError: an invalid table, key, value, selector or name; the message names it.
    """
    skins = {skin.name: skin for skin in known}
    new: list[str] = []
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise SiteError(f"skins.{name} must be a table: [skins.{name}]")
        base = _base(name, table, skins)
        skin = replace(base, name=name, **_values(name, table, check))
        if not skin.body:
            raise SiteError(f"[skins.{name}] needs the key body{did_you_mean(name, skins)}")
        if name not in skins:
            new.append(name)
        skins[name] = skin
    order = [*new, *(name for name in skins if name not in new)]
    return tuple(skins[name] for name in order)


def _base(name: str, table: Mapping[str, Any], skins: Mapping[str, Skin]) -> Skin:
    """The skin whose keys are used where the table has none."""
    like = table.get(_LIKE)
    if like is None:
        return skins.get(name, Skin(name))
    if not isinstance(like, str) or like not in skins:
        there_are = ", ".join(sorted(skins))
        raise SiteError(
            f"[skins.{name}] {_LIKE}: there is no skin {like!r}"
            f"{did_you_mean(str(like), skins) or f'; there are {there_are}'}"
        )
    return skins[like]


def _values(name: str, table: Mapping[str, Any], check: bool) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for key, value in table.items():
        if key == _LIKE:
            continue
        where = f"[skins.{name}] {key}"
        if key not in KEYS:
            there_are = "; there are " + ", ".join(sorted((*KEYS, _LIKE)))
            raise SiteError(
                f"{where}: there is no such key{did_you_mean(key, (*KEYS, _LIKE)) or there_are}"
            )
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(t, str) and t.strip() for t in texts):
            raise SiteError(f"{where} must be a text or a list of texts, not {value!r}")
        if check and key in SELECTOR_KEYS:
            for text in texts:
                _check(where, text)
        values[key] = tuple(text.strip() for text in texts)
    return values


def _check(where: str, selector: str) -> None:
    # Most commands read no skin: they start without it.
    from cssselect import HTMLTranslator, SelectorError
    from cssselect import parse as parse_css

    try:
        for parsed in parse_css(selector):
            HTMLTranslator().selector_to_xpath(parsed)
            pseudo_element(parsed)
    except (SelectorError, ValueError, RecursionError) as error:
        raise SiteError(f"{where}: {selector!r} is not a CSS selector: {error}") from error


def pseudo_element(parsed: ParsedSelector) -> tuple[str, str] | None:
    """``::attr(href)`` → ``("attr", "href")``; ``None`` without a pseudo-element.

    Raises:
        ValueError: it is not in ``PSEUDO_ELEMENTS``, or lacks its argument.
    """
    from cssselect import FunctionalPseudoElement

    pseudo = parsed.pseudo_element
    if pseudo is None:
        return None
    if isinstance(pseudo, FunctionalPseudoElement):
        kinds = pseudo.argument_types()
        if pseudo.name in ("attr", "json") and kinds in (["IDENT"], ["STRING"]):
            return pseudo.name, str(pseudo.arguments[0].value)
    elif pseudo == "text":
        return "text", ""
    name = pseudo.name if isinstance(pseudo, FunctionalPseudoElement) else pseudo
    raise ValueError(f"::{name} must be ::text, ::attr(NAME) or ::json(KEY)")
