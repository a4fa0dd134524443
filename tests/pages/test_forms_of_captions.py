"""Captions in brackets, above their picture, and in boxes that are named after a picture."""

from __future__ import annotations

import pytest

from tests.pages.forms import BODY, IMG, PICTURE, TEXT, WHOLE, page, read

CAPTION = "새로 들인 기계"
A, B, C = TEXT


@pytest.mark.parametrize("brackets", ["[▲ {}]", "(▲{})", "&lt;△ {}&gt;", "【▲ {} 】"])
@pytest.mark.parametrize("place", ["<p>{}</p><p>{}</p>", "<div id=img_caption>{}<p>{}</p></div>"])
def test_a_marked_caption_may_be_in_brackets(brackets: str, place: str) -> None:
    article = read(page(body=place.format(IMG, brackets.format(CAPTION)) + BODY))
    assert [image.caption for image in article.images] == [CAPTION]
    assert article.body == WHOLE


@pytest.mark.parametrize("picture", ["<p>{}</p>", "<div id=img_caption>{}</div>"])
def test_a_line_that_points_down_to_a_picture_is_its_caption(picture: str) -> None:
    above = f"<p>▼ {CAPTION}</p>{picture.format(IMG)}"
    article = read(page(body=f"<p>{A}</p>{above}<p>{B}</p><p>{C}</p>"))
    assert [image.caption for image in article.images] == [CAPTION]
    assert article.body == WHOLE


@pytest.mark.parametrize(
    "body",
    [
        f"<p>▼ {CAPTION}</p><p>{A}</p><p>{IMG}</p>",
        f"<p>▼ {CAPTION}</p><p>{IMG}</p><p>▲ 다른 말</p>",
        f"<p>▼ 먼저 들인 것</p><p>▼ {CAPTION}</p><p>{IMG}</p>",
    ],
    ids=["text between", "another caption", "a list"],
)
def test_other_lines_that_point_down_are_text(body: str) -> None:
    assert f"▼ {CAPTION}" in read(page(body=body)).body.split("\n\n")


@pytest.mark.parametrize("name", ["photo", "image", "img-box", "picture_wrap"])
def test_a_short_text_in_a_box_named_after_its_picture_is_the_caption(name: str) -> None:
    box = f'<div class="{name}"><a href="#">{IMG}</a><em>{CAPTION}</em></div>'
    article = read(page(body=f"<p>{A}</p>{box}<p>{B}</p><p>{C}</p>"))
    assert [(image.url, image.caption) for image in article.images] == [(PICTURE, CAPTION)]
    assert article.body == WHOLE


BOXES = {
    "figure": f"<figure>{IMG}<figcaption>{CAPTION}</figcaption>",
    "box": f"<div id=img_caption>{IMG}<p>▲ {CAPTION}</p>",
}


@pytest.mark.parametrize("name", BOXES)
def test_the_text_behind_a_picture_box_without_end_is_no_caption(name: str) -> None:
    article = read(page(body=f"<p>{A}</p><p>{B}</p>{BOXES[name]}<p>{C}</p>"))
    assert [image.caption for image in article.images] == [CAPTION]
    assert article.body == WHOLE


@pytest.mark.parametrize("close", ["</div>", ""], ids=["closed", "unclosed"])
def test_the_text_in_such_a_box_is_no_caption(close: str) -> None:
    article = read(page(body=f'<div class="photo">{IMG}<p>{A}</p><p>{B}</p>{close}<p>{C}</p>'))
    assert [image.caption for image in article.images] == [None]
    assert article.body == WHOLE
