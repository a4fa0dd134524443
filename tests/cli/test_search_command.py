from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawler.cli import cli
from newscrawler.items import Image, Reporter
from tests.archive.test_near_duplicates import RELEASE, REWRITTEN
from tests.making import article, keep


def search(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["search", *arguments, "--db", str(path)])


@pytest.fixture
def archive(path: Path) -> Path:
    return keep(
        path,
        article(
            1,
            "수소경제 로드맵",
            "액화수소 저장\n\n암모니아",
            section="산업가스",
            byline="홍길동 기자",
            reporters=(Reporter("홍길동"),),
        ),
        article(2, "철강", "수소환원제철 hydrogen", published_at=None),
        article(3, "사진", images=(Image("http://amenews.kr/1.jpg", "수소 충전소 개장"),)),
    )


def test_json_is_one_array_with_the_numbers(archive: Path) -> None:
    result = search(archive, "액화수소", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {
            "idx": 1,
            "site": "amenews",
            "url": "http://amenews.kr/news/view.php?idx=1",
            "title": "수소경제 로드맵",
            "section": "산업가스",
            "byline": "홍길동 기자",
            "reporters": ["홍길동"],
            "published_at": "2020-01-01T09:30:00+09:00",
            "snippet": "액화수소 저장 암모니아",
            "hits": [[0, 4]],
            "found_in": ["body"],
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["수소"], [1, 2, 3]),
        (["수소", "-암모니아"], [2, 3]),
        (["수소", "-hydrogen"], [1, 3]),
        (["충전소", "OR", "철강"], [2, 3]),
        (['"충전소 개장"'], [3]),
        (["수소", "--reporter", "홍길동"], [1]),
        (["수소", "--section", "산업가스"], [1]),
        (["수소", "--since", "2020-01-02", "--until", "2020-01-31"], [3]),
        (["수소", "--since", "2020.01.02.", "--until", "2020년 1월"], [3]),
        (["수소", "--since", "2020", "--until", "9999-12-31"], [1, 3]),
        (["수소", "--until", "20200102"], [1]),
        (["없는말"], []),
    ],
)
def test_words_and_filters(archive: Path, arguments: list[str], expected: list[int]) -> None:
    result = search(archive, *arguments, "--json")
    assert result.exit_code == 0
    assert sorted(hit["idx"] for hit in json.loads(result.stdout)) == expected


def test_people_get_a_line_each_and_the_number_of_hits(archive: Path) -> None:
    result = search(archive, "수소", "--limit", "1")
    assert result.stdout == "1  2020-01-01  수소경제 로드맵\n    액화수소 저장 암모니아\n"
    assert result.stderr == "1 of 3 articles\n"
    assert "\x1b" not in result.stdout


def test_no_match_is_an_empty_answer_not_a_mistake(archive: Path) -> None:
    result = search(archive, "없는말")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 articles\n")


def test_a_title_with_markup_stays_text(path: Path) -> None:
    keep(path, article(1, "[bold]수소[/bold] :smile: <b>", "본문"))
    assert "[bold]수소[/bold] :smile: <b>" in search(path, "수소").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([""], "at least one word"),
        (["수소", "OR"], "OR must be between"),
        ([], "Missing argument"),
        (["수소", "--since", "gestern"], "gestern"),
    ],
)
def test_mistakes_are_said_in_a_sentence(
    archive: Path, arguments: list[str], complaint: str
) -> None:
    result = search(archive, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_missing_archive_is_a_mistake_of_usage(path: Path) -> None:
    result = search(path, "수소")
    assert result.exit_code == 2
    assert f"there is no archive at {path}" in result.stderr


def test_a_foreign_or_damaged_file_ends_with_6(path: Path) -> None:
    sqlite3.connect(path).execute("CREATE TABLE notes (text)").connection.close()
    assert search(path, "수소").exit_code == 6
    path.write_bytes(b"no database" * 1000)
    assert search(path, "수소").exit_code == 6


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(cli, ["search", "--help"])
    assert "newscrawler search 수소" in result.stdout


def test_duplicates_are_found_and_listed(path: Path) -> None:
    pytest.importorskip("rensa")
    keep(
        path,
        article(1, "나루소재, 청주에 공장", RELEASE),
        article(2, "나루소재 공장", REWRITTEN),
        article(3, "나루소재, 청주에 공장", RELEASE),
    )
    run = CliRunner().invoke
    result = run(cli, ["duplicates", "--db", str(path)])
    assert result.exit_code == 0
    assert result.stderr == "2 articles compared, 1 new pair\n"
    assert "3  2020-01-03  나루소재, 청주에 공장\n  same as 1  2020-01-01  same title\n" in (
        result.stdout
    )
    result = run(cli, ["duplicates", "--db", str(path), "--known", "--json"])
    pairs = json.loads(result.stdout)
    assert [(pair["idx"], pair["earlier_idx"], pair["kind"]) for pair in pairs] == [
        (3, 1, "exact"),
        (2, 1, "near"),
    ]
    assert run(cli, ["duplicates", "--db", str(path) + "x"]).exit_code == 2


def test_a_search_in_another_programs_signs_says_which_there_are(archive: Path) -> None:
    result = search(archive, "수소 or NOT 철강")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "0 articles\n"
        "NOT, or: searched for as a word; OR in capitals means one of two, -word excludes a word\n"
    )
    assert search(archive, "hydrogen").stderr == "1 article\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["수소", "--jsn"], "No such option '--jsn'."),
        (["수소", "--since", "2021-01-01", "--until", "2020-01-01"], "is later than --until"),
        (["수소", "--site", "krnews21"], "does not hold the paper krnews21; it holds amenews"),
    ],
)
def test_a_slip_is_refused_instead_of_finding_nothing(
    archive: Path, arguments: list[str], sentence: str
) -> None:
    result = search(archive, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_words_that_stand_only_in_title_or_caption_are_said_to(archive: Path) -> None:
    assert "    caption: 수소 충전소 개장\n" in search(archive, "충전소").stdout
    assert "    only in the title: 액화수소 저장" in search(archive, "로드맵").stdout


@pytest.mark.parametrize(
    ("arguments", "suggested"),
    [
        (["액화수소가"], ["액화수소  (shorter): 1 article"]),
        (["충전소에서는"], ["충전소  (shorter): 1 article"]),
        (["수소", "--until", "2019"], ["without --until: 3 articles"]),
        (["수소", "--section", "금속"], ["without --section: 3 articles"]),
        (
            ["수소", "--section", "산업"],
            ["--section 산업가스: 1 article", "without --section: 3 articles"],
        ),
        (["액화-수소!"], ["액화  (shorter): 1 article", '"액화 수소"  (without the signs): 0']),
        (["충전소!"], ["충전소  (shorter): 1 article", "충전소  (without the signs): 1 article"]),
        (["충전소", "없는말"], ["충전소  (fewer words): 1 article"]),
        (["액화수소는", "-철강"], ["액화수소 -철강  (shorter): 1 article"]),
    ],
)
def test_where_nothing_is_found_the_answer_says_what_would_find_some(
    archive: Path, arguments: list[str], suggested: list[str]
) -> None:
    result = search(archive, *arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    first, *others = result.stderr.splitlines()
    assert first == "0 articles"
    assert [line.strip() for line in others] == [each for each in suggested if ": 0" not in each]
