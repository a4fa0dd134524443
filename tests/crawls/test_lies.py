"""A site that lies once, a clock that was wrong once, a bug on one page: what stays of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from newscrawler import pages
from newscrawler.demo.answers import SIMPLE_GAPS, bare, html
from newscrawler.demo.routes import Router
from newscrawler.exceptions import ArticleError
from newscrawler.extensions.page_reader import PageReader
from newscrawler.items import Answer, Article, Capture, Reading
from newscrawler.middlewares.canary import CanaryMiddleware
from newscrawler.middlewares.retry import RetryMiddleware
from newscrawler.pages import robots, validation
from newscrawler.sites import Site
from newscrawler.spiders.newspaper import NewspaperSpider
from newscrawler.store.answers import Batch, Saved
from newscrawler.store.ledger import Ledger
from newscrawler.store.store import Store
from tests.conftest import Desk, run


def page(desk: Desk, path: str, query: str = "") -> str:
    """What the paper says under an address."""
    return Router(desk.newspaper).answer(path, query).body.decode()


@pytest.mark.parametrize("lie", [[2**40], [2**63 - 1, 2**62], [560], list(range(9000, 9400))])
def test_a_lying_list_moves_no_mark(desk: Desk, lie: list[int]) -> None:
    desk.crawl_here()
    links = "".join(f'<a href="/news/view.php?idx={idx}">x</a>' for idx in lie)
    desk.newspaper.publish(3)
    desk.server.instead["/"] = html(page(desk, "/").replace("</body>", f"{links}</body>"))
    summary = desk.crawl_here()
    top = next(desk.newspaper.newest_articles())
    assert summary["newest"] == top
    assert str(max(lie)) in summary["diagnosis"]
    assert all(idx <= top for idx in desk.states())
    desk.server.instead.clear()
    desk.newspaper.publish(5)
    assert desk.crawl_here(new="1")["articles_new"] > 0
    assert max(desk.states()) == next(desk.newspaper.newest_articles())


@pytest.mark.parametrize(
    "setting", ["CLOSESPIDER_ITEMCOUNT=5", "CLOSESPIDER_PAGECOUNT=9", "MEMUSAGE_LIMIT_MB=20"]
)
def test_a_limit_of_scrapys_is_its_own_ending(desk: Desk, setting: str) -> None:
    desk.crawl_here()
    desk.newspaper.publish(40)
    first = desk.crawl_here(new="1", settings=(setting,))
    assert first["exit_code"] == 3
    assert first["outcome"] in ("budget", "stopped")
    assert setting.partition("=")[0] in first["diagnosis"]
    assert desk.crawl_here(new="1")["exit_code"] == 0
    assert set(range(61, next(desk.newspaper.newest_articles()) + 1)) <= set(desk.states())


def test_stored_articles_that_answer_500_are_counted_failed(desk: Desk) -> None:
    desk.crawl_here(idx="58,59,60")
    stored = set(desk.articles())
    for idx in stored:
        desk.server.instead[f"/news/view.php?idx={idx}"] = bare("ill", 500)
    summary = desk.crawl_here(idx=",".join(map(str, stored)), settings=("RETRY_TIMES=0",))
    assert (summary["failed"], summary["articles_unchanged"]) == (len(stored), 0)
    assert summary["exit_code"] == 3
    assert set(desk.articles()) == stored


def break_reading(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    real = pages.read

    def read(capture: Capture, site: Site, known: frozenset[str] = frozenset()) -> Reading:
        if not numbers or capture.idx in numbers:
            raise ZeroDivisionError("a made-up bug")
        return real(capture, site, known)

    monkeypatch.setattr(pages, "read", read)


def test_a_bug_on_one_page_costs_one_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_reading(monkeypatch, 30)
    summary = desk.crawl_here(range="20-40")
    assert summary["outcome"] == "error"
    assert summary["asked"] == 21
    with desk.open() as connection:
        row = connection.execute("SELECT state, reason FROM ledger WHERE idx = 30").fetchone()
        kept = connection.execute("SELECT count(*) FROM captures WHERE idx = 30").fetchone()
    assert (row["state"], "ZeroDivisionError" in row["reason"], kept[0]) == ("unknown", True, 1)


def test_a_bug_in_a_middleware_costs_one_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = CanaryMiddleware.process_response

    async def process(self: CanaryMiddleware, request: Request, response: Response) -> Response:
        if request.meta.get("idx") == 30:
            raise TypeError("a made-up bug")
        return await real(self, request, response)

    monkeypatch.setattr(CanaryMiddleware, "process_response", process)
    summary = desk.crawl_here(range="20-40")
    assert (summary["outcome"], summary["exit_code"]) == ("error", 1)
    assert set(desk.walked()) == {60, *range(20, 41)}
    with desk.open() as connection:
        row = connection.execute("SELECT state, reason FROM ledger WHERE idx = 30").fetchone()
        kept = connection.execute("SELECT count(*) FROM captures WHERE idx = 30").fetchone()
    assert (row["state"], row["reason"], kept[0]) == ("unknown", "TypeError: a made-up bug", 1)


@pytest.mark.parametrize(("owner", "name"), [(robots, "read"), (RetryMiddleware, "_again")])
def test_a_bug_with_robots_txt_is_no_fault_of_the_site(
    owner: Any, name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise TypeError("a made-up bug")

    monkeypatch.setattr(owner, name, fail)
    desk.server.robots_status = 503 if name == "_again" else 200
    summary = desk.crawl_here(range="20-40")
    assert (summary["outcome"], summary["exit_code"]) == ("error", 1)
    assert desk.walked() == []


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Ledger, "pace"), (Ledger, "validators"), (CanaryMiddleware, "process_response")],
)
def test_an_archive_that_cannot_be_read_ends_the_crawl_with_6_and_is_no_bug(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    desk.crawl_here(range="1-20")

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(owner, name, fail)
    before = desk.states()
    summary = desk.crawl_here()
    assert (summary["outcome"], summary["exit_code"]) == ("storage", 6)
    assert "cannot be read: database disk image is malformed" in summary["diagnosis"]
    assert desk.states() == before


def test_a_bug_on_every_page_opens_the_breaker_and_is_said_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.crawl_here(range="1-20")
    break_reading(monkeypatch)
    summary = desk.crawl_here(range="20-60", settings=("BREAKER_THRESHOLD=5", "BREAKER_PROBES=1"))
    assert summary["exit_code"] == 1
    assert summary["asked"] < 30
    said = [record for record in caplog.records if record.getMessage().startswith("A bug")]
    assert ["ZeroDivisionError" in record.getMessage() for record in said] == [True]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (CanaryMiddleware, "_doubt_gap"),
        (NewspaperSpider, "parse"),
        (Store, "save_all"),
    ],
)
def test_a_bug_that_strikes_every_answer_ends_the_run(
    owner: type, name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its class: a site is not asked for 67,000 pages that nobody can store."""

    def strike(*_: object, **__: object) -> None:
        raise RuntimeError("a made-up bug")

    for idx in range(1, 61):
        desk.server.instead[f"/news/view.php?idx={idx}"] = SIMPLE_GAPS["alert"]
    monkeypatch.setattr(owner, name, strike)
    summary = desk.crawl_here(range="1-60", settings=("BREAKER_GAPS=100",))
    assert (summary["outcome"], summary["exit_code"]) == ("error", 1)
    assert "25 answers in a row could not be processed" in summary["diagnosis"]
    assert len(desk.walked()) < 40
    assert set(desk.states().values()) <= {"unknown", "pending"}


def kill_while_reading(desk: Desk, idx: int) -> None:
    """As if the last run had been killed while it read the answer for this number."""
    with closing(sqlite3.connect(desk.db)) as connection, connection:
        connection.execute("UPDATE runs SET outcome = 'running', reading = ?", [idx])


def test_an_answer_that_was_read_when_a_run_was_killed_is_read_in_a_second_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A kill at a random moment costs nothing: the number is asked for at once."""
    aside: list[int] = []
    real = PageReader.aside

    async def read(self: PageReader, function: Any, *arguments: Any) -> Any:
        aside.append(arguments[0].idx)
        return await real(self, function, *arguments)

    monkeypatch.setattr(PageReader, "aside", read)
    desk.crawl_here(range="1-20")
    kill_while_reading(desk, 25)
    assert desk.crawl_here()["exit_code"] == 0
    assert aside == [25]
    assert 25 in desk.articles()
    assert "number 25" in caplog.text


def test_a_number_that_was_read_when_two_runs_were_killed_waits(desk: Desk) -> None:
    desk.crawl_here(range="1-20")
    with closing(sqlite3.connect(desk.db)) as connection, connection:
        connection.execute(
            "INSERT INTO ledger (site, idx, state, code, attempts, failures)"
            " SELECT site, 25, 'unknown', 'crashed', 1, 0 FROM ledger WHERE idx = 1"
        )
    kill_while_reading(desk, 25)
    assert desk.crawl_here()["exit_code"] == 3
    assert 25 not in desk.articles()
    with desk.open() as connection:
        row = connection.execute(
            "SELECT state, code, failures, next_attempt_at > datetime('now') FROM ledger"
            " WHERE idx = 25"
        ).fetchone()
    assert tuple(row) == ("unknown", "crashed", 1, 1)


def test_a_settled_number_that_was_read_when_a_run_was_killed_keeps_its_state_and_reason(
    desk: Desk,
) -> None:
    desk.crawl_here(range="1-60")
    query = "SELECT idx, state, reason, code FROM ledger ORDER BY idx"
    with desk.open() as connection:
        before = [tuple(row) for row in connection.execute(query)]
    gap = next(idx for idx, state, _, _ in before if state == "missing")
    kill_while_reading(desk, gap)
    assert desk.crawl_here(range="1-60")["exit_code"] == 0
    with desk.open() as connection:
        assert [tuple(row) for row in connection.execute(query)] == before


def test_due_times_of_a_wrong_clock_are_due(desk: Desk) -> None:
    desk.crawl_here(range="1-10")
    with closing(sqlite3.connect(desk.db)) as connection, connection:
        connection.execute(
            "UPDATE ledger SET next_attempt_at = '2091-01-01T00:00:00Z' WHERE idx <= 3"
        )
        connection.execute("UPDATE runs SET started_at = '2090-12-31T00:00:00Z'")
    desk.server.log.clear()
    summary = desk.crawl_here()
    assert {1, 2, 3} <= set(desk.asked())
    assert "before the last run" in summary["diagnosis"]


def test_articles_of_a_run_whose_clock_jumped_ahead_are_due(desk: Desk) -> None:
    # Old articles, by that clock: no refresh was due any more.
    desk.crawl_here(range="1-10")
    with closing(sqlite3.connect(desk.db)) as connection, connection:
        connection.execute(
            "UPDATE ledger SET last_attempt_at = '2090-12-31T00:00:00Z', next_attempt_at = NULL"
            " WHERE idx <= 3"
        )
        connection.execute("UPDATE runs SET finished_at = '2090-12-31T00:00:00Z'")
    desk.server.log.clear()
    summary = desk.crawl_here()
    assert {1, 2, 3} <= set(desk.asked())
    assert "before the last run" in summary["diagnosis"]


def test_a_sister_papers_pages_are_not_ours(desk: Desk) -> None:
    desk.crawl_here(range="1-10")
    for idx in range(1, 61):
        text = page(desk, "/news/view.php", f"idx={idx}")
        text = text.replace("http://amenews.kr/", "http://www.sister.example/")
        text = text.replace("신소재경제신문", "자매신문")
        desk.server.instead[f"/news/view.php?idx={idx}"] = html(text)
    summary = desk.crawl_here(range="11-60")
    assert (summary["outcome"], summary["exit_code"]) == ("changed", 4)
    assert "www.sister.example" in summary["diagnosis"]
    assert max(desk.articles()) <= 10


@pytest.mark.parametrize("later", ["catch up", "new", "range"])
def test_a_number_asked_for_by_name_is_settled_until_articles_pass_it(
    desk: Desk, later: str
) -> None:
    desk.crawl_here(range="1-60")
    summary = desk.crawl_here(idx="70")
    assert (summary["exit_code"], summary["missing"], summary["pending"]) == (0, 1, 0)
    assert desk.states()[70] == "missing"
    desk.newspaper.publish(20)
    match later:
        case "catch up":
            summary = desk.crawl_here()
        case "new":
            summary = desk.crawl_here(new="1")
        case _:
            summary = desk.crawl_here(range="1-")
    assert summary["exit_code"] == 0
    truth = {t.idx: t.state for t in desk.newspaper.truths()}
    assert truth[70] == "article"
    assert desk.states() == truth


def test_a_number_that_only_the_home_page_names_is_missing_when_asked_for(desk: Desk) -> None:
    desk.server.instead["/"] = html('<html><body><a href="/news/view.php?idx=99">x</a></body>')
    assert desk.crawl_here(idx="99")["exit_code"] == 0
    assert desk.states() == {99: "missing"}
    assert desk.crawl_here(range="1-60")["exit_code"] == 0
    del desk.server.instead["/"]
    desk.newspaper.publish(60)
    desk.crawl_here()
    assert desk.states()[99] == next(t.state for t in desk.newspaper.truths() if t.idx == 99)


def test_a_changed_site_is_fetched_now_and_read_later(desk: Desk, tmp_path: Path) -> None:
    truth = {t.idx: t.state for t in desk.newspaper.truths()}
    articles = [idx for idx, state in truth.items() if state == "article"]
    for idx in articles:
        changed = page(desk, "/news/view.php", f"idx={idx}").replace("viewContent", "story")
        changed = changed.replace("storyWrap", "viewContentWrap")
        desk.server.instead[f"/news/view.php?idx={idx}"] = html(changed)
    summary = desk.crawl_here(range="1-60", settings=("ON_UNKNOWN=keep",))
    # A few bodies are found all the same; no row of the others stops the crawl.
    assert (summary["exit_code"], summary["asked"]) == (3, 60)
    assert summary["unknown"] + summary["articles_new"] == len(articles)
    assert summary["unknown"] > 40
    file = tmp_path / "redesign.toml"
    file.write_text('name = "amenews"\n[skins.redesign]\nlike = "classic"\nbody = "#story"\n')
    result = run("reparse", file, "--db", desk.db)
    assert result.exit_code == 0, result.err
    assert desk.states() == truth


def test_pages_are_not_kept_for_later_without_captures(desk: Desk) -> None:
    result = desk.crawl("--idx", "7", settings=("ON_UNKNOWN=keep", "CAPTURES=none"))
    assert result.exit_code == 2
    assert "set CAPTURES to changed or all" in result.err
    assert desk.server.log == []


def test_a_bug_when_an_answer_is_stored_costs_one_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    idx = next(t.idx for t in desk.newspaper.truths() if t.state == "article")
    real = Batch.write

    def write(self: Batch, answer: Answer) -> Saved:
        if answer.idx == idx and answer.reading and answer.reading.article:
            raise ZeroDivisionError("a made-up bug")
        return real(self, answer)

    monkeypatch.setattr(Batch, "write", write)
    summary = desk.crawl_here(range=f"{idx}-{idx + 9}")
    assert (summary["outcome"], summary["exit_code"]) == ("error", 1)
    assert (summary["asked"], summary["unknown"]) == (10, 1)
    with desk.open() as connection:
        row = connection.execute("SELECT state, reason FROM ledger WHERE idx = ?", [idx]).fetchone()
        kept = connection.execute("SELECT count(*) FROM captures WHERE idx = ?", [idx]).fetchone()
    assert (row["state"], "ZeroDivisionError" in row["reason"], kept[0]) == ("unknown", True, 1)


def test_a_validation_that_refuses_every_page_opens_the_breaker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(article: Article) -> None:
        raise ArticleError("refused for the test")

    monkeypatch.setattr(validation, "validate", refuse)
    summary = desk.crawl_here(range="1-60", settings=("BREAKER_THRESHOLD=5", "BREAKER_PROBES=1"))
    assert (summary["outcome"], summary["exit_code"]) == ("changed", 4)
    assert "refused for the test" in summary["diagnosis"]
    assert summary["asked"] < 20
