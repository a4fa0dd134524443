"""Our text of a body against the tree that a browser builds of it, over generated tag soup.

html5lib follows the HTML standard's tree construction, as browsers do. Each word of a
generated body is there once, so what is lost, doubled or moved shows by itself.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import html5lib

from newscrawler import pages, sites
from newscrawler.items import Capture
from newscrawler.pages.dom import BLOCKS

SITE = sites.load("amenews")
FRAME = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>제목</title></head><body>'
    '<div id="container"><div id="contents"><div class="basicView"><div class="viewContentWrap">'
    '<div class="titleWrap"><strong>제목</strong></div>'
    '<div class="registModifyDate"><ul><li>기사등록 2023-07-03 10:31:14</li></ul></div>'
    '<div id="viewContent" class="viewContent">{body}</div>'
    '<div class="likeContentWrap">0</div><div class="replyWrite"></div>'
    "</div></div></div></div></body></html>"
)
BOXES = ("p", "div", "P", "DIV", "center", "blockquote", "pre", "h3", "section", "form")
INLINE = ("span", "b", "font", "i", "u", "strong", "SPAN", "a", "em", "sub", "o:p", "st1:x")
ALONE = (
    "<br>",
    "<BR/>",
    "</br>",
    "<embed src=a.swf>",
    "<wbr>",
    "<hr>",
    "&nbsp;",
    "\n",
    "<!-- x -->",
)
STRAY = (
    *("</p>", "</span>", "</font>", "</b>", "</body>", "</html>", "</li>", "</h3>", "</td>"),
    *("</div>", "</table>", "</tr>", "</form>", "<tr>", "<td>", "<li>", "<form>", "<body>", "<b>"),
)
LISTS = (("ul", "li"), ("ol", "li"), ("dl", "dd"), ("UL", "LI"))
SKIPPED = frozenset({"script", "style", "embed", "noscript", "title"})


class Soup:
    """A body of nested, misnested and unclosed tags, with numbered words in them."""

    def __init__(self, seed: int, *, rough: bool = True) -> None:
        self.rough = rough
        """Whether there are stray tags, nested forms, words in a table beside its cells."""
        self.dice = random.Random(seed)
        self.count = 0

    def words(self) -> str:
        self.count += 1
        return f"말{self.count:03}다. "

    def inline(self, depth: int) -> str:
        if depth == 0 or self.dice.random() < 0.4:
            return self.words()
        tag = self.dice.choice(INLINE)
        inner = "".join(self.inline(depth - 1) for _ in range(self.dice.randint(1, 2)))
        end = "" if self.dice.random() < 0.15 else f"</{tag}>"
        return f"<{tag}>{inner}{end}"

    def block(self, depth: int) -> str:
        kind = self.dice.random()
        if kind < 0.1:
            return self.dice.choice(ALONE)
        if kind < 0.16 and self.rough:
            return self.dice.choice(STRAY)
        if kind < 0.3:
            return self.inline(2)
        if kind < 0.4:
            outer, item = self.dice.choice(LISTS)
            end = self.dice.choice((f"</{item}>", ""))
            return f"<{outer}><{item}>{self.inline(1)}{end}</{outer}>"
        if kind < 0.48:
            end = self.dice.choice(("</td></tr></table>", "</table>"))
            before = self.inline(0) if self.rough and self.dice.random() < 0.2 else ""
            return f"<table>{before}<tr><td>{self.inline(1)}{end}"
        tag = self.dice.choice(BOXES if self.rough else BOXES[:-3])
        inner = [self.inline(2)]
        nests = self.rough or tag.lower() not in ("p", "pre")
        if depth and nests and self.dice.random() < 0.4:
            inner += [self.block(depth - 1) for _ in range(self.dice.randint(1, 3))]
        end = "" if tag.lower() == "p" and self.dice.random() < 0.3 else f"</{tag}>"
        return f"<{tag}>{''.join(inner)}{end}"

    def body(self) -> str:
        return "".join(self.block(3) for _ in range(self.dice.randint(2, 8)))


def as_a_browser_shows(page: str) -> list[str]:
    """The lines of the body box and of what stands between it and the line below the article."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    lines = "".join(_texts(tree)).split("\0")
    return [line for text in lines if (line := " ".join(text.split()))]


def _texts(root: Any) -> Iterator[str]:
    inside = False

    def walk(node: Any) -> Iterator[str]:
        nonlocal inside
        if not isinstance(node.tag, str) or node.tag in SKIPPED:
            return
        if node.get("id") == "viewContent":
            inside = True
        if node.get("class") == "likeContentWrap":
            inside = False
        parts = node.tag in BLOCKS or node.tag == "br"
        if parts:
            yield "\0"
        if inside and node.text:
            yield node.text
        for child in node:
            yield from walk(child)
            if inside and child.tail:
                yield child.tail
        if parts:
            yield "\0"

    yield from walk(root)


def as_we_read(page: str) -> list[str]:
    url = "http://amenews.kr/news/view.php?idx=7"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture("amenews", 7, url, datetime.now(UTC), 200, headers, page.encode())
    reading = pages.read(capture, SITE)
    assert reading.article is not None, reading.reason
    return [line for line in reading.article.body.split("\n") if line]


def differing(seeds: range, *, rough: bool) -> list[int]:
    """The seeds of bodies that we read otherwise: in words or order, or in plain soup in lines."""
    found = []
    for seed in seeds:
        page = FRAME.format(body=Soup(seed, rough=rough).body())
        if not (wanted := as_a_browser_shows(page)):
            continue
        read = as_we_read(page)
        if rough:
            wanted, read = " ".join(wanted).split(), " ".join(read).split()
        if read != wanted:
            found.append(seed)
    return found


BODIES = int(os.environ.get("GENERATED_BODIES", "300"))
"""How many of each kind; 10,000 take some minutes."""


def test_no_word_is_lost_doubled_or_moved() -> None:
    assert differing(range(BODIES), rough=True) == []


def test_lines_are_parted_where_a_browser_parts_them() -> None:
    assert differing(range(BODIES), rough=False) == []
