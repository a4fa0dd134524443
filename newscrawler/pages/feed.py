"""A feed (RSS, Atom) → its items, even if it is not well-formed XML.

Feeds of small papers use undeclared prefixes, leave ``&`` and ``<OLED>`` unescaped, and are
truncated. An XML parser stops there or loses items; only four fields of each item are needed, and
they are found by their local names, in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawler.pages import characters

_ITEM = re.compile(r"</?(?:[\w.-]{1,40}:)?(?:item|entry)\b[^<>]*>", re.IGNORECASE)
_FIELD = re.compile(
    r"<(?P<prefix>[\w.-]{1,40}:)?(?P<name>title|link|guid|id|pubDate|date|published|updated)"
    r"(?P<attributes>\s[^<>]*)?>",
    re.IGNORECASE,
)
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"'<>]*)""")
_OTHER = re.compile(r"""\brel\s*=\s*["']?(?:self|edit|enclosure|replies|related|via|hub)\b""")
"""A link of an entry that does not lead to the article (RFC 4287, 4.2.7.2)."""
_DATES = ("pubdate", "date", "published", "updated")
_BELOW_ITEM = 40
"""How many fields of an item are read; a real one has a dozen."""


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    address: str
    """As written in the feed; empty if there is none."""
    published: str


def items(text: str) -> Iterator[Item]:
    """The items of a feed in its order. Never raises; takes linear time."""
    source = _without_sections(text)
    marks = [*_ITEM.finditer(source)]
    ends = [mark.start() for mark in marks[1:]] + [len(source)]
    for mark, end in zip(marks, ends, strict=False):
        if not mark[0].startswith("</"):
            fields = _fields(source[mark.end() : end])
            address = _first(fields, "link", "guid", "id")
            yield Item(_first(fields, "title"), address, _first(fields, *_DATES))


def _first(fields: dict[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _fields(source: str) -> dict[str, str]:
    """Local name → text; a name without a prefix has priority over one with a prefix
    (``atom:link``)."""
    plain: dict[str, str] = {}
    prefixed: dict[str, str] = {}
    position = 0
    for _ in range(_BELOW_ITEM):
        match = _FIELD.search(source, position)
        if match is None:
            break
        written, attributes = match["name"], match["attributes"] or ""
        name = written.lower()
        position = match.end()
        if name == "link" and _OTHER.search(attributes):
            continue
        value = ""
        if not attributes.endswith("/"):
            end = source.find(f"</{match['prefix'] or ''}{written}", position)
            end = end if end >= 0 else len(source)
            value, position = source[position:end], end
        if name == "link" and not value.strip() and (link := _HREF.search(attributes)):
            value = link[1]
        into = prefixed if match["prefix"] else plain
        into[name] = into.get(name) or characters.unescape(value).strip()
    return {**prefixed, **{name: value for name, value in plain.items() if value}}


def _without_sections(text: str) -> str:
    """The source without comments, and with CDATA sections as escaped text."""
    first, *rest = text.split("<![CDATA[")
    pieces = [first]
    for part in rest:
        inside, _, after = part.partition("]]>")
        escaped = inside.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        pieces += [escaped, after]
    first, *rest = "".join(pieces).split("<!--")
    return "".join([first, *(part.partition("-->")[2] for part in rest)])
