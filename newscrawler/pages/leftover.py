"""The text of a page that is in no field of its article: for people who correct a skin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newscrawler.items import Article, Capture
from newscrawler.pages import boilerplate, date_text, dom, encoding
from newscrawler.pages.dom import BLOCKS, squeeze

_BLANKS = re.compile(r"\s+")


def lines(capture: Capture, article: Article | None) -> list[str]:
    """The lines of a page that are in no field, in order, without repetitions.

    Without lines that are only links (menus, lists of other articles), and without invisible text.
    Without an article: all text of the page.
    """
    page = dom.parse(encoding.decode(capture.body, capture.header("Content-Type")).text)
    if page.root is None:
        return []
    known = _BLANKS.sub("", "\n".join(_values(article))) if article else ""
    moments = {article.published_at, article.modified_at} - {None} if article else set()
    found: dict[str, None] = {}
    for line in _printed(page.root):
        words = _BLANKS.sub("", line).lstrip("▲△")
        match = date_text.PRINTED.search(line)
        is_date = match is not None and date_text.of_match(match) in moments
        if words and words not in known and not is_date:
            found[line] = None
    return list(found)


def _values(article: Article) -> Iterator[str]:
    fields = (article.title, article.subtitle, article.byline, article.section, article.body)
    yield from filter(None, fields)
    yield from (image.caption for image in article.images if image.caption)
    yield from article.keywords


def _printed(root: etree._Element) -> Iterator[str]:
    """The text of a page line by line, without lines that are only links."""
    pieces: list[str] = []
    beside_links = False
    in_link = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        is_border = node.tag in BLOCKS or node.tag == "br"
        if is_border:
            if beside_links and (line := squeeze("".join(pieces))):
                yield line
            pieces.clear()
            beside_links = False
        if event == "start":
            if node.tag in boilerplate.UNSEEN:
                walk.skip_subtree()
                continue
            in_link += node.tag == "a"
            text = node.text
        else:
            in_link -= node.tag == "a"
            text = node.tail
        if text:
            pieces.append(text)
            beside_links |= not in_link and not text.isspace()
    if beside_links and (line := squeeze("".join(pieces))):
        yield line
