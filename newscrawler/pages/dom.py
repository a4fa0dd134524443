"""One parse of a page, and the places in it that the skins ask for.

The tree is traversed once, over the tags that have classes and ids; each later search is a
dictionary look-up. Functions for the text of short fields are here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, characters, markup

ALWAYS = frozenset(
    {
        # the column of an article, and what its skins have in common
        ".basicView", ".viewContentWrap", ".article-head-title", ".titleWrap", ".writerProfile",
        "#contents", "#container",
        # a section list
        ".basicList",
        # Gnuboard's error document
        "#validation_check",
    }
)  # fmt: skip
"""Classes and ids that are indexed on every page."""

_CARRIERS = (
    "div", "section", "article", "main", "header", "footer", "aside", "nav", "ul", "ol", "dl",
    "table", "td", "p", "h1", "h2", "h3", "h4", "strong",
)  # fmt: skip
"""Tags on which the shipped skins put classes and ids; most of a page is other tags."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the skins of a paper need in a page's index."""

    keys: frozenset[str] = frozenset()
    """Classes (``.name``) and ids (``#name``), besides ``ALWAYS``."""
    anywhere: bool = False
    """Whether they may be on any tag, and anywhere in the page."""


NOTHING = Wanted()

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
        "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main",
        "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
"""Tags that separate paragraphs; every other tag is inline and joins without a space."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]"
)
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Invisible letters and signs: Hangul fillers, the empty Braille pattern."""
_BLANK = re.compile(f"[{_BLANKS}]")
_FORMATS = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Joiners and direction marks: they have a meaning between characters, and none at the ends."""
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters of Hebrew, Arabic and their like: only beside them a direction mark has a meaning."""
_UNSEEN = re.compile(f"[{_FORMATS}\u034f\u206a-\u206f\ufe00-\ufe0f\\s]*")
_FEW = 8
"""Up to this many characters a line is checked for such characters only."""
_REPEATED = b"(?:div|span|font|b|p|i|u|em|strong|center|table|a|blockquote)"
_RUNS = re.compile(rb"(<" + _REPEATED + rb"\b[^>]{0,200}>\s*)\1{30,}", re.IGNORECASE)
_END_RUNS = re.compile(rb"(</" + _REPEATED + rb"\s*>\s*)\1{30,}", re.IGNORECASE)
_TOO_DEEP = 2000
"""libxml2 stops at 2,048 open elements, and says so only in a log that other errors can fill."""

_parser = etree.HTMLParser(
    encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True
)


@dataclass(slots=True)
class Page:
    text: str
    """The source, decoded."""
    root: Element | None
    """``None`` if the source has neither an element nor text."""
    places: dict[str, list[Element]] = field(default_factory=dict)
    """Elements by ``.class`` and ``#id`` (of those wanted), in document order."""
    metas: dict[str, str] = field(default_factory=dict)
    """``content`` of the first ``meta`` of each ``property`` or ``name``, in lower case."""
    canonical: str | None = None
    title: str = ""
    """The document's ``title``."""
    overflow: bool = False
    """Nested too deep: the tree does not contain the whole source."""

    bodies: list[Element] = field(default_factory=list)
    """What the selector of the body finds, once the skin is known."""
    body: Element | None = None
    """The element with the article's text: usually the first of them."""
    column: Element | None = None
    """The ``.basicView`` around the body, if there is one."""
    others: frozenset[Element] = frozenset()
    """The columns of other articles: some pages show the next one below."""
    base: str | None = None
    """The ``href`` of the document's ``base``, against which a browser reads addresses."""

    has_stray_ends: bool | None = None
    """Whether the source has more ``</div>`` than ``<div>``; ``None``: nobody asked yet."""
    sources: dict[str, str] = field(default_factory=dict)
    """The selector that found each field (``title``, ``body``, …), for people."""
    taken: list[Element] = field(default_factory=list)
    """Elements inside the body that belong to other fields."""

    def in_body(self, element: Element) -> bool:
        """Whether an element is inside the text, and no unclosed box above contains the text."""
        return self.body is not None and self.body in element.iterancestors()

    def settle(self, bodies: Sequence[Element], body: Element) -> None:
        """Set the elements with the text; elements in its column have priority then, and those in
        another article's column do not count."""
        self.body, self.column, self.others = body, None, frozenset()
        self.sources.clear()
        self.taken.clear()
        if columns := self.places.get(".basicView"):
            around = set(body.iterancestors())
            self.column = next((e for e in columns if e in around), None)
            self.others = frozenset(columns) - around - set(body.iter())
        self.bodies = self._own(bodies)

    def of(self, key: str) -> list[Element]:
        """The places of a key (``.class``, ``#id``), as :meth:`in_column` chooses."""
        return self.in_column(self.places.get(key, []))

    def in_column(self, found: list[Element]) -> list[Element]:
        """The elements in the article's own column, if there are any; else all.

        Of nested elements only the outermost: an unclosed box contains everything after it.
        """
        if self.column is not None:
            found = self._own(found)
            if len(found) > 1:
                found = [e for e in found if self.column in e.iterancestors()] or found
        return outermost(found) if len(found) > 1 else found

    def _own(self, elements: Sequence[Element]) -> list[Element]:
        """The elements that are in no other article's column."""
        if not self.others:
            return list(elements)
        return [e for e in elements if self.others.isdisjoint(e.iterancestors())]

    def first(self, key: str) -> Element | None:
        found = self.of(key)
        return found[0] if found else None


def outermost(elements: Iterable[Element]) -> list[Element]:
    """Of elements in document order those that are in none of the others.

    Each element is visited once, however deep they are nested.
    """
    elements = list(elements)
    tags = {element.tag for element in elements}
    kept: list[Element] = []
    inside: set[Element] = set()
    for element in elements:
        if element not in inside:
            kept.append(element)
            inside.update(element.iter(*tags))
    return kept


def parse(text: str, wanted: Wanted = NOTHING, encoded: bytes | None = None) -> Page:
    """Parse a page's source. Never raises; unreadable parts are not in the tree.

    ``encoded``: the same in UTF-8, if it is at hand.
    """
    source = markup.mended(_encoded(text, encoded))
    root, overflow = _tree(source)
    if overflow:
        root, overflow = _tree(_END_RUNS.sub(rb"\1", _RUNS.sub(rb"\1", source)))
    page = Page(text, root, overflow=overflow)
    if root is not None:
        _find_places(page, root, wanted)
    return page


def _encoded(text: str, encoded: bytes | None) -> bytes:
    """The source in UTF-8, without references to halves of characters."""
    joined = characters.join_references(text)
    if encoded is not None and joined is text:
        return encoded
    return joined.encode("utf-8", "replace")


_LAST = re.compile(
    rb"""<(?:div|form|dl|section|ul|table)\b[^<>]*?\b(?:class|id)=["'][^"'<>]*\breplyWrite\b[^<>]*>"""
)
"""The last element below an article: the box for readers' comments."""
_WORTH_IT = 4000
"""A page with more bytes after it is parsed only up to it."""
_LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""
_NAMED = tuple(
    re.compile(attribute + rb"""\s*=\s*["']?([^"'<>]*)""") for attribute in (b"class", b"id")
)
_HEAD = (b"<meta", b"<title", b"canonical")


_FRAME = frozenset({".basicList", "#contents", "#container"})


@cache
def _telling(wanted: Wanted) -> frozenset[bytes]:
    """Classes and ids that belong to an article."""
    return frozenset(key[1:].lower().encode() for key in (ALWAYS | wanted.keys) - _FRAME)


def parse_article(text: str, wanted: Wanted, encoded: bytes | None = None) -> Page | None:
    """The page up to the end of its article, or ``None`` if the rest may belong to it.

    Menus, banners and lists after an article are most of its page, and most of the parsing time.
    ``encoded``: as for :func:`parse`.
    """
    if wanted.anywhere:
        return None
    last_name = text.find("replyWrite", max(0, text.find("viewContent")))
    if last_name < 0 or _LONGEST_CHARACTER * (len(text) - last_name) < _WORTH_IT:
        return None
    source = _encoded(text, encoded)
    start = source.find(b"viewContent")
    last = _LAST.search(source, start) if start >= 0 else None
    if last is None or len(source) - last.end() < _WORTH_IT:
        return None
    rest = source[last.end() :].lower()
    if any(sign in rest for sign in _HEAD):
        return None
    named = {value for attribute in _NAMED for value in attribute.findall(rest)}
    if not _telling(wanted).isdisjoint(name for value in named for name in value.split()):
        return None
    root, overflow = _tree(markup.mended(source[: last.end()]))
    if overflow or root is None:
        return None
    page = Page(text, root)
    _find_places(page, root, wanted)
    return page


def _tree(source: bytes) -> tuple[Element | None, bool]:
    try:
        root = etree.fromstring(source, _parser)
    except (etree.LxmlError, ValueError):
        return None, False
    # Where the parser gave up, the last element of the tree is the deepest.
    depth, node = 0, root
    while node is not None and len(node):
        depth, node = depth + 1, node[-1]
    return root, depth >= _TOO_DEEP


@cache
def _index(wanted: Wanted) -> tuple[Callable[[str], tuple[str, ...]], dict[str, str]]:
    """The keys of a ``class`` attribute that are wanted; and the wanted ids, with their keys."""
    keys = ALWAYS | wanted.keys

    # A paper writes the same few attributes on all its pages.
    @lru_cache(maxsize=1024)
    def of_classes(names: str) -> tuple[str, ...]:
        return tuple(key for name in names.split() if (key := f".{name}") in keys)

    return of_classes, {key[1:]: key for key in keys if key[0] == "#"}


def _find_places(page: Page, root: Element, wanted: Wanted) -> None:
    places = page.places
    keys_of_classes, keys_of_ids = _index(wanted)
    for element in root.iter(*(("*",) if wanted.anywhere else _CARRIERS)):
        for name, value in element.items():
            if name == "class":
                for key in keys_of_classes(value):
                    places.setdefault(key, []).append(element)
            elif name == "id" and value in keys_of_ids:
                places.setdefault(keys_of_ids[value], []).append(element)
    for element in root.iter("meta", "link", "title", "base"):
        if element.tag == "meta":
            key = (element.get("property") or element.get("name") or "").strip().lower()
            if key and key not in page.metas:
                page.metas[key] = squeeze(element.get("content") or "")
        elif element.tag == "base":
            page.base = page.base or (element.get("href") or "").strip() or None
        elif element.tag == "link":
            if page.canonical is None and (element.get("rel") or "").lower() == "canonical":
                page.canonical = (element.get("href") or "").strip() or None
        elif not page.title:
            page.title = squeeze(element.text or "")


def squeeze(text: str) -> str:
    """Text in one line: white space collapsed, without invisible characters, in NFC."""
    # Control and format characters are not printable, nor is any white space but the blank; Hangul
    # is. Most lines need nothing, and this is found out in a third of the time of splitting them.
    is_line = text.isprintable() and "  " not in text
    line = text.strip(" ") if is_line else " ".join(text.split())
    if line.isascii() and (is_line or line.isprintable()):
        return line
    if any(map(line.__contains__, _BLANKS)):
        line = " ".join(_BLANK.sub(" ", line).split())
    if not (is_line or line.isprintable()):
        if _RIGHT_TO_LEFT.search(line) is None:
            line = _DIRECTIONS.sub("", line)
        line = " ".join(_INVISIBLE.sub("", line).split()).strip(_FORMATS)
    if len(line) <= _FEW and _UNSEEN.fullmatch(line):
        return ""
    return characters.composed(line)


_LONGEST_LINE = 1000
"""An element with more nodes is not a line: an unclosed element is inside it."""


def line_of(element: Element) -> str:
    """The text of an element in one line; ``br`` and block borders become spaces.

    Of an element with more than a thousand nodes only the beginning.
    """
    if len(element) == 0:
        return squeeze(element.text or "")
    return squeeze("".join(_words(element)))


def lines_of(element: Element) -> list[str]:
    """The text of an element as lines, split where the page breaks them."""
    if next(element.iter("br"), None) is None:
        return [line] if (line := line_of(element)) else []
    lines = "".join(_words(element, _BORDER)).split(_BORDER)
    return [line for text in lines if (line := squeeze(text))]


_BORDER = "\x1e"
"""A control character that no page can contain: libxml2 removes it."""


def _words(element: Element, border: str = " ") -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for count, (event, node) in enumerate(walk):
        if count > 2 * _LONGEST_LINE:
            return
        tag = node.tag
        if event == "start":
            if boilerplate.is_junk(node):
                walk.skip_subtree()
                continue
            if tag == "br" or tag in BLOCKS:
                yield border
            if node.text:
                yield node.text
        else:
            if tag in BLOCKS:
                yield border
            if node is not element and node.tail:
                yield node.tail
