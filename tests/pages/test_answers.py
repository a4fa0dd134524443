"""Answers without an article: a site's own words outweigh where it leads, and its status."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawler import pages
from newscrawler.items import Capture, Verdict
from newscrawler.pages import scripts
from tests.pages.forms import ADDRESS, SITE, page

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
AWAY = ("history.back();", "location.href='/';", "document.location.replace('/bbs/login.php');")
MESSAGES = {
    "존재하지 않는 기사입니다.": Verdict.MISSING,
    "이미 삭제된 기사입니다.": Verdict.REMOVED,
    "정회원만 열람할 수 있습니다.": Verdict.RESTRICTED,
    "접속자가 많아 늦어지고 있습니다.": Verdict.TEMPORARY,
    "비정상적인 접근으로 차단되었습니다.": Verdict.BLOCKED,
}


def verdict(html: str, status: int = 200) -> Verdict:
    capture = Capture("amenews", 7, ADDRESS, datetime.now(UTC), status, HEADERS, html.encode())
    return pages.read(capture, SITE).verdict


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("away", AWAY)
def test_a_message_in_a_variable_or_in_pieces_is_read(message: str, away: str) -> None:
    first, rest = message[:3], message[3:]
    for shown in (
        f"alert('{message}');",
        f"alert(\"{first}\" + '{rest}');",
        f"var said = '{message}';\nalert(said);",
        f"let said='{first}'; said += `{rest}`; window.alert ( said );",
        f"const a = '{first}', b = \"{rest}\"; alert(a + b + '');",
        f"alert('{message}'.replace('x', 'y'));",
    ):
        assert verdict(f"<script>{shown}{away}</script>") is MESSAGES[message], shown


@pytest.mark.parametrize("message", MESSAGES)
def test_each_message_of_a_script_counts(message: str) -> None:
    expected = MESSAGES[message]
    for shown in (
        f"alert('알려 드립니다'); alert('{message}');",
        f"alert('{message}'); alert('첫 화면으로 갑니다');",
        f"setTimeout(function () {{ alert('{message}'); }}, 10);",
        f"setTimeout(() => {{ alert('{message}'); }}, 10);",
    ):
        assert verdict(f"<script>{shown} history.back();</script>") is expected, shown
    assert verdict(f'<body onload="alert(&quot;{message}&quot;);history.back()">') is expected


@pytest.mark.parametrize(
    "warning",
    [
        "Warning: mysql_fetch_array() expects parameter 1 to be resource, boolean given",
        "Warning: mysqli_query(): MySQL server has gone away in /a.php on line 3",
        "SQLSTATE[HY000] [2002] Connection refused",
    ],
)
def test_a_gap_below_a_failed_query_is_none(warning: str) -> None:
    alert = "<script>alert('존재하지 않는 기사입니다.');history.back();</script>"
    assert verdict(f"<p>{warning}</p>{alert}") is Verdict.TEMPORARY
    notice = "<b>Notice</b>: Undefined index: mcode in <b>/a.php</b> on line <b>3</b>"
    assert verdict(f"<p>{notice}</p>{alert}") is Verdict.MISSING


@pytest.mark.parametrize(
    "message", ["기사번호가 잘못되었습니다.", "No article found.", "No posts were found"]
)
def test_further_words_for_a_gap(message: str) -> None:
    assert verdict(f"<script>alert('{message}');history.back();</script>") is Verdict.MISSING


def test_an_error_outweighs_a_gap_in_another_message() -> None:
    shown = "alert('없는 기사입니다.'); alert('서비스 점검중입니다.');"
    assert verdict(f"<script>{shown} history.back();</script>") is Verdict.TEMPORARY


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("alert(words);", "…"),
        ("alert(load('a') + '없는 기사입니다.');", "……"),
        ("alert(7 + '번');", "…"),
        ("alert('번호 ' + n + '번은 없는 기사입니다.');", "번호 …번은 없는 기사입니다."),
        ("var a; a += '나'; alert(a);", "…나"),
        ("alert('가\\n\\u0022나\\'');", "가 \"나'"),
        ("alert('');", None),
        ("alert('끝이 없다", "…"),
        ("function f() { alert('가'); }", None),
    ],
)
def test_what_a_script_computes_is_marked_as_unread(call: str, message: str | None) -> None:
    assert scripts.spoken(call) == message


def test_a_text_without_end_is_given_up_in_linear_steps() -> None:
    assert scripts.spoken('alert("' + "\\a" * 2400) == scripts.UNREAD


UNREAD = ("정상적인 경로로 접근해 주세요.", "잘못된 요청입니다.", "약관이 바뀌었습니다.")


@pytest.mark.parametrize("words", UNREAD)
def test_a_way_home_after_words_that_are_not_understood_is_no_gap(words: str) -> None:
    refresh = '<meta http-equiv="refresh" content="3;url=/">'
    for html in (
        f"<script>alert('{words}');location.href='/';</script>",
        f"<script>alert({{}}['{words}']);location.replace('/');</script>",
        f"<html><head>{refresh}</head><body><p>{words}</p></body></html>",
        f"<html><body><p>{words}</p><script>location.href='/'</script></body></html>",
    ):
        assert verdict(html) is Verdict.UNKNOWN, html


@pytest.mark.parametrize(
    "words", ["", "3초 뒤 첫 화면으로 이동합니다.", "Redirecting", "신소재경제신문"]
)
def test_a_way_home_without_other_words_is_a_gap(words: str) -> None:
    refresh = '<meta http-equiv="refresh" content="3;url=/">'
    html = f"<html><head>{refresh}</head><body><p>{words}</p></body></html>"
    assert verdict(html) is Verdict.MISSING


EMPTY = page(body="", title="<strong></strong>", writer="", dates="", shared="")
GAPS = {
    "alert": "<script>alert('없는 기사입니다.');history.back();</script>",
    "message": "<html><body><h1>The requested resource could not be found.</h1></body></html>",
    "way home": "<script>location.replace('/');</script>",
    "empty template": EMPTY,
}


@pytest.mark.parametrize("name", GAPS)
def test_a_refusal_settles_nothing(name: str) -> None:
    assert verdict(GAPS[name]) is Verdict.MISSING
    for status in (401, 403, 406, 451):
        assert verdict(GAPS[name], status) is Verdict.BLOCKED


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("name", ["replyWrite", "replyList", "writerProfile"])
def test_words_in_the_boxes_below_an_article_are_no_message(message: str, name: str) -> None:
    head = "<html><head><title>신소재경제신문</title></head><body>"
    box = f"{head}<div class='{name}'><p>{message}</p></div></body></html>"
    assert verdict(box) is Verdict.UNKNOWN


def test_members_are_asked_with_any_status() -> None:
    html = "<script>alert('로그인 후 이용해 주세요.');history.back();</script>"
    assert verdict(html, 403) is Verdict.RESTRICTED


MENU = "".join(f'<a href="/news/list.php?mcode=m{n}abcd">면 {n}</a>' for n in range(4))
ARTICLES = "".join(f'<a href="/news/view.php?idx={n}">글 {n}</a>' for n in range(20, 26))


def test_a_front_page_has_its_articles_in_the_middle() -> None:
    for middle, side, expected in (
        (ARTICLES, "", Verdict.MISSING),
        ("<p>준비 중입니다.</p>", ARTICLES, Verdict.UNKNOWN),
        ("", ARTICLES, Verdict.UNKNOWN),
    ):
        html = (
            f"<html><head><title>신소재경제신문</title></head><body>{MENU}"
            f'<div id="contents">{middle}</div><div id="side">{side}</div></body></html>'
        )
        assert verdict(html) is expected


@pytest.mark.parametrize(
    "text",
    [
        "삭제된 기사를 다룬 토론회가 8일 열렸다.",
        "포털에 로그인 후 이용하는 독자가 늘었다고 협회가 밝혔다",
        "정회원 200명이 로그인 없이 표를 던졌다.",
        "한빛은행은 8일 서버 점검으로 창구를 닫는다.",
    ],
)
def test_an_article_of_one_sentence_is_no_notice(text: str) -> None:
    assert verdict(page(body=f"<p>{text}</p>")) is Verdict.ARTICLE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("삭제된 기사입니다.", Verdict.REMOVED),
        ("이 기사는 보도 대상의 요청으로 삭제됐다.", Verdict.REMOVED),
        ("회원만 볼 수 있습니다. 로그인해 주세요.", Verdict.RESTRICTED),
    ],
)
def test_a_notice_below_a_headline_is_no_article(text: str, expected: Verdict) -> None:
    assert verdict(page(body=f"<p>{text}</p>")) is expected


@pytest.mark.parametrize(
    "message",
    [
        "The site is temporarily down. The page you want could not be found.",
        "도메인이 연결되어 있지 않습니다. 요청하신 홈페이지를 찾을 수 없습니다.",
        "페이지를 찾을 수 없습니다. 호스팅 회사에 문의해 주세요.",
    ],
)
def test_a_site_that_is_away_has_no_gaps(message: str) -> None:
    html = "".join(f"<p>{line}.</p>" for line in message.split("."))
    assert verdict(f"<html><body>{html}</body></html>") is Verdict.TEMPORARY


@pytest.mark.parametrize("tag", ["b", "font", "span"])
def test_a_message_is_one_though_its_block_begins_with_another_element(tag: str) -> None:
    for inside in ("Not Found", f"<{tag}>Not Found</{tag}>"):
        html = f"<html><body>Error 404<div>{inside}</div></body></html>"
        assert verdict(html) is Verdict.MISSING, html


def test_a_check_of_the_browser_with_an_errors_status_is_a_block() -> None:
    script = '<script src="/cdn-cgi/challenge-platform/h/b/a"></script>'
    html = f"<html><head><title>Just a moment...</title></head><body>{script}</body></html>"
    assert verdict(html, 503) is Verdict.BLOCKED
    headers = (*HEADERS, ("CF-Mitigated", "challenge"))
    capture = Capture("amenews", 7, ADDRESS, datetime.now(UTC), 503, headers, b"<html></html>")
    assert pages.read(capture, SITE).verdict is Verdict.BLOCKED
    assert verdict("<html><body>Bad gateway</body></html>", 503) is Verdict.TEMPORARY


@pytest.mark.parametrize("call", ["swal('{}').then(() => history.back())", "Swal.fire('알림 {}')"])
def test_a_box_of_a_script_library_is_a_message(call: str) -> None:
    assert verdict(f"<script>{call.format('없는 기사입니다.')}</script>") is Verdict.MISSING


def test_no_article_is_registered_under_the_number() -> None:
    assert verdict("<script>alert('등록된 기사가 아닙니다.');</script>") is Verdict.MISSING


def test_the_words_of_the_readers_form_make_no_article_restricted() -> None:
    form = "<p>※ 로그인 후 의견을 등록하시면, 자신의 의견을 관리하실 수 있습니다. 0/1000</p>"
    assert verdict(page(body=f"<p>짧은 글.</p>{form}", tail="")) is Verdict.ARTICLE
    assert verdict(page(body="<p>로그인 후 이용하십시오.</p>", tail="")) is Verdict.RESTRICTED
