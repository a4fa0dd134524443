"""The help and the usage errors of commands for readers are in the language of their output."""

from __future__ import annotations

import gettext
import os
import re

import pytest
from click.testing import CliRunner

from newscrawler.cli import cli
from newscrawler.cli.translated import COMMANDS
from tests.conftest import run


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_korean_but_for_names_and_examples(command: str) -> None:
    text = run(command, "--help", LANG="ko_KR.UTF-8").out
    assert text.startswith(f"사용법: newscrawler {command} ")
    prose = re.sub(r"^  newscrawler .+|^ +'?NEWSCRAWLER_TOKEN=.+", "", text, flags=re.MULTILINE)
    paragraphs = [part for part in re.split(r"\n\n|\n  (?=-)", prose)[1:] if part.strip()]
    assert all(re.search("[가-힣]", part) for part in paragraphs), paragraphs


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_english_elsewhere(command: str) -> None:
    text = run(command, "--help", LANG="C").out
    assert text.startswith(f"Usage: newscrawler {command} ")
    assert "Show this message and exit." in text


def test_korean_help_keeps_to_the_columns_of_the_terminal() -> None:
    for line in run("search", "--help", "--lang", "ko", COLUMNS="60").out.splitlines():
        wide = sum(1 + ("가" <= sign <= "힣") for sign in line)
        assert wide <= 60 or "newscrawler" in line or "낱말" in line, line


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["status", "--locl"], "'--locl' 옵션은 없습니다. '--local'을(를) 찾으셨습니까?"),
        (["gaps", "--state", "gone"], "'--state'의 값이 잘못되었습니다: 'gone'은(는) 쓸 수 없"),
        (["search"], "인수가 없습니다: 'WORDS…'."),
        (["search", "수소", "--limt", "3"], "'--limt' 옵션은 없습니다."),
        (["search", "수소", "--limit", "-1"], "-1은(는) 범위(x>=0)를 벗어납니다."),
        (["search", "수소", "--since", "2024", "--until", "2023"], "보다 늦습니다"),
        (["show", "x"], "기사 번호가 아닙니다. 1 이상의 정수를 입력하십시오"),
        (["trend", "수소", "--csv", "--json"], "--csv와 --json은 함께 쓸 수 없습니다"),
        (["status", "--db", "/nowhere/a.db"], "/nowhere/a.db에 아카이브가 없습니다"),
        (["serve", "--host", "0.0.0.0"], "--token TEXT를 더하거나"),
    ],
)
def test_a_usage_error_is_in_korean(arguments: list[str], told: str) -> None:
    for result in (run(*arguments, "--lang=ko"), run(*arguments, LANG="ko_KR.UTF-8")):
        assert result.exit_code == 2
        assert told in result.err


def test_what_click_asks_gettext_for_is_as_before_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    before = gettext.textdomain()
    for lang, told in (("ko", "'--foo' 옵션은 없습니다"), ("en", "No such option '--foo'")):
        assert told in CliRunner().invoke(cli, ["status", "--foo", "--lang", lang]).stderr
        assert (gettext.textdomain(), os.environ["LANGUAGE"]) == (before, "de")
