"""What an operator sees: status, gaps, verify, sites, help; and what they say of a broken file."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler import sites
from newscrawler.cli import COMMANDS, cli
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.store.store import Store
from tests.conftest import Desk, run
from tests.local_archive import copy_of


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Numbers 11 to 40 of sixty, crawled."""
    with serve(Newspaper(size=60, gap="alert")) as server:
        desk = Desk(server, tmp_path_factory.mktemp("cli") / "archive.db")
        assert desk.crawl("--range", "11-40").exit_code == 0
        yield desk


def test_status_claims_what_the_ledger_proves(archive: Desk) -> None:
    result = run("status", "--db", archive.db)
    assert result.exit_code == 0
    assert "30 of 60 numbers settled (50.0%), all from 11 to 40" in result.out


def test_status_as_json(archive: Desk) -> None:
    record = json.loads(run("status", "--db", archive.db, "--json").out)
    assert record["complete"] == {"first": 11, "last": 40}
    assert record["is_complete"] is False
    assert record["newest"] == 60
    assert sum(record["states"].values()) == 30
    assert record["runs"][0]["selection"] == "range 11-40"


def test_gaps_are_ranges_with_reasons(archive: Desk) -> None:
    found = json.loads(run("gaps", "--db", archive.db, "--json").out)
    holes = [(gap["first"], gap["last"]) for gap in found if gap["state"] == "never asked"]
    assert holes == [(1, 10), (41, 60)]
    listed = {n for gap in found for n in range(gap["first"], gap["last"] + 1)}
    assert listed == set(range(1, 61)) - set(archive.articles())
    assert all(gap["reason"] for gap in found if gap["state"] == "missing")
    assert "41-60" in run("gaps", "--db", archive.db, "--unsettled").out


def test_a_number_far_in_the_future_opens_no_hole(archive: Desk, tmp_path: Path) -> None:
    copy = copy_of(archive.db, tmp_path / "copy.db")
    target = sqlite3.connect(copy)
    target.execute(
        "INSERT INTO ledger (site, idx, state) VALUES ('amenews', 99999999999999, 'pending')"
    )
    target.commit()
    shown = target.execute("SELECT max(last_idx) FROM gaps WHERE state = 'never asked'").fetchone()
    target.close()
    found = json.loads(run("gaps", "--db", copy, "--json").out)
    assert max(gap["last"] for gap in found if gap["state"] == "never asked") <= 60
    assert shown[0] is None or shown[0] <= 60


def test_an_archive_knows_whose_it_is(archive: Desk, tmp_path: Path) -> None:
    copy = copy_of(archive.db, tmp_path / "copy.db")
    target = sqlite3.connect(copy)
    for table in ("articles", "ledger", "ledger_blocks", "runs", "captures", "sections"):
        target.execute(f"UPDATE {table} SET site = 'thevaluenews'")
    target.commit()
    target.close()
    assert "(thevaluenews)" in run("status", "--db", copy).out
    assert "(amenews)" in run("status", "amenews", "--db", copy).out


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("DELETE FROM ledger WHERE state = 'article' AND idx < 20", "without a row in the ledger"),
        ("UPDATE articles SET body = 'x' WHERE idx > 30", "does not match its hash"),
        ("UPDATE revision_texts SET number = number + 1", "revisions that do not count"),
        ("UPDATE captures SET body = x'00' WHERE body IS NOT NULL", "cannot be read back"),
        ("UPDATE ledger SET state = 'missing' WHERE state = 'article'", "but an article is stored"),
    ],
)
def test_verify_finds_what_is_broken(
    archive: Desk, tmp_path: Path, damage: str, sentence: str
) -> None:
    copy = copy_of(archive.db, tmp_path / "copy.db")
    target = sqlite3.connect(copy)
    target.execute(damage)
    target.commit()
    target.close()
    result = run("verify", "--db", copy)
    assert result.exit_code == 1
    assert sentence in result.out


def test_verify_of_bytes_overwritten_in_the_file_is_no_traceback(
    archive: Desk, tmp_path: Path
) -> None:
    copy = copy_of(archive.db, tmp_path / "copy.db")
    content = bytearray(copy.read_bytes())
    content[20_000:60_000] = b"\xff" * 40_000
    copy.write_bytes(content)
    result = run("verify", "--db", copy)
    assert result.exit_code in (1, 6)
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["status", "gaps", "verify", "diff 3", "show 3", "search 수소"])
def test_a_file_that_is_not_there_is_exit_code_2(tmp_path: Path, command: str) -> None:
    result = run(*command.split(), "--db", tmp_path / "none.db")
    assert result.exit_code == 2
    assert "there is no archive at" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["status", "verify", "search 수소", "sites", "crawl"])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 300, "File name too long"),
        ("/".join(["x" * 200] * 30), "File name too long"),
        ("file/archive.db", "Not a directory"),
        ("circle", "Too many levels of symbolic links"),
        ("pipe", "is not a regular file"),
        ("folder", "is a folder: name a file"),
        ("a\0b", "is not a file name"),
        ("", "the file name is empty"),
    ],
)
def test_a_name_that_no_archive_can_have_is_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("folder").mkdir()
    Path("circle").symlink_to("circle")
    os.mkfifo("pipe")
    result = CliRunner().invoke(cli, [*command.split(), "--db", name])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not list(Path().glob("*.lock"))


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is forbidden to root")
@pytest.mark.parametrize("command", ["status", "verify", "search 수소", "duplicates", "show 3"])
def test_a_folder_that_one_may_not_enter_is_exit_code_6(tmp_path: Path, command: str) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    result = CliRunner().invoke(cli, [*command.split(), "--db", f"{tmp_path}/locked/archive.db"])
    assert result.exit_code == 6
    assert result.stderr.endswith("archive.db cannot be read: Permission denied\n")


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is forbidden to root")
def test_an_archive_in_a_folder_of_somebody_else_says_what_to_do(
    archive: Desk, tmp_path: Path
) -> None:
    shutil.copy(archive.db, tmp_path / "archive.db")
    tmp_path.chmod(0o500)
    try:
        result = run("status", "--db", tmp_path / "archive.db")
    finally:
        tmp_path.chmod(0o700)
    assert result.exit_code == 6
    assert "read it as the user who crawls" in result.err


def test_a_name_in_bytes_that_are_no_utf8_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["crawl", "--db", f"{tmp_path}/a\udcff.db"])
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "NEWSCRAWLER_DB must be a file path" in result.stderr


def test_reparse_right_after_a_crawl_says_that_nothing_is_to_be_read(archive: Desk) -> None:
    told = run("reparse", "--dry-run", "--db", archive.db)
    assert (told.exit_code, told.err) == (0, "")
    assert "has read the answers for all 30 numbers already; --all reads them again" in told.out
    told = run("reparse", "krnews21", "--dry-run", "--db", archive.db)
    assert "No answer of krnews21 is kept" in told.out


@pytest.mark.parametrize("command", [["export", "csv"], ["report"]])
@pytest.mark.parametrize("name", ["archive.db", "archive.db-wal"])
def test_an_archive_is_never_overwritten_by_what_is_made_of_it(
    tmp_path: Path, command: list[str], name: str
) -> None:
    path = tmp_path / "archive.db"
    with Store.open(path):
        before = (tmp_path / name).read_bytes()
        arguments = [*command, "--db", str(path), "--output", str(tmp_path / name)]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 2
        assert "is a database, and databases are never overwritten" in result.stderr
        assert (tmp_path / name).read_bytes() == before


def test_diff_of_an_article_that_never_changed_says_so(archive: Desk) -> None:
    idx = next(iter(archive.articles()))
    result = run("diff", str(idx), "--db", archive.db)
    assert result.exit_code == 0
    assert "has not changed" in result.out


def test_gaps_of_a_paper_that_was_never_asked_are_not_none(archive: Desk) -> None:
    result = run("gaps", "krnews21", "--db", archive.db)
    assert result.exit_code == 0
    assert result.out.startswith("Nothing has been crawled yet: ")
    assert result.out.endswith("newscrawler crawl krnews21\n")


@pytest.mark.parametrize("columns", ["80", "200"])
def test_sites_lists_a_paper_on_each_line(columns: str) -> None:
    result = run("sites", COLUMNS=columns)
    assert result.exit_code == 0
    papers = sites.load_all()
    lines = result.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(papers)
    assert all(site.hosts[0] in line for site, line in zip(papers.values(), lines, strict=True))


def test_sites_cuts_no_name_on_a_narrow_terminal() -> None:
    lines = run("sites", COLUMNS="60").out.splitlines()
    assert set(sites.load_all()) <= {line.split()[0] for line in lines}
    assert not any("…" in line for line in lines)


def test_sites_reads_the_sections_in_the_only_archive(
    archive: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(archive.db, tmp_path / "data" / "demo.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSCRAWLER_DB", raising=False)
    assert "산업가스" in run("sites", "amenews").out
    assert "not known yet" in run("sites", "catholicpress").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_in_its_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"newscrawler {command}" in result.out.split("Options:")[0].partition("\n")[2]


def test_a_reader_that_has_enough_is_no_fault(archive: Desk) -> None:
    command = f'"{sys.executable}" -m newscrawler gaps --json --db "{archive.db}"'
    script = f"{command} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("0", "")


@pytest.mark.parametrize(
    "arguments",
    [["crawl", "--nosuch"], ["nosuch"], ["show", "x"], ["crawl", "--max-requests", "x"]],
)
def test_bad_usage_is_said_in_one_line(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert len(result.err.splitlines()) == 1
    assert result.out == ""


def test_the_module_is_the_command() -> None:
    assert "newscrawler" in run("--version").out


def test_a_command_line_without_a_command_is_answered_with_the_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newscrawler"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: newscrawler [OPTIONS] COMMAND")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export"], "Missing argument 'FORMAT'. Choose from: csv, jsonl, parquet, xlsx, warc"),
        (["show", "abc"], "'abc' is not an article number"),
        (["search", "수소", "--since", "어제"], "a day must be like 2020-11-25"),
        (["crwl"], "no such command 'crwl'; did you mean 'crawl'? (newscrawler --help)"),
        (["xyzzy"], "no such command 'xyzzy' (newscrawler --help)"),
        (["crawl", "--range"], "requires an argument. (newscrawler crawl --help)"),
        (
            ["search", "수소", "--limit", "x"],
            "'x' is not a valid whole number.",
        ),
        (["status", "nosuch.toml"], "nosuch.toml cannot be read: No such file or directory"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(arguments: list[str], sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newscrawler", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_piped_is_not_cut_to_a_terminals_width(archive: Desk) -> None:
    assert "CONCURRENT_REQUESTS_PER_DOMAIN" in run("settings", COLUMNS="").out
    assert "www.catholicpress.kr" in run("sites", COLUMNS="").out
    rows = run("gaps", "--db", archive.db, COLUMNS="").out.splitlines()
    assert len(rows) == len(json.loads(run("gaps", "--db", archive.db, "--json").out)) + 2
