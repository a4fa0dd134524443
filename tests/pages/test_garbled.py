"""A text that the server has destroyed is not stored over the good one."""

from __future__ import annotations

import re

import pytest

from newscrawler.items import Article, Reading, Verdict
from newscrawler.pages.garbled import why_garbled
from newscrawler.pages.validation import validated
from tests.making import article
from tests.pages.forms import TITLE, WHOLE


def questions(text: str) -> str:
    return re.sub("[가-힣]", "?", text)


def latin(text: str, encoding: str) -> str:
    return "".join(
        bytes([byte]).decode(encoding) if byte not in _WITHOUT else chr(byte)
        for byte in text.encode()
    )


_WITHOUT = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
"""Bytes without a letter in Windows-1252; browsers take the control character."""


def verdict(found: Article) -> Verdict:
    return validated(Reading(Verdict.ARTICLE, "", "classic", found)).verdict


@pytest.mark.parametrize(
    "text",
    [
        questions(f"{TITLE}\n{WHOLE}"),
        questions("신소재경제, 2020년 수소 3만 톤 생산"),
        latin(f"{TITLE}\n{WHOLE}", "latin-1"),
        latin(f"{TITLE}\n{WHOLE}", "cp1252"),
        "\ufffd" * 40,
    ],
)
def test_a_destroyed_text_is_unknown(text: str) -> None:
    assert why_garbled(text)
    title, _, body = text.partition("\n")
    assert verdict(article(7, title, body)) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{WHOLE}",
        "왜 수소인가? 얼마나? 언제? 누가? 어디서? 무엇을? 어떻게? 왜? 누구? 얼마? 몇? 또?",
        "What now? Who pays? When? How? Why? Where? Which? Whose? Whom? And then? So?",
        "Pâté, naïveté, 30 ℃ ± 5 µm, “déjà vu” – São Paulo’s Ångström",
        "水素社会 東京 2020 ニュース",
        "?!?!?!",
        "2020.11.25 3.5% 7,220 12,000 ? ? ? ? ? ? ? ? ? ? ? ?",
    ],
)
def test_what_somebody_has_written_is_an_article(text: str) -> None:
    assert why_garbled(text) is None
    title, _, body = text.partition("\n")
    assert verdict(article(7, title, body)) is Verdict.ARTICLE
