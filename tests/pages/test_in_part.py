"""A page whose menus and banners are left unread says the same as one read to its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newscrawler import clock, pages, sites
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Capture, Reading
from newscrawler.pages import dom, skin

SITE = sites.load("amenews")
WANTED = skin.wanted(SITE)
BANNERS = '<div class="sideBanner">' + '<p><a href="/adv/">광고</a></p>' * 300 + "</div>"


def captures(skin: str) -> list[Capture]:
    paper = Newspaper(size=120, skin=skin, boilerplate=20_000)
    router = Router(paper)
    return [
        Capture(
            "amenews",
            idx,
            paper.permalink(idx),
            clock.now(),
            200,
            (("Content-Type", "text/html; charset=utf-8"),),
            router.answer("/news/view.php", f"idx={idx}").body,
        )
        for idx in range(1, 121)
    ]


def read_whole(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> Reading:
    with monkeypatch.context() as patched:
        patched.setattr(dom, "parse_article", lambda *_: None)
        return pages.read(capture, SITE)


@pytest.mark.parametrize("skin", ["classic", "classic_variant", "article_head"])
def test_nothing_behind_the_article_is_missed(skin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_part = 0
    for capture in captures(skin):
        in_part += dom.parse_article(capture.body.decode(), WANTED) is not None
        assert pages.read(capture, SITE) == read_whole(capture, monkeypatch)
    assert in_part > 80


@pytest.mark.parametrize(
    "behind",
    [
        '<dl class="keywords"><dd><a href="/m/listkey.php?key_idx=7">뒤늦은 열쇠말</a></dd></dl>',
        "<DIV CLASS='likeContentWrap'>41</DIV>",
        "<div id=viewContent><p>또 하나의 본문이 뒤에 있다.</p></div>",
        '<ul class="a breadcrumb b"><li><a href="/">HOME</a></li><li>산업</li></ul>',
        '<meta property="og:title" content="뒤에 온 제목">',
        '<link rel="canonical" href="http://amenews.kr/news/view.php?idx=999">',
    ],
)
def test_what_speaks_of_the_article_behind_it_is_read(
    behind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = next(c for c in captures("classic") if dom.parse_article(c.body.decode(), WANTED))
    body = capture.body.decode().replace("</body>", f"{BANNERS}{behind}</body>")
    longer = replace(capture, body=body.encode())
    assert dom.parse_article(body, WANTED) is None
    assert pages.read(longer, SITE) == read_whole(longer, monkeypatch)
