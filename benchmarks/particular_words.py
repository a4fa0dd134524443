"""Which tokens serve to find particular words, and names, in Korean: precision, time, memory.

    python -m benchmarks.particular_words

Prints the tables of decision 72. Compared are the words of ``newscrawler words``, pairs of
syllables, and nouns of kiwipiepy (``pip install kiwipiepy``; without it its rows are left out),
on the sentences beside this file and on a local newspaper, which both know the right answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SENTENCES = Path(__file__).with_name("sentences.txt")
_MARK = re.compile(r"\[(?P<word>[^]]*)\]|<(?P<kind>[PF]) (?P<name>[^>]*)>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the manner of a trade paper, with the right answers."""

    text: str
    particular: frozenset[str]
    """To its section: subjects, also those within compounds, and firms and people."""
    people: frozenset[str]
    firms: frozenset[str]


def sentences() -> list[tuple[str, list[Sentence]]]:
    """Of each section. ``[a+b]`` marks a subject of two words, ``<P …>`` a person, ``<F …>`` a
    firm or an institution."""
    sections: list[tuple[str, list[Sentence]]] = []
    for line in _SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            sections.append((line[2:], []))
        elif line:
            sections[-1][1].append(_sentence(line))
    return sections


def _sentence(line: str) -> Sentence:
    marks = list(_MARK.finditer(line))
    subjects = [mark["word"] for mark in marks if mark["word"]]
    names = {
        kind: frozenset(mark["name"].replace("㈜", "") for mark in marks if mark["kind"] == kind)
        for kind in "PF"
    }
    words = {part for subject in subjects for part in (*subject.split("+"), _whole(subject))}
    text = _MARK.sub(lambda mark: mark["name"] or _whole(mark["word"]), line)
    return Sentence(text, frozenset(words) | names["P"] | names["F"], names["P"], names["F"])


def _whole(subject: str) -> str:
    return subject.replace("+", "")
