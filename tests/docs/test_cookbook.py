"""Every block of the cookbook runs, and the three answers to a question are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawler import open_archive
from newscrawler.archive import near_duplicates
from newscrawler.archive.export import Format, export
from newscrawler.demo.newspaper import Newspaper
from newscrawler.store.store import Store
from newscrawler.store.whole import whole_file
from tests.making import FETCHED, KST, article, keep, keep_newspaper

duckdb = pytest.importorskip("duckdb")
pandas = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
pytest.importorskip("rensa")

PAGE = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(.+)\n((?:.*\n)*?)```$", re.MULTILINE)
_INTRODUCTION, *_QUESTIONS = re.split(r"^## (?=\d+\.)", PAGE, flags=re.MULTILINE)
QUESTIONS = {text.split(".")[0]: dict(_BLOCK.findall(text)) for text in _QUESTIONS}


class Desk:
    """A researcher's session: the set-up blocks have run."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.duck = duckdb.connect()
        for kind, code in _BLOCK.findall(_INTRODUCTION):
            if kind == "python setup":
                exec(code, self.names)
            elif kind == "sql duckdb setup":
                self.duck.execute(code)

    def close(self) -> None:
        self.names["archive"].close()
        self.duck.close()

    def sql(self, code: str) -> list[tuple[Any, ...]]:
        return plain(self.names["archive"].connection.execute(code).fetchall())

    def pandas(self, code: str) -> list[tuple[Any, ...]]:
        names = dict(self.names)
        exec(code, names)
        return plain(names["answer"].itertuples(index=False))

    def duckdb(self, code: str) -> list[tuple[Any, ...]]:
        return plain(self.duck.execute(code).fetchall())


def plain(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple(None if pandas.isna(value) else value for value in row) for row in rows]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Six years of a paper, with edits, withdrawals and reprints, exported as the page says."""
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "data" / "amenews.db"
    paper = Newspaper(size=600, per_day=0.3, newest=datetime(2020, 12, 31, 18, tzinfo=KST))
    keep_newspaper(path, paper)
    held = [truth for truth in paper.truths() if truth.article]
    with Store.open(path) as store:
        for truth in held:
            store.learn_section("amenews", [truth.idx], truth.mcode or "m1abcd", truth.mcode)
    for truth in held[5:8]:
        paper.withdraw(truth.idx)
    for truth in held[20:30]:
        paper.edit(truth.idx, "title" if truth.idx % 2 else "text")
    keep_newspaper(path, paper, at=FETCHED + timedelta(days=1))
    with Store.open(path) as store:
        near_duplicates.find(store, FETCHED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with open_archive(path) as archive, whole_file(folder / "articles.parquet") as out:
            export(archive, Format.PARQUET, out)
        session = Desk()
        yield session
        session.close()


def test_there_are_twenty_questions_answered_in_three_ways() -> None:
    assert list(QUESTIONS) == [str(number) for number in range(1, 21)]
    for number, blocks in QUESTIONS.items():
        assert list(blocks) == ["sql", "python", "sql duckdb"], number


@pytest.mark.parametrize("number", QUESTIONS)
def test_the_answers_are_the_same(desk: Desk, number: str) -> None:
    blocks = QUESTIONS[number]
    answer = desk.sql(blocks["sql"])
    assert answer, "the example shows nothing"
    assert desk.pandas(blocks["python"]) == answer
    assert desk.duckdb(blocks["sql duckdb"]) == answer


@pytest.mark.parametrize(
    ("condition", "found"),
    list(
        zip(
            re.findall(r"^\| .+? \| `(?:FROM article_text )?WHERE (.+?)`", PAGE, re.MULTILINE),
            ([1, 3], [3], [2], [1]),
            strict=True,
        )
    ),
)
def test_conditions_written_as_the_page_says_find_what_they_should(
    path: Path, condition: str, found: list[int]
) -> None:
    keep(
        path,
        article(1, "수소 값", "수소경제와 석유"),
        article(2, "전기", "3.5% 올라"),
        article(3, "단신", "수소경제 35"),
    )
    with open_archive(path) as archive:
        rows = archive.connection.execute(
            f"SELECT idx FROM article_text WHERE {condition} ORDER BY idx"
        )
        assert [idx for (idx,) in rows] == found
