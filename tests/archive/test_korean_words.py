"""What is left of a Korean word without its particle."""

from __future__ import annotations

import pytest

from newscrawler.archive.korean_words import cut, forms


@pytest.mark.parametrize(
    ("run", "word"),
    [
        ("수소를", "수소"),
        ("수소로부터", "수소"),
        ("감광액을", "감광액"),
        ("업체들에서는", "업체"),
        ("서울로", "서울"),
        ("울산으로는", "울산"),
        ("LNG를", "LNG"),
        ("SM을", "SM"),
        ("2차전지는", "2차전지"),
        ("3D프린팅의", "3D프린팅"),
        ("R&D", "R&D"),
        ("개발했다", "개발"),
        ("양산하기로", "양산"),
        ("투입된다고", "투입"),
        ("우리나라는", "우리나라"),
        ("Ti-6Al-4V", "Ti-6Al-4V"),
    ],
)
def test_a_particle_that_fits_the_syllable_before_it_is_cut(run: str, word: str) -> None:
    form = cut(run)
    assert form is not None
    assert form.word == word


@pytest.mark.parametrize(
    "run", ["전문가", "효과", "회의", "온도", "바닷가", "소재", "마을", "탄소강"]
)
def test_what_only_looks_like_a_particle_stays(run: str) -> None:
    form = cut(run)
    assert form is not None
    assert form.word == run


@pytest.mark.parametrize(
    "run",
    [
        "430톤을",
        "2026년까지",
        "2026-06-20",
        "3.5",
        "35만명",
        "밝혔다",
        "한다는",
        "높다고",
        "것으로",
    ],
)
def test_figures_predicates_and_single_syllables_are_no_words(run: str) -> None:
    assert cut(run) is None


def test_nouns_may_end_like_some_particles_and_never_like_others() -> None:
    sure = {form.run: form.sure for form in forms("전략회의 온도는 분말을 공장에서")}
    assert sure == {"전략회의": False, "온도는": False, "분말을": True, "공장에서": True}


def test_a_text_without_blanks_is_no_word() -> None:
    assert list(forms("산" * 41)) == []
    assert [form.word for form in forms("산" * 40)] == ["산" * 40]


def test_middle_dots_and_brackets_part_words() -> None:
    words = {form.word for form in forms("수소·에너지 업체 한빛소재㈜(대표 김서준)가")}
    assert words == {"수소", "에너지", "업체", "한빛소재", "대표", "김서준"}
