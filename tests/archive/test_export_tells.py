"""What an export says of itself: how many, where, what is left out, what the columns are."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newscrawler import open_archive
from newscrawler.archive.export import Format, export
from newscrawler.archive.export.ownership import may_be_replaced
from newscrawler.archive.reader import Archive
from newscrawler.cli.export import command
from newscrawler.cli.report import command as report_command
from newscrawler.exceptions import TooManyError
from newscrawler.items import Reporter
from tests.making import FETCHED, article, keep

ROUND = article(
    1,
    '수소차 "10만대" 시대',
    "첫 문단이다.\n\n둘째 문단 ㈜가나 ℃",
    section="소재",
    reporters=(Reporter("홍길동", "hong@example.org"), Reporter("김철수")),
    keywords=("수소",),
)
UNDATED = article(2, "=HYPERLINK(1)", "본문", published_at=None)


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    keep(path, ROUND, UNDATED)
    with open_archive(path) as archive:
        yield archive


def exported(archive: Archive, form: Format) -> bytes:
    out = BytesIO()
    export(archive, form, out)
    return out.getvalue()


def run(path: Path, *arguments: str) -> Any:
    return CliRunner().invoke(command, [*arguments, "--db", str(path)])


def test_an_export_says_how_many_where_and_what_is_left_out(path: Path, tmp_path: Path) -> None:
    keep(path, ROUND, UNDATED, article(3, "셋"))
    target = tmp_path / "a.csv"
    told = run(path, "csv", "-o", str(target)).stderr
    assert re.fullmatch(rf"3 articles to {re.escape(str(target))} \(\d+ B\)\n", told)
    told = run(path, "csv", "-o", str(target), "--since", "2020", "--section", "소재").stderr
    assert told.startswith("1 article to ")
    assert told.endswith("; 1 without a section left out\n")
    told = run(path, "jsonl", "-o", "-", "--until", "2020.1.2").stderr
    assert told == "1 article; 1 without a date left out\n"


@pytest.mark.parametrize(
    ("form", "name", "fitting"),
    [
        ("csv", "a.parquet", "a.csv"),
        ("parquet", "a.CSV", "a.parquet"),
        ("jsonl", "a.json.gz", "a.jsonl"),
        ("bibtex", "a.ris", "a.bib"),
        ("xlsx", "a.csv", "a.xlsx"),
    ],
)
def test_a_name_that_contradicts_the_format_is_refused(
    archive: Archive, tmp_path: Path, form: str, name: str, fitting: str
) -> None:
    refused = run(archive.path, form, "-o", str(tmp_path / "new" / name))
    assert refused.exit_code == 2
    assert refused.stderr == (f"newscrawler: {name} is not a name for {form}: call it {fitting}\n")


@pytest.mark.parametrize("form", [form.value for form in Format])
def test_only_a_file_of_ours_is_replaced(archive: Archive, tmp_path: Path, form: str) -> None:
    target = tmp_path / "articles"
    assert run(archive.path, form, "-o", str(target)).exit_code == 0
    assert run(archive.path, form, "-o", str(target)).exit_code == 0
    target.write_bytes(b"PK my own notes")
    refused = run(archive.path, form, "-o", str(target))
    assert refused.exit_code == 2
    assert refused.stderr == (
        f"newscrawler: {target} was not written by newscrawler; add --force to replace it\n"
    )
    assert target.read_bytes() == b"PK my own notes"
    forced = run(archive.path, form, "-o", str(target), "--force")
    assert forced.exit_code == 0, forced.stderr
    assert may_be_replaced(target)


def test_an_export_of_nothing_and_a_packed_one_are_ours(archive: Archive, tmp_path: Path) -> None:
    for form, name in (("ris", "a.ris"), ("csl-json", "b.json"), ("warc", "c.warc.gz")):
        written = run(archive.path, form, "-o", str(tmp_path / name), "--words", "없는말")
        assert written.exit_code == 0
        assert may_be_replaced(tmp_path / name)


def test_a_report_replaces_its_like_alone(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "page.html"

    def write(*more: str) -> Any:
        arguments = ["--db", str(archive.path), "--output", str(target), *more]
        return CliRunner().invoke(report_command, arguments)

    assert [write().exit_code, write().exit_code] == [0, 0]
    target.write_text("<html>mine</html>")
    refused = write()
    assert refused.exit_code == 2
    assert "was not written by newscrawler" in refused.stderr
    assert target.read_text() == "<html>mine</html>"
    assert write("--force").exit_code == 0


def test_times_are_spelled_as_the_database_does(archive: Archive) -> None:
    held = archive.connection.execute("SELECT first_fetched_at, published_at FROM articles")
    first_fetched_at, published_at = held.fetchone()
    lines = exported(archive, Format.CSV).decode("utf-8-sig").splitlines(keepends=True)
    for row in (
        next(csv.DictReader(lines)),
        json.loads(exported(archive, Format.JSONL).splitlines()[0]),
    ):
        assert row["first_fetched_at"] == first_fetched_at == "2024-05-01T03:00:00Z"
        assert row["published_at"] == published_at == "2020-01-01T09:30:00+09:00"


# Excel


def sheet(data: bytes) -> list[dict[str, Any]]:
    openpyxl = pytest.importorskip("openpyxl")
    heading, *rows = openpyxl.load_workbook(BytesIO(data)).active.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_openpyxl_reads_dates_numbers_and_text(archive: Archive) -> None:
    dated, undated = sheet(exported(archive, Format.XLSX))
    assert (dated["idx"], dated["title"], dated["body"]) == (1, ROUND.title, ROUND.body)
    assert dated["published_on"] == datetime(2020, 1, 1)
    assert dated["published_at"] == datetime(2020, 1, 1, 9, 30)
    assert dated["first_fetched_at"] == FETCHED.replace(tzinfo=None)
    assert dated["reporters"] == "홍길동; 김철수"
    assert undated["title"] == "=HYPERLINK(1)"
    assert undated["published_at"] is None


def test_a_text_that_no_cell_of_excel_holds_is_cut_and_said(path: Path) -> None:
    keep(path, article(1, "제목", "가" * 40_000))
    with open_archive(path) as archive:
        out = BytesIO()
        summary = export(archive, Format.XLSX, out)
    assert len(sheet(out.getvalue())[0]["body"]) == 32_767
    assert summary.remarks == (
        "1 text shortened to 32,767 characters, the most that a cell can have",
    )


def test_more_rows_than_a_sheet_has_are_refused(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscrawler.archive.export.XLSX_ROWS", 1)
    with pytest.raises(TooManyError, match="use csv or parquet"):
        exported(archive, Format.XLSX)


# The data package


def test_a_data_package_describes_every_column_of_the_files_beside_it(
    archive: Archive, tmp_path: Path
) -> None:
    for form, name in (("csv", "a.csv"), ("jsonl", "b.jsonl.gz"), ("ris", "c.ris")):
        assert run(archive.path, form, "-o", str(tmp_path / name), "--package").exit_code == 0
    assert run(archive.path, "csv", "-o", str(tmp_path / "a.csv"), "--package").exit_code == 0
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert [each["path"] for each in package["resources"]] == ["a.csv", "b.jsonl.gz", "c.ris"]
    table, lines, citations = package["resources"]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [field["name"] for field in table["schema"]["fields"]]
    with gzip.open(tmp_path / "b.jsonl.gz") as packed:
        first = json.loads(packed.readline())
    assert list(first) == [field["name"] for field in lines["schema"]["fields"]]
    assert all(field["description"] for field in table["schema"]["fields"])
    assert table["bytes"] == (tmp_path / "a.csv").stat().st_size
    assert table["rows"] == 2
    # Frictionless counts the rows of tables only, and finds any other count wrong.
    assert (citations.get("rows"), citations["description"]) == (None, "2 records")


def test_a_data_package_leaves_the_types_of_parquet_to_the_file(
    archive: Archive, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    written = run(archive.path, "parquet", "-o", str(tmp_path / "a.parquet"), "--package")
    assert written.exit_code == 0
    (resource,) = json.loads((tmp_path / "datapackage.json").read_bytes())["resources"]
    assert {field["type"] for field in resource["schema"]["fields"]} == {"any"}
    assert "bytes" not in resource


def test_a_foreign_data_package_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "mine"}')
    refused = run(archive.path, "csv", "-o", str(tmp_path / "a.csv"), "--package")
    assert refused.exit_code == 2
    assert "datapackage.json was not written by newscrawler" in refused.stderr
    assert not (tmp_path / "a.csv").exists()
