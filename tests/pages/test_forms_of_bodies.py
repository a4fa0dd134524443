"""Bodies in the forms that editors, word processors and old pages give them: the same text."""

from __future__ import annotations

import pytest

from tests.pages.forms import (
    ADDRESS,
    BODY,
    IMG,
    NOTE,
    PICTURE,
    SUBTITLE,
    TAIL,
    TEXT,
    WHOLE,
    page,
    read,
)

A, B, C = TEXT
BODIES = {
    "br": "<br><br>".join(TEXT),
    "br and blanks": "<BR>&nbsp;<BR>".join(TEXT),
    "unclosed upper case": "".join(f"<P><FONT size=2>{text}" for text in TEXT),
    "one column of a table": f"<table><tr><td>{A}<tr><td>{B}<tr><td>{C}</table>",
    "beside a picture": f"<table><tr><td>{IMG}<td><p>{A}</p><p>{B}</p><p>{C}</p></table>",
    "form without p": f"<form><input type=hidden name=a>{A}<br><br>{B}<br><br>{C}</form>",
    "form to fill in": f"<form><input type=text><div>{A}</div><div>{B}</div><p>{C}</form>",
    "pre": "<pre>" + "\n\n".join(TEXT) + "</pre>",
    "white-space": '<div style="white-space: pre-wrap">' + "\n\n".join(TEXT) + "</div>",
    "pasted end": f"<p>{A}</p></body></html><p>{B}</p><p>{C}</p>",
    "pasted document": f"<p>{A}</p></BODY></HTML><html><body><p>{B}</p><p>{C}</p>",
    "embed": f"{A}<br><br><embed src=a.swf width=400><br><br>{B}<br><br>{C}",
    "embed in upper case": f"<P>{A}<P><EMBED SRC=a.swf><P>{B}<P>{C}",
    "object": f"<p>{A}</p><object><param name=a><embed src=x></object><p>{B}</p><p>{C}</p>",
    "second box": f"<p>{A}</p></div><div class='viewContent'><p>{B}</p><p>{C}</p>",
    "third box": f"{A}</div><div class='viewContent'>{B}</div><div class='viewContent'>{C}",
    "stray end": f"<p>{A}</p></div><p>{B}</p><p>{C}</p>",
    "stray end before bare text": f"<p>{A}</p></div>{B}<br><br>{C}",
    "list": "".join(f"<ul><li>{text}</ul>" for text in TEXT),
    "blocks by style": "".join(f"<span style='display:block'>{text}</span>" for text in TEXT),
    "bold over paragraphs": f"<p><b>{A}</p><p>{B}</b></p><p>{C}</p>",
    "noscript": f"<p>{A}</p><noscript><p>켜세요</p></noscript><p>{B}</p><p>{C}</p>",
}


@pytest.mark.parametrize("name", BODIES)
def test_the_same_text(name: str) -> None:
    assert read(page(body=BODIES[name])).body == WHOLE


BLANKS = (
    *("\u3164", "\u200b", "\xa0", "\u2800", "\uffa0", "\u115f\u1160", "\ufeff", "\u180e", "\u2060"),
    *("\u00ad", "\u200e", "\u200d", "\u3000", "\u2003", "\u202f", "\u205f", "\u034f", "\ufe0f"),
)


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_blank_characters_make_no_paragraph(blank: str) -> None:
    dressed = "".join(f"<p><span>{blank} {blank}</span></p><p>{text}</p>" for text in TEXT)
    assert read(page(body=dressed)).body == WHOLE


@pytest.mark.parametrize("marks", ["\u202a{}\u202c", "\u200e{}", "\u2068{}\u2069"])
def test_direction_marks_are_kept_only_beside_letters_that_are_read_from_the_right(
    marks: str,
) -> None:
    assert (
        read(page(body=f"<p>{marks.format('가온화학')}이 짓는다.</p>")).body == "가온화학이 짓는다."
    )
    hebrew = f"이름은 {marks.format('שלום')}이다."
    assert read(page(body=f"<p>{hebrew}</p>")).body == hebrew


def test_a_browsers_marks_of_a_quotation_are_text() -> None:
    assert read(page(body="<p>회사는 <q>값을 낮추겠다</q>고 했다.</p>")).body == (
        "회사는 “값을 낮추겠다”고 했다."
    )


def test_a_poll_is_no_text_and_a_list_with_boxes_to_tick_is() -> None:
    choices = "<p>무엇이 좋은가</p><label><input type=radio>첫째</label>"
    assert read(page(body=f"{BODY}<form>{choices}<button>투표</button></form>")).body == WHOLE
    assert "무엇이 좋은가" in read(page(body=f"{BODY}<form>{choices}</form>")).body


ODD_LINES = (
    "ⓒ 가온통신 무단전재 및 재배포 금지",
    "저작권자 ⓒ 신소재경제신문, 무단 전재 및 재배포 금지",
    "다른 곳에 퍼가실 때는 허락을 받으라는 말도 나왔다.",
    "다른 곳에 퍼가실 때는 아래 고유 링크 주소를 출처로 적어 달라고 적혀 있었다.",
    "기사수정 요청이 많았다.",
    "나도 한마디 하겠다고 나섰다.",
)


@pytest.mark.parametrize("line", ODD_LINES)
@pytest.mark.parametrize("gap", ["</p><p>", "<br><br>"])
def test_a_line_like_the_pages_own_ends_nothing(line: str, gap: str) -> None:
    body = f"<p>{gap.join((A, line, B, C))}</p>"
    assert read(page(body=body)).body == "\n\n".join((A, line, B, C))


TAILS = {
    "boxes": f"<div class=good>0</div><span>기사수정</span><div>{NOTE}<p>{ADDRESS}</p></div>",
    "bare": f"0<br>기사수정<br>{NOTE}<br>{ADDRESS}",
    "one line": f"<p>{NOTE} {ADDRESS}</p>",
    "in pieces": f"<p><span>다른 곳에</span>{NOTE[5:]}</p><input value='{ADDRESS}'>",
    "other words": "<div>옮길 때는 아래 고유 링크 주소를 출처로 써 주세요.<p>www.amenews.kr</div>",
}


@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("close", ["</div>", ""], ids=["closed", "unclosed"])
def test_the_pages_own_lines_are_no_text(name: str, close: str) -> None:
    assert read(page(body=BODY + TAILS[name], close=close)).body == WHOLE
    assert read(page(body=BODY + TAILS[name], close=close, tail="")).body == WHOLE


def test_a_bare_count_below_the_text_is_the_recommendations() -> None:
    assert read(page(body=BODY + "<p>12</p><a>기사수정</a>", tail="")).recommend_count == 12
    assert read(page(tail="34<a>기사수정</a>")).recommend_count == 34


def test_froalas_box_alone_is_the_body_where_it_is_filled() -> None:
    others = "<div class=hot><p>다른 글의 머리</p><p>다른 글의 요약 ...</p></div>"
    button = '<div class="button-container"><a href="#">후원하기</a></div>'
    assert read(page(body=f'{others}<div class="fr-view">{BODY}{button}</div>')).body == WHOLE
    assert read(page(body=f'<div class="fr-view"></div>{BODY}')).body == WHOLE


@pytest.mark.parametrize("around", ["{}", "<div>{}</div>", '<div class="fr-box">{}</div>'])
@pytest.mark.parametrize("tag", ["div class=subTitle", "h3 class=sub_title", "ul class=subj"])
def test_a_subtitle_beside_froalas_box_is_the_subtitle(tag: str, around: str) -> None:
    subtitle = f"<{tag}>{SUBTITLE}</{tag.split()[0]}>"
    others = '<div class="subTitle"><a href="/article/1">다른 글</a></div>'
    box = around.format(f'<div class="fr-view">{BODY}</div>')
    article = read(page(body=f"{subtitle}{others}{box}"))
    assert (article.subtitle, article.body) == (SUBTITLE, WHOLE)


@pytest.mark.parametrize("place", ["{0}{1}", "{1}{0}"])
@pytest.mark.parametrize("link", ["기사 메일전송", "기사수정"])
def test_a_link_of_the_template_in_the_bodys_box_is_no_text(link: str, place: str) -> None:
    assert read(page(body=place.format(f"<div>{link}</div>", BODY))).body == WHOLE


@pytest.mark.parametrize("gap", ["<p><br></p>", "<p>&nbsp;</p>", ""])
@pytest.mark.parametrize("border", ["<br>", "</p><p>", "\n"])
def test_a_border_in_a_sentence_is_no_paragraph(gap: str, border: str) -> None:
    parts = ("위원회는", "<span>4</span>개 분야를 골랐고", "<span>,</span> 예산을 늘린다.")
    first = f"<p>{border.join(parts)}</p>"
    body = gap.join((first, f"<p>{B}</p>"))
    paragraphs = read(page(body=body)).body.split("\n\n")
    assert [" ".join(text.split()).replace(" ,", ",") for text in paragraphs] == [
        "위원회는 4개 분야를 골랐고, 예산을 늘린다.",
        B,
    ]


CAPTION = "공장장이 새 기계를 둘러보고 있다."
CAPTIONS = {
    f"▲ {CAPTION}": CAPTION,
    f"▲ {CAPTION}.": CAPTION,
    f"▲{CAPTION} . ": CAPTION,
    "▲ .": None,
    "▲. ": None,
    "▲ 살피고 있나?.": "살피고 있나?",
    "▲ “살피고 있다.”.": "“살피고 있다.”",
    "▲ 김가온 대표. 김가온 대표": "김가온 대표",
    f"▲ {CAPTION}. {CAPTION}": CAPTION,
    f"▲ {CAPTION} {CAPTION}.": CAPTION,
    f"▲ {CAPTION}. {CAPTION} .": CAPTION,
    "▲ ⓒ가온통신 무단전재 및 재배포 금지": "ⓒ가온통신 무단전재 및 재배포 금지",
}
BOXES = {
    "box": '<div id="img_caption">{img}<p>{caption}</p></div>',
    "bare": '<div id="img_caption">{img}<br>{caption}</div>',
    "figure": "<figure>{img}<figcaption>{caption}</figcaption></figure>",
    "rows": "<table><tr><td>{img}</td></tr><tr><td>{caption}</td></tr></table>",
    "below": "<p>{img}</p><p>{caption}</p>",
    "same paragraph": "<p>{img}<br>{caption}</p>",
    "froala": '<p><span class="fr-img-caption">{img}<span class="fr-inner">{caption}</span></span>',
}


@pytest.mark.parametrize("printed", CAPTIONS)
@pytest.mark.parametrize("box", BOXES)
def test_captions_are_as_typed_wherever_they_stand(printed: str, box: str) -> None:
    shown = BOXES[box].format(img=IMG, caption=printed)
    for body in (f"{shown}{BODY}", f"<p>{A}</p>{shown}<p>{B}</p><p>{C}</p>", f"{BODY}{shown}"):
        article = read(page(body=body))
        assert [(image.url, image.caption) for image in article.images] == [
            (PICTURE, CAPTIONS[printed])
        ]
        assert article.body == WHOLE


@pytest.mark.parametrize(
    "name", ["caption", "se-module se-caption", "photo_caption", "Img-Caption"]
)
def test_a_class_that_ends_like_a_caption_is_one(name: str) -> None:
    box = f'<div class="photo"><div>{IMG}</div><div class="{name}"><p>둘째 공장</p></div></div>'
    article = read(page(body=box + BODY))
    assert [(image.url, image.caption) for image in article.images] == [(PICTURE, "둘째 공장")]
    assert article.body == WHOLE


def test_text_below_a_caption_in_its_paragraph_is_text() -> None:
    article = read(page(body=f"<p>{IMG}<br>▲ {CAPTION}<br>{A}</p><p>{B}</p><p>{C}</p>"))
    assert (article.images[0].caption, article.body) == (CAPTION, WHOLE)


CREDITS = ("(사진=가온화학)", "ⓒ 가온화학", "사진=가온화학 제공", "(제공=가온화학)")


@pytest.mark.parametrize("credit", CREDITS)
def test_a_credit_below_a_caption_is_part_of_it(credit: str) -> None:
    body = f"<p>{IMG}<br>▲ {CAPTION}<br>{credit}<br>{A}</p><p>{B}</p><p>{C}</p>"
    article = read(page(body=body))
    assert (article.images[0].caption, article.body) == (f"{CAPTION} {credit}", WHOLE)


@pytest.mark.parametrize("cells", ["{0}</td><td>{1}", "{1}</td><td>{0}"], ids=["left", "right"])
@pytest.mark.parametrize("text", [A, f"{A}<br><br>{B}"], ids=["one paragraph", "two"])
def test_text_in_the_cell_next_to_a_picture_is_no_caption(cells: str, text: str) -> None:
    row = cells.format(f"{IMG}<br>▲ {CAPTION}", text)
    rest = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT if paragraph not in text)
    article = read(page(body=f"<table><tr><td>{row}</td></tr></table>{rest}"))
    assert (article.images[0].caption, article.body) == (CAPTION, WHOLE)


@pytest.mark.parametrize("name", ["banner", "topArticleBanner", "ad_box", "AD-area", "sponsor"])
def test_advertisements_are_neither_text_nor_pictures(name: str) -> None:
    box = f"<div class='{name}'><a href='http://x'>참가기업 모집<img src='/data/x.gif'></a></div>"
    article = read(page(body=f"<p>{A}</p>{box}<p>{B}</p><p>{C}</p>"))
    assert (article.body, article.images) == (WHOLE, ())


LAZY = {
    "data-src": "src='#' data-src='{a}'",
    "data-original": "src='/img/loading.gif' data-original='{a}'",
    "behind an icon": "src='/img/grey.gif' data-original='{a}'",
    "srcset": "src='data:image/gif;base64,R0' srcset='{a} 480w, /b.jpg 800w'",
    "data-srcset": "data-srcset='{a} 1x'",
}


@pytest.mark.parametrize("name", LAZY)
def test_pictures_that_a_script_loads_are_found(name: str) -> None:
    image = LAZY[name].format(a="/data/cheditor4/2011/a.jpg")
    assert [i.url for i in read(page(body=f"<p><img {image}></p>{BODY}")).images] == [PICTURE]


def test_a_picture_for_readers_without_scripts_is_one_picture() -> None:
    later = f"<img src='data:x' class=lazy><noscript>{IMG}</noscript>"
    assert [i.url for i in read(page(body=later + BODY)).images] == [PICTURE]
    assert [i.url for i in read(page(body=f"{IMG}<noscript>{IMG}</noscript>")).images] == [PICTURE]


@pytest.mark.parametrize("counter", ["//t.example/p.gif", "https://t.example/tr?id=1"])
def test_a_counter_for_readers_without_scripts_is_no_picture(counter: str) -> None:
    assert read(page(body=f"<noscript><img src='{counter}'></noscript>{BODY}")).images == ()


def test_a_picture_that_is_hidden_until_it_is_loaded_is_one() -> None:
    image = "<img data-original='/data/cheditor4/2011/a.jpg' style='display:none'>"
    assert [i.url for i in read(page(body=image + BODY)).images] == [PICTURE]


def test_a_hidden_picture_is_none() -> None:
    assert read(page(body=f"<img src=/data/a.jpg style='display:none'>{BODY}")).images == ()


@pytest.mark.parametrize("text", [f"{A}{B}{C}", f"{A} {B} {C}"])
def test_several_sentences_below_a_picture_are_text(text: str) -> None:
    article = read(page(body=f"<table><tr><td>{IMG}</td></tr><tr><td>{text}</td></tr></table>"))
    assert (article.body, [i.caption for i in article.images]) == (text, [None])


def test_cells_with_sentences_are_no_data() -> None:
    row = f"<td><p>{A}</p><p>{B}</p></td><td><p>{C}</p><p>{A}</p></td>"
    article = read(page(body=f"<table><tr>{row}</tr></table>"))
    assert article.body == "\n\n".join((A, B, C, A))


FRAMED = {
    "its own box": f"<div id='img_caption'>{IMG}<p>▲ 공장</p></div>",
    "a table": f"<table><tr><td>{IMG}</td></tr><tr><td>▲ 공장</td></tr></table>",
    "a figure": f"<figure>{IMG}<figcaption>공장</figcaption></figure>",
    "paragraphs": f"<p>{IMG}</p><p>▲ 공장</p>",
}


@pytest.mark.parametrize("name", FRAMED)
def test_a_frame_around_a_picture_and_a_text_is_no_picture_box(name: str) -> None:
    article = read(page(body=f"<table width=100%><tr><td>{FRAMED[name]}{BODY}</td></tr></table>"))
    assert article.body == WHOLE
    assert [(image.url, image.caption) for image in article.images] == [(PICTURE, "공장")]


@pytest.mark.parametrize(
    "source",
    [
        "file:///C:/a.jpg",
        "C:\\a.jpg",
        "c:/a.jpg",
        "\\\\srv\\a.jpg",
        "blob:http://x/1",
        "cid:1",
        "#",
    ],
)
def test_what_lies_on_the_writers_disk_is_no_picture(source: str) -> None:
    assert read(page(body=f"<p><img src='{source}'></p>{BODY}")).images == ()


def test_base_href_is_where_addresses_begin() -> None:
    html = page(head='<base href="http://img.amenews.kr/f/">', body=f"<img src='up/a.jpg'>{BODY}")
    assert [image.url for image in read(html).images] == ["http://img.amenews.kr/f/up/a.jpg"]


@pytest.mark.parametrize("video", ["<iframe src='//a/b'></iframe>", "<video src=a></video>"])
def test_a_video_alone_is_an_article(video: str) -> None:
    assert read(page(body=video)).body == ""


@pytest.mark.parametrize("name", ["snspost", "snsong", "snow", "snippet"])
def test_a_class_that_only_begins_like_a_share_bar_is_text(name: str) -> None:
    assert read(page(body=f"<div class='{name}'>{BODY}</div>")).body == WHOLE


HIDDEN = (
    "<dialog>누리집 안내</dialog>",
    "<div style='position:absolute; left:-9999px'>누리집 안내</div>",
    "<h3 style='text-indent:-99999px'>누리집 안내</h3>",
    "<div style='height:0; overflow:hidden'>누리집 안내</div>",
    "<span style='font-size:0'>누리집 안내</span>",
    "<div class='ai-summary'><p>기계가 줄인 글</p></div>",
    "<div class='adlink'><a href='http://x.example'>상담 받기</a></div>",
    "<div id='taboola-mid'><a href='http://x.example'>다른 글</a> 광고</div>",
    "<blockquote class='instagram-media'><a href='http://x.example'>게시물 보기</a></blockquote>",
    "<amp-ad><span>광고</span></amp-ad>",
    "<div class='subscribe_box'><p>구독해 주세요</p></div>",
)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_page_hides_is_no_text(hidden: str) -> None:
    assert read(page(body=f"<p>{A}</p>{hidden}<p>{B}</p><p>{C}</p>")).body == WHOLE


def test_a_size_of_zero_around_letters_with_a_size_hides_nothing() -> None:
    spans = "".join(f"<p style='font-size:16px'>{text}</p>" for text in TEXT)
    assert read(page(body=f"<div style='font-size:0'>{spans}</div>")).body == WHOLE


def test_a_floating_picture_with_its_caption_is_apart_from_the_text() -> None:
    box = f"<span style='float:left'>{IMG}<br><font size=1>▲ 공장</font></span>"
    article = read(page(body=f"{box}{A}<br><br>{B}<br><br>{C}"))
    assert (article.body, article.images[0].caption) == (WHOLE, "공장")


def test_a_floating_first_letter_is_part_of_its_word() -> None:
    body = f"<p><span style='float:left'>{A[0]}</span>{A[1:]}</p><p>{B}</p><p>{C}</p>"
    assert read(page(body=body)).body == WHOLE


RIGHTS = (
    "Copyright ⓒ 신소재경제신문 All rights reserved.",
    "ⓒ 신소재경제신문 무단사용 금지",
    "&lt;저작권자 © 신소재경제신문, 무단전재 및 재배포 금지&gt;",
)


@pytest.mark.parametrize("line", RIGHTS)
def test_a_rights_line_below_the_text_is_no_text(line: str) -> None:
    assert read(page(body=f"{BODY}<p>{line}</p>")).body == WHOLE


def test_a_row_of_captions_below_a_row_of_pictures() -> None:
    cells = "".join(f"<td><img src='/data/{name}.jpg'></td>" for name in "abc")
    captions = "".join(f"<td>{name} 공장</td>" for name in "가나다")
    article = read(page(body=f"<table><tr>{cells}</tr><tr>{captions}</tr></table>{BODY}"))
    assert [image.caption for image in article.images] == ["가 공장", "나 공장", "다 공장"]
    assert article.body == WHOLE


def test_a_caption_goes_on_behind_a_comma() -> None:
    article = read(page(body=f"<p>{IMG}</p><p>▲ 왼쪽부터 강나루,<br>오세린 대표</p>{BODY}"))
    assert (article.images[0].caption, article.body) == ("왼쪽부터 강나루, 오세린 대표", WHOLE)


@pytest.mark.parametrize("label", ["크게보기", "사진 확대 보기"])
def test_a_button_between_a_picture_and_its_caption(label: str) -> None:
    box = f"<div>{IMG}<a href='javascript:zoom()'>{label}</a></div><p>▲ 공장</p>"
    article = read(page(body=box + BODY))
    assert (article.images[0].caption, article.body) == ("공장", WHOLE)


COPY = f"<div class='viewContent'>{BODY}</div>"
COPIES = {
    "hidden above": {"above": f"<div style='display:none'><div id=viewContent>{BODY}</div></div>"},
    "hidden below": {"tail": f"<div style='display:none'>{COPY}</div>{TAIL}"},
    "for printing": {"tail": f"{TAIL}<div class=print>{COPY}</div>"},
    "of another article": {
        "tail": f"{TAIL}<div class=basicView><div class=viewContent><p>다음 글이다.</p></div></div>"
    },
}


@pytest.mark.parametrize("name", COPIES)
def test_a_second_copy_or_another_article_is_no_text(name: str) -> None:
    assert read(page(**COPIES[name])).body == WHOLE
