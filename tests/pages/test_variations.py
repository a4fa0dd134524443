"""Spellings of the same markup that must not change what is read from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from newscrawler import pages
from newscrawler.items import Article
from tests.pages.test_cases import ARTICLES, capture_of, reading_of, site_of

# Each of these holds bytes, nesting or scripts of which a text substitution knows nothing,
# or is no whole document.
RAW = {
    "classic/euc_kr_under_a_utf8_label",
    "classic/nuls_and_byte_order_mark",
    "classic/five_thousand_open_divs",
    "classic/doctype_alone",
    "classic/fragment_with_nothing_below",
    "classic/headline_swallowed_as_markup",
}
Rewrite = Callable[[str], str]


def upper_tags(page: str) -> str:
    return re.sub(r"(</?)([a-z][a-z0-9]*)\b", lambda tag: tag[1] + tag[2].upper(), page)


def single_quotes(page: str) -> str:
    return re.sub(r'(<[a-zA-Z][^<>]*?)="([^"\'<>]*)"', r"\1='\2'", page)


def carriage_returns(page: str) -> str:
    return page.replace("\n", "\r\n")


def comments_between_tags(page: str) -> str:
    body = page.index("<body")
    return page[:body] + re.sub(r">(?=\s*<(?:p|div|table|span)\b)", "><!-- x -->", page[body:])


def blanks_between_blocks(page: str) -> str:
    return re.sub(r"(</p>|</div>|</table>)", "\\1\n\t &nbsp;\n", page)


def without_paragraph_ends(page: str) -> str:
    return re.sub(r"</p>(?=\s*<(?:p|div)\b)", "", page)


def without_outer_boxes(page: str) -> str:
    return page.replace('<div id="container"><div id="contents">', "<div><div>")


def another_box_around(page: str) -> str:
    return re.sub(r"(<body[^>]*>)", r'\1<div class="wrap"><div>', page).replace(
        "</body>", "</div></div></body>"
    )


def other_classes_too(page: str) -> str:
    return re.sub(r'class="(titleWrap|viewContent|else-area|info-text)', r'class="on x1 \1', page)


def attributes_turned_round(page: str) -> str:
    return page.replace('id="viewContent" class="viewContent"', "class=viewContent id=viewContent")


def https_everywhere(page: str) -> str:
    return page.replace("http://amenews.kr/news", "https://www.amenews.kr/news")


def in_cp949(page: str) -> str:
    return page


REWRITES: list[Rewrite] = [
    upper_tags,
    single_quotes,
    carriage_returns,
    comments_between_tags,
    blanks_between_blocks,
    without_paragraph_ends,
    without_outer_boxes,
    another_box_around,
    other_classes_too,
    attributes_turned_round,
    https_everywhere,
    in_cp949,
]


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("case", sorted(set(ARTICLES) - RAW))
def test_spelling_of_the_markup_does_not_matter(case: str, rewrite: Rewrite) -> None:
    capture = capture_of(case)
    page = rewrite(capture.body.decode())
    body = page.encode()
    if rewrite is in_cp949:
        body = page.encode("cp949", "xmlcharrefreplace")
    reading = pages.read(replace(capture, body=body), site_of(case))
    assert reading.article is not None, reading.reason
    whole = reading_of(case).article
    assert whole is not None
    for name in Article.__dataclass_fields__:
        assert getattr(reading.article, name) == getattr(whole, name), name
