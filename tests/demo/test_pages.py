"""A page of the local newspaper prints what its record says, with the habits of a real one."""

from __future__ import annotations

from urllib.parse import urlsplit

import lxml.html
import pytest

from newscrawler.demo.newspaper import Newspaper, Truth
from tests.demo.client import page, printed_words, squeezed

SKINS = ("classic", "classic_variant", "article_head")


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


@pytest.mark.parametrize("boilerplate", [2_000, 8_000, 55_000])
def test_boilerplate_sets_the_size_of_a_page(boilerplate: int) -> None:
    paper = Newspaper(boilerplate=boilerplate, size=40, gap_share=0)
    sizes = sorted(len(page(paper, idx).encode()) for idx in range(1, 41))
    assert boilerplate + 3_000 < sizes[20] < boilerplate + 9_000
