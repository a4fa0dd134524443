"""Every block of the cookbook runs on the demo's archive, and the answers are the same."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawler import open_archive
from newscrawler.archive import near_duplicates
from newscrawler.archive.export import Format, export
from newscrawler.demo.weeks import paper_after
from newscrawler.store.atomic_file import whole_file
from newscrawler.store.store import Store
from tests.making import FETCHED, article, keep, keep_newspaper, learn_sections

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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
    """What two demos leave, exported as the page says."""
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "data" / "amenews.db"
    for week in range(2):
        paper = paper_after(week, 300)
        keep_newspaper(path, paper, at=FETCHED + timedelta(days=7 * week))
        learn_sections(path, paper)
    with Store.open(path) as store:
        near_duplicates.find(store, FETCHED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with open_archive(path) as archive, whole_file(folder / "articles.parquet") as out:
            export(archive, Format.PARQUET, out)
        session = Desk(folder)
        yield session
        session.close()


def test_there_are_twenty_questions_answered_in_four_ways() -> None:
    assert list(QUESTIONS) == [str(number) for number in range(1, 21)]
    for number, blocks in QUESTIONS.items():
        assert list(blocks) == ["sql", "python", "sql duckdb", "r"], number


@pytest.mark.parametrize("number", QUESTIONS)
def test_the_answers_are_the_same(desk: Desk, number: str) -> None:
    blocks = QUESTIONS[number]
    answer = desk.sql(blocks["sql"])
    assert answer, "the example shows nothing"
    assert desk.pandas(blocks["python"]) == answer
    assert desk.duckdb(blocks["sql duckdb"]) == answer


_IN_R = """{setup}
for (number in 1:20) {{
  answer <- NULL
  switch(number, {questions})
  write.table(
    answer, paste0("answer", number, ".tsv"),
    sep = "\\t", na = "NULL", quote = FALSE, row.names = FALSE, col.names = FALSE
  )
}}
"""


@pytest.fixture(scope="module")
def in_r(desk: Desk) -> dict[str, list[list[str]]]:
    """The answers that R gives, as text; one process for all."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    asked = ["Rscript", "-e", 'q(status = !all(sapply(c("DBI", "RSQLite"), requireNamespace)))']
    if subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("R has no DBI and RSQLite")
    setup = dict(_BLOCK.findall(_INTRODUCTION))["r setup"]
    questions = ", ".join(f"{{\n{blocks['r']}}}" for blocks in QUESTIONS.values())
    script = desk.folder / "cookbook.R"
    script.write_text(_IN_R.format(setup=setup, questions=questions), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--encoding=UTF-8", script.name],
        cwd=desk.folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = {}
    for number in QUESTIONS:
        text = (desk.folder / f"answer{number}.tsv").read_text(encoding="utf-8")
        lines = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        answers[number] = list(lines)
    return answers


@pytest.mark.parametrize("number", QUESTIONS)
def test_r_gives_the_same_answer(desk: Desk, in_r: dict[str, list[list[str]]], number: str) -> None:
    rows = desk.sql(QUESTIONS[number]["sql"])
    assert len(in_r[number]) == len(rows)
    for told, row in zip(in_r[number], rows, strict=True):
        for text, value in zip(told, row, strict=True):
            if isinstance(value, float):
                assert float(text) == pytest.approx(value)
            else:
                assert text == ("NULL" if value is None else str(value))


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
