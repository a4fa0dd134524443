from __future__ import annotations

from pathlib import Path

from newscrawler.store import data_dictionary
from newscrawler.store.descriptions import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_every_table_view_and_column_has_its_meaning_and_no_other_has() -> None:
    with data_dictionary.schema() as archive:
        in_schema = {
            name: [column.name for column in archive[name].columns]
            for name in data_dictionary.kinds(archive)
        }
    described = {name: list(table.columns) for name, table in TABLES.items()}
    assert described == in_schema


def test_meanings_are_sentences() -> None:
    for name, table in TABLES.items():
        assert table.about.endswith((".", "?")), name
        assert all(table.columns.values()), name


def test_the_page_is_up_to_date() -> None:
    with data_dictionary.schema() as archive:
        fresh = data_dictionary.render(archive)
    assert PAGE.read_text(encoding="utf-8") == fresh, (
        "run: python -m newscrawler.store.data_dictionary > docs/data-dictionary.md"
    )
