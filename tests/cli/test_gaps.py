"""``newscrawler gaps`` on narrow and wide terminals."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from newscrawler.cli.gaps import command
from tests.making import article, fail, keep

REASONS = (
    "message: 글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다.",
    "alert: 회원 전용 기사입니다. 로그인 후 이용해 주십시오.",
    "message: 요청하신페이지를찾을수없으므로주소를다시한번확인하여주시기바랍니다",
)


@pytest.fixture
def archive(path: Path) -> Path:
    keep(path, *(article(n, f"제목 {n}", "본문") for n in (1, 9)))
    for n, reason in enumerate(REASONS, 2):
        fail(path, n, reason)
    return path


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [60, 68, 74, 80, 200])
def test_no_letter_of_a_wrapped_reason_is_lost(archive: Path, width: int, language: str) -> None:
    arguments = ["--db", str(archive), "--lang", language]
    run = CliRunner().invoke(command, arguments, env={"COLUMNS": str(width)})
    assert run.exit_code == 0, run.output
    assert max(map(cell_len, run.stdout.splitlines())) <= width
    assert "…" not in run.stdout
    shown = "".join(line[-width:] for line in run.stdout.splitlines())
    letters = [letter for letter in shown if not letter.isspace()]
    for reason in REASONS:
        for letter in reason.partition(": ")[2].replace(" ", ""):
            letters.remove(letter)


def test_where_nothing_waits_there_is_no_column_for_the_next_attempt(path: Path) -> None:
    keep(path, article(1, "제목", "본문"))
    assert CliRunner().invoke(command, ["--db", str(path)]).stdout == "No gaps.\n"
    fail(path, 2, "status 503")
    keep(path, article(3, "제목", "본문"))
    assert "next try" in CliRunner().invoke(command, ["--db", str(path)]).stdout
    settled = CliRunner().invoke(command, ["--db", str(path), "--state", "missing"]).stdout
    assert "next try" not in settled


def test_a_hint_names_the_site_file_that_was_given(path: Path, tmp_path: Path) -> None:
    keep(path, article(1, "제목", "본문"))
    file = tmp_path / "ourpaper.toml"
    file.write_text(
        'name = "ourpaper"\ntitle = "우리신문"\nhosts = ["a.example"]\n'
        'permalink = "http://a.example/news/view.php?idx={idx}"\n',
        encoding="utf-8",
    )
    shown = CliRunner().invoke(command, [str(file), "--db", str(path)]).stdout
    assert shown.startswith("Nothing has been crawled yet: ")
    assert shown.endswith(f" crawl {file}\n")
