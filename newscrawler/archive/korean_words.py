"""The words of a Korean text, without the particles (조사), 하다 or 되다 behind them.

A rule does it, not a dictionary: a trade paper writes about new firms, materials and methods, which
no dictionary has (decision 72 has the figures). The rule knows the particles, and which of them
follow a consonant or a vowel. Where a noun may end in the same syllable (``전략회의``, ``어린이``),
the caller decides by the other forms of the word that it meets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from sys import intern
from typing import NamedTuple

_RUN = re.compile(r"\w+(?:[&.-]\w+)*")
"""Letters and digits, and the signs that join them: ``R&D``, ``Ti-6Al-4V``, ``3.5``. The middle
dot lists words (``수소·에너지``) and so parts them."""

_AMOUNT = re.compile(r"[\d.-]+(?![A-Za-z])\D{0,2}")
"""A figure with a unit, ``430톤``, ``2026년``; ``2차전지`` and ``3D프린팅`` are words."""

_SHORTEST = 2
"""Characters of a word; one syllable alone has too many meanings."""

_LONGEST_RUN = 40
"""Characters; what is longer is an address, or a text that has lost its blanks."""


class Form(NamedTuple):
    """A word as it stands in a text."""

    run: str
    """All of it."""
    word: str
    """Without its particle."""
    particle: str
    """Empty where none was cut off."""
    sure: bool
    """That it is a particle: nouns do not end like that."""


def forms(text: str) -> Iterator[Form]:
    """The different forms in a text.

    Figures with a unit, single characters and verbs that end a sentence are left out.

    >>> sorted(form.word for form in forms("한빛소재㈜가 수소를 430톤 만들었다."))
    ['수소', '한빛소재']
    """
    runs = {run for run in _RUN.findall(text) if len(run) <= _LONGEST_RUN}
    return filter(None, map(cut, runs))


@lru_cache(maxsize=65_536)
def cut(run: str) -> Form | None:
    """``run`` without its longest particle; ``None``: it is no word that is counted.

    >>> cut("전략회의는")
    Form(run='전략회의는', word='전략회의', particle='는', sure=False)
    >>> cut("전문가")  # a consonant stands before 가, so it is no particle
    Form(run='전문가', word='전문가', particle='', sure=False)
    """
    form = Form(run, run, "", False)
    for length in range(min(_LONGEST, len(run) - 1), 0, -1):
        word, particle = run[:-length], run[-length:]
        sure = particle not in _DOUBTFUL
        # Two syllables are rather a word, 회의, than one with a doubtful particle.
        if particle in _AFTER[_ends_in(word[-1])] and (sure or len(word) >= _SHORTEST):
            form = Form(run, word, intern(particle), sure)
            break
    if len(form.word) < _SHORTEST or _AMOUNT.fullmatch(form.word) or _is_predicate(form.word):
        return None
    return form


class _After(Enum):
    """What the syllable before a particle ends in."""

    VOWEL = auto()
    RIEUL = auto()
    """A consonant, but 로 stands behind it as behind a vowel."""
    CONSONANT = auto()


_NIEUN, _RIEUL, _DOUBLE_SIOT, _FINALS = 4, 8, 20, 28
"""Final consonants by their numbers in Hangul syllables, and how many there are with none
(The Unicode Standard, 3.12)."""

_READ_ALOUD = {
    **dict.fromkeys("178LRlr", _After.RIEUL),
    **dict.fromkeys("036MNmn", _After.CONSONANT),
}
"""Digits and Latin letters whose Korean names end in a consonant: 일, 엘; 삼, 엠."""


def _final(syllable: str) -> int | None:
    """The number of its final consonant, 0 for none; ``None``: no Hangul."""
    return (ord(syllable) - ord("가")) % _FINALS if "가" <= syllable <= "힣" else None


def _ends_in(character: str) -> _After:
    match _final(character):
        case None:
            return _READ_ALOUD.get(character, _After.VOWEL)
        case 0:
            return _After.VOWEL
        case final:
            return _After.RIEUL if final == _RIEUL else _After.CONSONANT


def _is_predicate(word: str) -> bool:
    """Whether it ends a sentence or a quotation: ``밝혔다``, ``높다고``, ``합니다``."""
    return word.endswith(("니다", "다고", "다며")) or (
        word.endswith("다") and _final(word[-2]) in (_NIEUN, _DOUBLE_SIOT)
    )


def _particles(alone: str, with_more: str = "") -> frozenset[str]:
    """Those of ``alone``, and those of ``with_more`` with a second one behind it too."""
    more = (case + second for case in with_more.split() for second in ("", *"는도만의"))
    return frozenset([*alone.split(), *more])


# Left out are those that verbs end in as well: 고, 며, 나, 라고, 라는, 지만 after a vowel, 인, 던.
# 하다 and 되다 make verbs of nouns; of these the noun is counted: 개발했다 is 개발.
_ANY = _particles(
    "의 도 만 들이 들은 들을 들과 조차 밖에",
    "에 에서 에게 까지 부터 마다 처럼 만큼 보다 들 들에 들에서",
) | _particles(
    "하는 하고 하며 하여 해 해서 한 할 하기 하기로 하게 하도록 하면 했다 했고 했던 했으며 한다"
    " 한다고 했다고 하겠다고 한다는 했다는 합니다"
    " 되는 되고 되며 되어 돼 된 될 되기 되게 되도록 되면 됐다 됐고 됐던 됐으며 된다"
    " 된다고 됐다고 된다는 됐다는 됩니다"
)
_CONSONANT = _particles("은 이 을 이다 이며 이고 이나 이라 이라고 이라는 이란 이었다", "과")
_VOWEL = _particles("는 가 를 였다", "와")
_TOWARDS = _particles("로서 로써 로부터", "로")
_AFTER = {
    _After.VOWEL: _ANY | _VOWEL | _TOWARDS,
    _After.RIEUL: _ANY | _CONSONANT | _TOWARDS,
    _After.CONSONANT: _ANY | _CONSONANT | {f"으{particle}" for particle in _TOWARDS},
}
_LONGEST = max(len(particle) for several in _AFTER.values() for particle in several)

_DOUBTFUL = frozenset("의도만은는이가과와로들해한할돼된될")
"""Words end in these as well: 회의, 온도, 불만, 어린이, 투자가, 결과, 고속도로, 지중해, 무한."""
