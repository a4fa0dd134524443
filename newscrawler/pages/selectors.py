"""CSS selectors on a page: compiled once, and evaluated with the page's index where possible.

Most selectors of a skin are names (``.titleWrap strong``); the page knows its named elements, so
these cost a dictionary look-up and a few steps up the tree. All others are XPath. ``::attr(NAME)``,
``::text`` and ``::json(KEY)`` give values; each becomes an element with that text, so that fields
are read in the same way from elements and values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cssselect import HTMLTranslator
from cssselect import parse as parse_css
from cssselect.parser import Class, CombinedSelector, Hash
from cssselect.parser import Element as Tag
from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.pages import dom
from newscrawler.pages.dom import Page
from newscrawler.sites.skins import pseudo_element

_AROUND = re.compile(r":has\(\s*>\s*([^()\s,:]+)\s*\)")
_MARKUP = re.compile(r"<(?:p|br|div|span)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of a selector: ``div#viewContent.wide``."""

    tag: str | None
    identity: str | None
    names: frozenset[str]
    is_child: bool
    """Whether it must be a child of the match of the part before it (``>``)."""
    key: str | None
    """The key in the page's index for every element that can match."""

    def matches(self, element: Element) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        if self.identity is not None and element.get("id") != self.identity:
            return False
        return not self.names or self.names.issubset((element.get("class") or "").split())

    @property
    def is_key(self) -> bool:
        """Whether all elements of the key match."""
        return self.tag is None and len(self.names) + (self.identity is not None) == 1


@dataclass(frozen=True, slots=True)
class _Alternative:
    """A selector without commas."""

    steps: tuple[_Step, ...]
    """Empty: ``xpath`` is used."""
    children: tuple[_Step, ...]
    """For ``:has(> …)`` the part in brackets: the match is its parent."""
    xpath: etree.XPath | None
    pseudo: tuple[str, str] | None

    @property
    def key(self) -> str | None:
        """The key in the page's index that must have elements for any match."""
        sought = self.steps or self.children
        return sought[-1].key if sought else None

    def find(self, page: Page) -> list[Element]:
        if page.root is None:
            return []
        found = self._find(page, page.root)
        if self.pseudo is None or not found:
            return found
        return [_holder(value) for e in found for value in _values(e, *self.pseudo) if value]

    def _find(self, page: Page, root: Element) -> list[Element]:
        if self.steps:
            return _descend(self.steps, page, root)
        if self.children and len(inside := _descend(self.children, page, root)) == 1:
            return [around for e in inside if (around := e.getparent()) is not None]
        assert self.xpath is not None
        found: list[Element] = self.xpath(root)
        return found


@dataclass(frozen=True, slots=True)
class _Selector:
    alternatives: tuple[_Alternative, ...]
    key: str | None
    """Set if the page's index alone gives the result."""
    needs: frozenset[str] | None
    """Keys of which the page's index must have one for any match, if known."""


@cache
def _compiled(selector: str) -> _Selector:
    """A selector that ``sites.skins`` has validated."""
    alternatives = []
    for parsed in parse_css(selector):
        steps = tuple(_steps(parsed.parsed_tree) or ())
        xpath = None
        if not steps:
            path = HTMLTranslator().selector_to_xpath(parsed)
            xpath = etree.XPath(path, regexp=False, smart_strings=False)
        children = tuple(_children(selector) or ())
        alternatives.append(_Alternative(steps, children, xpath, pseudo_element(parsed)))
    first = alternatives[0]
    alone = len(alternatives) == len(first.steps) == 1 and first.pseudo is None
    key = first.steps[0].key if alone and first.steps[0].is_key else None
    last = [one.key for one in alternatives]
    needs = None if None in last else frozenset(filter(None, last))
    return _Selector(tuple(alternatives), key, needs)


def find(selector: str, page: Page) -> list[Element]:
    """The matches of a selector, in the order of the page; with commas, of each alternative in
    turn."""
    sought = _compiled(selector)
    if sought.key is not None:
        return page.places.get(sought.key, [])
    if sought.needs is not None and page.places.keys().isdisjoint(sought.needs):
        return []
    if len(sought.alternatives) == 1:
        return sought.alternatives[0].find(page)
    return list(dict.fromkeys(e for one in sought.alternatives for e in one.find(page)))


@cache
def keys(selectors: tuple[str, ...]) -> frozenset[str]:
    """The keys (``.class``, ``#id``) that the page's index needs for these selectors."""
    return frozenset(
        key
        for selector in selectors
        for alternative in _compiled(selector).alternatives
        for step in (*alternative.steps, *alternative.children)
        if (key := step.key) is not None
    )


def _steps(tree: Any) -> list[_Step] | None:
    """A parsed selector as steps, or ``None`` if it has more than tags, classes and ids."""
    if isinstance(tree, CombinedSelector):
        if tree.combinator not in (" ", ">"):
            return None
        before = _steps(tree.selector)
        last = _step(tree.subselector, tree.combinator == ">")
        return [*before, last] if before and last else None
    step = _step(tree, False)
    return [step] if step else None


def _children(selector: str) -> list[_Step] | None:
    """The content of a single ``:has(> …)``, if it is a key of the page's index.

    From its text, because releases of cssselect parse it differently.
    """
    match = _AROUND.fullmatch(selector.strip())
    if match is None:
        return None
    step = _step(parse_css(match[1])[0].parsed_tree, False)
    return [step] if step and step.key else None


def _step(tree: Any, is_child: bool) -> _Step | None:
    identity, found = None, set()
    while isinstance(tree, Class | Hash):
        if isinstance(tree, Class):
            found.add(tree.class_name)
        elif identity is None:
            identity = tree.id
        else:
            return None
        tree = tree.selector
    if not isinstance(tree, Tag) or tree.namespace:
        return None
    tag = tree.element.lower() if tree.element else None
    by_class = next((f".{name}" for name in sorted(found)), None)
    key = by_class if identity is None else f"#{identity}"
    return _Step(tag, identity, frozenset(found), is_child, key)


def _descend(steps: tuple[_Step, ...], page: Page, root: Element) -> list[Element]:
    *before, last = steps
    if last.key is not None:
        return [e for e in page.places.get(last.key, ()) if _climbs(steps, e)]
    if not before:
        return list(root.iter(last.tag or "*"))
    parents = _descend(tuple(before), page, root)
    if last.is_child:
        return [child for parent in parents for child in parent.iterchildren(last.tag or "*")]
    return [e for p in dom.outermost(parents) for e in p.iterdescendants(last.tag or "*")]


def _climbs(steps: tuple[_Step, ...], element: Element) -> bool:
    """Whether an element matches the last step, and its ancestors the steps before."""
    if not steps[-1].matches(element):
        return False
    if len(steps) == 1:
        return True
    if steps[-1].is_child:
        parent = element.getparent()
        return parent is not None and _climbs(steps[:-1], parent)
    return any(_climbs(steps[:-1], around) for around in element.iterancestors())


def _values(element: Element, kind: str, argument: str) -> Iterator[str]:
    if kind == "attr":
        yield (element.get(argument) or "").strip()
    elif kind == "text":
        yield (element.text or "").strip()
        yield from ((child.tail or "").strip() for child in element)
    else:
        yield from _json_values("".join(map(str, element.itertext())), argument)


def _json_values(text: str, key: str) -> Iterator[str]:
    """Every text of ``key`` in a JSON document, outermost first; nothing if it is not JSON."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for value in waiting:
        if isinstance(value, dict):
            yield from _named(value.get(key))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _named(value: Any) -> Iterator[str]:
    """A text, the ``name`` of a person or thing, or those of a list."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        yield from _named(value.get("name"))
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def _holder(value: str) -> Element:
    """A new element, outside of the page, with a paragraph for each line of the value."""
    if _MARKUP.search(value):
        root = dom.parse(value).root
        if root is not None:
            return root
    box = etree.Element("div")
    lines = [line for line in value.splitlines() if line.strip()]
    if len(lines) <= 1:
        box.text = _printable(value)
        return box
    for line in lines:
        etree.SubElement(box, "p").text = _printable(line)
    return box


def _printable(text: str) -> str:
    """Text without characters that XML does not allow."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r").encode("utf-8", "ignore").decode()
