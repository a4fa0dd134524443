"""Where an archive lies: one answer, whoever asks and whatever named the path."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawler import sites
from newscrawler.cli import cli
from newscrawler.config import archives, sources
from newscrawler.crawler import settings_from
from newscrawler.exceptions import NoArchiveError
from newscrawler.store.store import Store
from tests.conftest import Desk, run
from tests.making import article, keep

AMENEWS = sites.load("amenews")
NAME = "NEWSCRAWLER_DB"

NAMED = [
    # --db, environment, site file → path
    (None, {}, None, "data/amenews.db"),
    (None, {}, "a.db", "a.db"),
    (None, {}, "/srv/{site}/{site}.db", "/srv/amenews/amenews.db"),
    (None, {NAME: "b.db"}, "a.db", "b.db"),
    (None, {NAME: "b-{site}.db"}, None, "b-amenews.db"),
    (None, {NAME: ""}, "a.db", "data/amenews.db"),
    ("c.db", {NAME: "b.db"}, "a.db", "c.db"),
    ("c-{site}.db", {}, "a.db", "c-amenews.db"),
]


@pytest.mark.parametrize(("db", "environment", "in_site_file", "path"), NAMED)
def test_a_crawl_and_a_reader_find_the_same_file(
    db: str | None,
    environment: dict[str, str],
    in_site_file: str | None,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    table = {NAME: in_site_file} if in_site_file else {}
    site = replace(AMENEWS, settings=table)
    monkeypatch.setattr(sites, "load_all", lambda: {"amenews": site})
    settings = settings_from([f"{NAME}={db}"] if db else [])
    sources.apply(site, settings, environment)
    assert archives.of_settings(settings, site) == Path(path)
    given = Path(db) if db else None
    assert archives.of_site(site, given, environment) == Path(path)
    if path != "data/amenews.db":
        assert archives.to_read(None, given, environment).path == Path(path)


def test_a_paper_that_is_crawled_where_its_site_file_says_is_found_there(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "ilbo.toml").write_text(
        'name = "ilbo"\ntitle = "Ilbo"\nhosts = ["amenews.kr"]\n'
        'permalink = "http://amenews.kr/news/view.php?idx={idx}"\n'
        f'[settings]\n{NAME} = "kept/{{site}}-archive.db"\n'
    )
    assignments = [part for one in desk.settings for part in ("-s", one)]
    done = run(
        *("crawl", "ilbo.toml", "--base-url", desk.server.base_url, "--range", "1-3"),
        *assignments,
        cwd=tmp_path,
    )
    assert done.exit_code == 0, done.err
    assert (tmp_path / "kept" / "ilbo-archive.db").exists()
    told = run("status", "ilbo.toml", "--json", cwd=tmp_path)
    assert json.loads(told.out)["site"] == "ilbo"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize("command", ["status", "gaps", "search 수소", "show 1", "verify"])
def test_the_only_archive_in_the_folder_is_read_and_named(folder: Path, command: str) -> None:
    keep(folder / "demo.db", article(1, "수소경제", "본문"))
    (folder / "other.db").write_bytes(b"no archive")
    done = invoke(*command.split())
    assert done.exit_code == 0, done.output
    note = f"newscrawler: {Path('data/amenews.db')} does not exist; using {Path('data/demo.db')}\n"
    assert done.stderr.startswith(note)
    assert done.stderr.count("does not exist") == 1


def test_of_several_archives_none_is_chosen(folder: Path) -> None:
    for name in ("b.db", "a.db"):
        keep(folder / name, article(1, "수소", "본문"))
    done = invoke("status")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no archive at data/amenews.db; name one with --db: data/a.db, data/b.db" in (
        done.stderr
    )


def test_the_default_archive_comes_before_another_one(folder: Path) -> None:
    for name in ("amenews.db", "a.db"):
        keep(folder / name, article(1, "수소", "본문"))
    assert archives.to_read() == archives.Found(Path("data/amenews.db"))


def test_a_path_that_was_named_is_never_replaced_by_another(folder: Path) -> None:
    keep(folder / "demo.db", article(1, "수소", "본문"))
    done = invoke("status", "--db", "data/typo.db")
    assert done.exit_code == 2
    assert "there is no archive at data/typo.db" in done.stderr


def test_without_any_archive_it_is_said_where_one_was_expected(folder: Path) -> None:
    with pytest.raises(NoArchiveError, match=r"there is no archive at data/amenews\.db"):
        archives.to_read()


def test_an_archive_is_not_begun_by_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store.open(tmp_path / "papers.db").close()
    site = sites.load("amenews")

    def begins(path: str, *, meant: bool = False) -> str | None:
        try:
            archives.check_beginning({"NEWSCRAWLER_DB": path}, site, meant=meant)
        except NoArchiveError as error:
            return str(error)
        return None

    assert "there is no folder x: create it with --new" in (begins("x/papers.db") or "")
    assert "there is no archive paper.db, but papers.db" in (begins("paper.db") or "")
    assert begins("paper.db", meant=True) is None
    assert begins("x/papers.db", meant=True) is None
    assert begins("other.db") is None
    assert begins("papers.db") is None
    # The default folder is made, and the paper's own name is no slip.
    assert begins("") is None
    assert begins("data/other.db") is None
    Store.open(tmp_path / "amenew.db").close()
    assert begins("amenews.db") is None
