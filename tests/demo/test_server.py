"""The server of the local newspaper: its addresses, its log, its connections."""

from __future__ import annotations

import gzip
import http.client
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import lxml.html
import pytest

from newscrawler.demo.__main__ import main
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.server import LocalServer, serve
from tests.demo.client import OPENER, an_article, get, view


def test_every_spelling_of_an_articles_address_leads_to_it(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    n, m = truth.idx, truth.mcode
    for target in (
        view(n),
        f"/news/view.php?mcode={m}&idx={n}&page=3",
        f"/news/view.php?idx={n}&sm=w_total&stx={quote('수소')}",
        f"/news/{n}",
        f"/article/{n}?mcode={m}",
        f"/m/view.php?idx={n}",
    ):
        got = get(server, target)
        assert got.status == 200
        assert lxml.html.fromstring(got.text).xpath("//meta/@content")[1 if "/m/" in target else 0]
        assert truth.article.url in got.text


def test_home_shows_the_menu_and_the_newest_number(server: LocalServer) -> None:
    for target in ("/", "/news/index.php"):
        tree = lxml.html.fromstring(get(server, target).text)
        menu = {
            a.get("href").partition("mcode=")[2]: a.text
            for a in tree.xpath('//ul[@id="gnb"]//a[contains(@href, "list.php?mcode=")]')
        }
        assert menu == SECTIONS
        shown = [
            int(href.partition("idx=")[2].partition("&")[0])
            for href in tree.xpath('//a[contains(@href, "view.php?idx=")]/@href')
        ]
        assert max(shown) == next(server.newspaper.newest_articles())


def listed(html: str) -> list[int]:
    links = lxml.html.fromstring(html).xpath('//dt[@class="title"]/a/@href')
    return [int(link.partition("idx=")[2].partition("&")[0]) for link in links]


def test_section_list_has_all_its_articles_newest_first(server: LocalServer) -> None:
    mcode = next(iter(SECTIONS))
    found: list[int] = []
    for number in range(1, 20):
        html = get(server, f"/news/list.php?&mcode={mcode}&vg=&page={number}").text
        if not listed(html):
            break
        found += listed(html)
    expected = [t.idx for t in server.newspaper.truths() if t.article and t.mcode == mcode]
    assert found == expected[::-1]
    assert listed(get(server, f"/news/list.php?mcode={mcode}").text) == found[:20]
    mobile = lxml.html.fromstring(get(server, f"/m/list.php?mcode={mcode}").text)
    assert len(mobile.xpath('//ul/li/a[contains(@href, "view.php?idx=")]/strong')) == 20


def test_search_finds_titles(server: LocalServer) -> None:
    truth = an_article(server.newspaper)
    assert truth.article
    word = quote(truth.article.title)
    assert truth.idx in listed(get(server, f"/news/search.php?sm=w_total&stx={word}&page=1").text)


def test_rss_has_the_newest_articles_with_times_without_a_zone(server: LocalServer) -> None:
    paper = server.newspaper
    root = ET.fromstring(get(server, "/rss_view.php").body)
    items = root.findall("channel/item")
    assert len(items) == 30
    newest = paper.truth(next(paper.newest_articles()))
    assert newest.article
    assert items[0].findtext("title") == newest.article.title
    link = items[0].findtext("link") or ""
    assert link.startswith(newest.article.url)
    dates = [item.findtext("pubDate") for item in items]
    assert all(datetime.strptime(d, "%Y-%m-%d %H:%M:%S") for d in dates if d)
    mcode = next(iter(SECTIONS))
    one = ET.fromstring(get(server, f"/rss_view.php?code={mcode}").body)
    assert all(f"mcode={mcode}" in (i.findtext("link") or "") for i in one.findall("channel/item"))


def test_robots_can_be_set(server: LocalServer) -> None:
    assert "Disallow: /bbs/" in get(server, "/robots.txt").text
    server.robots, server.robots_status = "User-agent: *\nDisallow: /\n", 503
    try:
        got = get(server, "/robots.txt")
    finally:
        server.robots, server.robots_status = "", 200
    assert (got.status, got.text) == (503, "User-agent: *\nDisallow: /\n")


def test_other_addresses(server: LocalServer) -> None:
    image = get(server, "/data/cheditor4/2607/" + quote("수소 울산 3.jpg"))
    assert (image.headers["Content-Type"], image.body[:4]) == ("image/png", b"\x89PNG")
    assert "로그인" in get(server, "/bbs/login.php?url=x").text
    assert get(server, "/nowhere").status == 404
    assert "존재하지 않는" in get(server, "/news/view.php?idx=abc").text
    assert "존재하지 않는" in get(server, "/news/view.php").text


def test_gaps_answer_as_their_kind_says(server: LocalServer) -> None:
    signs = {
        "alert": (200, "존재하지 않는 기사입니다"),
        "location_replace": (200, "location.replace"),
        "gnuboard": (200, "validation_check"),
        "not_found": (404, "Not Found"),
        "gone": (410, "Gone"),
        "redirect_home": (302, ""),
        "meta_refresh": (200, 'http-equiv="refresh"'),
        "home_page": (200, "mainTop"),
        "empty_template": (200, "viewContent"),
        "removed_alert": (200, "삭제된 기사"),
        "removed_page": (200, "삭제된 기사"),
        "members_body": (200, "/bbs/login.php"),
        "members_alert": (200, "읽을 권한이 없습니다"),
        "members_login": (200, "회원 전용"),
    }
    gaps = [t for t in server.newspaper.truths() if t.state != "article"]
    assert {t.how for t in gaps} == set(signs)
    for truth in gaps:
        got = get(server, view(truth.idx))
        status, sign = signs[truth.how]
        assert got.status == status
        assert sign in got.text
        assert (got.headers.get("Location") == "/") == (truth.how == "redirect_home")
    assert get(server, "/").text in {get(server, view(t.idx)).text for t in gaps}


def test_server_shows_the_paper_as_it_is_now() -> None:
    with serve(Newspaper(size=30, gap_share=0)) as server:
        assert "alert(" in get(server, view(31)).text
        before = get(server, view(30)).body
        server.newspaper.publish(1)
        server.newspaper.edit(30)
        assert "viewContent" in get(server, view(31)).text
        assert get(server, view(30)).body != before
        server.newspaper = Newspaper(size=3)
        assert "alert(" in get(server, view(30)).text


def test_validators_answer_not_modified_until_the_article_changes() -> None:
    with serve(Newspaper(size=30, gap_share=0), validators=True) as server:
        idx = an_article(server.newspaper, duplicate_of=None).idx
        first = get(server, view(idx))
        etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert get(server, view(idx), If_None_Match=etag).status == 304
        assert get(server, view(idx), If_Modified_Since=modified).status == 304
        assert get(server, view(idx), If_Modified_Since="whenever").status == 200
        server.newspaper.publish(2)
        assert get(server, view(idx), If_None_Match=etag).status == 304
        server.newspaper.edit(idx)
        again = get(server, view(idx), If_None_Match=etag, If_Modified_Since=modified)
        assert again.status == 200
        assert again.headers["ETag"] != etag
        assert parsedate_to_datetime(again.headers["Last-Modified"]) > parsedate_to_datetime(
            modified
        )
        assert server.log[1].if_none_match == etag


def test_log_tells_who_asked_what_and_when(server: LocalServer) -> None:
    began = time.monotonic()
    get(server, view(7) + "&mcode=m1abcd", User_Agent="tester/1")
    get(server, "/nowhere")
    first, second = server.log
    assert (first.method, first.target, first.path, first.idx) == (
        "GET",
        "/news/view.php?idx=7&mcode=m1abcd",
        "/news/view.php",
        7,
    )
    assert (first.user_agent, first.host) == ("tester/1", urlsplit(server.base_url).netloc)
    assert (first.status, second.status, second.idx) == (200, 404, None)
    assert began <= first.started <= first.ended <= second.started <= second.ended
    assert first.at.utcoffset() == timedelta(0)
    assert first.in_flight == 1


def test_log_counts_requests_in_flight(server: LocalServer) -> None:
    server.faults = Faults.always("slow")
    server.faults.delay = 0.2
    threads = [threading.Thread(target=get, args=(server, view(n))) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asked.in_flight for asked in server.log) == [1, 2, 3]


def test_connection_is_kept_alive(server: LocalServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    connection.request("GET", view(5))
    connection.getresponse().read()
    peer = connection.sock
    connection.request("GET", view(6))
    connection.getresponse().read()
    assert connection.sock is peer
    connection.close()


def test_taken_port_is_an_error(server: LocalServer) -> None:
    port = urlsplit(server.base_url).port
    assert port
    with pytest.raises(OSError, match="in use"), serve(Newspaper(size=1), port=port):
        pass


def test_process_prints_its_address_and_ends_when_told() -> None:
    command = [sys.executable, "-m", "newscrawler.demo", "--size", "20", "--warm"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            base = process.stdout.readline().strip()
            with OPENER.open(f"{base}/robots.txt", timeout=5) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("wrong", [["--port", ""], ["--skin", "none"], ["--faults", "7"]])
def test_process_refuses_what_it_cannot_use_in_one_line(
    wrong: list[str],
    server: LocalServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    option, value = wrong
    value = value or str(urlsplit(server.base_url).port)  # a port that is taken
    monkeypatch.setattr("sys.argv", ["demo", option, value])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2
    assert value in said


def test_gzip_is_for_those_who_accept_it() -> None:
    with serve(Newspaper(size=5, gap_share=0)) as server:
        whole = get(server, view(2)).body
        server.gzip = True
        assert get(server, view(2)).body == whole
        packed = get(server, view(2), Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == whole
