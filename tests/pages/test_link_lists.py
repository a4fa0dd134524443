"""Boxes of links between paragraphs are no text; links that are part of a text are."""

from __future__ import annotations

import pytest

from newscrawler.items import Verdict
from tests.pages.forms import IMG, PICTURE, TEXT, WHOLE, page, read, reading

A, B, C = TEXT
TITLE = "가온화학, 첫째 공장 문 연다"
LISTS = {
    "related": f'<div class="more01"><b>관련기사</b><ul><li><a href="/news/view.php?idx=3">{TITLE}'
    "</a></li><li><a href='view.php?idx=4'>다른 제목</a></li></ul></div>",
    "with thumbnails": f'<div id="pick"><a href="view.php?idx=3"><img src="/data/t.jpg">{TITLE}</a>'
    "</div>",
    "cards": f'<div class="card"><a href="view.php?idx=3"><img src="/data/t.jpg"><b>{TITLE}</b>'
    f"<span>{A} {B}</span></a></div>",
    "aside": f'<aside><h4>함께 볼 글</h4><a href="http://amenews.kr/news/view.php?idx=3">{TITLE}'
    "</a></aside>",
    "series": '<ul class="step"><li>[연재] 분리막</li><li><a href="view.php?idx=1">① 첫 글</a></li>'
    "<li><a href='view.php?idx=2'>② 다음 글</a></li></ul>",
    "pages": '<div class="pg"><a href="?idx=7&p=1">1</a> <a href="?idx=7&p=2">2</a>'
    '<a href="#">다음</a></div>',
    "counters": '<div class="mood"><ul><li><button>좋아요</button><span>3</span></li>'
    "<li><button>슬퍼요</button><span>0</span></li></ul></div>",
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


def test_a_video_with_a_button_is_an_article() -> None:
    video = '<div class="player"><video src="a.mp4"></video><button>재생</button></div>'
    assert reading(page(body=video)).verdict is Verdict.ARTICLE


def test_an_unclosed_link_to_an_article_holds_the_text() -> None:
    link = f'<a href="view.php?idx=3">먼저 나온 기사<p>{A}</p><p>{B}</p><p>{C}</p>'
    body = f'<div class="x">{link}</div>'
    assert all(text in read(page(body=body)).body for text in TEXT)


TYPED = {
    "a list": '<p><b>[관련기사]</b></p><ul><li><a href="view.php?idx=5">첫째 제목</a></li>'
    '<li>- <a href="/news/view.php?idx=6">둘째 제목</a></li></ul>',
    "lines": '<p>▶관련 기사<br><a href="http://www.amenews.kr/news/5">첫째 제목</a></p>',
    "all in the link": '<p><a href="view.php?idx=5">☞ 관련기사: 첫째 제목</a></p>',
    "one line": '<p>관련기사 : <a href="view.php?idx=5">첫째 제목</a></p>',
}


@pytest.mark.parametrize("name", TYPED)
def test_titles_of_other_articles_below_words_that_say_so_are_no_text(name: str) -> None:
    assert read(page(body=f"<p>{A}</p><p>{B}</p><p>{C}</p>{TYPED[name]}")).body == WHOLE
    assert read(page(body=f"<p>{A}</p>{TYPED[name]}<p>{B}</p><p>{C}</p>")).body == WHOLE


def test_the_same_words_without_links_are_text() -> None:
    article = read(page(body=f"<p>{A}</p><p>관련기사</p><p>{B}</p>"))
    assert article.body == f"{A}\n\n관련기사\n\n{B}"


def test_a_link_to_an_article_in_a_sentence_is_text() -> None:
    body = f'<p>{A}</p><p><a href="view.php?idx=5">앞 기사</a>에서 이미 알렸다.</p>'
    assert read(page(body=body)).body == f"{A}\n\n앞 기사에서 이미 알렸다."


@pytest.mark.parametrize("tag", ["aside", "nav", "div class=replyList", "div id=replyWrap"])
def test_a_box_with_the_bodys_name_in_another_part_of_the_page_is_no_text(tag: str) -> None:
    other = (
        f'<{tag}><div class="viewContent"><p>다른 사람이 쓴 글이다.</p></div></{tag.split()[0]}>'
    )
    assert read(page(tail=other)).body == WHOLE
