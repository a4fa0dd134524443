"""The words particular to some articles: right answers that are known beforehand."""

from __future__ import annotations

import csv
import json
from io import StringIO
from itertools import count, pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from benchmarks.particular_words import sentences
from newscrawler import open_archive
from newscrawler.archive.filters import Filters
from newscrawler.archive.keyness import Comparison, compare, measure
from newscrawler.archive.reader import Archive
from newscrawler.cli.words import command
from newscrawler.humanize.language import KOREAN, speaking
from newscrawler.items import Article
from tests.making import article, keep

METALS, GASES = Filters(section="금속"), Filters(section="가스")
FILLING = ("공장을 짓는다", "공장이 멈췄다", "공장에서 만난다", "공장 이야기")


def texts(section: str, *titles: str, first: int) -> list[Article]:
    return [article(first + n, title, section=section) for n, title in enumerate(titles)]


def two_sections(path: Path, metals: list[str], gases: list[str]) -> Path:
    return keep(
        path,
        *texts("금속", *metals, first=1),
        *texts("가스", *gases, first=1 + len(metals)),
    )


def asked(path: Path, chosen: Filters = METALS, *against: Filters, least: int = 3) -> Comparison:
    with open_archive(path) as archive:
        return compare(archive, chosen, *against, least=least)


def words(found: Comparison) -> list[str]:
    return [each.word for each in found.words]


@pytest.mark.parametrize(
    ("has", "others_have", "size", "others", "likelihood"),
    # Of scipy 1.17: chi2_contingency(…, correction=False, lambda_="log-likelihood").
    [(12, 5, 100, 400, 21.24025), (55, 30, 60, 60, 27.27496), (9, 0, 10, 20, 30.1502)],
)
def test_log_likelihood_is_that_of_the_whole_table(
    has: int, others_have: int, size: int, others: int, likelihood: float
) -> None:
    measured = measure("word", has, others_have, size, others)
    assert measured.log_likelihood == pytest.approx(likelihood, rel=1e-5)


def test_log_ratio_is_finite_where_no_other_article_has_the_word() -> None:
    assert measure("word", 8, 2, 10, 10).log_ratio == 2
    assert measure("word", 8, 0, 10, 10).log_ratio == 4


def test_of_written_sentences_only_what_was_marked_is_found(path: Path) -> None:
    number = count(1)
    keep(
        path,
        *(
            article(next(number), sentence.text, section=section)
            for section, written in sentences()
            for sentence in written
        ),
    )
    with open_archive(path) as archive:
        for section, written in sentences():
            # 24 sentences beside 96: p < 0.01.
            found = words(compare(archive, Filters(section=section), sure=6.63))
            assert len(found) >= 3, section
            assert set(found) <= {word for each in written for word in each.particular}


def test_a_word_is_one_whatever_particle_it_has(path: Path) -> None:
    metals = ["니켈을 산다", "니켈이 비싸다", "니켈의 값", "니켈은 무겁다"] * 3
    found = asked(two_sections(path, metals, [*FILLING] * 4))
    assert [(each.word, each.articles, each.others) for each in found.words] == [("니켈", 12, 0)]


def test_a_noun_that_ends_like_a_particle_is_whole(path: Path) -> None:
    metals = ["전략회의 열려", "전략회의에서 정해", "전략회의를 미뤄", "전략회의 끝나"] * 3
    assert words(asked(two_sections(path, metals, [*FILLING] * 4))) == ["전략회의"]


def test_frequent_words_with_a_small_difference_are_no_more_particular_than_rare_ones(
    path: Path,
) -> None:
    metals = [f"철강 {number}번지" for number in range(55)] + ["합금 하나"] * 2
    gases = [f"철강 {number}번지" for number in range(30)] + ["질소 이야기"] * 30
    found = asked(two_sections(path, metals, gases), least=1)
    assert measure("철강", 55, 30, 57, 60).log_likelihood > 15.13
    assert words(found) == []


def test_one_article_that_repeats_a_word_does_not_make_it_particular(path: Path) -> None:
    metals = ["합금 " * 50, *[*FILLING] * 3]
    assert words(asked(two_sections(path, metals, [*FILLING] * 3), least=1)) == []


def test_a_reprint_is_the_same_text_once_and_is_told(path: Path) -> None:
    same = [
        article(number, "합금 판재 전시", "어제 열렸다.", section="금속") for number in range(1, 9)
    ]
    keep(path, *same, *texts("가스", *[f"가스 {n}번지" for n in range(8)], first=20))
    found = asked(path, least=1)
    assert (found.articles, found.others, found.reprints) == (1, 8, 7)
    assert words(found) == []


@pytest.mark.parametrize(("at_most", "is_part"), [(None, False), (12, False), (9, True), (4, True)])
def test_a_part_of_either_side_is_told(path: Path, at_most: int | None, is_part: bool) -> None:
    two_sections(path, [f"니켈 {n}톤을 산다" for n in range(9)], [*FILLING] * 3)
    with open_archive(path) as archive:
        found = compare(archive, METALS, GASES, at_most=at_most)
    assert found.is_part is is_part


def test_an_article_of_both_filters_is_a_chosen_one(path: Path) -> None:
    two_sections(path, [f"니켈 {n}톤을 산다" for n in range(9)], [*FILLING] * 3)
    with open_archive(path) as archive:
        seen: list[tuple[int, int]] = []
        found = compare(archive, METALS, progress=lambda done, of: seen.append((done, of)))
    assert (found.articles, found.others) == (9, 12)
    assert seen == [(9, 21), (21, 21)], "each text is read once"


def test_texts_are_read_a_few_at_a_time_and_once(paper_archive: Archive) -> None:
    seen = [0]
    chosen = Filters(words="수소")
    found = compare(paper_archive, chosen, progress=lambda done, _: seen.append(done))
    assert found.articles + found.others > 200
    assert seen[-1] == found.articles + found.others
    assert all(done - before <= 200 for before, done in pairwise(seen))


def test_days_can_be_compared_with_days(path: Path) -> None:
    before = [article(n, f"니켈 {n}번 광산") for n in range(1, 11)]
    then = [article(n, f"구리 {n}번 광산") for n in range(11, 21)]
    later = [article(n, f"구리 {n}번 제련소") for n in range(21, 41)]
    keep(path, *before, *then, *later)
    chosen = Filters(since="2020-01-11", until="2020-01-20")
    assert words(asked(path, chosen)) == ["광산"]
    assert words(asked(path, chosen, Filters(until="2020-01-10"))) == ["구리"]


def test_beside_a_search_stand_other_words_than_those_searched_for(path: Path) -> None:
    metals = [f"액화수소 탱크 {n}번 시험, 수소 새지 않아" for n in range(9)]
    found = asked(two_sections(path, metals, [*FILLING] * 4), Filters(words="수소"))
    assert {"탱크", "시험"} <= set(words(found))
    assert not [word for word in words(found) if "수소" in word]


def ask(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--db", str(path)])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sections") / "archive.db"
    metals = [f"{n}번 합금 판재를 만든다" for n in range(12)]
    gases = [f"{n}번 질소 병을 채운다" for n in range(24)]
    return two_sections(path, metals, gases)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_shows_a_table(
    archive: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = ask(archive, "--section", "금속", "--limit", "1")
    lines = shown.stdout.splitlines()
    assert max(map(cell_len, lines)) <= width
    assert lines[-1].split() == ["판재", "12", "100.0", "0", "0.0", "only", "here", "45.8"]
    assert shown.stderr == (
        "12 articles, compared with 24\n1 of 2 particular words, of 2 in at least 3 articles\n"
    )


def test_csv_and_json_have_the_same_figures(archive: Path) -> None:
    rows = list(csv.DictReader(StringIO(ask(archive, "--section", "금속", "--csv").stdout)))
    objects = json.loads(ask(archive, "--section", "금속", "--json").stdout)
    assert [{name: str(value) for name, value in each.items()} for each in objects] == rows
    assert [row["word"] for row in rows] == ["판재", "합금"]
    assert list(rows[0]) == ["word", "articles", "others", "log_likelihood", "log_ratio"]


def test_a_section_is_compared_with_a_section(archive: Path) -> None:
    shown = ask(archive, "--section", "금속", "--against-section", "없는면")
    assert "no other article" in str(shown.output)
    shown = ask(archive, "--section", "금속", "--against-section", "가스", "--json")
    assert len(json.loads(shown.stdout)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "choose some of the articles with WORDS, --since"),
        (["--since", "2019"], "there is no other article to compare with"),
        (["--csv", "--json", "--since", "2020"], "use --csv or --json, not both"),
        (
            ["--since", "2020", "--against-since", "2020", "--against-until", "2019"],
            "--against-since 2020-01-01 is later than --against-until 2019-12-31",
        ),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    archive: Path, arguments: list[str], said: str
) -> None:
    shown = ask(archive, *arguments)
    assert shown.exit_code == 2
    assert said in shown.stderr


def test_korean_readers_get_korean(archive: Path) -> None:
    with speaking(KOREAN):
        shown = ask(archive, "--section", "금속", "--lang", "ko")
    assert "기사 12건을 다른 기사 24건과 비교했습니다" in shown.stderr
    assert "여기에만" in shown.stdout


def test_a_section_of_one_paper_is_compared_with_that_paper(path: Path) -> None:
    two_sections(path, ["합금 하나", "합금 둘"], ["질소 하나"])
    keep(path, *texts("금속", "철도 하나", "철도 둘", first=1), site="krnews21")
    assert "4 articles, compared with 1\n" in ask(path, "--section=금속").stderr
    assert "2 articles, compared with 1\n" in ask(path, "--section=금속", "--site=amenews").stderr
    assert "3 articles, compared with 2\n" in ask(path, "--site=amenews").stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["수소폭탄"], "0 articles\n  수소  (shorter): 1 article\n"),
        (["--section", "없는면"], "0 articles\n  without --section: 12 articles\n"),
    ],
)
def test_where_no_article_is_chosen_what_would_choose_some_is_said(
    path: Path, arguments: list[str], told: str
) -> None:
    keep(path, article(1, "수소 공장"), *(article(n, f"다른 {n}") for n in range(2, 13)))
    shown = ask(path, *arguments, "--json")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "[]\n", told)
