"""Home page, section lists and feed."""

from __future__ import annotations

from datetime import date

import pytest

from newscrawler import sites
from newscrawler.pages import listings

SITE = sites.load("amenews")
LIST_URL = "http://amenews.kr/news/list.php?&mcode=m567udr&vg=&page=2"
HOME = """<html><body><ul class="gnb">
<li><a href="../news/list.php?mcode=m567udr"><span>산업</span>가스</a></li>
<li><a href="/news/list.php?&amp;mcode=m67uayb&amp;vg=photo"><img src="/img/3d.gif"
alt="3D프린팅"></a></li>
<li><a href="/news/list.php?mcode=m567udr">더보기</a></li></ul>
<a href="./list.php?mcode=m55hs2c">more</a><a href="/news/list.php?mcode=m55hs2c">에너지</a>
<a href="/news/view.php?idx=120&mcode=m567udr">머리기사</a><a href="/m/view.php?idx=99">그림</a>
<a href="http://www.amenews.kr/news/view.php?idx=121">둘째</a><a href="/news/view.php?idx=120">
머리기사</a>
<a href="http://sister.example.kr/news/view.php?idx=999999">형제지</a>
<a href="javascript:void(0)">x</a>
<a href="http://[">깨진</a><a href="/news/118">짧은</a></body></html>"""
DESKTOP = """<div id="side"><ul class="skin99"><li><a href="/news/view.php?idx=5"><strong>
많이 본 글</strong></a></li></ul></div>
<div id="contents"><div class="basicList"><ul>
<li><a class="image" href="../news/view.php?idx=43&amp;mcode=m567udr">
<img src="../data/x.jpg"></a>
<dl><dt class="title"><a href="../news/view.php?idx=43&amp;mcode=m567udr">수소 &lt;소재&gt; <b>
소식</b></a></dt>
<dd class="content"><a href="../news/view.php?idx=43">줄인 글…</a></dd>
<dd class="registDate">2023-07-03</dd></dl></li>
<li><dl><dt class="title"><a href="../news/view.php?idx=41&amp;mcode=m567udr">
둘째</a></dt></dl></li></ul></div>
<div class="paging"><a href="list.php?&amp;mcode=m567udr&amp;vg=&amp;page=1">1</a>
<strong>2</strong>
<a href="list.php?&amp;mcode=m567udr&amp;vg=&amp;page=3">3</a>
<a href="?&mcode=m567udr&vg=&page=11">다음</a></div></div>"""
MOBILE = """<ul class="skin07"><li><a href="/m/view.php?idx=9&amp;mcode=m567udr"><img src="x.jpg">
<strong>첫째</strong><span>요약</span></a></li>
<li><a href="/m/view.php?idx=8"><strong> 둘째 </strong></a></li></ul>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>신소재경제신문</title><link>http://amenews.kr</link>
<item><title><![CDATA[수소 <소재> & ‘소식’]]></title>
<link>http://amenews.kr/news/view.php?idx=43&amp;mcode=m567udr</link>
<description>줄인 글</description><pubDate>Mon, 03 Jul 2023 10:31:14 +0900</pubDate></item>
<item><title>둘째 &amp; 셋째</title><link><![CDATA[/news/view.php?idx=41]]></link>
<pubDate>2023-07-02 09:00:00</pubDate></item>
<item><title>회사 소개</title><link>http://amenews.kr/company/a.php</link></item>
<item><title>날짜 없음</title><link>http://amenews.kr/news/40</link></item></channel></rss>"""


def test_home_names_sections_and_articles_of_this_paper() -> None:
    home = listings.read_home(HOME.encode(), "http://amenews.kr/", "text/html; charset=utf-8")
    assert home.sections == {"m567udr": "산업가스", "m67uayb": "3D프린팅", "m55hs2c": "에너지"}
    assert home.idxs == (120, 99, 121, 118)
    assert max(home.idxs) == 121


def test_home_of_a_mirror_links_to_itself_and_to_the_paper() -> None:
    home = listings.read_home(HOME.encode(), "http://127.0.0.1:8080/", None, SITE)
    assert home.idxs == (120, 99, 121, 118)
    assert listings.read_home(HOME.encode(), "http://127.0.0.1:8080/").idxs == (120, 99, 118)


def test_list_page_of_the_desktop_skin() -> None:
    page = listings.read_list(DESKTOP.encode("cp949"), LIST_URL, "text/html; charset=utf-8", SITE)
    assert page.entries == (
        listings.ListEntry(43, "수소 <소재> 소식", date(2023, 7, 3), "m567udr"),
        listings.ListEntry(41, "둘째", None, "m567udr"),
    )
    assert page.last_page == 11
    assert page.recognised


def test_list_page_of_the_mobile_skin() -> None:
    page = listings.read_list(MOBILE.encode(), "http://amenews.kr/m/list.php?mcode=m567udr")
    assert page.entries == (
        listings.ListEntry(9, "첫째", None, "m567udr"),
        listings.ListEntry(8, "둘째", None, None),
    )
    assert page.last_page is None


def test_page_past_the_end_is_an_empty_list() -> None:
    page = listings.read_list(b'<div class="basicList"><ul></ul></div>', LIST_URL)
    assert (page.entries, page.last_page, page.recognised) == ((), None, True)


def test_page_without_a_list_is_not_recognised() -> None:
    page = listings.read_list(b"<main><a href=/news/view.php?idx=3>x</a></main>", LIST_URL)
    assert (page.entries, page.recognised) == ((), False)


def test_last_page_names_itself() -> None:
    pager = b'<div class="basicList"></div><a href="list.php?&mcode=m567udr&page=1">1</a>'
    assert listings.read_list(pager, LIST_URL).last_page == 2


def test_feed() -> None:
    first, second, third = listings.read_rss(FEED.encode())
    assert (first.idx, first.title) == (43, "수소 <소재> & ‘소식’")
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2023-07-03T10:31:14+09:00"
    assert (second.idx, second.title) == (41, "둘째 & 셋째")
    assert second.published_at is not None
    assert second.published_at.isoformat() == "2023-07-02T09:00:00+09:00"
    assert third == listings.RssItem(40, "날짜 없음", None)


def test_feed_in_another_charset_and_broken() -> None:
    korean = FEED.replace("utf-8", "euc-kr").encode("cp949")
    assert listings.read_rss(korean)[0].title == "수소 <소재> & ‘소식’"
    assert [item.idx for item in listings.read_rss(FEED.split("둘째")[0].encode())] == [43]
    assert (
        listings.read_rss(b"")
        == listings.read_rss(b"\x00\xff")
        == listings.read_rss(b"<html>x")
        == ()
    )


ITEM = "<title>소식</title><link>/news/43</link><pubDate>Wed, 25 Nov 2020 06:28:58 GMT</pubDate>"
ADDRESS = "http://amenews.kr/news/view.php?idx=43"
FEEDS = {
    "capitals": f"<RSS><CHANNEL><ITEM>{ITEM.upper().replace('/NEWS/', '/news/')}</ITEM></RSS>",
    "a Korean date": f"<item>{ITEM}</item>".replace(
        "Wed, 25 Nov 2020 06:28:58 GMT", "수, 25 11월 2020 15:28:58 +0900"
    ),
    "a link to itself first": f"<feed><entry><link rel='self' href='/rss_view.php'/>"
    f"<link href='{ADDRESS}'/><title>소식</title>"
    "<published>2020-11-25T15:28:58+09:00</published></entry></feed>",
    "an attachment first": f"<feed><entry><link rel=enclosure href='/data/a.jpg'/>"
    f"<link rel='alternate' href='{ADDRESS}'/><title>소식</title>"
    "<updated>2020-11-25T15:28:58+09:00</updated></entry></feed>",
}


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_in_other_forms(name: str) -> None:
    [item] = listings.read_rss(FEEDS[name].encode())
    assert (item.idx, item.title) == (43, "소식")
    assert item.published_at is not None
    assert item.published_at.isoformat() == "2020-11-25T15:28:58+09:00"


def test_a_map_on_the_front_page_has_links() -> None:
    home = listings.read_home(b"<map><area href='/news/view.php?idx=9'></map>", LIST_URL)
    assert home.idxs == (9,)


def test_feed_lists_other_papers_too() -> None:
    feed = FEED.replace(
        "<item>", "<item><link>http://sister.example.kr/news/9</link></item><item>", 1
    )
    url = "http://127.0.0.1:8000/rss_view.php"
    assert [item.idx for item in listings.read_rss(feed.encode(), url=url, site=SITE)] == [
        43,
        41,
        40,
    ]


def test_feed_cannot_pull_in_files() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        b"<rss><item><title>&a;</title><link>/news/1</link></item></rss>"
    )
    [item] = listings.read_rss(bomb)
    assert item.title in ("", "&a;")


@pytest.mark.parametrize(
    "words",
    [
        "더보기 +",
        "+ 더보기",
        "[더보기]",
        "기사 더보기",
        "MORE >",
        "View all",
        "이전",
        "다음 ▶",
        "3",
        "",
    ],
)
def test_a_link_to_more_does_not_name_a_section(words: str) -> None:
    link = '<a href="/news/list.php?mcode=m567udr">{}</a>'
    home = listings.read_home((link.format(words) + link.format("가스")).encode(), LIST_URL)
    assert home.sections == {"m567udr": "가스"}


@pytest.mark.parametrize("words", ["전체기사", "더보기 산업", "끝소리", "Next 소재", "1면"])
def test_a_name_that_holds_such_words_stays_a_name(words: str) -> None:
    link = f'<a href="/news/list.php?mcode=m567udr">{words}</a>'
    assert listings.read_home(link.encode(), LIST_URL).sections == {"m567udr": words}


@pytest.mark.parametrize(
    ("base", "idxs"),
    [("http://amenews.kr/news/", (4,)), ("/news/", (4,)), ("http://sister.example/news/", ())],
)
def test_links_are_read_against_the_base_of_the_page(base: str, idxs: tuple[int, ...]) -> None:
    link = '<a href="view.php?idx=4">가</a>'
    head = f'<html><head><base href="{base}"></head><body>'
    assert listings.read_home(f"{head}{link}".encode(), "http://amenews.kr/").idxs == idxs
    box = f'{head}<div class="basicList"><ul><li>{link}</li></ul></div>'
    page = listings.read_list(box.encode(), "http://amenews.kr/")
    assert tuple(entry.idx for entry in page.entries) == idxs


def test_a_broken_base_is_no_base() -> None:
    home = '<head><base href="http://["></head><a href="/news/view.php?idx=4">가</a>'
    assert listings.read_home(home.encode(), "http://amenews.kr/").idxs == (4,)


def test_a_list_at_the_side_is_no_list_of_a_desktop_page() -> None:
    assert listings.read_list(MOBILE.encode(), LIST_URL) == listings.ListPage((), None, False)


def test_the_pager_of_another_section_is_not_counted() -> None:
    pager = "".join(
        f'<a href="list.php?&mcode={code}&page={page}">{page}</a>'
        for code, page in (("m567udr", 3), ("m67uayb", 500))
    )
    box = f'<div class="basicList"></div>{pager}'.encode()
    assert listings.read_list(box, LIST_URL).last_page == 3
