"""The parser's parts, each by a table of cases."""

from __future__ import annotations

import doctest

import pytest

from newscrawler import sites
from newscrawler.items import Verdict
from newscrawler.pages import (
    bylines,
    captions,
    dom,
    headline,
    messages,
    pictures,
    scripts,
)
from newscrawler.pages.encoding import decode

SITE = sites.load("amenews")


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("한지우 기자", [("한지우", None)]),
        ("한지우기자", [("한지우", None)]),
        ("한지우", [("한지우", None)]),
        ("한지우 기자 jiwoo@amenews.kr", [("한지우", "jiwoo@amenews.kr")]),
        ("한지우 기자(jiwoo@amenews.kr)", [("한지우", "jiwoo@amenews.kr")]),
        ("한지우 기자 <jiwoo@amenews.kr>", [("한지우", "jiwoo@amenews.kr")]),
        ("jiwoo@amenews.kr 한지우 기자", [("한지우", "jiwoo@amenews.kr")]),
        ("한지우 기자 / E-mail: jiwoo@amenews.kr", [("한지우", "jiwoo@amenews.kr")]),
        ("한지우·오세린 기자", [("한지우", None), ("오세린", None)]),
        ("한지우, 오세린, 강다온 기자", [("한지우", None), ("오세린", None), ("강다온", None)]),
        ("한지우 오세린 기자", [("한지우", None), ("오세린", None)]),
        ("한지원 김현대 기자", [("한지원", None), ("김현대", None)]),
        ("한지우 가온대 교수", [("한지우", None)]),
        ("한지우 가온연구원장", [("한지우", None)]),
        ("평택=한지우 기자", [("한지우", None)]),
        ("[신소재경제=한지우 기자]", [("한지우", None)]),
        ("【한지우 기자】", [("한지우", None)]),
        ("남궁 민 기자", [("남궁민", None)]),
        ("이기자 기자", [("이기자", None)]),
        ("박 기자", [("박", None)]),
        ("작성자: 한지우 기자", [("한지우", None)]),
        ("Mina Han and Serin Oh", [("Mina Han", None), ("Serin Oh", None)]),
        ("한지우 기자 오세린 기자", [("한지우", None), ("오세린", None)]),
        ("한지우 & 오세린 기자", [("한지우", None), ("오세린", None)]),
        ("한지우 기자 및 오세린 기자", [("한지우", None), ("오세린", None)]),
        ("한지우 a@b.kr, 오세린 c@b.kr", [("한지우", "a@b.kr"), ("오세린", "c@b.kr")]),
        ("한지우·오세린 기자 a@b.kr c@b.kr", [("한지우", "a@b.kr"), ("오세린", "c@b.kr")]),
        ("글 한지우 기자 / 사진 오세린 기자", [("한지우", None), ("오세린", None)]),
        ("취재=한지우 기자, 사진=오세린", [("한지우", None), ("오세린", None)]),
        ("산업부 한지우 기자", [("한지우", None)]),
        ("신소재경제신문 한지우 기자", [("한지우", None)]),
        ("한지우 선임기자", [("한지우", None)]),
        ("한지우 선임 기자", [("한지우", None)]),
        ("한지우 편집국장", [("한지우", None)]),
        ("한지우 객원기자(가온대 교수)", [("한지우", None)]),
        ("(대전=신소재) 한지우 기자", [("한지우", None)]),
        ("한지우 도쿄 특파원", [("한지우", None)]),
        ("가온소재연구원 한지우 책임연구원", [("한지우", None)]),
        ("가온소재 한지우 대표", [("한지우", None)]),
        ("한지우 의학전문기자", [("한지우", None)]),
        ("한 지 우 기자", [("한지우", None)]),
        ("한 결 기자", [("한결", None)]),
        ("남궁지우 기자", [("남궁지우", None)]),
        ("정병국 기자", [("정병국", None)]),
        ("By Dana Kang", [("Dana Kang", None)]),
        ("Dana Kang 기자", [("Dana Kang", None)]),
        ("한지우 기자 한지우 기자", [("한지우", None)]),
        ("편집국", []),
        ("편집부", []),
        ("온라인뉴스팀", []),
        ("신소재경제신문", []),
        ("신소재경제", []),
        ("관리자", []),
        ("취재팀 news@amenews.kr", []),
        ("기자", []),
    ],
)
def test_reporters_of_a_byline(byline: str, expected: list[tuple[str, str | None]]) -> None:
    names = headline.names_of(dom.parse("<p>x"), SITE)
    found = bylines.reporters(byline, names)
    assert [(reporter.name, reporter.email) for reporter in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("공장 전경", "공장 전경"),
        ("공장 전경. 공장 전경", "공장 전경"),
        ("공장 전경 공장 전경", "공장 전경"),
        ("공장 전경이다. 공장 전경이다.", "공장 전경이다."),
        ("공장 전경 | 공장 전경", "공장 전경"),
        ("찰칵찰칵", "찰칵찰칵"),
        ("하하", "하하"),
        ("좌우. 우좌", "좌우. 우좌"),
        ("", ""),
    ],
)
def test_caption_written_twice_counts_once(text: str, expected: str) -> None:
    assert captions.once(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("▲ 가온 공장", ["가온 공장"]),
        ("△가온 공장", ["가온 공장"]),
        ("▲ 가온 공장 ▲ 가온 공장", ["가온 공장"]),
        ("▲ 가온 공장. 가온 공장", ["가온 공장"]),
        ("◀ 왼쪽 ▶ 오른쪽", ["왼쪽", "오른쪽"]),
        ("▲", []),
    ],
)
def test_captions_in_a_line(text: str, expected: list[str]) -> None:
    assert captions.split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("존재하지 않는 기사입니다.", Verdict.MISSING),
        ("존재하지 않는 기사 입니다", Verdict.MISSING),
        ("해당 기사가 존재하지 않습니다.", Verdict.MISSING),
        ("기사를 찾을 수 없습니다.", Verdict.MISSING),
        ("없는 기사입니다.", Verdict.MISSING),
        ("등록된 기사가 없습니다.", Verdict.MISSING),
        ("잘못된 기사번호입니다.", Verdict.MISSING),
        ("글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다.", Verdict.MISSING),
        ("삭제되었거나 없는 페이지입니다.", Verdict.MISSING),
        ("삭제된 기사일 수 있습니다.", Verdict.MISSING),
        ("기사 정보가 없습니다.", Verdict.MISSING),
        ("This article could not be found.", Verdict.MISSING),
        ("404 Not Found", Verdict.MISSING),
        ("The page you requested does not exist.", Verdict.MISSING),
        ("삭제된 기사입니다.", Verdict.REMOVED),
        ("이미 삭제된 게시물입니다.", Verdict.REMOVED),
        ("기사가 삭제되었습니다.", Verdict.REMOVED),
        ("작성자의 요청으로 삭제된 기사입니다.", Verdict.REMOVED),
        ("게재가 중단된 기사입니다.", Verdict.REMOVED),
        ("글을 읽을 권한이 없습니다. 회원이시라면 로그인 후 이용해 보십시오.", Verdict.RESTRICTED),
        ("로그인이 필요합니다.", Verdict.RESTRICTED),
        ("로그인 하십시오.", Verdict.RESTRICTED),
        ("Members only. Please log in.", Verdict.RESTRICTED),
        ("유료회원 전용 기사입니다.", Verdict.RESTRICTED),
        ("회원만 볼 수 있습니다.", Verdict.RESTRICTED),
        ("서비스 점검중입니다.", Verdict.TEMPORARY),
        ("시스템 점검 중", Verdict.TEMPORARY),
        ("일시적인 오류로 기사를 찾을 수 없습니다.", Verdict.TEMPORARY),
        ("Too many connections", Verdict.TEMPORARY),
        ("User news has more than 'max_user_connections' active connections", Verdict.TEMPORARY),
        ("Table './news/article' is marked as crashed", Verdict.TEMPORARY),
        ("Unable to connect to database", Verdict.TEMPORARY),
        ("Connect Error", Verdict.TEMPORARY),
        ("MySQL server has gone away", Verdict.TEMPORARY),
        ("Table 'news.article' doesn't exist : SQL error", Verdict.TEMPORARY),
        ("Access denied for user 'news'@'localhost'", Verdict.TEMPORARY),
        ("503 Service Unavailable", Verdict.TEMPORARY),
        ("자동등록방지", Verdict.BLOCKED),
        ("Access Denied", Verdict.BLOCKED),
        ("비정상적인 접근이 감지되어 차단되었습니다.", Verdict.BLOCKED),
        ("Attention Required! | Cloudflare", Verdict.BLOCKED),
        ("잘못된 접근입니다.", None),
        ("존재하지 않는 회원입니다.", None),
        ("소재 산업의 하루", None),
    ],
)
def test_message_of_the_site(text: str, expected: Verdict | None) -> None:
    assert messages.by_words(text) is expected


GONE = 'alert("존재하지 않는 기사입니다."); history.back();'


@pytest.mark.parametrize(
    ("script", "runs"),
    [
        (GONE, True),
        (f"window.onload = function() {{ {GONE} }};", True),
        (f"$(function(){{ {GONE} }});", True),
        (f"$(document).ready(function($) {{ {GONE} }});", True),
        (f"window.addEventListener('load', () => {{ {GONE} }});", True),
        (f"(function() {{ {GONE} }})();", True),
        (f"function check() {{ {GONE} }}", False),
        (f"$('.send').click(function() {{ {GONE} }});", False),
        (f"$(function(){{ $('.send').on('click', function() {{ {GONE} }}); }});", False),
        (f"button.addEventListener('click', () => {{ {GONE} }});", False),
    ],
)
def test_script_speaks_when_the_page_loads(script: str, runs: bool) -> None:
    assert (scripts.spoken(script) == "존재하지 않는 기사입니다.") is runs
    assert scripts.leaves(script) is runs


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("소재 소식 - 신소재경제신문", "소재 소식"),
        ("소재 소식 | 신소재경제신문", "소재 소식"),
        ("소재 소식 :: 신소재경제신문", "소재 소식"),
        ("소재 소식-신소재경제신문", "소재 소식"),
        ("소재 소식 > amenews.kr", "소재 소식"),
        ("기자가 본 신소재경제신문", "기자가 본 신소재경제신문"),
        ("신소재 - 경제", "신소재 - 경제"),
    ],
)
def test_papers_name_is_no_part_of_the_headline(title: str, expected: str) -> None:
    assert headline.without_name(title, headline.names_of(dom.parse("<p>x"), SITE)) == expected


KOREAN = "뷁 소재와 ‘펲’ 시험"


@pytest.mark.parametrize(
    ("body", "label", "encoding"),
    [
        (KOREAN.encode(), None, "utf-8"),
        (KOREAN.encode(), "text/html; charset=euc-kr", "utf-8"),
        (KOREAN.encode("cp949"), None, "cp949"),
        (KOREAN.encode("cp949"), "text/html; charset=utf-8", "cp949"),
        (KOREAN.encode("cp949"), "text/html; charset=EUC-KR", "cp949"),
        (b"\xef\xbb\xbf" + KOREAN.encode(), None, "utf-8"),
        (b"\xff\xfe" + KOREAN.encode("utf-16-le"), None, "utf-16-le"),
    ],
)
def test_bytes_are_read_whatever_their_label(body: bytes, label: str | None, encoding: str) -> None:
    decoded = decode(body, label)
    assert decoded.text == KOREAN
    assert decoded.encoding == encoding
    assert decoded.damage == 0


def test_text_cut_inside_a_character_keeps_its_charset() -> None:
    decoded = decode(KOREAN.encode()[:-1], "text/html; charset=euc-kr")
    assert decoded.text.startswith(KOREAN[:-1])
    assert decoded.encoding == "utf-8"


def test_control_characters_vanish_and_count_as_damage() -> None:
    decoded = decode(b"a\x00b\x01c\td\n")
    assert decoded.text == "abc\td\n"
    assert decoded.damage == 2


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("../../../../data/cheditor4/2307/a.jpg", "http://amenews.kr/data/cheditor4/2307/a.jpg"),
        ("http://127.0.0.1:8000/data/나무 1.jpg", "http://amenews.kr/data/나무 1.jpg"),
        ("http:\\\\cdn.example\\a.jpg", "http://cdn.example/a.jpg"),
        ("http:\\\\[x/a.jpg", "http:\\\\[x/a.jpg"),
    ],
)
def test_address_of_a_picture(source: str, expected: str) -> None:
    page_url = "http://127.0.0.1:8000/news/view.php?idx=1"
    assert pictures.address(source, sites.load("amenews"), page_url) == expected


def test_examples_in_the_modules_hold() -> None:
    assert doctest.testmod(bylines).failed == 0
