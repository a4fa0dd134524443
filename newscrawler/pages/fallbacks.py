"""Finds fields of an article's head that the skin's selectors miss, elsewhere on the page.

A template that renames its date list, or prints the section above the headline, still has the same
data. Printed text has priority over metadata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, bylines, date_text, page_dates, title_box
from newscrawler.pages.article import Content
from newscrawler.pages.dom import BLOCKS, Page, line_of, squeeze
from newscrawler.pages.head import HOME, Head, section_name
from newscrawler.sites import Site
from newscrawler.sites.urls import mcode_of

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "pubdate", "publishdate", "dc.date.issued",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "datemodified",
    "lastmod", "og:updated_time",
)  # fmt: skip
_LINE = 200
"""A line above the text with a date has at most this many characters."""
_FEW = 4
"""A box with the article's section has at most this many links; a menu has more."""
_PATH = 60
"""Maximum characters of a path to a section."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_HERE = frozenset({"on", "active", "current", "selected", "here"})
_CRUMBS = re.compile(r"\s*[>›»|/＞]\s*")


def complete(
    page: Page, head: Head, content: Content, names: tuple[str, ...], site: Site
) -> tuple[Head, tuple[str, ...]]:
    """The head with the fields that its skin did not find, and the text of its box that is in no
    field."""
    section, code = head.section, head.section_code
    if section is None:
        section, found = _section(page, head)
        code = code or found
    taken = (content.title, head.subtitle, head.byline, section, *names)
    known = frozenset(line for text in taken if text for line in text.split("\n"))
    box = title_box.read(page, head.box, head.headline, known)
    byline, words = head.byline, head.byline_words
    if byline is None:
        byline, words = box.signature, box.signature_words
    below = title_box.TitleBox()
    if head.box is not None:
        known |= {*box.subtitles, *box.left, byline or ""}
        below = title_box.below(page, head.box, known, site.timezone)
    if byline is None:
        byline, words = below.signature, below.signature_words
    if byline is None:
        byline, words = title_box.signature(page)
    if byline is None:
        byline = bylines.signature_of(content.paragraphs)
        words = byline or ""
    subtitles = (*box.subtitles, *below.subtitles)
    subtitle = head.subtitle or "\n".join(subtitles) or None
    printed = (subtitle or "").split("\n")
    left = (*(line for line in subtitles if line not in printed), *box.left, *below.left)
    completed = replace(
        head,
        dates=_dates(page, head, site.timezone),
        byline=byline,
        byline_words=words,
        subtitle=subtitle,
        section=section,
        section_code=code,
    )
    return completed, left


# -- dates


def _dates(page: Page, head: Head, timezone: str) -> page_dates.PageDates:
    known = head.dates
    if known.published is not None:
        return known
    found = page_dates.labelled(_lines_above(page, head.headline), timezone)
    published = found.published or _said(page, _PUBLISHED, "datePublished", timezone)
    modified = known.modified or found.modified
    if published is not None and modified is None and found.published is None:
        modified = _said(page, _MODIFIED, "dateModified", timezone)
        modified = modified if modified and modified > published else None
    published = published or _bare(page, head.headline, timezone)
    return replace(known, published=published, modified=modified)


def _lines_above(page: Page, headline: Element | None) -> Iterator[str]:
    """The lines from the headline to the text, then those from the beginning of the column."""
    if page.root is None:
        return
    frames = [page.first("container"), page.first("contents")]
    top = next((frame for frame in frames if frame is not None), page.root)
    if headline is not None and top not in headline.iterancestors():
        top = page.root
    lines: list[str] = []
    at = 0
    pieces: list[str] = []
    for event, node in etree.iterwalk(top, events=("start", "end")):
        if event == "start":
            if node is page.body:
                break
            if node is headline:
                at = len(lines)
            if node.tag in BLOCKS or node.tag == "br":
                lines.append(squeeze(" ".join(pieces)))
                pieces.clear()
            if node.text and node.tag not in boilerplate.UNSEEN:
                pieces.append(node.text)
        else:
            if node.tag in BLOCKS:
                lines.append(squeeze(" ".join(pieces)))
                pieces.clear()
            if node.tail:
                pieces.append(node.tail)
    lines.append(squeeze(" ".join(pieces)))
    yield from (line for line in (*lines[at:], *lines[:at]) if 0 < len(line) <= _LINE)


def _said(page: Page, metas: tuple[str, ...], key: str, timezone: str) -> datetime | None:
    """A date in metadata: in a ``meta``, in JSON-LD, in microdata."""
    for name in metas:
        if value := date_text.parse(page.metas.get(name, "")[:_LINE], timezone):
            return value
    if page.root is None:
        return None
    # JSON-LD may stand below the article, where no tree is built.
    for match in re.finditer(rf'"{key}"\s*:\s*("(?:[^"\\]|\\.){{1,80}}")', page.text):
        if value := date_text.parse(_string(match[1]), timezone):
            return value
    for element in page.root.iter("time", "meta", "span"):
        if (element.get("itemprop") or "") == key:
            printed = element.get("content") or element.get("datetime") or line_of(element)
            if value := date_text.parse(printed[:_LINE], timezone):
                return value
    return None


def _string(literal: str) -> str:
    try:
        return str(json.loads(literal))
    except ValueError:
        return literal


def _bare(page: Page, headline: Element | None, timezone: str) -> datetime | None:
    """The first date with a time above the text, without a label."""
    if page.column is None and headline is None:
        return None
    around = page.column if page.column is not None else headline
    assert around is not None
    for element in around.iter("time"):
        if not page.in_body(element) and (printed := element.get("datetime")):
            return date_text.parse(printed[:_LINE], timezone)
    for line in _lines_above(page, headline):
        match = date_text.PRINTED.search(line)
        is_changed = match and page_dates.is_modified(line[: match.start()])
        if match and match["hour"] and not is_changed and len(line) <= len(match[0]) + 30:
            return date_text.of_match(match, timezone)
    return None


# -- section


def _section(page: Page, head: Head) -> tuple[str | None, str | None]:
    """The section above the headline, in a few links or as a path."""
    top = page.first("#contents")
    if top is None:
        top = page.first("#container")
    if top is None or head.headline is None or top not in head.headline.iterancestors():
        top = page.column
    found = _above(page, top, head.headline) if top is not None else None
    if found is None and page.root is not None:
        for nav in page.root.iter("nav"):
            found = found or _above(page, nav, None)
        found = found or _current(page.root)
    if found is not None:
        return found
    said = page.metas.get("article:section") or page.metas.get("og:article:section")
    return said or _json_section(page), None


def _above(page: Page, top: Element, headline: Element | None) -> tuple[str, str | None] | None:
    """The first link to a section above the headline, if there are only a few links; else the
    section in a path (``HOME > 소재``) or in a heading with a section's name."""
    links: list[tuple[str, str | None]] = []
    path = set(headline.iterancestors()) if headline is not None else set()
    words: tuple[str, str | None] | None = None
    menu: dict[str, str] | None = None
    for element in top.iter():
        if element is headline:
            break
        if element.tag == "a":
            address = element.get("href") or ""
            if (code := mcode_of(address)) and "idx=" not in address:
                name = section_name(element)
                if name and name.upper() not in HOME:
                    links.append((name, code))
        elif element.tag in BLOCKS and element not in path and words is None:
            line = line_of(element)
            crumbs = _CRUMBS.split(line) if len(line) <= _PATH else []
            if len(crumbs) > 1 and crumbs[0].upper() in HOME and crumbs[1]:
                words = crumbs[1], None
            elif element.tag in _HEADINGS and line:
                menu = _menu(page) if menu is None else menu
                words = (line, menu[line]) if line in menu else None
    return links[0] if 0 < len(links) <= _FEW else words


def _menu(page: Page) -> dict[str, str]:
    """Section names in the page's menu, with their codes."""
    found: dict[str, str] = {}
    for link in page.root.iter("a") if page.root is not None else ():
        if code := mcode_of(link.get("href") or ""):
            found.setdefault(line_of(link), code)
    return found


def _current(root: Element) -> tuple[str, str | None] | None:
    """The one entry of a menu that is marked as the current section."""
    found: dict[str, str] = {}
    for element in root.iter("li", "a"):
        names = element.get("class")
        if not names or _HERE.isdisjoint(names.lower().split()):
            continue
        link = element if element.tag == "a" else next(element.iter("a"), None)
        if link is not None and (code := mcode_of(link.get("href") or "")):
            found.setdefault(code, line_of(link))
    return next(((name, code) for code, name in found.items()), None) if len(found) == 1 else None


def _json_section(page: Page) -> str | None:
    if "articleSection" not in page.text:
        return None
    match = re.search(r'"articleSection"\s*:\s*\[?\s*("(?:[^"\\]|\\.){1,40}")', page.text)
    return squeeze(_string(match[1])) or None if match else None
