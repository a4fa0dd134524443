"""Heads in the forms that templates and editors give them: subtitles, dates, writers, sections."""

from __future__ import annotations

import pytest

from newscrawler.pages.article import count_of
from newscrawler.pages.bylines import reporters
from tests.pages.forms import (
    BODY,
    DATES,
    LIKES,
    SHARE,
    SUBTITLE,
    TAIL,
    TITLE,
    WHOLE,
    WRITER,
    page,
    read,
    reading,
)

TAGS = ("span", "em", "div", "h3", "h2", "p", "b", "strong", "ul li", "dl dd", "dl dt", "div p")


def wrapped(tags: str, text: str) -> str:
    opened = "".join(f"<{tag}>" for tag in tags.split())
    return opened + text + "".join(f"</{tag}>" for tag in reversed(tags.split()))


@pytest.mark.parametrize("tags", TAGS)
def test_a_subtitle_is_what_is_left_in_the_title_box(tags: str) -> None:
    article = read(page(beside=wrapped(tags, SUBTITLE)))
    assert (article.title, article.subtitle) == (TITLE, SUBTITLE)
    two = read(page(beside=wrapped(tags, SUBTITLE) + wrapped(tags, "둘째 줄이다")))
    assert two.subtitle == f"{SUBTITLE}\n둘째 줄이다"


@pytest.mark.parametrize("tags", TAGS)
def test_a_phrase_above_the_headline_is_a_subtitle(tags: str) -> None:
    above = wrapped(tags, SUBTITLE)
    article = read(page(title=f"{above}<strong>{TITLE}</strong>"))
    assert (article.title, article.subtitle) == (TITLE, SUBTITLE)


@pytest.mark.parametrize("tags", [tags for tags in TAGS if "p" not in tags.split()])
@pytest.mark.parametrize("place", ["{0}<p>한지우 기자</p>", "<p>한지우 기자</p>{0}"])
def test_a_subtitle_in_the_writers_box(tags: str, place: str) -> None:
    writer = f'<div class="else-area">{place.format(wrapped(tags, SUBTITLE))}{SHARE}</div>'
    article = read(page(writer=writer))
    assert (article.byline, article.subtitle) == ("한지우 기자", SUBTITLE)


@pytest.mark.parametrize(
    "writer",
    [
        "<p><span>한지우</span> <span>기자</span></p>",
        "<strong>한지우</strong> 기자 <em>산업부</em>",
        "<p>한지우 기자</p><span>han@amenews.kr</span><span>다른 기사 보기 전체</span>",
        "<p><a href='#'>한지우 기자</a> <a href='#'>다른기사보기</a></p>",
    ],
)
def test_no_part_of_the_writers_line_is_a_subtitle(writer: str) -> None:
    article = read(page(writer=f'<div class="else-area">{writer}{SHARE}</div>'))
    assert article.subtitle is None
    assert [person.name for person in article.reporters] == ["한지우"]


LABELS = (
    "[소재]",
    "산업 가스",
    "단독",
    "기사 메일전송",
    "2020년 11월 25일 수요일",
    "[제12호] 2020년 11월 25일자 3면",
    "2020.11.25",
)


@pytest.mark.parametrize("label", LABELS)
def test_a_label_above_the_headline_is_no_subtitle(label: str) -> None:
    html = page(title=f"<span>{label}</span><strong>{TITLE}</strong>")
    assert (read(html).title, read(html).subtitle) == (TITLE, None)


@pytest.mark.parametrize("line", ["시험 기자 간담회서 밝혀", "2021년 3월 5일 첫 제품"])
def test_a_subtitle_with_words_of_the_head_is_a_subtitle(line: str) -> None:
    assert read(page(beside=f"<span>{line}</span>")).subtitle == line


@pytest.mark.parametrize("tags", ["span", "em", "div", "b", "small"])
@pytest.mark.parametrize("shared", [TITLE, "신소재경제신문"], ids=["shared", "not shared"])
def test_a_subtitle_in_the_headlines_own_element(tags: str, shared: str) -> None:
    title = f"<strong>{TITLE}<br>{wrapped(tags, SUBTITLE)}</strong>"
    article = read(page(title=title, shared=shared))
    assert (article.title, article.subtitle) == (TITLE, SUBTITLE)


def test_a_headline_of_two_lines_is_one_headline() -> None:
    article = read(page(title=f"<strong>{TITLE.replace(', ', ',<br>')}</strong>"))
    assert (article.title, article.subtitle) == (TITLE, None)


@pytest.mark.parametrize("mark", ["ㆍ ", "· ", "▶ ", "■"])
def test_the_templates_mark_is_no_part_of_the_headline(mark: str) -> None:
    assert read(page(title=f"<strong>{mark}{TITLE}</strong>")).title == TITLE


@pytest.mark.parametrize("box", ["div class=subTitle", "ul class=subj", "h3 class=sub_tit"])
def test_a_subtitle_above_the_text_is_none_of_it(box: str) -> None:
    article = read(page(body=f"<{box}>{SUBTITLE}</{box.split()[0]}>{BODY}"))
    assert (article.subtitle, article.body) == (SUBTITLE, WHOLE)


PRINTED = {
    "등록 2020—11—25 15：28：58": "15:28:58",
    "등록 2020／11／25 15:28": "15:28:00",
    "등록 20201125152858": "15:28:58",
    "등록 20.11.25 15:28": "15:28:00",
    "등록 2020.11.25 15:28": "15:28:00",
    "등록 2020-11-25 - 15:28": "15:28:00",
    "등록 2020-11-25 – 15:28": "15:28:00",
    "등록 2020-11-25 @ 15:28": "15:28:00",
    "등록 2020-11-25 : 15:28:58": "15:28:58",
    "보도일시 2020-11-25 15:28": "15:28:00",
    "인터넷 등록 2020-11-25 15:28": "15:28:00",
    "입력 : 2020/11/25 15:28:58": "15:28:58",
    "등록 2020년 11월 25일 (수) 오후 3시 28분": "15:28:00",
    "등록 2020-11-25 수요일 15:28": "15:28:00",
    "등록 2020-11-25 (15:28)": "15:28:00",
    "등록 2020-11-25 06:28:58 GMT": "15:28:58",
    "등록 2020-11-25 15:28:58 (KST)": "15:28:58",
    "등록 2020-11-25 15:28:58 GMT+9": "15:28:58",
    "등록 2020-11-24 24:00": "00:00:00",
    "<span>기사등록 2020-11-25</span><span>15:28:58</span>": "15:28:58",
    "기사등록</li><li>2020-11-25</li><li>15:28:58": "15:28:58",
    "지면 2020-11-20 | 등록 2020-11-25 15:28": "15:28:00",
    "신문게재 2020-11-20 12면 | 입력 2020-11-25 15:28": "15:28:00",
    "발행일 2020-11-24 | 등록일 2020-11-25 15:28": "15:28:00",
    "Posted Nov 25, 2020 15:28": "15:28:00",
    "Posted on November 25, 2020 at 3:28 PM": "15:28:00",
    "Nov. 25, 2020, 3:28 p.m.": "15:28:00",
    "Published 25th Nov 2020 15:28:58": "15:28:58",
    "Wed, 25 Nov 2020 15:28:58 +0900": "15:28:58",
    "Posted 25-Nov-2020 15:28:58": "15:28:58",
    "Nov/25/2020 15:28": "15:28:00",
    "등록 2020.11.25 수 15:28": "15:28:00",
    "등록 ２０２０．１１．２５ １５：２８": "15:28:00",
    "등록(2020-11-25 15:28) 수정(2020-11-30 12:34)": "15:28:00",
    "등록 2020-11-25 15:28</li><li>수정 0000-00-00 00:00:00": "15:28:00",
    "수정 2020-11-30 12:34</li><li>등록 2020-11-25 15:28": "15:28:00",
    "등록 20201125 15:28": "15:28:00",
    "등록 202011251528": "15:28:00",
    "등록 <time datetime='2020-11-25T15:28:58+09:00'>2020-11-25</time>": "15:28:58",
    "<span title='2020-11-25 15:28:58'>기사등록 2020.11.25</span>": "15:28:58",
}


@pytest.mark.parametrize("printed", PRINTED)
def test_dates_in_all_printed_forms(printed: str) -> None:
    dates = f'<div class="registModifyDate"><ul><li>{printed}</li></ul></div>'
    article = read(page(dates=dates))
    assert article.published_at is not None
    assert article.published_at.isoformat() == f"2020-11-25T{PRINTED[printed]}+09:00"
    assert article.byline == "한지우 기자"


PLACES = {
    "renamed list": {"dates": DATES.replace("registModifyDate", "dateArea")},
    "table": {"dates": "<table><tr><th>등록<td>2020-11-25 15:28:58<th>수정<td>2020-11-30 12:34:33"
              "</table>"},
    "in the body": {"dates": "", "body": DATES + BODY},
    "meta": {
        "dates": "",
        "head": '<meta property="article:published_time" content="2020-11-25T15:28:58+09:00">'
        '<meta property="article:modified_time" content="2020-11-30T12:34:33+09:00">',
    },
    "JSON-LD": {
        "dates": "",
        "head": '<script type="application/ld+json">{"datePublished":"2020-11-25T15:28:58+09:00",'
        '"dateModified":"2020-11-30T12:34:33+09:00"}</script>',
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_dates_from_elsewhere(name: str) -> None:
    article = read(page(**PLACES[name]))
    found = [
        moment and moment.isoformat() for moment in (article.published_at, article.modified_at)
    ]
    assert found == ["2020-11-25T15:28:58+09:00", "2020-11-30T12:34:33+09:00"]
    assert article.body == WHOLE


UNCLOSED = {
    "the title box": page().replace(f"{WRITER}</div>", WRITER, 1),
    "the list of dates": page(dates=DATES.removesuffix("</div>")),
    "the list of dates above the writer": page(
        title=f"<strong>{TITLE}</strong>{DATES.removesuffix('</div>')}", dates=""
    ),
    "the share links": page(writer=WRITER.replace("</ul></div>", "</ul>", 1)),
    "the entry of a date": page(dates=DATES.replace("<li><span>수정", "<span>수정", 1)),
    "the headline": page(title=f"<strong>{TITLE}"),
}


@pytest.mark.parametrize("name", UNCLOSED)
def test_a_head_without_one_of_its_tags_has_its_fields(name: str) -> None:
    article = read(UNCLOSED[name])
    assert (article.title, article.byline, article.body) == (TITLE, "한지우 기자", WHOLE)
    assert article.subtitle is None
    assert article.modified_at is not None


def test_a_heading_of_links_is_no_subtitle() -> None:
    links = "<h3><a href='#'>스크랩</a><a href='#'>글자 크게</a></h3>"
    assert read(page(beside=links)).subtitle is None


def test_a_script_in_the_headline_is_no_subtitle() -> None:
    title = f"<strong>{TITLE}<br><em>{SUBTITLE}</em><script>x()</script></strong>"
    assert read(page(title=title)).subtitle == SUBTITLE


def test_a_date_of_change_alone_is_not_the_published_one() -> None:
    dates = '<div class="registModifyDate"><ul><li>수정 2020-11-30 12:34:33</li></ul></div>'
    article = read(page(dates=dates))
    assert article.published_at is None
    assert article.modified_at is not None


def test_a_date_that_is_not_understood_is_no_writer() -> None:
    dates = '<div class="registModifyDate"><ul><li>登錄 2020年 11月 25日 15時 28分</li></ul></div>'
    assert read(page(dates=dates, writer="")).byline is None


OTHER_ENTRIES = (
    "온라인 등록 2020-11-25 15:28",
    "데스크 승인 2020-11-25 15:28",
    "기사 최종수정 2020-11-30 12:34",
    "재수정 2020-11-30 12:34",
    "최종편집 2020-11-30 12:34",
    "지면 2020-11-20 제123호",
    "123호 4면",
    "A12면",
    "Hit 12",
    "읽는 시간 2분",
    "기사 듣기",
    '<a href="list.php?mcode=m247tk9">소재</a>',
    "종합",
    "첫 화면에 실림",
    '<a href="#">가+</a> <a href="#">가-</a>',
)


@pytest.mark.parametrize("entry", OTHER_ENTRIES)
def test_what_stands_in_the_list_of_dates_is_no_writer_before_the_writers_line(entry: str) -> None:
    dates = f'<div class="registModifyDate"><ul><li>{entry}</li><li>등록 2020-11-25</li></ul></div>'
    assert read(page(dates=dates)).byline == "한지우 기자"


@pytest.mark.parametrize("entry", OTHER_ENTRIES[:12])
def test_labels_counters_and_sections_are_no_writer_alone(entry: str) -> None:
    dates = f'<div class="registModifyDate"><ul><li>{entry}</li></ul></div>'
    assert read(page(dates=dates, writer="")).byline is None


@pytest.mark.parametrize(
    "writer",
    [
        "한지우",
        "편집국",
        "보도자료",
        "발행인 한지우",
        "한유재",
        "취재1팀",
        "한지우 기자 010-1234-5678",
    ],
)
def test_a_writer_without_a_role_in_the_list_of_dates(writer: str) -> None:
    dates = (
        '<div class="registModifyDate"><ul>'
        f"<li><span>{writer}</span> 등록 2020-11-25 15:28</li></ul></div>"
    )
    assert read(page(dates=dates, writer="")).byline == writer


def test_of_two_entries_the_signed_one_is_the_writers() -> None:
    dates = (
        '<div class="registModifyDate"><ul><li>등록 2020-11-25 15:28</li><li>종합</li>'
        "<li>한지우 기자</li></ul></div>"
    )
    assert read(page(dates=dates, writer="")).byline == "한지우 기자"


WRITERS = {
    "in a box with another name": {"writer": "<div class='by'><p>한지우 기자</p></div>"},
    "in a mail link": {"writer": "<div class='by'><a href='mailto:h@a.kr'>한지우 기자</a></div>"},
    "beside a date in a box with another name": {
        "writer": "",
        "dates": "<div class='modifyDate'><ul><li><span>한지우 기자</span> 등록 2020-11-25 15:28"
        "</li></ul></div>",
    },
    "share links in the same box": {"writer": f'<div class="else-area">한지우 기자{SHARE}</div>'},
    "in the title box": {"writer": "<span>한지우 기자</span>"},
    "below the text": {"writer": "", "body": f'{BODY}<div class="else-area"><p>한지우 기자</div>'},
    "in the profile": {
        "writer": "",
        "tail": '<div class="writerProfile"><strong>한지우 기자</strong> 기자프로필</div>',
    },
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_writers_line_from_each_place(name: str) -> None:
    article = read(page(**WRITERS[name]))
    assert (article.byline, article.body) == ("한지우 기자", WHOLE)


LINK = '<a href="../news/list.php?mcode=m67uayb">3D프린팅</a>'


@pytest.mark.parametrize(
    "above",
    [
        f'<h2 class="boxTitle">{LINK}</h2>',
        "<h2>3D프린팅</h2>",
        f'<div class="pageNavi"><a href="/">HOME</a> {LINK}</div>',
        f'<nav><a href="/">홈</a> &gt; {LINK}</nav>',
        '<p class="path">HOME &gt; 3D프린팅</p>',
    ],
)
def test_the_section_over_the_headline(above: str) -> None:
    assert read(page(above=above)).section == "3D프린팅"


def test_a_link_to_a_section_without_its_end_tag_is_no_whole_page() -> None:
    link = '<a href="list.php?mcode=m1abcde">소재<div></a>'
    above = f'<div class="location"><a href="/">홈</a> {link}</div>'
    assert len(read(page(above=above)).section or "") <= 30


def test_a_writers_name_in_front_of_the_entries_of_the_dates() -> None:
    dates = DATES.replace("<ul><li>", "<ul>한지우 기자</li><li>")
    article = read(page(writer="", dates=dates))
    assert article.byline == "한지우 기자"
    assert article.published_at == read(page()).published_at


def test_a_menu_is_no_section() -> None:
    assert read(page()).section is None


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("[세종=가온뉴스] 한지우 기자 =", ["한지우"]),
        ("[가온통신=한지우 기자]", ["한지우"]),
        ("한지우 (주)가온 대표", ["한지우"]),
        ("㈜가온소재 대표이사 한지우", ["한지우"]),
        ("한지우 가온테크 이사", ["한지우"]),
        ("韓智佑 기자", ["韓智佑"]),
        ("한지우(韓智佑) 기자", ["한지우"]),
        ("한지우·김하람 기자", ["한지우", "김하람"]),
        ("글=한지우, 사진=김하람", ["한지우", "김하람"]),
        ("온라인뉴스팀", []),
        ("디지털뉴스부", []),
        ("admin", []),
        ("온라인 뉴스팀", []),
        ("본지 특별취재팀", []),
        ("한지우 연구관", ["한지우"]),
        ("한지우 국회의원", ["한지우"]),
        ("공학박사 한지우", ["한지우"]),
        ("한지우 가온시 과장", ["한지우"]),
        ("대담=한지우 국장, 정리=김하람 기자", ["한지우", "김하람"]),
        ("Han Jiwoo Reporter", ["Han Jiwoo"]),
        ("한지우 / 가온대 교수", ["한지우"]),
        ("한지우 | 가온소재 대표이사", ["한지우"]),
        ("한지우, 김성대 교수", ["한지우", "김성대"]),
        ("한지우 기자와 김하람 기자", ["한지우", "김하람"]),
        ("번역=한지우, 감수=김하람 박사", ["한지우", "김하람"]),
        ("韓智佑 記者", ["韓智佑"]),
        ("AI 뉴스봇", []),
        ("한지우와 김하람", ["한지우", "김하람"]),
        ("한지우 | 가온대 소재공학부 교수", ["한지우"]),
        ("한지우 변리사 / 가온특허법인", ["한지우"]),
        ("소설가 한지우", ["한지우"]),
        ("필자 한지우 산업자원부 장관", ["한지우"]),
        ("독자기고", []),
        ("경제부 종합", []),
        ("산업자원부 소재정책과", []),
    ],
)
def test_reporters_without_agencies_firms_and_roles(byline: str, names: list[str]) -> None:
    assert [person.name for person in reporters(byline)] == names


@pytest.mark.parametrize(
    "written",
    [
        "han@amenews.kr",
        "han＠amenews.kr",
        "han @ amenews.kr",
        "han(at)amenews.kr",
        "han[at]amenews[dot]kr",
        "han {골뱅이} amenews.kr",
        "han골뱅이amenews.kr",
        "han＠amenews．kr",
        "han at amenews dot kr",
    ],
)
def test_addresses_in_the_forms_that_hide_them(written: str) -> None:
    people = [(person.name, person.email) for person in reporters(f"한지우 기자 {written}")]
    assert people == [("한지우", "han@amenews.kr")]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("0", 0),
        ("1,234", 1234),
        ("추천 1.2만", 12_000),
        ("3천", 3000),
        ("9" * 25, None),
        ("-", None),
    ],
)
def test_counts_of_readers(words: str, count: int | None) -> None:
    assert count_of(words) == count


@pytest.mark.parametrize("box", ["div class=subTitle", "h3 class=sub_tit", "ul class=subj"])
def test_a_subtitle_between_the_dates_and_the_text(box: str) -> None:
    dates = f"{DATES}<{box}>{SUBTITLE}</{box.split()[0]}>"
    assert read(page(dates=dates)).subtitle == SUBTITLE


def test_a_phrase_between_the_dates_and_the_text_is_counted() -> None:
    found = reading(page(dates=f"{DATES}<div>새 설비를 들인 까닭은 값이다</div>"))
    assert found.remainder.head == ("새 설비를 들인 까닭은 값이다",)
    assert reading(page()).remainder.head == ()


@pytest.mark.parametrize("control", ["QR코드", "http://amenews.kr/news/view.php?idx=7"])
def test_an_address_or_a_code_beside_the_headline_is_no_subtitle(control: str) -> None:
    assert read(page(beside=f"<p>{control}</p>")).subtitle is None


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        (f"{BODY}<p>한지우 기자</p>", "한지우 기자"),
        (f"{BODY}<p>한지우 기자 han@amenews.kr</p>", "한지우 기자 han@amenews.kr"),
        (f"<p>[평택=한지우 기자] 공장이 선다.</p>{BODY}", "평택=한지우 기자"),
        (f"{BODY}<p>사진=한지우 기자</p>", None),
        (f"{BODY}<p>이날 자리에는 한지우 기자도 있었다.</p>", None),
        ("<p>한지우 기자</p>", None),
    ],
)
def test_a_signature_in_the_text_is_the_writers_line_if_there_is_no_other(
    text: str, byline: str | None
) -> None:
    assert read(page(writer="", body=text)).byline == byline
    assert read(page(body=text)).byline == "한지우 기자"


def test_keywords_in_a_box_with_another_name() -> None:
    links = '<a href="/m/listkey.php?key_idx=1">#수소</a> <a href="listkey.php?key_idx=2">탄소</a>'
    assert read(page(tail=f"<div class=words>{links}</div>{TAIL}")).keywords == ("수소", "탄소")
    assert read(page(body=f"<p>{links}</p>{BODY}")).keywords == ()


@pytest.mark.parametrize(
    "box",
    [
        "<dl class=keywords><dt>키워드</dt><dd>수소, 탄소 섬유</dd></dl>",
        "<div class=keywords>TAG : #수소 #탄소 섬유</div>",
        "<div class=keywords><ul><li>수소</li><li>탄소 섬유</li></ul></div>",
    ],
)
def test_keywords_without_links(box: str) -> None:
    assert read(page(tail=LIKES + box)).keywords == ("수소", "탄소 섬유")


@pytest.mark.parametrize("close", ["</div>", ""], ids=["closed", "unclosed"])
def test_a_box_for_keywords_without_any_has_none(close: str) -> None:
    box = f"<div class=keywords>관련 키워드{close}"
    below = "<div class=writerProfile>" + "다른 글을 봅니다. " * 40 + "</div>"
    assert read(page(tail=LIKES + box + below)).keywords == ()


def test_keywords_in_a_box_with_another_name_beside_a_text_without_a_column() -> None:
    links = '<div class="tagList"><a href="/news/listkey.php?key_idx=1">#수소</a></div>'
    head = f'<h1 class="article-head-title">{TITLE}</h1><div class="info-text">한지우 기자</div>'
    html = (
        f'<div id="contents"><div class="article-head">{head}</div>'
        f'<div id="viewContent"><div class="fr-view">{BODY}</div></div>{links}{TAIL}</div>'
    )
    assert read(f"<html><body>{html}</body></html>").keywords == ("수소",)


@pytest.mark.parametrize("tags", ["span class=subtitle", "h3 class=sub", "div class=subj"])
def test_a_subtitle_of_two_lines_is_two_lines(tags: str) -> None:
    box = f"<{tags}>첫째 줄이다<br>둘째 줄이다</{tags.split()[0]}>"
    found = reading(page(beside=box))
    assert found.article is not None
    assert found.article.subtitle == "첫째 줄이다\n둘째 줄이다"
    assert found.remainder.head == ()
