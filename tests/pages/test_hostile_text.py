"""Text that breaks rules: surrogates, long numbers, feeds that are no XML, odd addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from newscrawler import pages, sites
from newscrawler.items import Reading, Verdict
from newscrawler.pages import characters, feed, listings
from newscrawler.sites import urls
from tests.pages.test_cases import capture_of

SITE = sites.load("amenews")
ARTICLE = "http://amenews.kr/news/view.php?idx=7"
MANY = 5000
"""More digits than Python turns into a number."""


def read(body: str, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reading:
    capture = capture_of("classic/plain")
    return pages.read(
        replace(
            capture, idx=7, url=ARTICLE, body=body.encode(), http_status=status, headers=headers
        ),
        SITE,
    )


def rss(*items: str) -> tuple[listings.RssItem, ...]:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return listings.read_rss(f'<?xml version="1.0"?><rss><channel>{inside}'.encode())


@pytest.mark.parametrize("escaped", [r"\ud83d\ude22", r"\u{1F622}", r"\ud83d", r"\x41"])
def test_an_escaped_character_of_a_script_does_not_hide_what_it_says(escaped: str) -> None:
    script = f'<script>alert("{escaped} 존재하지 않는 기사입니다.");history.back();</script>'
    reading = read(script)
    assert reading.verdict is Verdict.MISSING
    reading.reason.encode("utf-8")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#55357;&#56866;", "\U0001f622"),
        ("&#xD83D;&#xde22;", "\U0001f622"),
        ("&#55357;", "\ufffd"),
        ("&#x1F622;", "\U0001f622"),
    ],
)
def test_surrogates_as_references_are_one_character(written: str, meant: str) -> None:
    (item,) = rss(f"<title>{written} 소식</title><link>{ARTICLE}</link>")
    assert item.title == f"{meant} 소식"
    page = capture_of("classic/plain")
    source = page.body.replace(b"<strong>", b"<strong>" + written.encode())
    article = pages.read(replace(page, body=source), SITE).article
    assert article is not None
    assert article.title.startswith(meant)


def test_joined_leaves_no_surrogate() -> None:
    assert characters.joined("\ud83d\ude22\ud83d가\ude22") == "\U0001f622\ufffd가\ufffd"


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 20, "9" * 25, "9" * MANY, "²", "٣"])
def test_a_number_out_of_range_is_none(digits: str) -> None:
    assert urls.whole(digits) is None
    for form in ("/news/view.php?idx=%s", "/news/%s", "/article/%s/", "/m/view.php?a=b&idx=%s"):
        assert urls.idx_of(f"http://amenews.kr{form % digits}") is None


@pytest.mark.parametrize("digits", ["9" * 25, "9" * MANY])
def test_long_numbers_anywhere_in_a_page_raise_nothing(digits: str) -> None:
    page = capture_of("classic/plain")
    source = page.body.decode()
    like = source.replace(
        '<div class="likeContentWrap">', f'<div class="likeContentWrap">{digits} '
    )
    own = source.replace("</head>", f'<meta property="og:url" content="{ARTICLE}{digits}"></head>')
    home = f'<a href="/news/view.php?idx={digits}">a</a><a href="/news/view.php?idx=7">b</a>'
    assert like != source != own
    for text in (like, own):
        assert pages.read(replace(page, body=text.encode()), SITE).verdict is Verdict.ARTICLE
    assert listings.read_home(home.encode(), "http://amenews.kr/").idxs == (7,)
    assert listings.read_list(home.encode(), f"http://amenews.kr/news/list.php?page={digits}")
    assert not rss(f"<link>http://amenews.kr/news/view.php?idx={digits}</link>")


@pytest.mark.parametrize(
    ("item", "title", "when"),
    [
        (
            f"<title>첫째</title><link>{ARTICLE}</link><dc:date>2020-11-25T15:28:58+09:00</dc:date>",
            "첫째",
            datetime.fromisoformat("2020-11-25T15:28:58+09:00"),
        ),
        (
            "<title>a&b</title><link>http://amenews.kr/news/view.php?section=m1&idx=7</link>",
            "a&b",
            None,
        ),
        (f"<title><OLED> 양산</title><link>{ARTICLE}</link>", "<OLED> 양산", None),
        (f'<title>가</title><atom:link href="http://x/"/><link>{ARTICLE}</link>', "가", None),
        (f'<media:title>x</media:title><title>가</title><link href="{ARTICLE}" />', "가", None),
        (f"<title>가</title><!-- <link>http://x/</link> --><guid>{ARTICLE}</guid>", "가", None),
        (f"<title><![CDATA[<b>가</b> & </title>]]></title><link>{ARTICLE}</link>",
         "<b>가</b> & </title>", None),
        (f"<title>가 &copy; &nosuch; &#99999999999;</title><link>{ARTICLE}</link>",
         "가 © &nosuch; &#99999999999;", None),
    ],
)  # fmt: skip
def test_a_feed_is_read_though_it_is_no_xml(item: str, title: str, when: datetime | None) -> None:
    second = "<title>둘째</title><link>http://amenews.kr/news/view.php?idx=6</link>"
    first, other = rss(item, second)
    assert (first.idx, first.title, first.published_at) == (7, title, when)
    assert other.idx == 6


def test_atom_entries_are_items() -> None:
    source = f'<feed><entry><title>가</title><link href="{ARTICLE}"/><updated>2020-11-25</updated>'
    assert [*feed.items(source)] == [feed.Item("가", ARTICLE, "2020-11-25")]


@pytest.mark.parametrize(
    "written",
    [
        "http://amenews.kr/news/view.php?mcode=m567udr&amp;idx=7",
        "http://amenews.kr/news/view.php?idx=7/",
        "http://amenews.kr/news/view.php/?idx=7",
        "http://amenews.kr/news/view.php?idx=7?fbclid=abc",
        "http://amenews.kr/news/view.php?idx=7&fbclid=abc#top",
        " http://amenews.kr/news/view.php?idx=0007 ",
        "http://amenews.kr/news/7/?fbclid=abc",
    ],
)
def test_what_others_hang_on_an_address_does_not_hide_its_number(written: str) -> None:
    assert urls.idx_of(written) == 7


@pytest.mark.parametrize("written", ["idx=7a", "idx=a7", "idx=-7", "idx=7.5", "idx="])
def test_what_is_no_number_stays_none(written: str) -> None:
    assert urls.idx_of(f"http://amenews.kr/news/view.php?{written}") is None


def test_location_in_another_charset_is_percent_encoded() -> None:
    raw = "/news/list.php?a=1&amp;stx=소재".encode("euc-kr")
    assert urls.of_location(raw) == "/news/list.php?a=1&stx=%BC%D2%C0%E7"
    reading = read("", 302, (("Location", raw.decode("latin-1")),))
    assert reading == Reading(Verdict.UNKNOWN, "status 302 to /news/list.php?a=1&stx=%BC%D2%C0%E7")


@pytest.mark.parametrize(
    ("status", "target"),
    [(302, "gopher://amenews.kr/"), (305, "/"), (300, "/"), (306, "/"), (302, "javascript:;")],
)
def test_what_is_no_redirect_to_a_page_settles_nothing(status: int, target: str) -> None:
    assert read("", status, (("Location", target),)).verdict is Verdict.UNKNOWN


def test_being_sent_to_the_same_page_with_a_cookie_is_a_block() -> None:
    cookie = ("Set-Cookie", "seen=1; path=/")
    for location in (ARTICLE, "/news/view.php?idx=7", "?idx=7#x"):
        assert read("", 302, (("Location", location), cookie)).verdict is Verdict.BLOCKED
    assert read("", 302, (("Location", "/"), cookie)).verdict is Verdict.MISSING


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        ('document.cookie="a=1";location.href=location.href;', Verdict.BLOCKED),
        ('document.cookie="a=1";location.replace("/news/view.php?idx=7");', Verdict.BLOCKED),
        ('document.cookie="a=1";setTimeout(function(){location.reload()},9);', Verdict.BLOCKED),
        ('document.cookie="a=1";location.href="/";', Verdict.MISSING),
        ('location.href="gopher://amenews.kr/";', Verdict.UNKNOWN),
        ('alert("존재하지 않는 기사입니다.");document.cookie="a=1";location="/"', Verdict.MISSING),
    ],
)
def test_a_script_that_sets_a_cookie_and_asks_again_is_a_block(
    script: str, verdict: Verdict
) -> None:
    assert read(f"<html><body><script>{script}</script></body></html>").verdict is verdict
