"""A skin on a page: whether the page has it, and the fields above, in and below the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, bylines, page_dates, selectors, title_box
from newscrawler.pages.dom import Page, Wanted, line_of, lines_of, outermost
from newscrawler.pages.head import Head, below_headline, entries_of, section_of, signature
from newscrawler.sites import Site
from newscrawler.sites.skins import Skin, shipped


def of_site(site: Site) -> tuple[Skin, ...]:
    """The skins of a paper in the order to try: its own, those of ``layouts``, then the others."""
    return _in_order(site.skins, site.layouts)


@cache
def _in_order(skins: tuple[Skin, ...], hints: tuple[str, ...]) -> tuple[Skin, ...]:
    known = {skin.name for skin in shipped()}
    return tuple(
        sorted(skins, key=lambda skin: (skin.name in known, skin.name in known - set(hints)))
    )


def wanted(site: Site) -> Wanted:
    """What a page's index needs for the skins of a paper."""
    return _wanted(site.skins)


@cache
def _wanted(skins: tuple[Skin, ...]) -> Wanted:
    keys = selectors.keys(tuple(s for skin in skins for s in skin.selectors))
    return Wanted(keys, anywhere=skins != shipped())


def recognise(page: Page, site: Site) -> Skin | None:
    """The skin of a page, with its body set; ``None`` if it is not an article's page."""
    for skin in of_site(site):
        if skin.marks and not _any(page, skin.marks):
            continue
        if skin.unless and _any(page, skin.unless):
            continue
        boxes = [(text, box) for text in skin.body for box in selectors.find(text, page)]
        if boxes:
            filled = [one for one in boxes if _filled(one[1])] or boxes
            selector, box = filled[0]
            if len(filled) > 1:
                # A page may hold a hidden copy of its text, for printing.
                shown = (one for one in filled if not boilerplate.is_in_hidden(one[1]))
                selector, box = next(shown, filled[0])
            page.settle([other for text, other in boxes if text == selector], box)
            page.sources.update(skin=skin.name, body=selector)
            return skin
    return None


def head(page: Page, skin: Skin, site: Site) -> Head:
    """The fields above the text; elements that they use inside the text are noted."""
    selector, headlines = find(page, skin.headline)
    headline = _shared_or_first(page, headlines)
    if headline is not None:
        page.sources["title"] = selector
    lists = _take(page, "dates", skin.dates)
    entries = entries_of(page, lists)
    dates = page_dates.read(entries, site.timezone)
    if dates.modified is None:
        # A date beside the entries, whose own start tag is missing.
        loose = (line_of(box) for box in lists if _has_loose_text(page, box))
        dates = replace(dates, modified=page_dates.labelled(loose, site.timezone).modified)
    byline, words = _byline(page, skin, [*lists, *entries], dates)
    if byline is None:
        byline, words = _loose_writer(page, lists, site)
    section, code = _section(page, skin)
    boxes = find(page, skin.head)[1]
    box = boxes[0] if boxes else None
    return Head(
        box,
        headline,
        page_dates.PageDates(
            _moment(page, "published_at", skin.published, site) or dates.published,
            _moment(page, "modified_at", skin.modified, site) or dates.modified,
        ),
        byline,
        words,
        _subtitle(page, skin, box, headline),
        section,
        code,
    )


def _loose_writer(page: Page, lists: list[Element], site: Site) -> tuple[str | None, str]:
    """The writer's line in a list of dates, in front of the entries: its start tag is missing."""
    for box in lists[:1]:
        if _begins_loose(box) and _has_loose_text(page, box):
            whole = page_dates.read([box], site.timezone)
            if whole.writer and bylines.is_signed(whole.writer):
                return whole.writer, whole.writer_words
    return None, ""


def _begins_loose(box: Element) -> bool:
    """Whether a list begins with something else than an entry."""
    entries = box if box.tag in ("ul", "ol") else next(box.iter("ul", "ol"), None)
    if entries is None:
        return False
    return bool((entries.text or "").strip()) or (len(entries) > 0 and entries[0].tag != "li")


def _has_loose_text(page: Page, box: Element) -> bool:
    """Whether a list of dates has text outside of its entries, and not the article's."""
    if page.body is not None and box in page.body.iterancestors():
        return False
    if not boilerplate.is_head_sized(box):
        return False
    return boilerplate.words_in(box) > sum(map(boilerplate.words_in, box.iter("li")))


def _shared_or_first(page: Page, headlines: list[Element]) -> Element | None:
    """Of several elements the one that the page's title repeats; another may be a subtitle."""
    shared = "".join((page.metas.get("og:title") or page.title).split())
    same = (one for one in headlines if "".join(line_of(one).split()) == shared)
    first = headlines[0] if headlines else None
    return next(same, first) if shared and len(headlines) > 1 else first


def find(page: Page, texts: tuple[str, ...], *, inside: bool = False) -> tuple[str, list[Element]]:
    """The first selector with a match outside of the text, and the match.

    With ``inside``, a match in the text counts if there is none outside.
    """
    swallowed: tuple[str, list[Element]] = ("", [])
    for text in texts:
        if found := page.in_column(selectors.find(text, page)):
            outside = [element for element in found if not page.in_body(element)]
            if outside:
                return text, outside
            if inside and not swallowed[1]:
                small = [element for element in found if boilerplate.is_head_sized(element)]
                swallowed = (text, small)
    return swallowed


def _take(page: Page, field: str, texts: tuple[str, ...]) -> list[Element]:
    selector, found = find(page, texts, inside=True)
    if found:
        _note(page, field, selector, found)
    return found


def _note(page: Page, field: str, selector: str, found: list[Element]) -> None:
    page.sources[field] = selector
    if page.in_body(found[0]):
        page.taken.extend(found)


def _subtitle(page: Page, skin: Skin, box: Element | None, headline: Element | None) -> str | None:
    marked = outermost(entries_of(page, _take(page, "subtitle", skin.subtitle), everywhere=True))
    others = below_headline(page, box, headline)
    # A list without its end tag contains the other lists of the head.
    own = (one for one in marked if not _is_in_another_box(one))
    lines = [line for element in (*own, *others) for line in lines_of(element)]
    return "\n".join(dict.fromkeys(lines)) or None


def _is_in_another_box(entry: Element) -> bool:
    """Whether an entry of a subtitle's list is inside a list with the dates or share links."""
    around = next(entry.iterancestors("ul", "ol", "div"), None)
    if around is None or entry.tag != "li":
        return False
    names = around.get("class") or ""
    if boilerplate.names_subtitle(names):
        return False
    return boilerplate.may_be_of_the_head(names) or title_box.is_of_others(line_of(entry))


def _moment(page: Page, field: str, texts: tuple[str, ...], site: Site) -> datetime | None:
    for element in _take(page, field, texts) if texts else ():
        value = page_dates.read([element], site.timezone)
        if moment := value.published or value.modified:
            return moment
    return None


def _byline(
    page: Page, skin: Skin, entries: list[Element], dates: page_dates.PageDates
) -> tuple[str | None, str]:
    """The writer's line, and the same with addresses that are only in mail links.

    If the skin uses the list of dates (``entries``: it and its entries) for it, the writer's line
    is the rest of that list. Such a rest may be anything (a section, a counter): without a
    writer's role or address it yields to the skin's other places.
    """
    chosen: tuple[str, list[Element], str, str] | None = None
    for selector in skin.writer:
        _, boxes = find(page, (selector,), inside=True)
        if not boxes:
            continue
        is_rest = set(boxes) <= set(entries)
        byline, words = (dates.writer, dates.writer_words) if is_rest else signature(page, boxes)
        if byline is None:
            continue
        is_sure = not is_rest or bylines.is_signed(byline)
        if is_sure or chosen is None:
            chosen = selector, boxes, byline, words
        if is_sure:
            break
    if chosen is None:
        return None, ""
    selector, boxes, byline, words = chosen
    _note(page, "byline", selector, boxes)
    return byline, words


def _section(page: Page, skin: Skin) -> tuple[str | None, str | None]:
    for selector in skin.section:
        section, code = section_of(find(page, (selector,))[1])
        if section:
            page.sources["section"] = selector
            return section, code
    return None, None


def _any(page: Page, texts: tuple[str, ...]) -> bool:
    return any(selectors.find(text, page) for text in texts)


def _filled(element: Element) -> bool:
    return bool(len(element) or (element.text or "").strip())
