"""The local newspaper is ill on demand, and only as it was told."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import timedelta
from email.utils import parsedate_to_datetime

import lxml.html
import pytest

from newscrawler.demo.faults import TRANSIENT, Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve
from tests.demo.client import an_article, get, view


def test_faults_depend_on_the_address_and_not_on_the_order() -> None:
    def drawn(order: list[str]) -> dict[str, list[str | None]]:
        faults = Faults(0.5, seed=3)
        fates: dict[str, list[str | None]] = {}
        for query in order:
            fates.setdefault(query, []).append(faults.draw("/news/view.php", query))
        return fates

    numbers = [f"idx={n}" for n in range(50)]
    assert drawn(numbers * 3) == drawn(numbers[::-1] * 3)


def test_share_of_faults_is_kept_and_no_address_fails_too_often_in_a_row() -> None:
    faults = Faults(0.3, max_in_a_row=2)
    fates = [[faults.draw("/news/view.php", f"idx={n}") for _ in range(6)] for n in range(500)]
    hit = sum(fate is not None for row in fates for fate in row)
    assert 0.24 < hit / 3000 < 0.33
    assert not any(all(row[i : i + 3]) for row in fates for i in range(4))
    assert {fate for row in fates for fate in row} == {None, *TRANSIENT}
    assert not any(Faults(1.0).draw("/robots.txt", "") for _ in range(9))


def test_only_the_named_address_fails() -> None:
    faults = Faults(1.0, only=frozenset({view(4)}), max_in_a_row=10**9)
    assert faults.draw("/news/view.php", "idx=5") is None
    assert all(faults.draw("/news/view.php", "idx=4") for _ in range(9))


@pytest.mark.parametrize(
    ("kind", "status", "sign"),
    [
        ("status_500", 500, ""),
        ("status_502", 502, ""),
        ("status_503", 503, ""),
        ("maintenance", 200, "서비스 점검중"),
        ("db_error", 200, "Too many connections"),
        ("block", 200, "차단"),
        ("forbidden", 403, "Forbidden"),
        ("down", 503, ""),
    ],
)
def test_answers_instead_of_the_page(
    server: LocalServer, kind: str, status: int, sign: str
) -> None:
    server.faults = Faults.always(kind)
    got = get(server, view(5))
    assert got.status == status
    assert sign in got.text
    assert "viewContent" not in got.text
    assert (server.log[-1].fault, server.log[-1].status) == (kind, status)


@pytest.mark.parametrize(
    ("kind", "status"), [("busy_429", 429), ("busy_429_date", 429), ("busy_503", 503)]
)
def test_busy_answers_say_when_to_come_back(server: LocalServer, kind: str, status: int) -> None:
    server.faults = Faults.always(kind, retry_after=30)
    got = get(server, view(5))
    assert got.status == status
    value = got.headers["Retry-After"]
    wait = server.log[-1].retry_after
    assert wait
    assert 30 <= wait <= 31
    if kind == "busy_429_date":
        asked = server.log[-1].at
        assert parsedate_to_datetime(value) - asked == pytest.approx(
            timedelta(seconds=wait), abs=timedelta(seconds=0.01)
        )
    else:
        assert value == "30"


def test_reset_breaks_the_connection(server: LocalServer) -> None:
    server.faults = Faults.always("reset")
    with pytest.raises((ConnectionResetError, urllib.error.URLError)):
        get(server, view(5))
    assert (server.log[-1].fault, server.log[-1].status) == ("reset", 0)


def test_truncated_answer_ends_before_its_declared_length(server: LocalServer) -> None:
    server.faults = Faults.always("truncated")
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(server, view(5))
    assert len(caught.value.partial) > 1000


def test_cut_page_is_short_and_says_nothing(server: LocalServer) -> None:
    idx = an_article(server.newspaper).idx
    whole = get(server, view(idx)).body
    server.faults = Faults.always("cut")
    got = get(server, view(idx))
    assert whole.startswith(got.body)
    assert len(got.body) < 0.91 * len(whole)
    assert got.headers["Content-Length"] == str(len(got.body))


def test_slow_answer_is_whole_and_late(server: LocalServer) -> None:
    whole = get(server, view(5)).body
    server.faults = Faults.always("slow")
    server.faults.delay = 0.15
    assert get(server, view(5)).body == whole
    assert server.log[-1].ended - server.log[-1].started >= 0.15


def test_wrong_charset_is_in_the_label_only(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    whole = get(server, view(truth.idx))
    server.faults = Faults.always("euckr_as_utf8")
    korean = get(server, view(truth.idx))
    assert korean.headers["Content-Type"] == "text/html; charset=utf-8"
    assert truth.article.title in lxml.html.fromstring(korean.body.decode("cp949")).text_content()
    with pytest.raises(UnicodeDecodeError):
        korean.body.decode("utf-8")
    server.faults = Faults.always("utf8_as_euckr")
    mislabelled = get(server, view(truth.idx))
    assert mislabelled.headers["Content-Type"] == "text/html; charset=euc-kr"
    assert mislabelled.body == whole.body


def test_empty_answer(server: LocalServer) -> None:
    server.faults = Faults.always("empty")
    assert get(server, view(5))[:2] == (200, b"")


def test_redesign_keeps_words_and_changes_every_name(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    server.faults = Faults.always("redesign")
    html = get(server, view(truth.idx)).text
    assert truth.article.title in lxml.html.fromstring(html).text_content()
    names = ("viewContent", "titleWrap", "registModifyDate", "article-head", "info-text", "fr-view")
    assert not any(name in html for name in names)


def test_lasting_fault_begins_at_its_request_and_spares_robots(server: LocalServer) -> None:
    server.faults = Faults.always("block", from_request=2)
    titles = ["차단" in get(server, view(5)).text for _ in range(4)]
    assert titles == [False, False, True, True]
    assert "차단" not in get(server, "/robots.txt").text
    server.faults = Faults.always("down", spare=())
    assert get(server, "/robots.txt").status == 503


def test_robots_alone_can_be_ill(server: LocalServer) -> None:
    server.faults = Faults.always("robots_5xx")
    assert (get(server, "/robots.txt").status, get(server, view(5)).status) == (503, 200)


def test_server_that_is_down_refuses_connections_until_it_listens_again() -> None:
    with serve(Newspaper(size=3), faults=Faults.always("refuse", from_request=1)) as server:
        assert get(server, view(1)).status == 200
        with pytest.raises((ConnectionError, urllib.error.URLError)):
            get(server, view(1))
        with pytest.raises(urllib.error.URLError, match="refused"):
            get(server, view(1))
        server.faults = None
        server.listen_again()
        assert get(server, view(1)).status == 200
        server.refuse()
        with pytest.raises(urllib.error.URLError, match="refused"):
            get(server, view(1))


@pytest.mark.parametrize(
    ("kind", "sign"),
    [("binary", b"\xff\xfe"), ("deep", b"<div>" * 20_000), ("nuls", b"\x00<p")],
)
def test_hostile_pages(server: LocalServer, kind: str, sign: bytes) -> None:
    server.faults = Faults.always(kind)
    assert sign in get(server, view(an_article(server.newspaper).idx)).body


def test_huge_page_has_fifty_megabytes(server: LocalServer) -> None:
    server.faults = Faults.always("huge")
    assert len(get(server, view(5)).body) > 50_000_000


def test_redirect_to_another_host(server: LocalServer) -> None:
    server.faults = Faults.always("offsite")
    server.faults.elsewhere = "http://parking.example/x"
    got = get(server, view(5))
    assert (got.status, got.headers["Location"]) == (302, "http://parking.example/x")
