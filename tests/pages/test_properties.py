"""What holds for every page, however broken: nothing raises, nothing is mislabelled."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawler import pages, sites
from newscrawler.items import Article, Reading, Verdict
from newscrawler.pages import listings
from tests.pages.test_cases import ARTICLES, CASES, CORPUS, capture_of, reading_of, site_of

SITE = sites.load("amenews")
SETTLED_WITHOUT_ARTICLE = {Verdict.MISSING, Verdict.REMOVED, Verdict.RESTRICTED}
quick = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_bytes(body: bytes, case: str = "classic/plain", status: int = 200) -> Reading:
    return pages.read(replace(capture_of(case), body=body, http_status=status), site_of(case))


def is_same_text(article: Article | None, case: str) -> bool:
    whole = reading_of(case).article
    return article is not None and whole is not None and article.body == whole.body


@pytest.mark.parametrize("case", ARTICLES)
def test_cut_article_is_never_settled_with_less(case: str) -> None:
    body = capture_of(case).body
    for end in range(0, len(body), max(1, len(body) // 150)):
        reading = read_bytes(body[:end], case)
        assert reading.verdict not in SETTLED_WITHOUT_ARTICLE, (end, reading.reason)
        if reading.verdict is Verdict.ARTICLE:
            assert is_same_text(reading.article, case), end


@quick
@given(case=st.sampled_from(ARTICLES), share=st.floats(0, 1))
def test_article_cut_anywhere_is_never_missing(case: str, share: float) -> None:
    body = capture_of(case).body
    reading = read_bytes(body[: int(share * len(body))], case)
    assert reading.verdict not in SETTLED_WITHOUT_ARTICLE
    assert reading.article is None or is_same_text(reading.article, case)


@quick
@given(
    case=st.sampled_from(CASES),
    edits=st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 40),
            st.sampled_from(
                [b"", b"<", b"</div>", b"<table><tr>", b"\x00", b"<P><FONT>", b'"', b"<!--", b"&#x",
                 b"<br><br>", b"\xb0\xa1", b"\xff\xfe", b"</p>", b"<div id=viewContent>", b"]]>",
                 b"<div id=img_caption>", b"<img src='http://[x'>", b"<a href='http://[x'>a</a>"]
            ),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_mutated_pages_never_raise(case: str, edits: list[tuple[float, int, bytes]]) -> None:
    body = capture_of(case).body
    for share, gone, new in edits:
        at = int(share * len(body))
        body = body[:at] + new + body[at + gone :]
    capture = replace(capture_of(case), body=body)
    reading = pages.read(capture, site_of(case), frozenset({pages.fingerprint(capture)}))
    assert (reading.article is not None) == (reading.verdict is Verdict.ARTICLE)
    assert pages.read(capture, site_of(case)) == pages.read(capture, site_of(case))
    listings.read_home(body, "http://amenews.kr/")
    listings.read_list(body, "http://amenews.kr/news/list.php")
    listings.read_rss(body)


@quick
@given(st.binary(max_size=400), st.sampled_from([200, 301, 302, 404, 410, 403, 500, 999, 100]))
def test_any_bytes_under_any_status_never_raise(body: bytes, status: int) -> None:
    assert read_bytes(body, status=status).reason


@pytest.mark.parametrize("case", ARTICLES)
def test_paragraphs_are_tidy(case: str) -> None:
    article = reading_of(case).article
    assert article is not None
    for paragraph in article.body.split("\n\n") if article.body else []:
        for line in paragraph.split("\n"):
            assert line
            assert line == " ".join(line.split())


@pytest.mark.parametrize("case", ARTICLES)
def test_reading_the_text_again_changes_nothing(case: str) -> None:
    """The body, put back into the plainest page, comes out as it went in."""
    article = reading_of(case).article
    assert article is not None
    plain = capture_of("classic/plain").body.decode()
    before, rest = plain.split('<div id="viewContent" class="viewContent">', 1)
    after = rest[rest.index('<div class="likeContentWrap">') :]
    escaped = article.body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    paragraphs = escaped.replace("\n\n", "</p><p>").replace("\n", "<br>")
    body = f'<div id="viewContent"><p>머리.</p><p>{paragraphs}</p></div>'
    page = f"{before}{body}{after}"
    again = read_bytes(page.encode()).article
    assert again is not None
    assert again.body == f"머리.\n\n{article.body}".strip()


HOSTILE = {
    "deep divs": b"<div>" * 100_000,
    "deep mixed": b"<div><b><span>" * 30_000,
    "unclosed paragraphs": b"<P><FONT>a" * 100_000,
    "rows": b"<table><tr><td>" * 20_000,
    "many pictures": b"<p><img src=/data/a.jpg></p><p>\xe2\x96\xb2 a</p>" * 20_000,
    "captions in their paragraphs": b"<p><img src=/data/a.jpg><br>\xe2\x96\xb2 a</p>" * 20_000,
    "many breaks": b"a<br>" * 200_000,
    "triangles": b"<p><img src=/data/a.jpg></p><p>" + "▲ 가 ".encode() * 20_000 + b"</p>",
    "open comment": b"<!--" + b"x" * 500_000,
    "attributes": b"<p " + b"a=b " * 100_000 + b">x</p>",
    "entities": b"&amp;" * 300_000,
    "blanks": b" \n" * 1_000_000,
    "spaces in alert": b"<script>alert(" + b" " * 300_000,
    "quotes": b"<script>alert('" * 30_000,
    "slashes": b"<script>" + b"/*" * 200_000,
    "comments": b"<script>" + b" /*x" * 200_000 + b"</script>",
    "alerts": b"<script>function f(){" + b"alert('a');" * 50_000 + b"</script>",
    "closers": b"</div></p>" * 100_000,
    "dates": b"2020-11-25 " * 100_000,
    "tags in text": b"<" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["in an article", "alone"])
def test_hostile_pages_take_bounded_time(name: str, place: str) -> None:
    body = HOSTILE[name]
    if place == "in an article":
        body = capture_of("classic/plain").body.replace(b"</p><p></p>", b"</p>" + body)
        assert len(body) > len(HOSTILE[name])
    else:
        body = b"<html><body>" + body + b"</body></html>"
    began = time.process_time()
    reading = read_bytes(body)
    assert time.process_time() - began < 5
    assert reading.verdict not in SETTLED_WITHOUT_ARTICLE


def test_the_largest_answer_is_read() -> None:
    paragraph = "<p>소재 산업의 하루를 적는다.</p>\n".encode()
    count = 8_000_000 // len(paragraph)
    page = capture_of("classic/plain").body
    article = read_bytes(page.replace(b"<p></p>", paragraph * count)).article
    assert article is not None
    assert article.body.count("\n\n") == count + 2


@pytest.mark.parametrize("case", CASES)
def test_equal_answers_never_settle_what_is_no_gap(case: str) -> None:
    capture = capture_of(case)
    reading = pages.read(capture, site_of(case), frozenset({pages.fingerprint(capture)}))
    plain = reading_of(case).verdict
    if plain in (Verdict.ARTICLE, Verdict.TEMPORARY, Verdict.BLOCKED, Verdict.RESTRICTED):
        assert reading.verdict is plain
    if case in ("no_article/picture_bytes", "no_article/empty_shell"):
        assert reading.verdict is Verdict.UNKNOWN


def test_equal_answer_is_missing_though_its_words_are_not_understood() -> None:
    capture = capture_of("no_article/alert_not_understood")
    learned = replace(capture, idx=999_999_999, body=capture.body + b"<!-- 12:34 -->\n")
    again = replace(capture, idx=7, body=capture.body + b"<!--  9:05 -->")
    assert pages.fingerprint(learned) == pages.fingerprint(again)
    assert pages.read(again, SITE).verdict is Verdict.UNKNOWN
    reading = pages.read(again, SITE, frozenset({pages.fingerprint(learned)}))
    assert reading.verdict is Verdict.MISSING


def test_expected_values_are_complete() -> None:
    fields = {"title", "subtitle", "section", "section_code", "byline", "reporters", "images",
              "published_at", "modified_at", "keywords", "recommend_count", "body"}  # fmt: skip
    for case in ARTICLES:
        path = f"{case}/expected.json"
        text = (CORPUS / path).read_text(encoding="utf-8")
        assert set(json.loads(text)["article"]) == fields, path
