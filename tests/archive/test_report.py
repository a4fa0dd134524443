"""The page about an archive, in a real browser too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from newscrawler import open_archive, sites
from newscrawler.archive.report import particular, report
from newscrawler.archive.report.charts import nice_ticks
from newscrawler.archive.report.coverage_map import filling, grid
from newscrawler.cli.report import command
from newscrawler.demo.newspaper import Newspaper
from newscrawler.humanize.language import KOREAN, speaking
from newscrawler.items import Image, Reporter
from tests.browser import Browser
from tests.making import FETCHED, article, fail, keep, keep_newspaper, withdraw

AMENEWS = sites.load("amenews")
NOW = datetime(2026, 7, 2, 3, 0, tzinfo=UTC)
HOSTILE = "<script>document.title = 'hacked'</script><img src=x onerror=alert(1)> & ‘제목’"


def page(path: Path) -> str:
    with open_archive(path) as archive:
        return report(archive, AMENEWS, NOW)


# The map


@given(st.integers(1, 2_000_000_000), st.integers(0, 3_000_000))
def test_every_number_has_one_square_of_at_most_eighty_blocks(first: int, more: int) -> None:
    layout = grid(first, first + more)
    assert len(layout.blocks) <= 80
    squares = (
        layout.held(start + n * layout.square) for start in layout.blocks for n in range(100)
    )
    assert sum(squares) == more + 1


def test_a_single_hole_among_many_numbers_is_seen() -> None:
    states = Counter(article=170, missing=28, failed=1)
    shares = filling(states, 200)
    assert shares["waiting"] == pytest.approx(1 / 3)
    assert shares["never"] == pytest.approx(1 / 3)
    assert sum(shares.values()) == pytest.approx(1)


def test_a_square_without_a_hole_shows_none() -> None:
    assert filling(Counter(article=7, missing=2, removed=1), 10) == {
        "article": 0.7,
        "gap": 0.3,
        "waiting": 0,
        "never": 0,
    }


@given(st.integers(0, 10**9))
def test_an_axis_has_a_few_round_numbers_and_room_for_all(most: int) -> None:
    ticks = nice_ticks(most)
    assert ticks[0] == 0
    assert most <= ticks[-1] <= max(1, 2 * most)
    assert 2 <= len(ticks) <= 7


def test_a_paper_that_begins_at_a_huge_number_fills_its_map(path: Path) -> None:
    paper = Newspaper(size=30, first_idx=1_470_000_001)
    keep_newspaper(path, paper)
    text = page(path)
    assert "Numbers 1 – 1,470,000,000 were never asked for and are not drawn." in text
    assert text.count('data-counts="') == 1


# The page


def test_the_page_asks_the_network_for_nothing(paper_path: Path) -> None:
    text = page(paper_path)
    assert "default-src 'none'" in text
    assert not re.search(r"<(link|img|iframe|object|embed)\b|\bsrc=|@import|url\(", text)
    # Links to the paper's own articles are for the reader to follow, or not.
    hosts = set(re.findall(r'(?:href|action)="(\w+://[^/"]+)', text))
    assert hosts <= {AMENEWS.origin}


def test_an_empty_archive_has_a_page_too(path: Path) -> None:
    keep(path)
    assert "Nothing was asked yet." in page(path)


def test_an_archive_without_articles_has_a_page_too(path: Path) -> None:
    fail(path, 5, "status 503")
    text = page(path)
    assert "status 503" in text
    assert "No article prints a date." in text


def test_the_page_says_what_is_complete_and_what_waits(path: Path) -> None:
    keep(path, *(article(n, f"제목 {n}", f"본문 {n}") for n in range(1, 6)))
    assert "The archive is complete from 1 to 5" in page(path)
    assert "Nothing: every number up to the newest is settled." in page(path)
    fail(path, 3, "status 503")
    keep(path, article(9, "제목 9", "본문 9"))
    text = page(path)
    assert "6 of 9 numbers settled (66.7%)</strong>." in text
    assert "complete" not in text.partition("</header>")[0].partition("<main>")[2]
    assert "6-8" in text


def test_a_korean_page_is_korean_throughout(paper_path: Path) -> None:
    with speaking(KOREAN):
        text = page(paper_path)
    shown = re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert '<html lang="ko">' in text
    words = {word for word in re.findall("[A-Za-z]{3,}", shown) if word.islower()}
    assert words <= {"amenews", "archive", "paper", "newscrawler", "words", "db"}


def test_the_command_writes_the_page_beside_the_archive(paper_path: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(command, ["--db", str(paper_path)])
    written = paper_path.with_name(f"{paper_path.stem}-report.html")
    assert run.exit_code == 0, run.output
    assert run.stdout == f"{written}\n"
    assert written.read_text().startswith("<!doctype html>")
    written.unlink()
    elsewhere = tmp_path / "page.html"
    assert (
        CliRunner().invoke(command, ["--db", str(paper_path), "-o", str(elsewhere)]).exit_code == 0
    )
    assert elsewhere.stat().st_size > 10_000


# In the browser


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page about a paper with a history, hostile titles and things that wait."""
    path = tmp_path_factory.mktemp("report") / "archive.db"
    paper = Newspaper(size=120, skin="article_head")
    keep_newspaper(path, paper)
    idxs = list(paper.newest_articles())
    for n, idx in enumerate(idxs[:30:3]):
        paper.edit(idx, ("text", "title", "caption")[n % 3])
    keep_newspaper(path, paper, at=FETCHED + timedelta(days=2))
    withdraw(path, idxs[40], at=FETCHED + timedelta(days=2))
    hostile = {
        "section": HOSTILE,
        "reporters": (Reporter(HOSTILE),),
        "images": (Image("http://amenews.kr/a.jpg", HOSTILE),),
    }
    keep(path, article(130, HOSTILE, "본문", **hostile))
    keep(path, article(131, HOSTILE, "본문", **hostile))
    keep(path, article(130, HOSTILE, "본문이 바뀜", **hostile), at=FETCHED + timedelta(days=900))
    fail(path, 132, HOSTILE)
    target = path.with_name("report.html")
    target.write_text(page(path), encoding="utf-8")
    return target


@pytest.fixture(params=[1100, 360], ids=["desk", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def at_width(browser: Browser, shown: Path, width: int) -> Iterator[Browser]:
    browser.open(shown, width=width)
    yield browser
    assert browser.complaints() == []


def test_the_page_fits_and_shows_one_drawing_of_each_plot(at_width: Browser, width: int) -> None:
    assert not at_width.scrolls_sideways()
    drawn = "return [...document.querySelectorAll('.plot')].filter(e => e.clientWidth).length"
    assert at_width.run(drawn) == 4
    smallest = """return Math.min(...[...document.querySelectorAll('.plot text')]
      .filter(e => e.getClientRects().length && e.textContent)
      .map(e => e.getBoundingClientRect().height))"""
    assert at_width.run(smallest) >= 9


def test_labels_of_an_axis_do_not_touch(at_width: Browser) -> None:
    overlapping = """return [...document.querySelectorAll('.plot')].flatMap(plot => {
      const boxes = [...plot.querySelectorAll('text')].filter(e => e.textContent)
        .map(e => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width);
      return boxes.flatMap(([a, p], n) => boxes.slice(n + 1)
        .filter(([, q]) => p.left < q.right - 1 && q.left < p.right - 1
          && p.top < q.bottom - 3 && q.top < p.bottom - 3).map(([b]) => `${a} / ${b}`));
    })"""
    assert at_width.run(overlapping) == []


def test_text_of_the_paper_stays_text(at_width: Browser) -> None:
    assert at_width.driver.title.startswith("신소재경제신문")
    assert at_width.run("return document.querySelectorAll('script').length") == 1
    assert at_width.run("return document.querySelectorAll('img').length") == 0
    assert HOSTILE in at_width.find("body").text


def test_the_pointer_tells_what_a_square_and_a_column_are(at_width: Browser, width: int) -> None:
    at_width.hover(".map figure:last-child svg")
    assert at_width.find("#tip").text == ""  # beyond the newest number there is nothing
    at_width.hover(".map figure:first-child svg")
    number, state = at_width.find("#tip").text.splitlines()
    assert 0 < int(number) < 100
    assert state in ("article", "missing", "removed", "restricted")
    shown = "wide" if width > 600 else "narrow"
    at_width.hover(f".plot.{shown} .mark:nth-last-of-type(1) .hit")
    assert re.match(r"\d{4}-\d\d: [\d,]+ articles\n", at_width.find("#tip").text)


def test_plots_have_korean_names(at_width: Browser) -> None:
    assert "수소" in " ".join(at_width.texts(".legend"))
    assert any(re.fullmatch("[가-힣]{2,4}", name) for name in at_width.texts(".plot .name"))


def test_the_page_follows_a_dark_screen(browser: Browser, shown: Path) -> None:
    background = "return getComputedStyle(document.body).backgroundColor"
    ink = "return getComputedStyle(document.body).color"
    browser.open(shown)
    light = (browser.run(background), browser.run(ink))
    assert browser.faint_texts() == []
    browser.open(shown, dark=True)
    assert browser.faint_texts() == []
    dark = (browser.run(background), browser.run(ink))
    assert [_brightness(each) > 128 for each in (*light, *dark)] == [True, False, False, True]


def test_the_page_prints_on_a_few_sheets_whatever_the_screen(browser: Browser, shown: Path) -> None:
    browser.open(shown, dark=True)
    paper = browser.printed()
    assert paper.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 8
    browser.command("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


def _brightness(colour: str) -> float:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3


def test_the_words_of_sections_and_searches_stand_in_the_report(path: Path) -> None:
    keep(
        path,
        *(article(n, f"탱크 {n}", "수소 저장 탱크", section="가스") for n in range(1, 20)),
        *(article(n, f"분말 {n}", "티타늄 분말", section="금속") for n in range(20, 40)),
    )
    with open_archive(path) as archive:
        text = report(archive, AMENEWS, NOW, ["저장"])
    told = text.partition("<h2>Particular words</h2>")[2].partition("</section>")[0]
    assert re.findall("<h3>(.+?)</h3>", told) == ["By section", "Beside the words of a search"]
    words = re.findall('<li data-tip="(.+?)">(.+?)</li>', told, re.DOTALL)
    assert [word for _, word in words] == ["분말", "티타늄", "수소", "저장", "탱크", "수소", "탱크"]
    assert words[2][0] == "수소\nhere 19 of 19 (100.0%)\nothers 0 of 20 (0.0%)"


def test_a_report_reads_a_part_of_a_large_section_and_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(particular, "_OF_SECTION", 20)
    keep(
        path,
        *(article(n, f"탱크 {n}", section="가스") for n in range(1, 60)),
        *(article(n, f"분말 {n}", section="금속") for n in range(60, 80)),
    )
    text = page(path)
    assert '<td class="number">20</td>' in text
    assert "Of each at most 20 articles were read" in text
