"""Words that markup hides: in angle brackets, and behind a script that protects an address."""

from __future__ import annotations

import pytest

from newscrawler.pages import markup
from tests.pages.forms import BODY, TEXT, WHOLE, page, read

WORDS = (
    "이번 <OLED> 소재와 <ESS> 설비",
    "전시회 <Smart Factory 2021>이 열린다",
    "물음은 <ask@gaon.example>로 보내면 된다",
    "자세한 말은 <http://gaon.example/a>에 있다",
    "약어 </EV> 표기가 늘었다",
    "압력이 p1<p2<p3일 때",
    "<표 1>과 <그림2>, <사진=가온화학>",
    "합금 <Ni-MH>과 <Li-ion>을 견줬다",
    "그림 <View 3>과 <Line>",
    "표 <Table 1>과 <Figure 2>, <Time 표지>",
)


@pytest.mark.parametrize("line", WORDS)
def test_a_word_in_angle_brackets_is_text(line: str) -> None:
    assert read(page(body=f"<p>{TEXT[0]}</p><p>{line}</p>{BODY}")).body.split("\n\n")[1] == line


@pytest.mark.parametrize("line", [line for line in WORDS if "@" not in line])
def test_a_word_in_angle_brackets_is_text_of_the_head_too(line: str) -> None:
    article = read(page(title=f"<strong>{line}</strong>", shared="", beside=f"<em>{line}, 또</em>"))
    assert (article.title, article.subtitle) == (line, f"{line}, 또")


@pytest.mark.parametrize(
    "element",
    [
        "<o:p></o:p>",
        "<o:p>",
        '<st1:place w:st="on">',
        "<ame-box></ame-box>",
        "<hwp></hwp>",
        '<spanstyle="color:red">',
        '<br"/>',
        "<blink></blink>",
        "<script>if (a<b) { c = '<XYZ>'; }</script>",
        "<svg><path d='M0'/><g></g></svg>",
    ],
)
def test_an_element_is_no_text(element: str) -> None:
    assert read(page(body=element + BODY)).body == WHOLE


def test_an_alternative_text_may_hold_such_a_word() -> None:
    article = read(page(body=f'<p><img src="/data/a.jpg" alt="<OLED> 판"></p>{BODY}'))
    assert (article.body, len(article.images)) == (WHOLE, 1)


def protected(address: str, key: int) -> str:
    return f"{key:02x}" + "".join(f"{ord(sign) ^ key:02x}" for sign in address)


@pytest.mark.parametrize("tag", ["a", "span"])
def test_an_address_that_a_script_shows_is_read(tag: str) -> None:
    code = protected("han@amenews.kr", 42)
    hidden = f'<{tag} class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</{tag}>'
    article = read(page(writer=f'<div class="else-area"><p>한지우 기자 {hidden}</p></div>'))
    assert article.byline == "한지우 기자 han@amenews.kr"
    assert [person.email for person in article.reporters] == ["han@amenews.kr"]


@pytest.mark.parametrize("code", ["", "4", "zz", "2a00", "2a" + "16" * 10])
def test_what_is_no_address_stays(code: str) -> None:
    source = f'<span data-cfemail="{code}">[email protected]</span>'.encode()
    assert markup.mended(source) == source
