"""How often something was written about: counted, drawn in a terminal, a report, a browser."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from newscrawler import open_archive
from newscrawler.archive.filters import Filters
from newscrawler.archive.report import whole_page
from newscrawler.archive.report.lines import trend_figure
from newscrawler.archive.report.markup import Element
from newscrawler.archive.trends import By, trend
from newscrawler.cli.report import command as report_command
from newscrawler.cli.trend import command
from newscrawler.items import Article
from tests.browser import Browser
from tests.making import KST, article, keep


def dated(idx: int, year: int, month: int, title: str) -> Article:
    return article(idx, title, published_at=datetime(year, month, 3, 9, tzinfo=KST))


@pytest.fixture
def archive(path: Path) -> Path:
    return keep(
        path,
        dated(1, 2024, 11, "수소 하나"),
        dated(2, 2024, 11, "배터리"),
        dated(3, 2024, 11, "철강"),
        dated(4, 2024, 11, "전고체 전지와 수소"),
        dated(5, 2025, 2, "수소 둘"),
        article(6, "수소 날짜 없음", published_at=None),
    )


def ask(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--db", str(path)])


def test_every_month_between_is_there_with_all_and_what_was_found(archive: Path) -> None:
    with open_archive(archive) as opened:
        counted = trend(opened, ["수소", '"전고체 전지"'])
    assert [(p.name, p.articles, p.found) for p in counted.periods] == [
        ("2024-11", 4, (2, 1)),
        ("2024-12", 0, (0, 0)),
        ("2025-01", 0, (0, 0)),
        ("2025-02", 1, (1, 0)),
    ]
    assert [p.per_thousand(0) for p in counted.periods] == [500.0, None, None, 1000.0]
    assert counted.undated == 1


def test_years_and_filters(archive: Path) -> None:
    with open_archive(archive) as opened:
        counted = trend(opened, ["수소"], By.YEAR, Filters(until="2024"))
        assert [(p.name, p.articles, p.found) for p in counted.periods] == [("2024", 4, (2,))]
        assert trend(opened, ["수소"], filters=Filters(since="2030")).periods == ()


def test_long_archives_are_shown_by_year(path: Path) -> None:
    keep(path, dated(1, 2010, 1, "가"), dated(2, 2020, 1, "나"))
    with open_archive(path) as opened:
        assert [p.name for p in trend(opened, ["가"]).periods] == [
            str(y) for y in range(2010, 2021)
        ]


def test_csv_and_json_have_absolute_and_relative_figures(archive: Path) -> None:
    rows = list(csv.DictReader(StringIO(ask(archive, "수소", "배터리", "--csv").stdout)))
    assert rows[0] == {
        "month": "2024-11",
        "articles": "4",
        "수소": "2",
        "수소 per 1,000": "500.0",
        "배터리": "1",
        "배터리 per 1,000": "250.0",
    }
    found = json.loads(ask(archive, "수소", "--by", "year", "--json").stdout)
    assert found[1] == {
        "year": "2025",
        "articles": 1,
        "found": [{"words": "수소", "articles": 1, "per_thousand": 1000.0}],
    }


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_shows_a_table_with_bars(
    archive: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = ask(archive, "수소", "전고체 전지")
    lines = shown.stdout.splitlines()
    assert max(map(cell_len, lines)) <= width
    assert [line.split()[0] for line in lines[-4:]] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert "█" in shown.stdout
    assert shown.stderr == "1 article without a date is not counted\n"


def test_a_wrong_search_is_no_traceback(archive: Path) -> None:
    assert "OR must be between" in str(ask(archive, "수소 OR").exception)


def test_a_search_without_articles_says_what_would_find_some(archive: Path) -> None:
    told = ask(archive, "수소폭탄", "수소").stderr
    assert told.startswith("수소폭탄: 0 articles\n  수소  (shorter): ")


def test_labels_of_months_do_not_overlap(path: Path) -> None:
    keep(path, dated(1, 2009, 1, "수소"), dated(2, 2020, 1, "수소"))
    with open_archive(path) as opened:
        (figure,) = trend_figure(trend(opened, ["수소"], By.MONTH))
    assert isinstance(figure, Element)
    for plot in figure.findall("svg"):
        labels = [each for each in plot.findall("text") if "-" in (each.text or "")]
        places = [float(each.get("x", "")) for each in labels]
        assert len(places) >= 4
        assert all(later - earlier > 55 for earlier, later in pairwise(places))


def test_a_report_draws_searches_side_by_side(archive: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    arguments = [
        "--db",
        str(archive),
        "--output",
        str(page),
        "--words",
        "수소",
        "--words",
        "배터리",
    ]
    assert CliRunner().invoke(report_command, arguments).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "<h2>Articles on 수소, 배터리</h2>" in text
    # Two stretches of months with articles, for a wide page and for a phone.
    assert len(re.findall(r'<polyline class="line c0"', text)) == 4


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pointer_tells_the_figures_of_a_month(
    browser: Browser, archive: Path, tmp_path: Path, width: int
) -> None:
    with open_archive(archive) as opened:
        figure = list(trend_figure(trend(opened, ["수소", "배터리"])))
    page = tmp_path / "page.html"
    page.write_text(whole_page("수소", figure), encoding="utf-8")
    browser.open(page, width=width)
    drawn = ".plot.wide" if width > 700 else ".plot.narrow"
    browser.hover(f"{drawn} g.mark:first-of-type")
    assert browser.find("#tip").text == (
        "2024-11: 4 articles\n수소: 2, 500.0 per 1,000\n배터리: 1, 250.0 per 1,000"
    )
    assert not browser.scrolls_sideways()
    assert browser.complaints() == []
