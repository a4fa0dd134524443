"""Every page of the browser view on a phone and a desk, light and dark, in Korean."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from newscrawler.store.descriptions import TABLES
from tests.browser import Browser
from tests.making import FETCHED, article, fail, keep

pytest.importorskip("datasette")

PAGES = {
    "home": "",
    "database": "paper",
    "table": "paper/article_list",
    "ledger": "paper/ledger?state=failed",
    "row": "paper/articles/1",
    "question": "paper/per_year?words=수소",
    "sql": "paper?sql=select+idx,+title,+body+from+articles",
    "mistake": "paper?sql=selct",
    "none": "paper/no_such_table",
    "search": "paper/-/search?words=수소",
    "nothing": "paper/-/search?words=수소폭탄&until=2019",
    "trend": "paper/-/trend?words=수소&by=month",
    "words": "paper/-/words?words=수소",
    "article": "paper/-/article/-/2",
    "gap": "paper/-/article/-/4",
}
SERVE = (sys.executable, "-m", "newscrawler", "serve")
NAMES = frozenset(
    {"amenews", "apa", "article", "article_list", "article_text", "articles", "bibtex", "by"}
    | {"chicago", "csl", "csv", "datasette", "day", "desc", "endnote", "found", "from", "fts"}
    | {"http", "idx", "json", "like", "limit", "match", "mla", "newscrawler", "or", "order"}
    | {"paper", "ris", "rowid", "select", "sql", "table", "text", "title", "utc", "where", "words"}
    | {"zotero"}
    | set(TABLES)
)
"""Words that are names, in any language."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("looks") / "paper.db"
    long = "수소 충전소를 늘린다고 밝혔다. " * 12
    keep(path, *(article(n, f"수소 {n}호", f"{long}\n\n{long}", section="소재") for n in (1, 2, 3)))
    edited = article(2, "수소 새 2호", f"{long}\n\n다른 말", section="소재")
    keep(path, edited, at=FETCHED + timedelta(days=1))
    fail(path, 4, "message: 잠시 후 다시 시도해 주십시오.")
    process = subprocess.Popen(
        [*SERVE, "--db", str(path), "--port", "0", "--lang", "ko"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def luminance(browser: Browser) -> int:
    colour = browser.run("return getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_and_follows_the_scheme_in_korean(
    browser: Browser, address: str, page: str
) -> None:
    shades = []
    for width, dark in ((390, False), (1280, True)):
        browser.open(address + PAGES[page], width=width, dark=dark)
        assert not browser.scrolls_sideways()
        shades.append(luminance(browser))
        assert browser.faint_texts() == []
    assert shades[0] > 600 > 200 > shades[1]
    assert browser.find("html").get_attribute("lang") == "ko"
    errors = [line for line in browser.complaints() if "favicon" not in line]
    assert [line for line in errors if "status of 4" not in line] == []
    shown = browser.run(
        "document.querySelectorAll('[lang=en], table, dl.row, dt, pre, textarea, select, .facets,"
        " .citation, h1 a, .count').forEach(each => each.remove());"
        "return document.querySelector('main').innerText"
    )
    words = re.findall(r"(?<![\w./:?=&_-])[A-Za-z]{2,}(?![\w./:_])", shown)
    assert {word.lower() for word in words} <= NAMES


def test_a_table_that_is_wider_than_a_phone_shows_that_it_goes_on(
    browser: Browser, address: str
) -> None:
    browser.open(address + PAGES["table"], width=390)
    box = browser.find(".sideways")
    assert browser.run("return arguments[0].scrollWidth > arguments[0].clientWidth + 50", box)
    assert "gradient" in browser.run("return getComputedStyle(arguments[0]).backgroundImage", box)
    assert box.get_attribute("tabindex") == "0", "a keyboard scrolls it too"


def test_a_row_is_a_list_of_its_columns_and_no_mile_of_blank(
    browser: Browser, address: str
) -> None:
    for width in (390, 1280):
        browser.open(address + PAGES["row"], width=width)
        assert not browser.texts("table")
        text = browser.run("return document.querySelector('dl.row').innerText.length")
        assert browser.run("return document.body.scrollHeight") < 1800 + text


def test_the_database_opens_with_what_readers_look_for(browser: Browser, address: str) -> None:
    browser.open(address + PAGES["database"])
    assert browser.texts("dl.tables dt")[:2] == ["article_list", "article_text"]
    assert not browser.find("details.books").get_attribute("open")


def test_an_article_is_cited_by_one_click_and_leads_to_its_neighbours(
    browser: Browser, address: str
) -> None:
    browser.open(address + PAGES["article"])
    assert browser.texts(".citation h3") == ["국내 학술지", "APA", "Chicago", "MLA"]
    # A window without focus may not write to the clipboard: what would be written is kept.
    browser.run("navigator.clipboard.writeText = async text => { window.copied = text; }")
    browser.find(".citation .copy").click()
    assert browser.run("return window.copied") == browser.find(".citation p").text
    assert browser.find(".citation .copy").text == "복사했습니다"
    assert browser.texts("ins"), "what changed is marked"
    assert [browser.find(f"a[rel={side}]").text for side in ("prev", "next")] == [
        "← 1 수소 1호",
        "3 수소 3호 →",
    ]
    browser.follow("a[rel=next]")
    assert browser.find("h1").text == "수소 3호"
