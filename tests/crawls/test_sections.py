"""Articles learn their sections from the lists, without being asked for again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.store.store import Store
from tests.conftest import Desk, run

LISTS = ("SECTION_LISTS=100",)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    newest = datetime.now(UTC) - timedelta(days=3)
    with serve(Newspaper(seed=5, size=60, newest=newest, gap="alert")) as server:
        yield Desk(server, tmp_path / "archive.db")


def lists(desk: Desk) -> Counter[str]:
    """How often each section's list was asked for since the log was cleared."""
    asked = (urlsplit(each.target) for each in desk.server.log if "list.php" in each.target)
    return Counter(parse_qs(address.query)["mcode"][0] for address in asked)


def truth(desk: Desk) -> dict[int, str | None]:
    return {t.idx: t.mcode for t in desk.newspaper.truths() if t.article}


def codes(desk: Desk) -> dict[int, str | None]:
    with desk.open() as connection:
        return dict(connection.execute("SELECT idx, section_code FROM articles").fetchall())


def crawl(desk: Desk, settings: tuple[str, ...] = LISTS, **arguments: str) -> dict[str, Any]:
    desk.server.log.clear()
    summary = desk.crawl_here(settings=settings, **arguments)
    assert summary["exit_code"] in (0, 3), summary
    return summary


def test_catching_up_learns_the_sections_of_what_is_new_by_one_request_each(desk: Desk) -> None:
    crawl(desk)
    assert lists(desk)
    assert set(lists(desk).values()) == {1}
    learned = {idx: code for idx, code in codes(desk).items() if code}
    assert learned
    assert learned.items() <= truth(desk).items()
    desk.newspaper.publish(4)
    crawl(desk)
    assert set(lists(desk).values()) == {1}
    new = sorted(codes(desk))[-3:]
    assert [codes(desk)[idx] for idx in new] == [truth(desk)[idx] for idx in new]


def test_no_list_is_asked_for_when_nothing_is_new_or_none_are_wanted(desk: Desk) -> None:
    crawl(desk, settings=("SECTION_LISTS=0",))
    assert not lists(desk)
    crawl(desk)
    assert not lists(desk)


def test_all_lists_are_walked_once_without_one_article(desk: Desk) -> None:
    crawl(desk, settings=())
    assert set(codes(desk).values()) == {None}
    summary = crawl(desk, sections="1")
    assert codes(desk) == truth(desk)
    assert [each.target for each in desk.server.log if "news/view.php" in each.target] == []
    assert summary["diagnosis"] == f"{len(truth(desk))} articles have their section now"
    told = run("status", "--db", desk.db).out
    assert "no section" not in told


def test_a_walk_that_is_cut_off_goes_on_with_the_next_page(desk: Desk) -> None:
    crawl(desk, settings=())
    whole = crawl(desk, sections="1")["requests"]
    fresh = Desk(desk.server, desk.db.with_name("again.db"))
    crawl(fresh, settings=())
    spent, runs = 0, 0
    while codes(fresh) != truth(fresh):
        summary = crawl(fresh, settings=("MAX_REQUESTS=8",), sections="1")
        assert summary["requests"] <= 8
        spent, runs = spent + summary["requests"], runs + 1
        assert runs < 40
    assert runs > 1
    # Each run asks for robots.txt and the home page, and perhaps RSS; no page is walked twice.
    assert spent <= whole + 3 * runs


def test_status_says_how_many_have_none_and_what_to_type(desk: Desk) -> None:
    crawl(desk, settings=())
    told = run("status", "--db", desk.db).out
    count = len(truth(desk))
    # The program is named as it can be called.
    assert re.search(
        rf"{count} articles have no section: \S*newscrawler crawl amenews --sections", told
    )


def test_a_section_is_named_by_name_or_code(desk: Desk) -> None:
    crawl(desk, settings=(), idx="1")
    with desk.open() as connection:
        code, name = connection.execute("SELECT code, name FROM sections LIMIT 1").fetchone()
    crawl(desk, settings=(), section=name)
    assert set(lists(desk)) == {code}
    stored = [idx for idx, found in codes(desk).items() if found == code]
    assert sorted(stored) == [idx for idx, found in truth(desk).items() if found == code]


def test_a_name_that_no_menu_has_is_refused_with_those_that_it_has(desk: Desk) -> None:
    summary = desk.crawl_here(section="없는섹션")
    assert summary["exit_code"] == 2
    assert "has no section 없는섹션; its menu names m" in summary["diagnosis"]


def test_a_kill_between_two_pages_costs_one_request(path: Path) -> None:
    with Store.open(path) as store:
        store.sections.begin_walks("amenews", ["m1aaaa", "m2bbbb"])
        store.sections.note_walk("amenews", "m1aaaa", 7)
    with Store.open(path) as store:
        store.sections.begin_walks("amenews", ["m1aaaa", "m2bbbb", "m3cccc"])
        rows = store.connection.execute("SELECT code, next_page FROM section_walks ORDER BY code")
        assert list(map(tuple, rows)) == [("m1aaaa", 7), ("m2bbbb", 1), ("m3cccc", 1)]
        for code in ("m1aaaa", "m2bbbb", "m3cccc"):
            store.sections.note_walk("amenews", code, 9, finished_at=datetime.now(UTC))
        store.sections.begin_walks("amenews", ["m1aaaa"])
        rows = store.connection.execute("SELECT code, next_page FROM section_walks")
        assert list(map(tuple, rows)) == [("m1aaaa", 1)]
