"""Boxes of links between paragraphs are no text; links that are part of a text are."""

from __future__ import annotations

import pytest

from tests.pages.forms import IMG, PICTURE, TEXT, WHOLE, page, read

A, B, C = TEXT
TITLE = "가온화학, 첫째 공장 문 연다"
LISTS = {
    "related": f'<div class="more01"><b>관련기사</b><ul><li><a href="/news/view.php?idx=3">{TITLE}'
    "</a></li><li><a href='view.php?idx=4'>다른 제목</a></li></ul></div>",
    "with thumbnails": f'<div id="pick"><a href="view.php?idx=3"><img src="/data/t.jpg">{TITLE}</a>'
    "</div>",
    "aside": f'<aside><h4>함께 볼 글</h4><a href="http://amenews.kr/news/view.php?idx=3">{TITLE}'
    "</a></aside>",
    "series": '<ul class="step"><li>[연재] 분리막</li><li><a href="view.php?idx=1">① 첫 글</a></li>'
    "<li><a href='view.php?idx=2'>② 다음 글</a></li></ul>",
    "pages": '<div class="pg"><a href="?idx=7&p=1">1</a> <a href="?idx=7&p=2">2</a>'
    '<a href="#">다음</a></div>',
    "controls": '<div class="size"><button>글자</button><a href="#">가</a>'
    '<a href="javascript:big()">가</a></div>',
}


@pytest.mark.parametrize("name", LISTS)
def test_a_box_of_links_is_no_text(name: str) -> None:
    article = read(page(body=f"<p>{A}</p>{LISTS[name]}<p>{B}</p><p>{C}</p>"))
    assert (article.body, article.images) == (WHOLE, ())


TEXTS = {
    "elsewhere": '<div class="x"><a href="http://example.kr/">http://example.kr/</a></div>',
    "a footnote": '<div class="fn"><a href="#r1">1)</a> 조합 자료</div>',
    "a source": '<div class="src">출처: <a href="#">가온화학</a></div>',
    "a sentence in a link": f'<div class="x"><a href="#">{A}</a></div>',
    "a sentence beside a link": '<div class="x">이 회사는 지난해에도 공장을 지었다. '
    '<a href="view.php?idx=3">지난 기사</a></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_links_with_text_are_text(name: str) -> None:
    article = read(page(body=f"<p>{A}</p>{TEXTS[name]}<p>{B}</p>"))
    assert len(article.body.split("\n\n")) == 3


def test_a_picture_with_a_button_is_a_picture() -> None:
    box = f'<div class="photo"><p>{IMG}</p><a href="#">확대</a></div>'
    article = read(page(body=f"{box}<p>{A}</p>"))
    assert [image.url for image in article.images] == [PICTURE]


def test_an_unclosed_link_to_an_article_holds_the_text() -> None:
    link = f'<a href="view.php?idx=3">먼저 나온 기사<p>{A}</p><p>{B}</p><p>{C}</p>'
    body = f'<div class="x">{link}</div>'
    assert all(text in read(page(body=body)).body for text in TEXT)
