"""One article on a terminal, and its citation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from newscrawler import open_archive
from newscrawler.archive.citation import Style, cite
from newscrawler.archive.reader import StoredArticle
from newscrawler.cli import cli
from newscrawler.cli.common import program
from newscrawler.demo.newspaper import Newspaper
from newscrawler.items import Image, Reporter
from tests.making import FETCHED, article, keep, withdraw

PAPER = "신소재경제신문"
TWO = (Reporter("홍길동", "hong@example.org"), Reporter("김철수"))


def show(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["show", *arguments, "--db", str(path)])


def stored(path: Path, title: str = "수소차의 소재", **fields: Any) -> StoredArticle:
    keep(path, article(1, title, "본문", **fields))
    with open_archive(path) as archive:
        found = archive.article(1)
    assert found
    return found


# Citation


def test_apa_names_reporters_day_title_paper_and_permalink(path: Path) -> None:
    assert cite(stored(path, reporters=TWO), PAPER, Style.APA) == (
        "홍길동, & 김철수. (2020, January 1). 수소차의 소재. 신소재경제신문."
        " http://amenews.kr/news/view.php?idx=1"
    )


def test_apa_puts_the_title_first_when_nobody_signed(path: Path) -> None:
    assert cite(stored(path, title="소재가 관건인가?", published_at=None), PAPER, Style.APA) == (
        "소재가 관건인가? (n.d.). 신소재경제신문. http://amenews.kr/news/view.php?idx=1"
    )


def test_apa_says_when_a_withdrawn_article_was_read(path: Path) -> None:
    found = stored(path, reporters=TWO[:1])
    withdrawn = replace(found, removed_at=FETCHED + timedelta(days=3))
    assert cite(withdrawn, PAPER, Style.APA).endswith(
        "신소재경제신문. Retrieved May 1, 2024, from http://amenews.kr/news/view.php?idx=1"
    )


def test_bibtex_keeps_names_and_title_as_they_are(path: Path) -> None:
    assert cite(stored(path, reporters=TWO), PAPER, Style.BIBTEX) == (
        "@article{amenews1,\n"
        "  author = {{홍길동} and {김철수}},\n"
        "  title = {{수소차의 소재}},\n"
        "  journal = {신소재경제신문},\n"
        "  year = {2020},\n"
        "  month = {1},\n"
        "  date = {2020-01-01},\n"
        "  url = {http://amenews.kr/news/view.php?idx=1},\n"
        "  urldate = {2024-05-01},\n"
        "  langid = {korean},\n"
        "}"
    )


def test_bibtex_escapes_what_tex_would_obey(path: Path) -> None:
    citation = cite(stored(path, title=r"R&D 30% {탄소} \소재_A #1 $5 ~^"), PAPER, Style.BIBTEX)
    (title,) = [line for line in citation.splitlines() if line.startswith("  title")]
    assert title == (
        r"  title = {{R\&D 30\% \textbraceleft{}탄소\textbraceright{} \textbackslash{}소재\_A"
        r" \#1 \$5 \textasciitilde{}\textasciicircum{}}},"
    )
    assert citation.count("{") == citation.count("}")


def test_the_link_is_the_permalink_alone(path: Path) -> None:
    stored(path)
    assert show(path, "1", "--cite", "link").stdout == "http://amenews.kr/news/view.php?idx=1\n"


def test_cite_alone_means_apa(path: Path) -> None:
    stored(path)
    assert show(path, "1", "--cite").stdout.startswith("수소차의 소재. (2020, January 1).")


# What is shown


def test_an_article_is_shown_with_all_that_belongs_to_it(path: Path) -> None:
    keep(
        path,
        article(
            1,
            "제목",
            "첫 문단\n\n둘째 문단",
            subtitle="부제",
            section="소재",
            byline="홍길동 기자",
            modified_at=article(2, "").published_at,
            images=(Image("http://amenews.kr/a.jpg", "사진 설명"),),
            keywords=("수소", "백금"),
        ),
    )
    run = show(path, "1")
    assert run.exit_code == 0
    assert run.stdout.splitlines() == [
        "제목",
        "부제",
        "link      http://amenews.kr/news/view.php?idx=1",
        "by        홍길동 기자",
        "section   소재",
        "published 2020-01-01 09:30:00+09:00",
        "modified  2020-01-02 09:30:00+09:00",
        "keywords  수소, 백금",
        "fetched   2024-05-01T03:00:00Z",
        "",
        "첫 문단",
        "",
        "둘째 문단",
        "",
        "▲ 사진 설명",
        "http://amenews.kr/a.jpg",
    ]


def test_a_reprint_and_an_edited_article_say_so(path: Path) -> None:
    keep(path, article(1, "제목", "본문"), article(2, "제목", "본문"))
    assert "reprint   of 1" in show(path, "2").stdout
    keep(path, article(2, "제목", "다른 본문"), at=FETCHED + timedelta(days=1))
    assert f"2 revisions: {program()} diff 2 amenews" in show(path, "2").stdout


def test_a_withdrawn_article_is_shown_with_the_day_on_which_it_was_gone(path: Path) -> None:
    keep(path, article(1, "제목", "본문"))
    withdraw(path, 1, at=FETCHED + timedelta(days=2))
    run = show(path, "1")
    assert run.exit_code == 0
    assert "withdrawn 2024-05-03T03:00:00Z" in run.stdout
    assert "본문" in run.stdout


def test_a_page_cannot_command_the_terminal(path: Path) -> None:
    keep(path, article(1, "제목\x1b[2J", "본문\x9b31m\n\n[red]괄호[/red]"))
    shown = show(path, "1").stdout
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "[red]괄호[/red]" in shown


def test_json_holds_the_article_and_its_state(path: Path) -> None:
    keep(path, article(1, "제목", "본문", reporters=TWO))
    found = json.loads(show(path, "1", "--json").stdout)
    assert (found["idx"], found["state"], found["title"]) == (1, "article", "제목")
    assert found["reporters"][0] == {"name": "홍길동", "email": "hong@example.org"}


def test_a_number_without_an_article_says_why(paper: Newspaper, paper_path: Path) -> None:
    gap = next(truth for truth in paper.truths() if truth.state == "missing")
    run = show(paper_path, str(gap.idx))
    assert run.exit_code == 0
    assert run.stdout.startswith(f"{gap.idx} is missing: {gap.how}, last try 2024-05-01T03:00:00Z")
    assert json.loads(show(paper_path, str(gap.idx), "--json").stdout)["state"] == "missing"
    cited = show(paper_path, str(gap.idx), "--cite")
    assert cited.exit_code == 2
    assert "there is no article to cite" in cited.stderr


@pytest.mark.parametrize("option", [(), ("--json",), ("--cite",)])
def test_a_number_that_was_never_asked_for_is_refused(
    paper_path: Path, option: tuple[str, ...]
) -> None:
    run = show(paper_path, "999999", *option)
    assert run.exit_code == 2
    assert run.stderr == "newscrawler: number 999999 of amenews was never asked for\n"
