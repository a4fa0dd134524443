"""``read``: what is read from one page, where it was found, what is left; cases of the tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawler import pages, sites
from newscrawler.archive import page_cases
from newscrawler.cli import cli
from newscrawler.demo.newspaper import Newspaper
from tests.conftest import Desk
from tests.conftest import run as run_whole
from tests.local_archive import archive

PLAIN = Path(__file__).parents[1] / "pages/classic/plain"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("read") / "a.db", Newspaper(size=20, gap="alert"))


def read(*arguments: str, page: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["read", *arguments], input=page, catch_exceptions=False)


def test_a_kept_answer_is_shown_field_by_field_with_its_selector(db: Path) -> None:
    told = json.loads(read("18", "--db", str(db), "--json").stdout)
    truth = Newspaper(size=20, gap="alert").truth(18).article
    assert truth is not None
    assert (told["idx"], told["verdict"], told["skin"]) == (18, "article", "classic")
    assert told["fields"]["title"] == {"value": truth.title, "selector": ".titleWrap strong"}
    assert told["fields"]["body"]["value"] == truth.body
    assert told["fields"]["published_at"]["selector"] == ".registModifyDate"


def test_a_file_a_case_and_standard_input_are_read_alike() -> None:
    page = PLAIN / "page.html"
    whole, of_case = read(str(page), "--json"), read(str(PLAIN), "--json")
    piped = read("-", "--json", page=page.read_bytes())
    assert [r.exit_code for r in (whole, of_case, piped)] == [0, 0, 0]
    assert json.loads(whole.stdout)["fields"] == json.loads(of_case.stdout)["fields"]
    assert json.loads(piped.stdout) == json.loads(whole.stdout)


def test_text_that_no_field_took_is_shown(tmp_path: Path) -> None:
    page = (PLAIN / "page.html").read_text(encoding="utf-8")
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", "<p>어디에도 없는 말</p></body>"), encoding="utf-8")
    left = json.loads(read(str(file), "--json").stdout)["left"]
    article = json.loads(read(str(file), "--json").stdout)["fields"]
    assert "어디에도 없는 말" in left
    assert article["title"]["value"] not in left
    assert not set(article["body"]["value"].split("\n\n")) & set(left)


def test_a_page_that_is_not_understood_ends_with_3_and_shows_all_its_words(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html><body><h1>제목</h1><div>글이 있다</div></body></html>", encoding="utf-8")
    result = read(str(file))
    assert result.exit_code == 3
    assert "unknown" in result.stdout
    assert "글이 있다" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-file.html"], "is not a number, an address or a file"),
        (["http://amenews.kr/company/map.php"], "not the address of an article"),
        (["http://amenews.kr/news/view.php?idx=7"], "CONTACT="),
    ],
)
def test_what_cannot_be_read_is_one_sentence(arguments: list[str], said: str) -> None:
    result = read(*arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert said in result.stderr


def test_a_number_that_is_not_kept_says_how_to_ask_for_it(db: Path) -> None:
    result = read("999", "--db", str(db))
    assert result.exit_code == 2
    assert "http://amenews.kr/news/view.php?idx=999" in result.stderr


def test_one_live_request_with_robots_first_and_nothing_stored(desk: Desk) -> None:
    url = f"{desk.server.base_url}/news/view.php?idx=18"
    settings = [part for one in desk.settings for part in ("-s", one)]
    result = run_whole("read", url, "--db", str(desk.db), *settings, "--json")
    assert (result.exit_code, result.err) == (0, "")
    assert json.loads(result.out)["idx"] == 18
    assert not desk.db.exists()


def test_a_kept_answer_becomes_a_case_that_says_the_same(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "one"
    assert read("18", "--db", str(db), "--save-case", str(folder)).exit_code == 0
    capture = page_cases.load(folder)
    assert capture.idx == 18
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert expected == page_cases.expected(pages.read(capture, sites.load("amenews")))
    again = read("18", "--db", str(db), "--save-case", str(folder))
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)


def test_show_raw_writes_the_bytes_as_they_came(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    read("18", "--db", str(db), "--save-case", str(folder))
    shown = CliRunner().invoke(cli, ["show", "18", "--raw", "--db", str(db)])
    assert shown.stdout_bytes == (folder / "page.html").read_bytes()


def test_the_doctor_keeps_what_it_saw(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "first"
    settings = [part for one in desk.settings for part in ("-s", one)]
    base = ["doctor", "--base-url", desk.server.base_url, "--db", str(desk.db), *settings]
    assert run_whole(*base, "--save", str(folder)).exit_code == 0
    kept = {path.name for path in folder.iterdir()}
    assert {"home.html", "feed.xml", "list.html", "robots.txt", "gap_2147483647"} <= kept
    samples = [path for path in folder.iterdir() if path.is_dir() and "gap" not in path.name]
    assert len(samples) == 6
    for path in samples:
        assert page_cases.load(path).body
