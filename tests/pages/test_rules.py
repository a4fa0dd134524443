"""The rules for an answer without an article: each decides on its own, and says its name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawler import pages, sites
from newscrawler.items import Capture, Verdict
from newscrawler.pages import classify

SITE = sites.load("amenews")
URL = "http://amenews.kr/news/view.php?idx=7"
LINKS = "".join(
    f'<a href="/news/view.php?idx={n}">기사 {n}</a><a href="/news/list.php?mcode=m{n}abcd">면</a>'
    for n in range(11, 15)
)
ANSWERS = {
    "alert": (
        200,
        '<script>alert("존재하지 않는 기사입니다.");history.back();</script>',
        Verdict.MISSING,
    ),
    "message": (200, "<html><body><p>서비스 점검중입니다.</p></body></html>", Verdict.TEMPORARY),
    "cookie wall": (
        200,
        '<html><body><script>document.cookie="a=1";location.reload();</script></body></html>',
        Verdict.BLOCKED,
    ),
    "captcha": (
        200,
        '<html><body><div class="g-recaptcha"></div></body></html>',
        Verdict.BLOCKED,
    ),
    "redirect": (
        200,
        '<html><head><meta http-equiv="refresh" content="0;url=/"></head><body></body></html>',
        Verdict.MISSING,
    ),
    "login form": (
        200,
        "<html><head><title>로그인</title></head><body>"
        '<form action="/x"><input type="password"></form></body></html>',
        Verdict.RESTRICTED,
    ),
    "home page": (
        200,
        f"<html><head><title>신소재경제신문</title></head><body>{LINKS}</body></html>",
        Verdict.MISSING,
    ),
    "refused": (403, "<html><body><p>알 수 없는 말</p></body></html>", Verdict.BLOCKED),
    "gone": (404, "<html><body><p>알 수 없는 말</p></body></html>", Verdict.MISSING),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_rule_decides_and_its_name_is_the_reason(name: str) -> None:
    status, page, verdict = ANSWERS[name]
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture("amenews", 7, URL, datetime.now(UTC), status, headers, page.encode())
    reading = pages.read(capture, SITE)
    assert (reading.verdict, reading.reason.split(": ")[0]) == (verdict, name)


def test_an_answer_from_the_home_page_is_a_redirect_that_was_followed() -> None:
    page = f"<html><body>{LINKS}<p>긴 글</p></body></html>".encode()
    capture = Capture("amenews", 7, "http://amenews.kr/", datetime.now(UTC), 200, (), page)
    assert pages.read(capture, SITE).reason == "redirected: sent to the home page"


def test_every_rule_has_a_test() -> None:
    assert {rule.name for rule in classify.RULES} == {*ANSWERS, "redirected"}
