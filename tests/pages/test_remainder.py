"""No text of an article is cut without a sign: what no field took is in the remainder."""

from __future__ import annotations

import pytest

from tests.pages.forms import ADDRESS, BODY, NOTE, TEXT, WHOLE, page, reading

A, B, C = TEXT


def test_a_comment_that_reaches_to_the_end_of_the_page_is_counted() -> None:
    assert B in kept(page(body=f"<p>{A}</p><!-- <p>{B}</p><p>{C}</p>"))


def kept(html: str) -> str:
    """All that is kept of a page, and counted."""
    found = reading(html)
    assert found.article is not None, found.reason
    article, rest = found.article, found.remainder
    captions = (image.caption or "" for image in article.images)
    return " ".join((article.body, article.subtitle or "", *captions, *rest.body, *rest.head))


CUTS = {
    "a stray end tag, then a box": f"<p>{A}</p></div><div id=box>x</div><p>{B}</p><p>{C}</p>",
    "a start tag that an end tag ate": f"<div><p>{A}</p <div><br></div><p>{B}</p><p>{C}</p></div>",
    "text outside of Froala's box": f"<p>{A}</p><div class=fr-view><p>{B}</p></div><p>{C}</p>",
    "Froala's box that begins late": f"<p>{A}</p><p>{B}</p><div class=fr-view><p>{C}</p></div>",
    "a writer's box without end": f"<p>{A}</p><div class=else-area><p>{B}</p><p>{C}</p>",
    "a list of dates without end": f"<p>{A}</p><ul class=registModifyDate><p>{B}</p><p>{C}</p>",
    "a subtitle's box without end": f"<p>{A}</p><div class=subj><p>{B}</p><p>{C}</p>",
    "an object without end": f"<p>{A}</p><object><p>{B}</p><p>{C}</p>",
    "a select without end": f"<p>{A}</p><select><p>{B}</p><p>{C}</p>",
    "a textarea": f"<p>{A}</p><textarea><p>{B}</p></textarea><p>{C}</p>",
    "a dropped table without end": f"<p>{A}</p><table class=pdf-box><tr><p>{B}</p><p>{C}</p>",
    "Froala's box in a frame": f"<table><tr><td><p>{A}</p><div class=fr-view><p>{B}</p></div>"
    f"<p>{C}</p></td></tr></table>",
    "a start tag that an instruction ate": f"<p>{A}</p><?<div id=img_caption><p>x</p></div>"
    f"<p class=MsoNormal>{B}</p><p class=MsoNormal>{C}</p></div>",
    "a banner without end": f"<p>{A}</p><div class=banner><p>{B}</p><p>{C}</p>",
    "a script without end": f"<p>{A}</p><script><p>{B}</p><script>x()</script><p>{C}</p>",
    "a script without end in an advertisement": f"<p>{A}</p><div class=ad><script></div><p>{B}</p>"
    f"<script>x()</script><p>{C}</p>",
    "a style without end": f"<p>{A}</p><style>p{{}}<p>{B}</p><style></style><p>{C}</p>",
    "a comment without end": f"<p>{A}</p><!-- <p>{B}</p><!-- x --><p>{C}</p>",
    "an option without end": f"<p>{A}</p><option><p>{B}</p><p>{C}</p>",
    "a link without end in a box of links": f"<p>{A}</p><p>{C}</p><div class=x>"
    f"<a href='view.php?idx=3'>앞 기사<p>{B}</p></div>",
    "a list of dates without end above text": f"<div class=registModifyDate><p>{A}</p>{B}<br>{C}",
    "an advertisement behind a stray end tag": f"<p>{A}</p></div><p>{B}</p><div class=adsense-mid>"
    f"<ins class=adsbygoogle></ins></div><p>{C}</p>",
    "two stray end tags before an editor's box": f"<p>{A}</p></div></div><div class=se-text><p>{B}"
    f"</p></div><p>{C}</p>",
    "a link behind a select without end": f"<p>{A}</p><select><p>{B}</p><p><a href=/x>{C}</a></p>",
    "a link in a share bar without end": f"<p>{B}</p><p>{C}</p><div class=sns_share><a href=#>공유"
    f"</a><p><a href='http://x.kr/'>{A}</a></p>",
    "a link behind a stray end tag": f"<p>{A}</p></div><div class=x>{B}</div><p>{C}</p>"
    f"<div class=y><p><a href=/x>{C}</a></p></div>",
    "a list behind a stray end tag": f"<p>{A}</p></div><div id=x><br></div><ul><li>{B}</ul>"
    f"<details>{C}</details>",
    "as many end tags as start tags": f"<p>{A}</p></div><div id=x></div><ul><li>{B}</ul><p>{C}"
    "<div>",
    "an attribute without its second mark": f"<p>{A}</p><p style='x' class=\"a>{B}</p><p>{C}</p>"
    f'<p class="b">{A}</p>',
    "a link without its second mark": f'<p>{A}</p><p><a href="http://x.kr>{B}</a></p>'
    f'<div id="x"></div><p>{C}</p>',
    "a list of links without its second mark": f'<p>{A}</p><p>{C}</p><div class="related_news">'
    f'<a href="view.php?idx=3>앞</a></div><div class="x"><p>{B}</p></div>',
    "a tag without its end": f'<p>{A}</p><p class="a"{B}</p><p>{C}</p>',
    "a link without its tag's end": f'<p>{A}</p><p><a href="http://x.kr"{B}</a></p><p>{C}</p>',
    "cells in a comment without end": f"<p>{A}</p><!-- <table><td>{B}</table><!-- x --><p>{C}</p>",
    "a section of XML": f"<form><![CDATA[<div><p>{A}</p></div><p>{B}</p>]]><p>{C}</p></form>",
}


WHOLE_PAGES = {
    "a sign between numbers": f"<p>{A}</p><p>값은 3 < 5이다. {B}</p><p>{C}</p>",
    "an inch": f'<p>{A}</p><p>화면은 10" 크기다. {B}</p><p>{C}</p>',
    "a tag in an alternative text": f"<p>{A}</p><img src=/data/a.jpg alt='<b>그림이다.</b> 10\"'>"
    f"<p>{B}</p><p>{C}</p>",
}


@pytest.mark.parametrize("name", WHOLE_PAGES)
def test_odd_signs_in_a_text_count_nothing(name: str) -> None:
    assert reading(page(body=WHOLE_PAGES[name])).remainder.body == ()


@pytest.mark.parametrize("name", CUTS)
def test_each_sentence_is_in_a_field_or_counted(name: str) -> None:
    all_of_it = kept(page(body=CUTS[name]))
    for sentence in TEXT:
        assert sentence in all_of_it, sentence


OWN = {
    "a note": f"<p>{NOTE}</p><p>{ADDRESS}</p>",
    "an edit link": '<p><a href="#">기사수정</a></p>',
    "a count": "<div>추천 3</div>",
    "links to articles": "<p>관련기사 <a href='/news/3'>가온이 새 공장을 지었다.</a></p>",
    "a script with tags": "<script>document.write('<div class=x>내 광고</div>');</script>",
    "a comment": "<!-- <p>편집자가 지운 글이다.</p> --><!--[if !IE]><!--><!--<![endif]-->",
    "a script": "<div class=ad_box><script>write('광고를 내 드립니다. 오세요.')</script></div>",
}


@pytest.mark.parametrize("name", OWN)
def test_what_is_the_pages_own_is_not_counted(name: str) -> None:
    found = reading(page(close=f"</div>{OWN[name]}"))
    assert found.article is not None
    assert found.article.body == WHOLE
    assert found.remainder.body == ()
    inside = reading(page(body=f"{BODY}{OWN[name]}"))
    assert inside.remainder.body == ()


MOVED = {
    "paragraphs": f"<p>{B}</p><p>{C}</p>",
    "text": f"{B}<br><br>{C}",
    "text, then a box": f"{B}<p>{C}</p><div id=box>x</div>",
    "one line, then a box": f"{B}<div id=box>x</div>",
}


@pytest.mark.parametrize("name", MOVED)
def test_text_that_was_moved_out_of_the_body_and_read_is_not_counted(name: str) -> None:
    found = reading(page(body=f"<p>{A}</p></div>{MOVED[name]}"))
    assert found.article is not None
    assert WHOLE.startswith(found.article.body)
    assert B in found.article.body
    assert found.remainder.body == ()


def test_text_in_an_outer_box_is_counted_though_other_text_was_moved_and_read() -> None:
    around = f"<div><div><p>{A}</p></div></div></div><p>{B}</p><div id=box>x</div></div>{C}"
    assert C in kept(page(body=around))


@pytest.mark.parametrize("close", ["</ul>", ""], ids=["closed", "unclosed"])
def test_a_list_too_long_for_a_subtitle_is_text(close: str) -> None:
    lines = [f"소제목 {number}번 줄이다." for number in range(40)]
    entries = "".join(f"<li>{line}</li>" for line in lines)
    html = page(body=f'<ul class="subTitle">{entries}{close}<p>{A}</p><p>{B}</p><p>{C}</p>')
    all_of_it = kept(html)
    assert [line for line in (*lines, *TEXT) if line not in all_of_it] == []
    assert reading(html).remainder.body == ()
