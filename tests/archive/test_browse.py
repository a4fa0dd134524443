"""The archive in Datasette: read only, at home, with our search; in a real browser too."""

from __future__ import annotations

import asyncio
import gc
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newscrawler import open_archive
from newscrawler.cli.serve import command
from newscrawler.demo.newspaper import Newspaper
from newscrawler.humanize.language import KOREAN, speaking
from newscrawler.items import Image, Reporter
from newscrawler.store.store import Store
from tests.browser import Browser
from tests.making import FETCHED, KST, article, fail, keep, keep_newspaper, withdraw

# Datasette leaves connections to the garbage collector; from 3.13 on Python complains of that.
with warnings.catch_warnings(action="ignore", category=ResourceWarning):
    pytest.importorskip("datasette")

    from newscrawler.archive.browse import datasette

    gc.collect()
from newscrawler.archive.browse import in_time, plugin, words_page
from newscrawler.archive.browse.metadata import metadata
from newscrawler.archive.browse.questions import QUESTIONS, Question

HOSTILE = "<script>document.title = 'hacked'</script> & ‘수소’ 제목"
COOKBOOK = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")


pytestmark = pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """What Datasette has left is collected here, and not in the middle of other tests."""
    yield
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles with a hostile title, an edit, a reprint, a withdrawal, and a failure."""
    path = tmp_path_factory.mktemp("serve") / "paper.db"
    keep(
        path,
        article(
            1,
            HOSTILE,
            f"첫 문단 {HOSTILE}\n\n둘째 문단은 수소경제다.",
            section="소재",
            byline="홍길동 기자",
            reporters=(Reporter("홍길동", "hong@example.org"),),
            images=(Image("http://amenews.kr/data/a.jpg", f"설명 {HOSTILE}"),),
            keywords=("수소", "백금"),
        ),
        article(2, "탄소섬유 증설", "탄소섬유를 더 만든다.", section="소재"),
        article(3, "탄소섬유 증설", "탄소섬유를 더 만든다.", section="산업"),
        article(4, "전기차 배터리", "수소 아닌 배터리 이야기", section="산업"),
    )
    edited = article(2, "탄소섬유 또 증설", "탄소섬유를 훨씬 더 만든다.", section="소재")
    keep(path, edited, at=FETCHED + timedelta(days=1))
    keep(path, article(5, "탄소섬유 또 증설", "탄소섬유를 훨씬 더 만든다."))
    withdraw(path, 4, at=FETCHED + timedelta(days=1))
    fail(path, 6, f"message: {HOSTILE}")
    return path


def ask(path: Path, *addresses: str, **headers: str) -> list[Any]:
    """Answers of one Datasette to several requests."""
    application = datasette(path, "신소재경제신문")

    async def answers() -> list[Any]:
        await application.invoke_startup()
        return [await application.client.get(address, headers=headers) for address in addresses]

    try:
        return asyncio.run(answers())
    finally:
        application.executor.shutdown()
        for database in application.databases.values():
            database.close()


def page(path: Path, address: str) -> str:
    (answer,) = ask(path, address)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


# Reading only


def test_a_connection_of_datasette_cannot_write(served: Path) -> None:
    application = datasette(served, "신문")
    database = application.get_database("paper")
    connection = database.connect()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM articles")
    connection.close()
    with pytest.raises(PermissionError):
        database.connect(write=True)
    assert database.is_mutable, "immutable would ignore a crawl that writes"


def test_what_a_crawl_writes_is_seen_and_its_log_left_alone(path: Path) -> None:
    keep(path, article(1, "첫 기사", "본문"))
    wal = path.with_name(path.name + "-wal")
    with Store.open(path):
        keep(path, article(2, "쓰는 중의 기사", "수소 본문"))
        before = wal.read_bytes()
        assert before, "the second article is in the write-ahead log alone"
        text = page(path, f"/{path.stem}/article_list?_search=수소")
        assert "쓰는 중의 기사" in text
        assert wal.read_bytes() == before


def test_only_this_machine_by_its_own_name_is_answered(served: Path) -> None:
    for host, status in (("127.0.0.1:8001", 200), ("localhost", 200), ("evil.example", 421)):
        (answer,) = ask(served, "/paper", host=host)
        assert answer.status_code == status


def test_the_file_cannot_be_downloaded_half_written(served: Path) -> None:
    (answer,) = ask(served, "/paper.db")
    assert answer.status_code == 403


# Searching and browsing


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("수소", [1, 4]),
        ("소경", [1]),
        ("수소 -배터리", [1]),
        ("백금 OR 섬유", [2, 3, 5]),
        ("-", []),
        ("R&D", []),
    ],
)
def test_the_search_box_speaks_our_language(served: Path, words: str, found: list[int]) -> None:
    for table in ("article_list", "articles"):
        address = f"/paper/{table}.json?_shape=array&_search={words}"
        (answer,) = ask(served, address)
        assert sorted(row["idx"] for row in answer.json()) == found


def test_found_articles_are_counted_by_section(served: Path) -> None:
    (answer,) = ask(served, "/paper/article_list.json?_search=탄소섬유&_facet=section")
    facets = answer.json()["facet_results"]["section"]["results"]
    assert {facet["value"]: facet["count"] for facet in facets} == {"산업": 1, "소재": 1}


def test_tables_and_columns_are_explained(served: Path) -> None:
    text = page(served, "/paper/ledger")
    assert "A number that was ever asked for, and its state." in text
    assert "The evidence for the state, in a few words." in text
    assert "신소재경제신문: the archive" in page(served, "/")


def test_columns_are_explained_in_korean_too() -> None:
    with speaking(KOREAN):
        tables = metadata("paper", "신소재경제신문", KOREAN)["databases"]["paper"]["tables"]
    assert tables["ledger"]["columns"]["reason"] == "그 상태로 본 근거."
    meanings = [text for table in tables.values() for text in table["columns"].values()]
    english = [text for text in meanings if not re.search("[가-힣]", text)]
    assert set(english) <= {"articles.id", "captures.dictionary_id", "UTC."}


def test_hits_are_marked_in_the_words_around_them(served: Path) -> None:
    text = page(served, "/paper/search?words=수소경제")
    assert "<mark>수소경제</mark>" in text
    assert "&lt;script&gt;" in text
    assert "<script>document" not in text


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 articles: more than two pages of hits."""
    path = tmp_path_factory.mktemp("many") / "paper.db"
    return keep(
        path,
        *(
            article(
                n,
                f"수소 단신 {n}",
                "탱크를 옮긴다" if n % 2 else "본문",
                section="가스" if n % 2 else None,
                byline="김가온 기자",
            )
            for n in range(1, 120)
        ),
        article(
            120,
            "사진",
            "본문",
            published_at=None,
            images=(Image("http://amenews.kr/1.jpg", "수소 충전소"),),
            reporters=(Reporter("김가온"),),
        ),
    )


def found(text: str) -> list[int]:
    return [int(idx) for idx in re.findall(r'class="title"[^>]+/amenews/(\d+)"', text)]


@pytest.mark.parametrize(
    ("query", "total", "first"),
    [
        ("words=수소", "120 articles", None),
        ("words=수소&order=newest", "120 articles", 119),
        ("words=수소&order=oldest&section=가스", "60 articles", 1),
        ("words=수소&reporter=김가온", "1 article", 120),
        ("words=수소&since=2020.02.01&until=2020년+2월", "29 articles", None),
        ("since=20200110&until=20200110", "1 article", 10),
    ],
)
def test_the_search_page_counts_sorts_and_filters(
    many: Path, query: str, total: str, first: int | None
) -> None:
    text = page(many, f"/paper/-/search?{query}")
    assert f"<strong>{total}</strong>" in text
    assert first in (None, found(text)[0])


def test_all_hits_are_there_page_by_page(many: Path) -> None:
    seen: list[int] = []
    address = "/paper/-/search?words=수소&order=newest"
    for _ in range(3):
        text = page(many, address)
        seen += found(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == list(range(1, 121))
    assert address == ""
    assert found(page(many, "/paper/-/search?words=수소&order=newest&page=99")) == seen[100:]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("words=수소+OR", "OR must be between two words"),
        ("words=-수소", "A search needs at least one word"),
        ("words=수소&since=gestern", "A day must be like 2020-11-25"),
    ],
)
def test_a_wrong_search_explains_itself(many: Path, query: str, sentence: str) -> None:
    assert sentence in page(many, f"/paper/-/search?{query}")


def test_where_nothing_is_found_the_page_leads_to_what_is(many: Path) -> None:
    text = page(many, "/paper/-/search?words=충전소에서")
    assert "<strong>No article has this.</strong>" in text
    assert found(page(many, re.findall(r'<li><a href="([^"]+)">충전소</a>: 1', text)[0])) == [120]
    text = page(many, "/paper/-/search?words=단신&until=2019")
    assert re.search(r'<a href="/paper/-/search\?words=[^"]+">On any day</a>: 119', text)


@pytest.mark.parametrize(
    ("form", "first"), [("bibtex", "@article{amenews"), ("ris", "TY  - NEWS"), ("csl-json", "[{")]
)
def test_citations_of_a_search_are_a_file(many: Path, form: str, first: str) -> None:
    assert f"/paper/-/cite/{form}?words=%EC%88%98%EC%86%8C" in page(
        many, "/paper/-/search?words=수소&section=가스"
    )
    (answer,) = ask(many, f"/paper/-/cite/{form}?words=수소&section=가스")
    assert answer.text.startswith(first)
    assert answer.text.count("/view.php?idx=") == 60
    assert "attachment" in answer.headers["content-disposition"]


def test_the_trend_page_draws_words_and_leads_to_the_articles(many: Path) -> None:
    text = page(many, "/paper/-/trend?words=수소&words=단신&words=&by=month")
    assert text.count("<polyline") == 4
    own = re.findall(r'<nav aria-label="Pages of the archive">(.*?)</nav>', text, re.DOTALL)
    links = [re.findall('href="([^"]+)">([^<]+)<', bar) for bar in own]
    assert [name for _, name in links[0]] == [
        "Home",
        "Search",
        "Trend",
        "Particular words",
        "Tables and SQL",
    ]
    elsewhere = page(many, "/paper/-/search").partition("<nav")[2].partition("</nav>")[0]
    assert re.findall('href="([^"]+)">([^<]+)<', elsewhere) == links[0]
    assert "/paper/-/search?words=%EC%88%98%EC%86%8C&amp;since=2020-02&amp;until=2020-02" in text
    assert "OR must be between" in page(many, "/paper/-/trend?words=수소+OR")
    assert "A day must be like" in page(many, "/paper/-/trend?words=수소&since=gestern")
    assert "Each field is a search" in page(many, "/paper/-/trend")


def test_the_page_of_particular_words_leads_to_their_articles(many: Path) -> None:
    text = page(many, "/paper/-/words?section=가스")
    assert "<strong>60 articles, compared with " in text
    assert 'href="/paper/-/search?words=%ED%83%B1%ED%81%AC&amp;section=' in text
    nothing = page(many, "/paper/-/words?words=수소폭탄")
    assert "No article has this." in nothing
    assert 'href="/paper/-/words?words=%EC%88%98%EC%86%8C"' in nothing
    assert "OR must be between" in page(many, "/paper/-/words?words=수소+OR")
    assert "Choose some articles" in page(many, "/paper/-/words")


def test_a_large_archive_is_compared_in_part(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_page, "AT_MOST", 20)
    found = words_page.words_page(many, {"section": "가스"}).found
    assert found
    assert (found.articles, found.all_articles) == (20, 60)
    assert found.others <= 20 < found.all_others


def test_a_hit_outside_the_body_says_where(many: Path) -> None:
    assert '<em lang="en">caption</em> <mark>수소</mark> 충전소' in page(
        many, "/paper/-/search?words=수소&reporter=김가온"
    )
    assert "only in the title" in page(many, "/paper/-/search?words=단신&until=2020.1.1")


def test_a_search_that_takes_too_long_says_so(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "SECONDS", -1.0)
    monkeypatch.setattr(in_time, "_STEPS", 1)
    assert "took longer than" in page(many, "/paper/-/search?words=수소")


def test_a_mistake_is_told_on_the_page_alone(
    served: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = ask(served, "/paper?sql=selct", "/paper/none", "/paper/none.json")
    assert [answer.status_code for answer in answers] == [400, 404, 404]
    assert "Statement must be a SELECT" in answers[0].text
    assert answers[2].json()["error"] == "Table not found"
    assert capfd.readouterr() == ("", "")


def test_numbers_lead_to_the_article(served: Path) -> None:
    assert '<a href="/paper/-/article/amenews/1">1</a>' in page(served, "/paper/article_list")
    assert '<a href="/paper/-/article/-/2">2</a>' in page(served, "/paper/headlines")


ASKED = {
    1: {"words": "수소"},
    2: {"words": "수소", "first_day": "2018-01-01", "last_day": "2020-12-31"},
    3: {"words": "수소"},
    9: {"reporter": "김가온"},
    20: {"words": "탄소섬유"},
}
"""What the cookbook's own questions ask for."""


@pytest.fixture(scope="module")
def years_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six years of a paper until 2020, with edits and withdrawals."""
    path = tmp_path_factory.mktemp("years") / "paper.db"
    paper = Newspaper(size=250, per_day=0.12, newest=datetime(2020, 12, 31, 18, tzinfo=KST))
    keep_newspaper(path, paper)
    idxs = list(paper.newest_articles())
    for n, idx in enumerate(idxs[:20]):
        paper.edit(idx, "title" if n % 2 else "text")
    paper.withdraw(idxs[30])
    return keep_newspaper(path, paper, at=FETCHED + timedelta(days=1))


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.number], ids=lambda q: q.slug)
def test_a_question_is_the_cookbooks(question: Question, years_path: Path) -> None:
    found = re.search(
        rf"^## {question.number}\. (.+)\n(?:.*\n)*?```sql\n((?:.*\n)*?)```$", COOKBOOK, re.MULTILINE
    )
    assert found
    heading, block = found.groups()
    asked = ASKED.get(question.number or 0)
    if asked is None:
        assert question.title == heading
    with open_archive(years_path) as archive:
        ours = archive.connection.execute(question.sql, asked or {}).fetchall()
        theirs = archive.connection.execute(block).fetchall()
    assert list(map(tuple, ours)) == list(map(tuple, theirs))
    assert ours or question.number == 9, "an answer of nothing proves nothing"


def test_every_question_is_answered(served: Path) -> None:
    words = "words=수소&reporter=홍길동&first_day=2020-01-01&last_day=2020-12-31"
    answers = ask(served, *(f"/paper/{q.slug}.json?_shape=array&{words}" for q in QUESTIONS))
    assert [answer.status_code for answer in answers] == [200] * len(QUESTIONS)


# The article page


def test_an_article_is_shown_with_all_that_belongs_to_it(served: Path) -> None:
    text = page(served, "/paper/-/article/amenews/1")
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace("'", "&#39;")
    assert f"<h1>{escaped}</h1>" in text
    assert "<p>둘째 문단은 수소경제다.</p>" in text
    assert f"▲ 설명 {escaped}" in text
    assert 'href="http://amenews.kr/news/view.php?idx=1"' in text
    assert "홍길동 기자" in text
    assert "hong@example.org" in text
    assert re.findall("<script[^>]*>", text) == ['<script src="/browse/copy.js" defer>']


def test_what_changed_is_marked(served: Path) -> None:
    text = page(served, "/paper/-/article/-/2")
    assert "2 revisions" in text
    assert re.search(r"<strong>탄소섬유 <ins>또 ?</ins>", text)
    assert re.search(r"탄소섬유를 <ins>훨씬 ?</ins>", text)


def test_a_reprint_leads_to_its_original_and_a_withdrawal_says_so(served: Path) -> None:
    assert (
        'of <a href="/paper/-/article/amenews/2">2 <span lang="ko">탄소섬유 또 증설</span></a>'
        in (page(served, "/paper/-/article/-/5"))
    )
    assert "The paper has withdrawn it" in page(served, "/paper/-/article/-/4")


def test_a_number_without_an_article_says_why(served: Path) -> None:
    text = page(served, "/paper/-/article/-/6")
    assert "6 is failed" in text
    assert "message: &lt;script&gt;" in text
    answers = ask(served, "/paper/-/article/-/99", "/none/-/article/-/1")
    assert [answer.status_code for answer in answers] == [404, 404]


# The command


SERVE = [sys.executable, "-c", "from newscrawler.cli.serve import command; command()"]


@pytest.fixture(scope="module")
def address(served: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [*SERVE, "--db", str(served), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 0, "Ctrl-C is how it ends"
    assert complaints == "Press Ctrl-C to stop.\n"


@pytest.mark.parametrize("width", [1100, 360])
def test_a_reader_searches_and_reads_in_a_browser(
    browser: Browser, address: str, width: int
) -> None:
    assert address.startswith("http://127.0.0.1:")
    browser.open(address, width=width)
    browser.submit("input[name=words]", "수소경제")
    assert browser.find("[role=status]").text == "1 article"
    assert browser.texts("mark") == ["수소경제"]
    assert not browser.scrolls_sideways()
    browser.follow("a.title")
    assert browser.find("h1").text == HOSTILE
    assert browser.driver.title == HOSTILE
    assert not browser.scrolls_sideways()
    assert browser.find("a.original").get_attribute("href") == (
        "http://amenews.kr/news/view.php?idx=1"
    )
    browser.open(f"{address}paper/-/article/-/2", width=width)
    assert browser.texts("ins")
    assert browser.complaints() == []


def test_a_port_that_is_taken_is_told_in_one_sentence(served: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = CliRunner().invoke(command, ["--db", str(served), "--port", str(port)])
    assert run.exit_code == 2
    said = f"newscrawler: 127.0.0.1 port {port} cannot be used: Address already in use\n"
    assert run.stderr == said


def test_a_missing_library_is_told_in_one_sentence(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    run = CliRunner().invoke(command, ["--db", str(served)])
    assert run.exit_code == 2
    assert (
        run.stderr
        == "newscrawler: serve needs datasette: pip install '.[research]' in newscrawler's folder\n"
    )


def test_a_damaged_archive_is_said_on_the_page_and_a_bug_stays_a_bug(
    served: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper.db"
    data = bytearray(served.read_bytes())
    damaged = data[:]
    half = len(data) // 2 // 8192 * 8192
    damaged[half:] = bytes(len(data) - half)
    path.write_bytes(damaged)
    addresses = ("/paper/-/article/-/1", "/paper/-/cite/ris?words=백금", "/paper/articles.json")
    answers = ask(path, *addresses)
    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert all("cannot be read" in answer.text or "malformed" in answer.text for answer in answers)
    assert "Traceback" not in "".join(capfd.readouterr())

    def stumbles(*_: object) -> None:
        raise TypeError("a bug of ours")

    monkeypatch.setattr(plugin, "article_page", stumbles)
    (answer,) = ask(served, "/paper/-/article/-/1")
    assert answer.status_code == 500
    assert "Traceback" in "".join(capfd.readouterr())
    (answer,) = ask(path, "/paper/-/article/-/1")
    assert "cannot be read" in answer.text
    assert "Traceback" not in "".join(capfd.readouterr())
