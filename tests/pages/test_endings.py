"""Names and phrases of what follows an article, and unclosed boxes, inside its text."""

from __future__ import annotations

import pytest

from tests.pages.forms import ADDRESS, BODY, LIKES, NOTE, TEXT, WHOLE, page, read

A, B, C = TEXT
OTHER = "<dt>관련기사</dt><dd><a href='view.php?idx=3'>나래화학, 새 대표 뽑아</a></dd>"
BOXES = {
    "related": f"<dl class='relatedNews'>{OTHER}</dl>",
    "related in a box": f"<div class='box relatedNews'><dl>{OTHER}</dl></div>",
    "keywords": "<dl class='keywords'><dt>TAG</dt><dd><a href='listkey.php?key_idx=3'>막</a></dl>",
    "related by id": f"<div id='relatedNews'><dl>{OTHER}</dl></div>",
    "profile": "<div class='writerProfile'>기자프로필</div>",
}
OTHER_NOTE = "옮길 때는 아래 고유 링크 주소를 출처로 적어 주세요."
BELOW = {
    "count and note": f"{LIKES}<p>{NOTE}</p><p>{ADDRESS}</p><div class=replyWrite></div>",
    "count": f"{LIKES}<div class=replyWrite></div>",
    "note": f"<div>{OTHER_NOTE}<p>{ADDRESS}</p></div><div class=replyWrite></div>",
}


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("close", ["</div>", ""], ids=["closed", "unclosed"])
def test_a_box_above_the_note_ends_no_text(name: str, below: str, close: str) -> None:
    box = BOXES[name]
    for body in (f"{A}<br><br>{box}{B}<br><br>{C}", f"<p>{A}</p>{box}<p>{B}</p>{box}<p>{C}</p>"):
        assert read(page(body=body, close=close, tail=BELOW[below])).body == WHOLE


@pytest.mark.parametrize("name", BOXES)
def test_a_box_below_the_note_ends_the_text(name: str) -> None:
    tail = f"{LIKES}<p>{NOTE}</p><p>{ADDRESS}</p>{BOXES[name]}<p>다른 글의 요약이다.</p>"
    assert read(page(close="", tail=tail)).body == WHOLE


LINES = ("나도 한마디", "기자프로필", "글을 퍼가실 때는 출처를 밝혀 주세요.<br>http://gaon.example")


@pytest.mark.parametrize("line", LINES)
def test_a_line_above_the_note_ends_no_text(line: str) -> None:
    body = f"<p>{A}</p><p>{line}</p><p>{B}</p><p>{C}</p>"
    printed = line.replace("<br>", "\n")
    assert read(page(body=body)).body == "\n\n".join((A, printed, B, C))


UNCLOSED = (
    "<div class='topArticleBanner'>",
    "<div id='ad_1'><a href='x'><img src='/data/banner/x.gif'></a>",
    "<div class='snsWrap'>",
    "<button>",
    "<acronym>",
    "<object><param name=a value=b><embed src=x>",
    "<svg><path d='M0'>",
    "<video src=x>",
)


@pytest.mark.parametrize("opening", UNCLOSED)
def test_text_in_an_excluded_box_without_end_tag_is_text(opening: str) -> None:
    article = read(page(body=f"<p>{A}</p>{opening}<p>{B}</p><p>{C}</p>"))
    assert article.body == WHOLE


CLOSED = (
    "<div class='topArticleBanner'>{}</div>",
    "<button>{}</button>",
    "<object>{}</object>",
    "<p style='visibility: hidden'>{}</p>",
    "<div hidden>{}</div>",
    "<DIV STYLE='color:red; DISPLAY:NONE'>{}</DIV>",
)


@pytest.mark.parametrize("box", CLOSED)
@pytest.mark.parametrize("close", ["</div>", ""], ids=["closed", "unclosed"])
def test_what_a_page_hides_or_advertises_is_no_text(box: str, close: str) -> None:
    advertisement = box.format("참가 기업을 찾습니다. 자세한 내용은 누리집에 있습니다. " * 3)
    body = f"<p>{A}</p>{advertisement}<p>{B}</p><p>{C}</p>"
    assert read(page(body=body, close=close)).body == WHOLE


@pytest.mark.parametrize("style", ["overflow:hidden", "backface-visibility:hidden", "color:red"])
def test_other_styles_hide_nothing(style: str) -> None:
    assert read(page(body=f"<div style='{style}'>{BODY}</div>")).body == WHOLE


@pytest.mark.parametrize("heading", ["■ 분리막의 앞날은", "<b>분리막의 앞날은</b>"])
def test_a_heading_is_a_paragraph_of_its_own(heading: str) -> None:
    words = heading.replace("<b>", "").replace("</b>", "")
    body = f"<p>{heading}</p><p>{A} {B}</p>"
    assert read(page(body=body)).body == f"{words}\n\n{A} {B}"


@pytest.mark.parametrize("sign", ["{}. ", "{}) ", "({}) "])
def test_entries_of_a_numbered_list_are_paragraphs(sign: str) -> None:
    entries = [sign.format(number) + f"{number}호 분리막은" for number in (1, 2, 12)]
    body = "".join(f"<p>{entry}</p>" for entry in entries)
    assert read(page(body=body)).body == "\n\n".join(entries)
