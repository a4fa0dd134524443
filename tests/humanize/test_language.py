"""Texts for people are English or Korean, by option or locale; what scripts read is neither."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawler.archive import wording
from newscrawler.humanize.language import KOREAN, preferred, speaking, tr, trn
from newscrawler.outcomes import Outcome
from newscrawler.spiders.sections import told_of_lists
from newscrawler.store.states import REASONS, State
from tests.conftest import run

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_text_has_a_translation_with_the_same_places() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "messages.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "kok_IN.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:ko:en"}, "ko"),
        ({"LANG": "C", "LANGUAGE": "ko"}, "en"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
    ],
)
def test_the_locale_chooses_as_gettext_does(environment: dict[str, str], language: str) -> None:
    assert preferred(environment) == language


def test_one_thing_and_many_are_told_apart_where_the_language_does() -> None:
    told = [trn("{count:,} number", "{count:,} numbers", count) for count in (1, 2000)]
    assert told == ["1 number", "2,000 numbers"]
    with speaking(KOREAN):
        assert trn("{count:,} number", "{count:,} numbers", 1) == "번호 1개"
    assert tr("No gaps.") == "No gaps."


@pytest.mark.parametrize("code", [*map(str, State), *map(str, Outcome)])
def test_every_state_and_outcome_has_a_korean_word(code: str) -> None:
    with speaking(KOREAN):
        told = wording.state(code) if code in list(State) else wording.outcome(code)
    assert told != code


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("alert: 삭제된 기사입니다.", "알림창: 삭제된 기사입니다."),
        ("gone: status 410", "없는 페이지: 상태 코드 410"),
        ("redirect: sent to the home page", "이동: 첫 화면으로 이동됨"),
        ("what nobody foresaw: [Errno 5]", "what nobody foresaw: [Errno 5]"),
        ("", ""),
        *((reason, None) for reason in REASONS.values()),
    ],
)
def test_a_reason_is_translated_but_for_the_words_of_the_site(
    stored: str, told: str | None
) -> None:
    with speaking(KOREAN):
        shown = wording.reason(stored)
    assert shown == told if told is not None else shown != stored
    assert wording.reason(stored) == stored


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "a.db"
    assert run("demo", "--size", "40", "--db", path).exit_code == 0
    return path


@pytest.mark.parametrize("command", ["status", "gaps"])
def test_the_screen_speaks_and_json_does_not(db: Path, command: str) -> None:
    english, korean = (run(command, "--db", db, "--lang", lang) for lang in ("en", "ko"))
    assert not any("가" <= letter <= "힣" for letter in english.out.split("\n")[-2])
    assert english.out != korean.out
    for_scripts = [run(command, "--db", db, "--json", LANG=lang) for lang in ("ko_KR.UTF-8", "C")]
    first, second = (json.loads(each.out) for each in for_scripts)
    if isinstance(first, dict):
        # Time passes between the two.
        first.pop("odd"), second.pop("odd")
    assert first == second


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (told_of_lists(1_300, 0), "섹션을 확인한 기사: 1,300건"),
        (told_of_lists(1, 7), "섹션을 확인한 기사: 1건; 목록에 있으나 아카이브에 없는 번호: 7개"),
        ("the budget of 50 requests is used up", "정해 둔 요청 50회를 다 썼습니다"),
        ("quiet hours 22:00-06:00", "쉬는 시간 22:00-06:00"),
        ("blocks this crawler: status 403", "blocks this crawler: status 403"),
    ],
)
def test_why_a_planned_run_ended_is_translated(stored: str, told: str) -> None:
    assert wording.diagnosis(stored) == stored
    with speaking(KOREAN):
        assert wording.diagnosis(stored) == told
