"""Every page of the documents is reachable from the README; every decision is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
LIST = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")


def links(page: Path) -> set[Path]:
    found = re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in found}


def test_every_page_is_reachable_from_the_readme() -> None:
    seen: set[Path] = set()
    ahead = {ROOT / "README.md"}
    while ahead:
        page = ahead.pop()
        seen.add(page)
        ahead |= {each for each in links(page) if each.suffix == ".md" and each.exists()} - seen
    pages = {ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - seen) == []


def test_the_index_lists_every_page_in_one_line() -> None:
    index = ROOT / "docs/README.md"
    listed = links(index)
    assert sorted(page.name for page in (ROOT / "docs").glob("*.md") if page not in listed) == [
        index.name
    ]


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_is_listed_with_its_number_and_title(record: Path) -> None:
    number = int(record.stem[:4])
    title = record.read_text(encoding="utf-8").splitlines()[0].removeprefix(f"# {number}. ")
    assert not title.startswith("#"), f"its first line begins with '# {number}. '"
    assert f"| {number} | [{title}]({record.name}) | " in LIST, (
        "add its line to decisions/README.md"
    )


def test_no_number_of_a_decision_is_used_twice() -> None:
    numbers = [record.stem[:4] for record in DECISIONS]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_that_is_superseded_says_so(record: Path) -> None:
    for sentence in re.findall(r"Supersedes [^.]+\]\([^)]+\)", record.read_text(encoding="utf-8")):
        for older in re.findall(r"\]\(([^)]+)\)", sentence):
            assert record.name in (record.parent / older).read_text(encoding="utf-8")
