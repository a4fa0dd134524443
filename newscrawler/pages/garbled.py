"""Texts that a server has destroyed before it sent them, in a page that is correct UTF-8.

A database connection in the wrong character set gives a question mark for every Hangul syllable, or
takes each byte of it for a Latin letter. A browser shows the same, so the decoding of the page is
not at fault.
"""

from __future__ import annotations

import re

_FEWEST = 10
"""Fewer question marks may be somebody's style."""
_MARKS = re.compile(r"[?\uFFFD]")
_LETTERS = re.compile(r"\w")
_HANGUL = re.compile("[가-힣]")
_HIGH = re.compile(r"[\x80-\u2122]{2,}")
"""What Windows-1252 and Latin-1 make of bytes above 127: no Hangul, no other East Asian sign."""


def why_garbled(text: str) -> str | None:
    """Why a text is no text, in a few words; ``None``: it is one.

    >>> why_garbled("?? ??, ???? 30% ??")
    'question marks in place of letters'
    >>> why_garbled("수소 소재".encode().decode("latin-1"))
    'UTF-8 that was taken for Latin letters'
    >>> why_garbled("왜? 어떻게? 얼마나? café")
    """
    if _HANGUL.search(text):
        return None
    marks = len(_MARKS.findall(text))
    if marks >= _FEWEST and marks > len(_LETTERS.findall(text)):
        return "question marks in place of letters"
    if any(_HANGUL.search(_as_bytes(run).decode("utf-8", "ignore")) for run in _HIGH.findall(text)):
        return "UTF-8 that was taken for Latin letters"
    return None


def _as_bytes(text: str) -> bytes:
    """The bytes of a run of Latin letters; Windows-1252 has no letter for some of them."""
    return b"".join(_byte(letter) for letter in text)


def _byte(letter: str) -> bytes:
    for encoding in ("cp1252", "latin-1"):
        try:
            return letter.encode(encoding)
        except UnicodeEncodeError:
            continue
    return b""
