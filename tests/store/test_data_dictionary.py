from __future__ import annotations

from pathlib import Path

from newscrawler.store import data_dictionary
from newscrawler.store.descriptions import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_every_table_view_and_column_has_its_meaning_and_no_other_has() -> None:
    with data_dictionary.schema() as connection:
        in_schema = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for name in data_dictionary.kinds(connection)
        }
    described = {name: list(table.columns) for name, table in TABLES.items()}
    assert described == in_schema


def test_meanings_are_sentences() -> None:
    for name, table in TABLES.items():
        assert table.about.endswith((".", "?")), name
        assert all(table.columns.values()), name


def test_the_page_is_up_to_date() -> None:
    with data_dictionary.schema() as connection:
        fresh = data_dictionary.render(connection)
    assert PAGE.read_text(encoding="utf-8") == fresh, (
        "run: python -m newscrawler.store.data_dictionary > docs/data-dictionary.md"
    )
