"""Which tokens serve to find particular words, and names, in Korean: precision, time, memory.

    python -m benchmarks.particular_words

Prints the tables of decision 72. Compared are the words of ``newscrawler words``, pairs of
syllables, and nouns of kiwipiepy (``pip install kiwipiepy``; without it its rows are left out),
on the sentences beside this file and on a local newspaper, which both know the right answers.
"""

from __future__ import annotations

import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from newscrawler.archive.keyness import LEAST_ARTICLES, SURE, TWICE, Counts, measure
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.vocabulary import MATERIALS_OF

NUMBERS = 5_600
"""Of the local newspaper: some 5,000 hold an article."""

_FEW = 6.63
"""Log-likelihood of p < 0.01, for 24 sentences against 96."""

_TOP = 20

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


Texts = dict[str, list[str]]
"""Of each section."""
Answers = dict[str, frozenset[str]]
Words = Callable[[str], set[str]]


def main() -> None:
    every = sentences()
    written = {section: [each.text for each in those] for section, those in every}
    marked = {
        section: frozenset[str]().union(*(each.particular for each in those))
        for section, those in every
    }
    paper = _paper()
    # A section of the paper writes of its own materials.
    subjects = {
        section: frozenset(word for material in materials for word in material.split())
        for section, materials in MATERIALS_OF.items()
    }
    print("| tokens | right, sentences | right, newspaper | s per 1,000 articles | MB |")
    print("|---|---|---|---|---|")
    ways: dict[str, Words | None] = {"words without particles": None, "pairs": _pairs}
    if find_spec("kiwipiepy"):
        ways |= {"nouns of kiwipiepy": _nouns, "its nouns, joined": _joined_nouns}
    for name, words in ways.items():
        before = _peak()
        few, _ = _score(written, marked, words, 2, _FEW)
        score, seconds = _score(paper, subjects, words, LEAST_ARTICLES, SURE)
        print(f"| {name} | {few} | {score} | {seconds:.2f} | {_peak() - before} |", flush=True)
    if find_spec("kiwipiepy"):
        _print_names([each for _, those in every for each in those])


def _paper() -> Texts:
    """What its articles say; reprints are left out."""
    texts: Texts = {}
    for truth in Newspaper(size=NUMBERS).truths():
        if (article := truth.article) and truth.mcode and not truth.duplicate_of:
            captions = [image.caption or "" for image in article.images]
            parts = [article.title, article.subtitle or "", article.body, *captions]
            texts.setdefault(SECTIONS[truth.mcode], []).append("\n".join(parts))
    return texts


def _score(
    texts: Texts, answers: Answers, words: Words | None, least: int, sure: float
) -> tuple[str, float]:
    """Right ones among the first twenty of each section, and seconds of the processor."""
    began = time.process_time()
    if words is None:
        # The program reads all texts for each section.
        counted = {section: _ours(texts, section, least) for section in answers}
        times = len(answers)
    else:
        counted = _theirs({each: [words(text) for text in of] for each, of in texts.items()})
        times = 1
    seconds = (time.process_time() - began) / times / sum(map(len, texts.values())) * 1000
    right = shown = 0
    for section, known in answers.items():
        size = len(texts[section])
        others = sum(map(len, texts.values())) - size
        measured = [
            measure(word, has, theirs, size, others)
            for word, (has, theirs) in counted[section].items()
            if has >= least
        ]
        found = [each for each in measured if each.log_likelihood >= sure]
        found = [each for each in found if each.log_ratio >= TWICE]
        found.sort(key=lambda each: (-each.log_likelihood, each.word))
        right += sum(each.word in known for each in found[:_TOP])
        shown += len(found[:_TOP])
    return f"{right} of {shown}", seconds


def _ours(texts: Texts, section: str, least: int) -> dict[str, tuple[int, int]]:
    here, there = Counts(), Counts()
    for text in texts[section]:
        here.add(text)
    here.forget_below(least)
    for text in (text for each, of in texts.items() if each != section for text in of):
        there.add(text, only=here.articles)
    here.learn(there)
    return {word: (here.articles[word], there.articles.get(word, 0)) for word in here.words()}


def _theirs(words: dict[str, list[set[str]]]) -> dict[str, dict[str, tuple[int, int]]]:
    of = {
        section: Counter(word for each in said for word in each) for section, said in words.items()
    }
    total = Counter[str]()
    for counts in of.values():
        total.update(counts)
    return {
        section: {word: (has, total[word] - has) for word, has in counts.items()}
        for section, counts in of.items()
    }


def _pairs(text: str) -> set[str]:
    return {run[at : at + 2] for run in text.split() for at in range(len(run) - 1)}


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def _is_word(form: str) -> bool:
    return len(form) > 1 and not form.isdigit()


def _nouns(text: str) -> set[str]:
    found = (each.form for each in _kiwi().tokenize(text) if each.tag in ("NNG", "NNP", "SL"))
    return set(filter(_is_word, found))


_OF_NOUNS = frozenset(["NNG", "NNP", "SL", "SN", "XPN", "XSN", "XR"])


def _noun_runs(text: str) -> list[list[Any]]:
    """Nouns and what belongs to them, as far as they touch."""
    runs: list[list[Any]] = []
    end = -1
    for each in _kiwi().tokenize(text):
        if each.tag in _OF_NOUNS:
            if each.start != end:
                runs.append([])
            runs[-1].append(each)
            end = each.end
    return runs


def _joined_nouns(text: str) -> set[str]:
    # The analyzer parts some compounds by a blank of its own.
    joined = ("".join(each.form.replace(" ", "") for each in run) for run in _noun_runs(text))
    return set(filter(_is_word, joined))


_TITLES = (
    "대표이사|대표|부사장|사장|부회장|회장|교수팀|교수|박사|전무|상무|기술이사|이사|연구소장|소장|팀장"
    "|책임연구원|연구원|협회장|학회장|변리사|애널리스트"
)
_FAMILY_NAMES = "김이박최정강조윤장임한오서신권황안송류홍유전구변여문배노진마남"
_PERSON = re.compile(
    rf"(?<!\w)((?:남궁|황보)\w|[{_FAMILY_NAMES}]\w{{1,2}}) (?=(?:\w+ )?(?:{_TITLES}))"
)
_TITLE_BEHIND = re.compile(rf"\s*(?:{_TITLES})")
_FIRM_MARK = re.compile(r"(\w+)㈜|㈜(\w+)")


def _proper_nouns(text: str) -> set[str]:
    return {each.form for each in _kiwi().tokenize(text) if each.tag == "NNP"}


def _proper_nouns_with_title(text: str) -> set[str]:
    return {
        each.form
        for each in _kiwi().tokenize(text)
        if each.tag == "NNP" and _TITLE_BEHIND.match(text, each.end)
    }


def _compounds_with_proper_noun(text: str) -> set[str]:
    runs = [run for run in _noun_runs(text) if any(each.tag == "NNP" for each in run)]
    found = {text[run[0].start : run[-1].end] for run in runs}
    return {each for each in found if len(each) >= 4}


def _print_names(every: Sequence[Sentence]) -> None:
    print("\n| names | right of found | found of named |")
    print("|---|---|---|")
    rows: list[tuple[str, Words, Callable[[Sentence], frozenset[str]]]] = [
        ("people and firms: NNP", _proper_nouns, lambda each: each.people | each.firms),
        ("people: NNP before a title", _proper_nouns_with_title, lambda each: each.people),
        (
            "people: family name and title, no tagger",
            lambda text: set(_PERSON.findall(text)),
            lambda each: each.people,
        ),
        ("firms: joined nouns with an NNP", _compounds_with_proper_noun, lambda each: each.firms),
        (
            "firms: beside ㈜, no tagger",
            lambda text: {left or right for left, right in _FIRM_MARK.findall(text)},
            lambda each: each.firms,
        ),
    ]
    for name, find, answers in rows:
        found = [(find(each.text), answers(each)) for each in every]
        right = sum(len(got & known) for got, known in found)
        got = sum(len(got) for got, _ in found)
        named = sum(len(known) for _, known in found)
        print(f"| {name} | {right} of {got}, {right / got:.2f} | {right} of {named} |")


def _peak() -> int:
    """The most memory that the process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
