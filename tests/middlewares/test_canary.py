"""Gaps in a row: believed when a known article is there, taken back when it is not."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request

from newscrawler import pages
from newscrawler.config.selection import Selection
from newscrawler.items import Capture
from newscrawler.middlewares.canary import CanaryMiddleware
from newscrawler.middlewares.parse import ParseMiddleware
from tests.components import GAP, Bench, Served, answer, article_page, number_of
from tests.making import article, keep

CASES = [
    # what two known articles answer, what the walk's gaps are taken for in the end
    ((200, 200), "missing", None),
    (("gap", 200), "missing", None),
    (("gap", "gap"), "unknown", "changed"),
    ((503, "gap"), "missing", None),
]


@pytest.mark.parametrize(("known", "verdict", "outcome"), CASES)
def test_gaps_are_believed_as_long_as_known_articles_are_there(
    known: tuple[int | str, int | str], verdict: str, outcome: str | None, tmp_path: Path
) -> None:
    keep(tmp_path / "archive.db", article(98, "one"), article(99, "two"))

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        says = known[99 - idx] if idx >= 98 else "gap"
        if says == "gap":
            return answer(request, GAP)
        return answer(request, article_page(idx) if says == 200 else "", int(says))

    bench = Bench(serve, tmp_path, "BREAKER_GAPS=3", "RETRY_TIMES=0")

    async def walk() -> list[str]:
        return [await bench.verdict(idx) for idx in (1, 2, 3, 4)]

    assert bench.play(walk())[-1] == verdict
    assert (bench.stopped and bench.stopped[0]) == outcome


def fingerprint_of(body: str) -> str:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return pages.fingerprint(Capture("amenews", 1, "", at, 200, headers, body.encode()))


def test_a_true_hole_costs_ever_fewer_questions(tmp_path: Path) -> None:
    keep(tmp_path / "archive.db", article(99, "one"))

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        return answer(request, article_page(idx) if idx == 99 else GAP)

    bench = Bench(serve, tmp_path, "BREAKER_GAPS=2")

    async def walk() -> None:
        for idx in range(1, 31):
            await bench.verdict(idx)

    bench.play(walk())
    # After 2, 4, 8 and 16 gaps.
    assert sum("idx=99" in path for path in bench.asked) == 4


def test_what_was_believed_before_is_taken_back(tmp_path: Path) -> None:
    path = keep(tmp_path / "archive.db", article(98, "one"), article(99, "two"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO ledger (site, idx, state, attempts) VALUES ('amenews', ?, 'missing', 1)",
            [(1,), (2,)],
        )
    bench = Bench(lambda request: answer(request, GAP), tmp_path, "BREAKER_GAPS=3")

    async def walk() -> None:
        for idx in (1, 2, 3):
            await bench.verdict(idx)

    bench.play(walk())
    with closing(sqlite3.connect(path)) as connection, connection:
        states = dict(connection.execute("SELECT idx, state FROM ledger WHERE idx < 98").fetchall())
    assert states == {1: "pending", 2: "pending"}


def walked(bench: Bench, idxs: Sequence[int]) -> list[int]:
    """Look at numbers of a site whose usual gap is known, then conclude; what is to be asked for
    again."""

    async def walk() -> list[int]:
        canary = bench.crawler.get_downloader_middleware(CanaryMiddleware)
        parser = bench.crawler.get_downloader_middleware(ParseMiddleware)
        assert canary is not None
        assert parser is not None
        parser.gap_fingerprints = frozenset({fingerprint_of(GAP)})
        for idx in idxs:
            await bench.verdict(idx)
        return await canary.conclude()

    return bench.play(walk())


# With the site's usual answer, one or two between samples cannot be told from gaps.
@pytest.mark.parametrize(
    ("lie", "ill"),
    [
        (GAP, (3, 4, 5, 6)),
        (GAP, (7, 8, 9)),
        ("<h1>404 Not Found</h1>", (5,)),
        ("<h1>404 Not Found</h1>", (4, 5)),
        ("login", (5,)),
        ("login", (9,)),
        ("login", (3, 4, 5, 6)),
    ],
)
def test_what_an_illness_of_some_seconds_called_missing_is_asked_for_again(
    lie: str, ill: tuple[int, ...], tmp_path: Path
) -> None:
    keep(tmp_path / "archive.db", article(99, "one"))
    asked: Counter[int] = Counter()

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        asked[idx] += 1
        if idx in ill and asked[idx] == 1:
            if lie == "login":
                return answer(request, status=302, Location="/bbs/login.php?url=x")
            return answer(request, lie)
        return answer(request, article_page(idx))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    assert walked(bench, range(1, 10)) == list(ill)


@pytest.mark.parametrize("lie", ["usual", "home", "login"])
@pytest.mark.parametrize("every", [2, 3, 5])
def test_of_a_site_with_one_broken_server_no_gap_is_believed(
    lie: str, every: int, tmp_path: Path
) -> None:
    """Each article that it hides stands alone, and in the site's own words."""
    keep(tmp_path / "archive.db", article(999, "one"))
    sent = 0

    def serve(request: Request) -> Served:
        nonlocal sent
        sent += 1
        if sent % every == 0:
            target = "/bbs/login.php?url=x" if lie == "login" else "/"
            told = {"Location": target}
            return answer(request, GAP) if lie == "usual" else answer(request, status=302, **told)
        return answer(request, article_page(number_of(request) or 0))

    bench = Bench(serve, tmp_path, "RETRY_TIMES=0")
    verdicts: Counter[str] = Counter()

    async def walk() -> None:
        parser = bench.crawler.get_downloader_middleware(ParseMiddleware)
        canary = bench.crawler.get_downloader_middleware(CanaryMiddleware)
        assert parser is not None
        assert canary is not None
        parser.gap_fingerprints = frozenset({fingerprint_of(GAP)})
        for idx in range(1, 61):
            if not bench.stopped:
                verdicts[await bench.verdict(idx)] += 1
        assert await canary.conclude() == []

    bench.play(walk())
    assert set(verdicts) - {"article"} <= {"unknown", "missing", "restricted"}
    assert verdicts["unknown"] > verdicts["missing"] + verdicts["restricted"]
    # The other servers are well, and their articles are stored, unless too much is asked in vain.
    assert (bench.stopped is not None) == (every == 2)


def test_an_article_is_not_for_members_because_it_asked_for_a_login_once(tmp_path: Path) -> None:
    """A session has expired; later the site says that there is nothing: neither is believed."""
    keep(tmp_path / "archive.db", article(99, "one"))
    asked: Counter[int] = Counter()

    def serve(request: Request) -> Served:
        idx = number_of(request) or 0
        asked[idx] += 1
        if idx != 5:
            return answer(request, article_page(idx))
        if asked[idx] == 1:
            return answer(request, status=302, Location="/bbs/login.php?url=x")
        return answer(request, GAP)

    assert walked(Bench(serve, tmp_path), range(1, 10)) == [5]


def test_gaps_without_any_article_end_the_run(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request, GAP), tmp_path, "BREAKER_GAPS=5")
    walked(bench, range(1, 10))
    assert bench.stopped is not None
    assert bench.stopped[0] == "changed"
    assert "no article is known" in bench.stopped[1]


def test_what_nothing_proves_before_the_run_ends_is_not_settled(tmp_path: Path) -> None:
    """Three gaps, then the budget is used up: whether they are gaps nobody knows."""
    path = keep(tmp_path / "archive.db", article(99, "one"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO ledger (site, idx, state, attempts) VALUES ('amenews', ?, 'missing', 1)",
            [(1,), (2,), (3,)],
        )
    bench = Bench(lambda request: answer(request, GAP), tmp_path)
    run = bench.run

    async def walk() -> None:
        run.begin(Selection())
        for idx in (1, 2, 3):
            await bench.verdict(idx)
        run.abandon()

    bench.play(walk())
    with closing(sqlite3.connect(path)) as connection, connection:
        found = connection.execute("SELECT DISTINCT state, code FROM ledger WHERE idx < 99")
        assert found.fetchall() == [("pending", "disbelieved")]
    assert run.counts.pending == 3


def test_a_login_wall_before_any_article_was_seen_settles_nothing(tmp_path: Path) -> None:
    """Whether a paper is for members only or hides from us: a person has to look."""

    def wall(request: Request) -> Served:
        return answer(request, status=302, Location="/bbs/login.php?url=x")

    bench = Bench(wall, tmp_path, "BREAKER_GAPS=5")
    bench.run.newest = 9
    assert walked(bench, range(1, 10)) == []
    assert bench.stopped is not None
    assert bench.stopped[0] == "blocked"
    assert "no article has been seen" in bench.stopped[1]


def test_gaps_of_a_paper_whose_newest_article_is_for_members_are_believed(tmp_path: Path) -> None:
    def serve(request: Request) -> Served:
        if number_of(request) == 99:
            return answer(request, status=302, Location="/bbs/login.php?url=x")
        return answer(request, GAP)

    bench = Bench(serve, tmp_path, "BREAKER_GAPS=5")
    bench.run.newest = 99
    assert walked(bench, range(1, 10)) == []
    assert bench.stopped is None
