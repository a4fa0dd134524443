"""What a crawl learns of the site first: the newest number, and how a gap is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from scrapy import Request

from newscrawler.extensions.pacer import StoppingError
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Verdict
from newscrawler.outcomes import Outcome
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX, Discovery
from tests.components import GAP, SITE, Bench, Served, answer, article_page, number_of
from tests.making import article, keep

NEW_WORDS = "<html><body><p>새로 쓴 안내문입니다.</p></body></html>"
"""An answer that the parser does not know."""
LOGIN = '<script>alert("회원만 볼 수 있습니다.");location.href="/member/login.php";</script>'
BLOCKED = "<html><title>403 Forbidden</title><body>Forbidden</body></html>"


def linked(numbers: Sequence[int]) -> str:
    links = "".join(f'<li><a href="/news/view.php?idx={n}">소재 {n}</a></li>' for n in numbers)
    return f"<html><body><ul>{links}</ul></body></html>"


def feed(numbers: Sequence[int]) -> str:
    items = "".join(
        f"<item><title>t</title><link>http://amenews.kr/news/view.php?idx={n}</link></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss><channel>{items}</channel></rss>'


def section_list(numbers: Sequence[int]) -> str:
    items = "".join(
        f'<li><span class="title"><a href="/news/view.php?idx={n}">소재 {n}</a></span></li>'
        for n in numbers
    )
    return f'<html><body><ul class="basicList">{items}</ul></body></html>'


@dataclass
class Paper:
    """A site as a discovery sees it; a source is its numbers, a status, or an error."""

    home: Sequence[int] | int | Exception = ()
    rss: Sequence[int] | int | Exception = ()
    lists: Sequence[int] | int | Exception = ()
    articles: frozenset[int] = frozenset(range(1, 61))
    pages: dict[int, str | int] = field(default_factory=dict)
    """Number → its page or status, where it is neither an article nor a gap."""
    gap: str | int = GAP

    def __call__(self, request: Request) -> Served:
        idx = number_of(request)
        if idx is not None:
            page = self.pages.get(idx, article_page(idx) if idx in self.articles else self.gap)
            if isinstance(page, int):
                return answer(request, status=page)
            return answer(request, page)
        source, write = {
            "home": (self.home, linked),
            "rss": (self.rss, feed),
            "list": (self.lists, section_list),
        }[source_of(request.url.split("/", 3)[3])]
        if isinstance(source, Exception):
            return source
        if isinstance(source, int):
            return answer(request, BLOCKED if source == 403 else "", source)
        return answer(request, write(source))


def bench_of(paper: Paper, folder: Path, *stored: int, section: bool = False) -> Bench:
    path = folder / "archive.db"
    if stored:
        keep(path, *[article(idx, f"text {idx}") for idx in stored])
    if section:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "INSERT INTO sections (site, code, name, seen_at)"
                " VALUES ('amenews', 'm1', '소재', '2026-07-01T00:00:00Z')"
            )
    return Bench(paper, folder, "RETRY_TIMES=0", "BREAKER_THRESHOLD=1000")


def sources(bench: Bench) -> list[str]:
    """Which pages were asked for, in order: home, rss, list, or a number."""
    return [source_of(path) for path in bench.asked if path != "robots.txt"]


def source_of(path: str) -> str:
    if "idx=" in path:
        return path.rpartition("idx=")[2]
    return "home" if not path else "rss" if path.startswith("rss") else "list"


CASES = [
    # the paper, numbers stored before, the newest, what was asked for it
    pytest.param(Paper([58, 60]), (), 60, ["home", "60"], id="the home page is enough"),
    pytest.param(Paper([60]), (40,), 60, ["home", "60"], id="a new number is asked for"),
    pytest.param(Paper([58, 60]), (60,), 60, ["home", "rss"], id="nothing new: RSS is asked too"),
    pytest.param(
        Paper([55, 58], [60]), (58,), 60, ["home", "rss", "60"], id="RSS is ahead of the home page"
    ),
    pytest.param(Paper([], [59, 60]), (), 60, ["home", "rss", "60"], id="the home page is empty"),
    pytest.param(Paper(500, [60]), (), 60, ["home", "rss", "60"], id="the home page fails"),
    pytest.param(
        Paper(TimeoutError("late"), [60]), (), 60, ["home", "rss", "60"], id="no home page comes"
    ),
    pytest.param(
        Paper([60, 2**40], [60]),
        (),
        60,
        ["home", "rss", str(2**40), "60"],
        id="a number far above the others is not there",
    ),
    pytest.param(
        Paper([1100], []),
        (60,),
        60,
        ["home", "rss", "1100", "60"],
        id="a number beyond what the paper can have given out is not there",
    ),
    pytest.param(
        Paper([62], pages={62: LOGIN}), (60,), 62, ["home", "62"], id="an article for members"
    ),
    pytest.param(
        Paper([62], pages={62: NEW_WORDS}),
        (60,),
        62,
        ["home", "62"],
        id="a near number is accepted without a clear answer",
    ),
    pytest.param(
        Paper([2000], [], pages={2000: NEW_WORDS}),
        (60,),
        60,
        ["home", "rss", "2000", "60"],
        id="a far number is not",
    ),
    pytest.param(
        Paper([61, 62]), (60,), 60, ["home", "62", "61", "60"], id="listed, and nothing is there"
    ),
    pytest.param(
        Paper([61], articles=frozenset()),
        (60,),
        None,
        ["home", "61", "60"],
        id="the site has lost its articles",
    ),
    pytest.param(Paper([], []), (), None, ["home", "rss"], id="nothing is listed"),
    pytest.param(Paper(503, 503), (60,), None, ["home", "rss"], id="the site is down"),
]


@pytest.mark.parametrize(("paper", "stored", "newest", "asked"), CASES)
def test_the_newest_number(
    paper: Paper, stored: tuple[int, ...], newest: int | None, asked: list[str], tmp_path: Path
) -> None:
    bench = bench_of(paper, tmp_path, *stored)
    discovery = Discovery(bench.crawler, SITE, None)
    assert bench.play(discovery.find_newest()) == newest
    assert sources(bench) == asked
    assert bool(discovery.troubles) == bool(discovery.verdicts)
    if newest is None:
        assert discovery.troubles


def test_a_section_list_is_asked_when_nothing_else_lists_articles(tmp_path: Path) -> None:
    bench = bench_of(Paper([], 404, [59, 60]), tmp_path, 40, section=True)
    assert bench.play(Discovery(bench.crawler, SITE, None).find_newest()) == 60
    assert sources(bench) == ["home", "rss", "list", "60"]


def test_the_answer_for_the_newest_number_is_kept_for_the_spider(tmp_path: Path) -> None:
    bench = bench_of(Paper([60]), tmp_path)
    discovery = Discovery(bench.crawler, SITE, None)
    bench.play(discovery.find_newest())
    assert list(discovery.answers) == [60]
    reading = discovery.answers[60].reading
    assert reading
    assert reading.verdict is Verdict.ARTICLE


def test_an_article_for_members_is_asked_for_again_by_the_spider(tmp_path: Path) -> None:
    bench = bench_of(Paper([62], pages={62: LOGIN}), tmp_path, 60)
    discovery = Discovery(bench.crawler, SITE, None)
    bench.play(discovery.find_newest())
    assert discovery.answers == {}


@pytest.mark.parametrize(
    ("paper", "verdict"),
    [
        (Paper(403, 403), Verdict.BLOCKED),
        (Paper(503, 503), Verdict.TEMPORARY),
        (Paper([], []), Verdict.UNKNOWN),
        (Paper(ConnectionRefusedError("no"), 503), Verdict.TEMPORARY),
    ],
)
def test_why_no_source_lists_articles_is_known(
    paper: Paper, verdict: Verdict, tmp_path: Path
) -> None:
    bench = bench_of(paper, tmp_path)
    discovery = Discovery(bench.crawler, SITE, None)
    assert bench.play(discovery.find_newest()) is None
    assert discovery.verdicts[0] is verdict
    assert len(discovery.troubles) == 2


def test_without_proof_no_number_is_asked_for(tmp_path: Path) -> None:
    bench = bench_of(Paper([58, 99]), tmp_path)
    assert bench.play(Discovery(bench.crawler, SITE, None).find_newest(prove=False)) == 99
    assert sources(bench) == ["home"]


def test_an_unproven_number_is_not_recorded_as_the_newest(tmp_path: Path) -> None:
    bench = bench_of(Paper([62], pages={62: NEW_WORDS}), tmp_path, 60)
    assert bench.play(Discovery(bench.crawler, SITE, None).find_newest()) == 62
    assert bench.run.newest is None


def test_a_crawl_that_ends_is_no_fault_of_a_source(tmp_path: Path) -> None:
    stoppers: list[Stopper] = []

    def stop_and_fail(request: Request) -> Served:
        stoppers[0].stop(Outcome.BUDGET, "the budget is used up")
        return ConnectionError("the engine is closing")

    bench = Bench(stop_and_fail, tmp_path, "RETRY_TIMES=0")
    stoppers.append(bench.part(Stopper))
    with pytest.raises(StoppingError):
        bench.play(Discovery(bench.crawler, SITE, None).find_newest())


GAPS = [
    # the paper, whether a fingerprint of its gap is learned
    pytest.param(Paper([60]), True, id="a message that the parser knows as a gap"),
    pytest.param(Paper([60], gap=NEW_WORDS), True, id="new words while an article is there"),
    pytest.param(
        Paper([60], gap=NEW_WORDS, articles=frozenset()),
        False,
        id="new words for every number: a maintenance page",
    ),
    pytest.param(Paper([60], gap=503), False, id="an error"),
    pytest.param(Paper([60], gap=LOGIN), False, id="a login page"),
]


@pytest.mark.parametrize(("paper", "learned"), GAPS)
def test_what_a_gap_looks_like_is_learned_from_an_impossible_number(
    paper: Paper, learned: bool, tmp_path: Path
) -> None:
    bench = bench_of(paper, tmp_path)
    discovery = Discovery(bench.crawler, SITE, None)
    found = bench.play(discovery.learn_gap(60))
    assert bool(found) == learned
    assert sources(bench)[0] == str(IMPOSSIBLE_IDX)


def test_what_was_learned_is_not_learned_again(tmp_path: Path) -> None:
    first = bench_of(Paper([60], gap=NEW_WORDS), tmp_path)
    learned = first.play(Discovery(first.crawler, SITE, None).learn_gap(60))
    second = bench_of(Paper([60], gap=NEW_WORDS), tmp_path)
    assert second.play(Discovery(second.crawler, SITE, None).learn_gap(60)) == learned
    assert sources(second) == [str(IMPOSSIBLE_IDX)]
