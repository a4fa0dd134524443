"""Time grows as the size does: what is repeated for ever in each place of a page, list, feed.

Four times as much may take some more than four times the processor time, never sixteen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from newscrawler import pages, sites
from newscrawler.pages import bylines, characters, date_text, listings, markup, robots
from tests.pages.test_cases import capture_of

SITE = sites.load("amenews")
URL = "http://amenews.kr/news/list.php?mcode=m567udr"
PLAIN = capture_of("classic/plain")
SIZE = 40_000
SLACK_S = 0.06
"""Below that the clock's own steps and the collector are what is measured."""


BODY, TITLE, WRITER = b"<p></p>", b"</strong>", "기자</p>".encode()
"""Places of the plain article before which something is repeated."""


def page(place: bytes, unit: str) -> Callable[[int], object]:
    """An article in which the unit is repeated before a place."""

    def read(size: int) -> object:
        body = PLAIN.body.replace(place, (unit * (size // len(unit))).encode() + place, 1)
        assert body != PLAIN.body
        return pages.read(replace(PLAIN, body=body), SITE)

    return read


def alone(
    unit: str, before: str = "<html><body>", after: str = "</body></html>"
) -> Callable[[int], object]:
    """An answer that is nothing but the unit."""

    def read(size: int) -> object:
        body = f"{before}{unit * (size // len(unit))}{after}".encode()
        return pages.read(replace(PLAIN, body=body), SITE)

    return read


def given(function: Callable[[bytes], object], unit: str) -> Callable[[int], object]:
    return lambda size: function((unit * (size // len(unit))).encode())


def as_list(body: bytes) -> object:
    return listings.read_list(body, URL, None, SITE)


def as_home(body: bytes) -> object:
    return listings.read_home(body, URL, None, SITE)


def as_byline(body: bytes) -> object:
    return bylines.reporters(body.decode())


def as_robots(body: bytes) -> object:
    return robots.read(body, "newscrawler").allows(URL)


MARKS = "\u0323\u0301"
IN_ARTICLE = {
    BODY: ["▲x", "▲ ", "1", " ", "&amp;", "<b>", "<ul><li>", "<table><tr><td>", "a@", MARKS, "<br>",
           "<p><img src=a>▲a</p>", "<ul class=subj><li>", "<div id=img_caption>", "<form><input>",
           f"<button>{'a' * 70}<p>", "<div class=banner>가 나 다", "<p>나도 한마디</p>",
           "<div class=relatedNews>가</div>", "<div class=x><a href='view.php?idx=1'>가</a>",
           "<ul id=x><a href=#>", "<div class=viewContent>가</div>", "<div class=fr-view>가</div>",
           "<div class=fr-view>가", "<object>가", "<select>가 나 다",
           "<div class=else-area>가 나 다", "</div>가나다.",
           "<table><tr><td><img src=/a.jpg>가나 "],
    TITLE: ["a", "·", "1", MARKS, "<b>", "("],
    WRITER: ["a", "a.", "@", "a@", "(기자", "가", "1", "-"],
}  # fmt: skip
READERS: dict[Callable[[bytes], object], list[str]] = {
    as_list: [
        "<ul class=skin1><li><a href=/news/view.php?idx=1>a</a>",
        "<div class=basicList><ul><li><a href=/news/view.php?idx=1><strong>a</strong></a>",
        "<li><a href=/news/view.php?idx=1>a</a></li>",
    ],
    as_home: [
        "<div><a>",
        "<a href=/news/list.php?mcode=m567udr>a",
        "<a href=/news/view.php?idx=1>",
    ],
    listings.read_rss: [
        *("<item>", "<item><title>", "<![CDATA[", "<!--", "<a:b:", "&#55357;", "<item><link/>"),
    ],
    as_robots: ["\n", " \n", "\r", "User-agent: *\nDisallow: /*a\n", "*", "Disallow: *a", "%41"],
}
CASES = {
    **{f"{place!r} {u!r}": page(place, u) for place, units in IN_ARTICLE.items() for u in units},
    **{f"{f.__name__} {u!r}": given(f, u) for f, units in READERS.items() for u in units},
    **{f"alone {u!r}": alone(u) for u in ("<div>", "<a href=/news/1>", "<", "<!--", "기사")},
    "refresh digits": alone("1", '<meta http-equiv="refresh" content="', '">'),
    "refresh blanks": alone(" ", '<meta http-equiv="refresh" content="0', '">'),
    "script": alone("alert('x');", "<script>function f(){", "</script>"),
    **{
        f"mended {u!r}": given(lambda body: markup.mended(b"viewContent" + body), u)
        for u in ("<", "<a", "<X", "<X ", "<X>", "</", "<script", "<script>", '<a data-cfemail="2a')
    },
    **{f"byline {u!r}": given(as_byline, u) for u in ("a(at)", "a at b dot ", "a @", "a[dot]")},
    "English date": given(lambda body: date_text.in_usual_signs(body.decode()), "Nov 1 "),
    "composed": lambda size: characters.composed(MARKS * (size // 2)),
}


def cost(read: Callable[[int], object], size: int) -> float:
    """The least processor time of two tries."""
    times = []
    for _ in range(2):
        began = time.process_time()
        read(size)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("name", CASES)
def test_four_times_as_much_takes_four_times_as_long(name: str) -> None:
    once, more = cost(CASES[name], SIZE), cost(CASES[name], 4 * SIZE)
    assert more < 10 * max(once, SLACK_S / 4), (once, more)
