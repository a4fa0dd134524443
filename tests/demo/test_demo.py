"""The local newspaper keeps its own promises: repeatable, complete, truthful, and ill on demand."""

from __future__ import annotations

import gzip
import http.client
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import lxml.html
import pytest

from newscrawler.demo import plan, words
from newscrawler.demo.faults import TRANSIENT, Faults
from newscrawler.demo.newspaper import Newspaper, Truth
from newscrawler.demo.pages import Pages
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.server import LocalServer, serve

SKINS = ("classic", "classic_variant", "article_head")


class Got(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def get(server: LocalServer, target: str, **headers: str) -> Got:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.base_url + target, headers=asked)
    try:
        with _OPENER.open(request, timeout=5) as answer:
            return Got(answer.status, answer.read(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, error.read(), dict(error.headers))


def view(idx: int) -> str:
    return f"/news/view.php?idx={idx}"


def squeezed(text: str) -> str:
    """Without any whitespace: what is left when markup's line ends do not matter."""
    return "".join(text.split())


def page(paper: Newspaper, idx: int) -> str:
    return Pages(paper).article(idx).body.decode("utf-8")


def printed_words(html: str) -> str:
    """Every letter of the body's markup in order, junk and whitespace left out."""
    tree = lxml.html.fromstring(html)
    (body,) = tree.xpath('//*[@id="viewContent"]')
    for junk in body.xpath(
        ".//script | .//style | .//acronym | .//button | .//comment()"
        ' | .//*[contains(@class, "anner")] | .//table[@class="pdf-box"]'
    ):
        junk.drop_tree()
    return squeezed(body.text_content())


def an_article(paper: Newspaper, **wanted: object) -> Truth:
    """The first record of an ordinary article whose attributes are as wanted."""
    return next(
        t
        for t in paper.truths()
        if t.article and t.how == "plain" and all(getattr(t, k) == v for k, v in wanted.items())
    )


@pytest.fixture(scope="module")
def paper() -> Newspaper:
    return Newspaper()


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalServer]:
    with serve(Newspaper()) as server:
        yield server


@pytest.fixture
def server(shared: LocalServer) -> LocalServer:
    """A server in good health with an empty log."""
    shared.faults, shared.validators = None, False
    shared.log.clear()
    return shared


# The paper.


def test_same_seed_gives_the_same_paper_in_any_order() -> None:
    one, other = Newspaper(seed=5, size=60), Newspaper(seed=5, size=60)
    backwards = {idx: (other.truth(idx), page(other, idx)) for idx in range(60, 0, -1)}
    assert all(backwards[idx] == (one.truth(idx), page(one, idx)) for idx in range(1, 61))


def test_another_seed_gives_another_paper() -> None:
    assert list(Newspaper(seed=1, size=30).truths()) != list(Newspaper(seed=2, size=30).truths())


def test_every_number_has_a_record(paper: Newspaper) -> None:
    truths = list(paper.truths())
    assert [t.idx for t in truths] == list(range(1, 301))
    assert all((t.article is not None) == (t.state == "article") for t in truths)
    assert all(t.article.idx == t.idx for t in truths if t.article)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_hundred_numbers_show_every_habit_and_every_kind_of_gap(seed: int) -> None:
    truths = list(Newspaper(seed=seed).truths())
    assert set(plan.HABITS) == {habit for t in truths for habit in t.habits}
    kinds = {*plan.MISSING, *plan.REMOVED, *plan.RESTRICTED, "plain", "repost", "near", "draft"}
    assert kinds <= {t.how for t in truths}
    assert {t.state for t in truths} == {"article", "missing", "removed", "restricted"}
    assert any(t.duplicate_of for t in truths)
    assert any(t.near_duplicate_of for t in truths)
    assert any(t.article.modified_at for t in truths if t.article)


def test_mixed_paper_has_all_skins() -> None:
    assert {t.skin for t in Newspaper(skin="mixed", size=50).truths()} == set(SKINS)


def test_about_eleven_in_a_hundred_hold_nothing(paper: Newspaper) -> None:
    assert 0.07 < sum(t.state != "article" for t in paper.truths()) / paper.size < 0.12


def test_paper_without_gaps_or_reprints_is_all_plain_articles() -> None:
    truths = Newspaper(gap_share=0, reprint_share=0, size=100).truths()
    assert {t.how for t in truths} == {"plain"}


@pytest.mark.parametrize("first", [1, 1_470_000_000])
def test_numbers_of_a_huge_paper_are_found_at_once(first: int) -> None:
    began = time.process_time()
    paper = Newspaper(first_idx=first, size=2_000_000_000)
    assert [paper.truth(first + n).idx - first for n in (0, 7, 1_999_999_999)] == [
        0,
        7,
        1_999_999_999,
    ]
    assert next(paper.newest_articles()) > first + 1_999_999_900
    assert time.process_time() - began < 1


def test_times_ascend_with_the_numbers_up_to_the_newest() -> None:
    newest = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    paper = Newspaper(newest=newest, reprint_share=0, gap_share=0)
    times = [t.article.published_at for t in paper.truths() if t.article and t.article.published_at]
    assert times == sorted(times)
    assert newest - timedelta(hours=2) < times[-1] <= newest
    assert newest - times[0] == pytest.approx(timedelta(days=25), abs=timedelta(hours=3))
    assert {time.utcoffset() for time in times} == {timedelta(hours=9)}


def test_repost_has_the_older_words_and_near_duplicate_most_of_them(paper: Newspaper) -> None:
    for truth in paper.truths():
        if truth.article and truth.duplicate_of:
            older = paper.truth(truth.duplicate_of).article
            assert older
            assert older.content_hash == truth.article.content_hash
            assert older.published_at != truth.article.published_at or not older.published_at
        if truth.article and truth.near_duplicate_of:
            older = paper.truth(truth.near_duplicate_of).article
            assert older
            assert older.content_hash != truth.article.content_hash
            old, new = older.body.split("\n\n"), truth.article.body.split("\n\n")
            assert len(set(old) & set(new)) >= len(old) - 2


def test_only_reprints_are_alike() -> None:
    truths = [t for t in Newspaper(size=150).truths() if t.article and len(t.article.body) > 300]
    copies = {(t.duplicate_of or t.near_duplicate_of, t.idx) for t in truths}
    shingles = {
        t.idx: {t.article.body[i : i + 5] for i in range(len(t.article.body) - 4)}
        for t in truths
        if t.article
    }
    for (a, one), (b, other) in combinations(shingles.items(), 2):
        alike = len(one & other) / len(one | other)
        assert alike > 0.8 if (a, b) in copies else alike < 0.6


def test_texts_differ_from_each_other() -> None:
    bodies = [t.article.body for t in Newspaper(reprint_share=0).truths() if t.article]
    texts = [body for body in bodies if body]
    assert len(set(texts)) == len(texts)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no such habits: soup"):
        Newspaper(habits=("soup",))
    with pytest.raises(ValueError, match="kind of gap"):
        Newspaper(gap="teapot")
    with pytest.raises(ValueError, match="aware"):
        Newspaper(newest=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="no such faults: plague"):
        Faults(kinds=("plague",))


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("수소", "은는", "는"),
        ("동박", "이가", "이"),
        ("가온3D", "와과", "와"),
        ("연료전지막", "와과", "과"),
    ],
)
def test_particles_follow_the_last_syllable(word: str, pair: str, expected: str) -> None:
    assert words.particle(word, pair) == expected


# The truth and the page.


@pytest.mark.parametrize("skin", SKINS)
def test_page_prints_the_words_of_its_record_in_order(skin: str) -> None:
    paper = Newspaper(skin=skin, size=150)
    for truth in paper.truths():
        article = truth.article
        if not article:
            continue
        html = page(paper, truth.idx)
        letters, at = printed_words(html), 0
        for line in article.body.split("\n"):
            found = letters.find(squeezed(line), at)
            assert found >= 0, (truth.idx, line)
            at = found + len(squeezed(line))
        captions = [image.caption for image in article.images if image.caption]
        assert all(squeezed(caption) in letters for caption in captions)
        whole = squeezed(article.body) + "".join(map(squeezed, captions))
        twice = sum(len(squeezed(c)) for c in captions) if "caption_doubled" in truth.habits else 0
        # Nothing else is in the body: at most a ▲ and a full stop for each caption.
        assert len(letters) - len(whole) <= twice + 2 * len(captions)


@pytest.mark.parametrize("skin", SKINS)
def test_page_prints_title_dates_writer_keywords_and_pictures(skin: str) -> None:
    paper = Newspaper(skin=skin, size=150)
    for truth in paper.truths():
        article = truth.article
        if not article:
            continue
        tree = lxml.html.fromstring(page(paper, truth.idx))
        (title,) = tree.xpath('//meta[@property="og:title"]/@content')
        assert title.strip() == article.title
        assert title.startswith("\n") == ("blank_og_title" in truth.habits)
        place = "article-head-title" if skin == "article_head" else "titleWrap"
        assert article.title in tree.xpath(f'//*[contains(@class, "{place}")]')[0].text_content()
        head = tree.text_content()
        for moment in (article.published_at, article.modified_at):
            assert moment is None or f"{moment:%Y-%m-%d %H:%M:%S}" in head
        assert (article.published_at is None) == ("no_dates" in truth.habits)
        assert "기사수정" in head
        assert article.byline is None or article.byline in head
        assert all(reporter.name in head for reporter in article.reporters)
        links = tree.xpath('//dl[@class="keywords"]//a')
        assert tuple(link.text_content() for link in links) == article.keywords
        sources = tree.xpath('//*[@id="viewContent"]//img[not(contains(@src, "banner"))]/@src')
        assert [urlsplit(s).path.replace("../", "").lstrip("/") for s in sources] == [
            urlsplit(image.url).path.lstrip("/") for image in article.images
        ]
        assert (article.section is not None) == (skin == "article_head")


def test_record_keeps_to_the_rules_of_whitespace(paper: Newspaper) -> None:
    for article in (t.article for t in paper.truths() if t.article):
        for paragraph in article.body.split("\n\n") if article.body else []:
            for line in paragraph.split("\n"):
                assert line
                assert line == " ".join(line.split())


def test_pictures_are_on_the_permalinks_host_unless_another_serves_them(paper: Newspaper) -> None:
    images = [image for t in paper.truths() if t.article for image in t.article.images]
    hosts = {urlsplit(image.url).netloc for image in images}
    assert hosts == {"amenews.kr", "photo.example.net"}
    assert any(" " in image.url for image in images)
    assert not any((image.caption or "").startswith("▲") for image in images)


def only(habit: str, **options: object) -> list[tuple[Truth, str]]:
    """Records and pages of a small paper where every article has that habit."""
    paper = Newspaper(size=12, gap_share=0, habits=(habit,), **options)  # type: ignore[arg-type]
    return [(truth, page(paper, truth.idx)) for truth in paper.truths()]


def test_span_soup_cuts_words_across_tags() -> None:
    for truth, html in only("span_soup"):
        assert truth.article
        cut = [word for word in truth.article.body.split() if word not in html]
        assert len(cut) > 5


def test_source_newlines_stand_inside_paragraphs() -> None:
    for truth, html in only("source_newlines"):
        assert truth.article
        lines = truth.article.body.split("\n")
        assert sum(line not in html for line in lines) > len(lines) // 2


def test_br_body_is_bare_text() -> None:
    for _, html in only("br_body", skin="classic_variant"):
        tree = lxml.html.fromstring(html)
        assert tree.xpath('//*[@id="viewContent"]/div/text()[normalize-space()]')
        assert not tree.xpath('//*[@id="viewContent"]//p')


def test_unclosed_paragraphs_are_not_closed() -> None:
    assert all("</P>" not in html and "<P>" in html for _, html in only("unclosed_p"))


def test_froala_body_stands_in_its_view() -> None:
    assert all('class="fr-view"' in html for _, html in only("froala", skin="article_head"))


def test_doubled_caption_is_recorded_once() -> None:
    for truth, html in only("caption_doubled"):
        assert truth.article
        caption = truth.article.images[0].caption
        assert caption
        assert html.count(caption) == 2


def test_arrow_paragraphs_are_body() -> None:
    for habit in ("arrow_paragraph", "arrow_run"):
        assert all(t.article and "▲" in t.article.body for t, _ in only(habit))


def test_photo_page_has_no_body() -> None:
    for truth, _ in only("photo_only"):
        assert truth.article
        assert truth.article.body == ""
        assert truth.article.images


@pytest.mark.parametrize("kind", ["script", "style", "iframe", "top_banner", "banner", "pdf_box"])
def test_junk_is_on_the_page_and_not_in_the_record(kind: str) -> None:
    sign = {
        "script": "플래시 상자",
        "style": "본문 모양",
        "iframe": "<iframe",
        "top_banner": "배너 광고 문의",
        "banner": "참가기업 모집",
        "pdf_box": "원문 내려받기",
    }[kind]
    for truth, html in only(f"junk_{kind}"):
        assert truth.article
        assert sign in html.partition('id="viewContent"')[2].partition("likeContentWrap")[0]
        assert sign not in truth.article.body


def test_bylines() -> None:
    def reporters(habit: str) -> list[tuple[str | None, int, int]]:
        articles = [t.article for t, _ in only(habit) if t.article]
        return [
            (a.byline, len(a.reporters), sum(r.email is not None for r in a.reporters))
            for a in articles
        ]

    assert {(count, mails) for _, count, mails in reporters("reporter")} == {(1, 0)}
    assert {(count, mails) for _, count, mails in reporters("reporter_email")} == {(1, 1)}
    assert {count for _, count, _ in reporters("reporters")} == {2}
    assert {count for _, count, _ in reporters("reporters_email")} == {2}
    assert set(reporters("desk")) == {("편집국", 0, 0)}
    assert set(reporters("no_byline")) == {(None, 0, 0)}


def test_script_in_a_title_is_escaped_on_the_page() -> None:
    for truth, html in only("markup_title"):
        assert truth.article
        assert "<script>alert(" in truth.article.title
        assert "<script>alert(" not in html


@pytest.mark.parametrize("furniture", [2_000, 8_000, 55_000])
def test_furniture_sets_the_size_of_a_page(furniture: int) -> None:
    paper = Newspaper(furniture=furniture, size=40, gap_share=0)
    sizes = sorted(len(page(paper, idx).encode()) for idx in range(1, 41))
    assert furniture + 3_000 < sizes[20] < furniture + 9_000


# Time and changes.


def test_advancing_publishes_edits_withdraws_and_lets_drafts_out() -> None:
    paper = Newspaper()
    before = {t.idx: t for t in paper.truths()}
    later = paper.at(12)
    after = {t.idx: t for t in later.truths()}
    assert {t.idx: t for t in paper.truths()} == before
    assert later.newest_idx == paper.newest_idx + 12 * 12
    assert later.now - paper.now == timedelta(days=12)
    pairs = [(before[idx], after[idx]) for idx in before]
    assert any(old.state == "article" and new.state == "removed" for old, new in pairs)
    both = [(old.article, new.article) for old, new in pairs if old.article and new.article]
    edited = [(old, new) for old, new in both if old.content_hash != new.content_hash]
    assert edited
    assert all(new.modified_at for old, new in edited if old.published_at)
    counted = [(old, new) for old, new in both if old.recommend_count != new.recommend_count]
    assert any(replace(old, recommend_count=new.recommend_count) == new for old, new in counted)
    captions = [
        [image.caption for image in old.images] != [image.caption for image in new.images]
        for old, new in edited
        if old.body == new.body and old.title == new.title
    ]
    assert captions
    assert all(captions)


def test_a_draft_is_published_late_under_its_old_number() -> None:
    later = Newspaper().at(30)
    drafts = [t for t in later.truths() if t.how == "draft" and t.idx > 300]
    assert drafts
    for draft in drafts:
        paper = Newspaper()
        paper.publish(draft.idx - 300)
        assert (paper.truth(draft.idx).state, paper.truth(draft.idx).beyond) == ("missing", False)
        assert draft.article
        assert draft.article.published_at is None or draft.article.published_at > paper.now


def test_numbers_outside_the_paper_are_answered_in_one_way(paper: Newspaper) -> None:
    beyond = [paper.truth(idx) for idx in (301, 302, 9_999_999)]
    assert [(t.state, t.how, t.beyond) for t in beyond] == [("missing", "alert", True)] * 3
    assert len({page(paper, idx) for idx in (301, 9_999_999)}) == 1
    assert Newspaper(gap="gnuboard").truth(301).how == "gnuboard"
    assert {t.how for t in Newspaper(gap="gone").truths() if t.state == "missing"} == {"gone"}


@pytest.mark.parametrize("what", ["text", "title", "caption", "count"])
def test_edit_by_hand_changes_that_and_nothing_else(what: str) -> None:
    paper = Newspaper(habits=("caption_box",))
    idx = an_article(paper).idx
    old = paper.truth(idx).article
    paper.edit(idx, what)
    new = paper.truth(idx).article
    assert old
    assert new
    if what == "count":
        assert new == replace(old, recommend_count=(old.recommend_count or 0) + 1)
        return
    assert new.modified_at
    assert new.modified_at > paper.now
    changed = {n for n in ("title", "body", "images") if getattr(old, n) != getattr(new, n)}
    assert changed == {{"text": "body", "title": "title", "caption": "images"}[what]}


def test_withdrawn_by_hand_is_gone_in_the_way_asked_for() -> None:
    paper = Newspaper(size=20, gap_share=0)
    paper.withdraw(4)
    paper.withdraw(5, "not_found")
    assert (paper.truth(4).state, paper.truth(5).state) == ("removed", "missing")
    with pytest.raises(LookupError):
        paper.edit(4)


# The server.


def test_every_spelling_of_an_articles_address_leads_to_it(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    n, m = truth.idx, truth.mcode
    for target in (
        view(n),
        f"/news/view.php?mcode={m}&idx={n}&page=3",
        f"/news/view.php?idx={n}&sm=w_total&stx={quote('수소')}",
        f"/news/{n}",
        f"/article/{n}?mcode={m}",
        f"/m/view.php?idx={n}",
    ):
        got = get(server, target)
        assert got.status == 200
        assert lxml.html.fromstring(got.text).xpath("//meta/@content")[1 if "/m/" in target else 0]
        assert truth.article.url in got.text


def test_home_shows_the_menu_and_the_newest_number(server: LocalServer) -> None:
    for target in ("/", "/news/index.php"):
        tree = lxml.html.fromstring(get(server, target).text)
        menu = {
            a.get("href").partition("mcode=")[2]: a.text
            for a in tree.xpath('//ul[@id="gnb"]//a[contains(@href, "list.php?mcode=")]')
        }
        assert menu == SECTIONS
        shown = [
            int(href.partition("idx=")[2].partition("&")[0])
            for href in tree.xpath('//a[contains(@href, "view.php?idx=")]/@href')
        ]
        assert max(shown) == next(server.newspaper.newest_articles())


def listed(html: str) -> list[int]:
    links = lxml.html.fromstring(html).xpath('//dt[@class="title"]/a/@href')
    return [int(link.partition("idx=")[2].partition("&")[0]) for link in links]


def test_section_list_has_all_its_articles_newest_first(server: LocalServer) -> None:
    mcode = next(iter(SECTIONS))
    found: list[int] = []
    for number in range(1, 20):
        html = get(server, f"/news/list.php?&mcode={mcode}&vg=&page={number}").text
        if not listed(html):
            break
        found += listed(html)
    expected = [t.idx for t in server.newspaper.truths() if t.article and t.mcode == mcode]
    assert found == expected[::-1]
    assert listed(get(server, f"/news/list.php?mcode={mcode}").text) == found[:20]
    mobile = lxml.html.fromstring(get(server, f"/m/list.php?mcode={mcode}").text)
    assert len(mobile.xpath('//ul/li/a[contains(@href, "view.php?idx=")]/strong')) == 20


def test_search_finds_titles(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    word = quote(truth.article.title)
    assert truth.idx in listed(get(server, f"/news/search.php?sm=w_total&stx={word}&page=1").text)


def test_rss_has_the_newest_articles_with_times_without_a_zone(server: LocalServer) -> None:
    paper = server.newspaper
    root = ET.fromstring(get(server, "/rss_view.php").body)
    items = root.findall("channel/item")
    assert len(items) == 30
    newest = paper.truth(next(paper.newest_articles()))
    assert newest.article
    assert items[0].findtext("title") == newest.article.title
    link = items[0].findtext("link") or ""
    assert link.startswith(newest.article.url)
    dates = [item.findtext("pubDate") for item in items]
    assert all(datetime.strptime(d, "%Y-%m-%d %H:%M:%S") for d in dates if d)
    mcode = next(iter(SECTIONS))
    one = ET.fromstring(get(server, f"/rss_view.php?code={mcode}").body)
    assert all(f"mcode={mcode}" in (i.findtext("link") or "") for i in one.findall("channel/item"))


def test_robots_can_be_set(server: LocalServer) -> None:
    assert "Disallow: /bbs/" in get(server, "/robots.txt").text
    server.robots, server.robots_status = "User-agent: *\nDisallow: /\n", 503
    try:
        got = get(server, "/robots.txt")
    finally:
        server.robots, server.robots_status = "", 200
    assert (got.status, got.text) == (503, "User-agent: *\nDisallow: /\n")


def test_other_addresses(server: LocalServer) -> None:
    image = get(server, "/data/cheditor4/2607/" + quote("수소 울산 3.jpg"))
    assert (image.headers["Content-Type"], image.body[:4]) == ("image/png", b"\x89PNG")
    assert "로그인" in get(server, "/bbs/login.php?url=x").text
    assert get(server, "/nowhere").status == 404
    assert "존재하지 않는" in get(server, "/news/view.php?idx=abc").text
    assert "존재하지 않는" in get(server, "/news/view.php").text


def test_gaps_answer_as_their_kind_says(server: LocalServer) -> None:
    signs = {
        "alert": (200, "존재하지 않는 기사입니다"),
        "location_replace": (200, "location.replace"),
        "gnuboard": (200, "validation_check"),
        "not_found": (404, "Not Found"),
        "gone": (410, "Gone"),
        "redirect_home": (302, ""),
        "meta_refresh": (200, 'http-equiv="refresh"'),
        "home_page": (200, "mainTop"),
        "empty_template": (200, "viewContent"),
        "removed_alert": (200, "삭제된 기사"),
        "removed_page": (200, "삭제된 기사"),
        "members_body": (200, "/bbs/login.php"),
        "members_alert": (200, "읽을 권한이 없습니다"),
        "members_login": (200, "회원 전용"),
    }
    gaps = [t for t in server.newspaper.truths() if t.state != "article"]
    assert {t.how for t in gaps} == set(signs)
    for truth in gaps:
        got = get(server, view(truth.idx))
        status, sign = signs[truth.how]
        assert got.status == status
        assert sign in got.text
        assert (got.headers.get("Location") == "/") == (truth.how == "redirect_home")
    assert get(server, "/").text in {get(server, view(t.idx)).text for t in gaps}


def test_server_shows_the_paper_as_it_is_now() -> None:
    with serve(Newspaper(size=30, gap_share=0)) as server:
        assert "alert(" in get(server, view(31)).text
        before = get(server, view(30)).body
        server.newspaper.publish(1)
        server.newspaper.edit(30)
        assert "viewContent" in get(server, view(31)).text
        assert get(server, view(30)).body != before
        server.newspaper = Newspaper(size=3)
        assert "alert(" in get(server, view(30)).text


def test_validators_answer_not_modified_until_the_article_changes() -> None:
    with serve(Newspaper(size=30, gap_share=0), validators=True) as server:
        idx = an_article(server.newspaper, duplicate_of=None).idx
        first = get(server, view(idx))
        etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert get(server, view(idx), If_None_Match=etag).status == 304
        assert get(server, view(idx), If_Modified_Since=modified).status == 304
        assert get(server, view(idx), If_Modified_Since="whenever").status == 200
        server.newspaper.publish(2)
        assert get(server, view(idx), If_None_Match=etag).status == 304
        server.newspaper.edit(idx)
        again = get(server, view(idx), If_None_Match=etag, If_Modified_Since=modified)
        assert again.status == 200
        assert again.headers["ETag"] != etag
        assert parsedate_to_datetime(again.headers["Last-Modified"]) > parsedate_to_datetime(
            modified
        )
        assert server.log[1].if_none_match == etag


def test_log_tells_who_asked_what_and_when(server: LocalServer) -> None:
    began = time.monotonic()
    get(server, view(7) + "&mcode=m1abcd", User_Agent="tester/1")
    get(server, "/nowhere")
    first, second = server.log
    assert (first.method, first.target, first.path, first.idx) == (
        "GET",
        "/news/view.php?idx=7&mcode=m1abcd",
        "/news/view.php",
        7,
    )
    assert (first.user_agent, first.host) == ("tester/1", urlsplit(server.base_url).netloc)
    assert (first.status, second.status, second.idx) == (200, 404, None)
    assert began <= first.started <= first.ended <= second.started <= second.ended
    assert first.at.utcoffset() == timedelta(0)
    assert first.in_flight == 1


def test_log_counts_requests_in_flight(server: LocalServer) -> None:
    server.faults = Faults.always("slow")
    server.faults.delay = 0.2
    threads = [threading.Thread(target=get, args=(server, view(n))) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asked.in_flight for asked in server.log) == [1, 2, 3]


def test_connection_is_kept_alive(server: LocalServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    connection.request("GET", view(5))
    connection.getresponse().read()
    peer = connection.sock
    connection.request("GET", view(6))
    connection.getresponse().read()
    assert connection.sock is peer
    connection.close()


def test_taken_port_is_an_error(server: LocalServer) -> None:
    port = urlsplit(server.base_url).port
    assert port
    with pytest.raises(OSError, match="in use"), serve(Newspaper(size=1), port=port):
        pass


# Faults.


def test_faults_depend_on_the_address_and_not_on_the_order() -> None:
    def drawn(order: list[str]) -> dict[str, list[str | None]]:
        faults = Faults(0.5, seed=3)
        fates: dict[str, list[str | None]] = {}
        for query in order:
            fates.setdefault(query, []).append(faults.draw("/news/view.php", query))
        return fates

    numbers = [f"idx={n}" for n in range(50)]
    assert drawn(numbers * 3) == drawn(numbers[::-1] * 3)


def test_share_of_faults_is_kept_and_no_address_fails_too_often_in_a_row() -> None:
    faults = Faults(0.3, max_in_a_row=2)
    fates = [[faults.draw("/news/view.php", f"idx={n}") for _ in range(6)] for n in range(500)]
    hit = sum(fate is not None for row in fates for fate in row)
    assert 0.24 < hit / 3000 < 0.33
    assert not any(all(row[i : i + 3]) for row in fates for i in range(4))
    assert {fate for row in fates for fate in row} == {None, *TRANSIENT}
    assert not any(Faults(1.0).draw("/robots.txt", "") for _ in range(9))


def test_only_the_named_address_fails() -> None:
    faults = Faults(1.0, only=frozenset({view(4)}), max_in_a_row=10**9)
    assert faults.draw("/news/view.php", "idx=5") is None
    assert all(faults.draw("/news/view.php", "idx=4") for _ in range(9))


@pytest.mark.parametrize(
    ("kind", "status", "sign"),
    [
        ("status_500", 500, ""),
        ("status_502", 502, ""),
        ("status_503", 503, ""),
        ("maintenance", 200, "서비스 점검중"),
        ("db_error", 200, "Too many connections"),
        ("block", 200, "차단"),
        ("forbidden", 403, "Forbidden"),
        ("down", 503, ""),
    ],
)
def test_answers_instead_of_the_page(
    server: LocalServer, kind: str, status: int, sign: str
) -> None:
    server.faults = Faults.always(kind)
    got = get(server, view(5))
    assert got.status == status
    assert sign in got.text
    assert "viewContent" not in got.text
    assert (server.log[-1].fault, server.log[-1].status) == (kind, status)


@pytest.mark.parametrize(
    ("kind", "status"), [("busy_429", 429), ("busy_429_date", 429), ("busy_503", 503)]
)
def test_busy_answers_say_when_to_come_back(server: LocalServer, kind: str, status: int) -> None:
    server.faults = Faults.always(kind, retry_after=30)
    got = get(server, view(5))
    assert got.status == status
    value = got.headers["Retry-After"]
    wait = server.log[-1].retry_after
    assert wait
    assert 30 <= wait <= 31
    if kind == "busy_429_date":
        asked = server.log[-1].at
        assert parsedate_to_datetime(value) - asked == pytest.approx(
            timedelta(seconds=wait), abs=timedelta(seconds=0.01)
        )
    else:
        assert value == "30"


def test_reset_breaks_the_connection(server: LocalServer) -> None:
    server.faults = Faults.always("reset")
    with pytest.raises((ConnectionResetError, urllib.error.URLError)):
        get(server, view(5))
    assert (server.log[-1].fault, server.log[-1].status) == ("reset", 0)


def test_truncated_answer_ends_before_its_declared_length(server: LocalServer) -> None:
    server.faults = Faults.always("truncated")
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(server, view(5))
    assert len(caught.value.partial) > 1000


def test_cut_page_is_short_and_says_nothing(server: LocalServer) -> None:
    idx = an_article(server.newspaper).idx
    whole = get(server, view(idx)).body
    server.faults = Faults.always("cut")
    got = get(server, view(idx))
    assert whole.startswith(got.body)
    assert len(got.body) < 0.91 * len(whole)
    assert got.headers["Content-Length"] == str(len(got.body))


def test_slow_answer_is_whole_and_late(server: LocalServer) -> None:
    whole = get(server, view(5)).body
    server.faults = Faults.always("slow")
    server.faults.delay = 0.15
    assert get(server, view(5)).body == whole
    assert server.log[-1].ended - server.log[-1].started >= 0.15


def test_wrong_charset_is_in_the_label_only(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    whole = get(server, view(truth.idx))
    server.faults = Faults.always("euckr_as_utf8")
    korean = get(server, view(truth.idx))
    assert korean.headers["Content-Type"] == "text/html; charset=utf-8"
    assert truth.article.title in lxml.html.fromstring(korean.body.decode("cp949")).text_content()
    with pytest.raises(UnicodeDecodeError):
        korean.body.decode("utf-8")
    server.faults = Faults.always("utf8_as_euckr")
    mislabelled = get(server, view(truth.idx))
    assert mislabelled.headers["Content-Type"] == "text/html; charset=euc-kr"
    assert mislabelled.body == whole.body


def test_empty_answer(server: LocalServer) -> None:
    server.faults = Faults.always("empty")
    assert get(server, view(5))[:2] == (200, b"")


def test_redesign_keeps_words_and_changes_every_name(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    server.faults = Faults.always("redesign")
    html = get(server, view(truth.idx)).text
    assert truth.article.title in lxml.html.fromstring(html).text_content()
    names = ("viewContent", "titleWrap", "registModifyDate", "article-head", "info-text", "fr-view")
    assert not any(name in html for name in names)


def test_lasting_fault_begins_at_its_request_and_spares_robots(server: LocalServer) -> None:
    server.faults = Faults.always("block", from_request=2)
    titles = ["차단" in get(server, view(5)).text for _ in range(4)]
    assert titles == [False, False, True, True]
    assert "차단" not in get(server, "/robots.txt").text
    server.faults = Faults.always("down", spare=())
    assert get(server, "/robots.txt").status == 503


def test_robots_alone_can_be_ill(server: LocalServer) -> None:
    server.faults = Faults.always("robots_5xx")
    assert (get(server, "/robots.txt").status, get(server, view(5)).status) == (503, 200)


def test_server_that_is_down_refuses_connections_until_it_listens_again() -> None:
    with serve(Newspaper(size=3), faults=Faults.always("refuse", from_request=1)) as server:
        assert get(server, view(1)).status == 200
        with pytest.raises((ConnectionError, urllib.error.URLError)):
            get(server, view(1))
        with pytest.raises(urllib.error.URLError, match="refused"):
            get(server, view(1))
        server.faults = None
        server.listen_again()
        assert get(server, view(1)).status == 200
        server.refuse()
        with pytest.raises(urllib.error.URLError, match="refused"):
            get(server, view(1))


# The process.


def test_process_prints_its_address_and_ends_when_told() -> None:
    command = [sys.executable, "-m", "newscrawler.demo", "--size", "20", "--warm"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            base = process.stdout.readline().strip()
            with _OPENER.open(f"{base}/robots.txt", timeout=5) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("kind", "sign"),
    [("binary", b"\xff\xfe"), ("deep", b"<div>" * 20_000), ("nuls", b"\x00<p")],
)
def test_hostile_pages(server: LocalServer, kind: str, sign: bytes) -> None:
    server.faults = Faults.always(kind)
    assert sign in get(server, view(an_article(server.newspaper).idx)).body


def test_huge_page_has_fifty_megabytes(server: LocalServer) -> None:
    server.faults = Faults.always("huge")
    assert len(get(server, view(5)).body) > 50_000_000


def test_redirect_to_another_host(server: LocalServer) -> None:
    server.faults = Faults.always("offsite")
    server.faults.elsewhere = "http://parking.example/x"
    got = get(server, view(5))
    assert (got.status, got.headers["Location"]) == (302, "http://parking.example/x")


def test_gzip_is_for_those_who_accept_it() -> None:
    with serve(Newspaper(size=5, gap_share=0)) as server:
        whole = get(server, view(2)).body
        server.gzip = True
        assert get(server, view(2)).body == whole
        packed = get(server, view(2), Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == whole
