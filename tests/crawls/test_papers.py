"""Other papers of the family: shipped ones in their skins, files of one's own, several at once."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from newscrawler import clock, sites
from newscrawler.cli import cli
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve
from newscrawler.exceptions import SiteError
from newscrawler.extensions.progress import bar
from newscrawler.sites import Site
from newscrawler.store.lock import FileLock
from tests import in_process
from tests.conftest import QUICK, Desk, run

SISTERS = ("catholicpress", "krnews21", "medicalworldnews", "thevaluenews")
SKINS = ("classic", "classic_variant", "article_head")
ADDING = Path(__file__).parents[2] / "docs" / "adding-a-paper.md"

OWN = """
name = "{name}"
title = "우리신문"
permalink = "{origin}/article/{{idx}}"
hosts = ["127.0.0.1"]
layouts = ["article_head"]

[settings]
DOWNLOAD_DELAY = 0
RETRY_TIMES = {tries}
"""


def paper_of(site: Site, size: int = 60) -> Newspaper:
    """The local newspaper dressed as that one."""
    return Newspaper(
        size=size,
        first_idx=site.first_idx,
        skin=site.layouts[0],
        site_name=site.name,
        title=site.title,
        permalink=site.permalink,
        aliases=tuple(host for host in site.hosts if host not in site.permalink),
    )


@pytest.mark.parametrize("name", SISTERS)
def test_a_shipped_paper_is_read_in_its_skin(name: str, tmp_path: Path) -> None:
    site = sites.load(name)
    with serve(paper_of(site)) as server:
        desk = Desk(server, tmp_path / "archive.db")
        settings = (*QUICK, f"NEWSCRAWLER_DB={desk.db}")
        summary = in_process.crawl(name, settings, base_url=server.base_url)
        assert summary["outcome"] == "complete", summary
        truths = list(server.newspaper.truths())
    assert desk.states() == {truth.idx: truth.state for truth in truths}
    assert desk.articles() == {
        truth.idx: truth.article for truth in truths if truth.state == "article"
    }


def invoke(*arguments: str, **environment: str) -> Result:
    """A command that starts no crawl needs no process of its own."""
    return CliRunner().invoke(cli, arguments, env=environment)


def test_unverified_papers_say_so() -> None:
    papers = sites.load_all()
    assert set(SISTERS) <= set(papers)
    for site in papers.values():
        assert set(site.layouts) <= set(SKINS)
        assert site.note or site.verified


def test_the_list_of_papers_can_be_read_by_programs() -> None:
    listed = json.loads(invoke("sites", "--json").stdout)
    assert [row["name"] for row in listed] == list(sites.load_all())


# Files of one's own.


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[LocalServer]]:
    """Two papers of one's own, served; their files lie in ``own``."""
    folder = tmp_path / "own"
    folder.mkdir()
    with ExitStack() as stack:
        servers = []
        for number, name in enumerate(("ilbo", "sinmun")):
            paper = Newspaper(
                size=20 + 4 * number,
                skin="article_head",
                title="우리신문",
                permalink="http://127.0.0.1/article/{idx}",
                gap="alert",
            )
            server = stack.enter_context(serve(paper))
            servers.append(server)
            text = OWN.format(name=name, origin=server.base_url, tries=number)
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        yield servers


def test_one_small_file_is_all_that_a_paper_needs(two: list[LocalServer], tmp_path: Path) -> None:
    path = tmp_path / "own" / "ilbo.toml"
    done = run("crawl", path, "--json", cwd=tmp_path)
    assert (done.exit_code, done.err) == (0, "")
    assert json.loads(done.out)["site"] == "ilbo"
    assert (tmp_path / "data" / "ilbo.db").exists()
    status = invoke("status", str(path), "--db", str(tmp_path / "data" / "ilbo.db"), "--json")
    assert json.loads(status.stdout)["is_complete"]


def test_a_folder_of_ones_own_adds_papers_by_name(two: list[LocalServer], tmp_path: Path) -> None:
    folder = str(tmp_path / "own")
    listed = json.loads(invoke("sites", "--json", NEWSCRAWLER_SITES=folder).stdout)
    assert {"amenews", "ilbo", "sinmun"} <= {row["name"] for row in listed}
    done = run("crawl", "sinmun", "--range", "1-3", cwd=tmp_path, NEWSCRAWLER_SITES=folder)
    assert (done.exit_code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("folder", "why"), [("none", "No such file or directory"), ("file", "Not a directory")]
)
def test_a_folder_of_ones_own_that_is_not_there_is_one_sentence(
    tmp_path: Path, folder: str, why: str
) -> None:
    (tmp_path / "file").touch()
    refused = invoke("sites", NEWSCRAWLER_SITES=str(tmp_path / folder))
    assert (refused.exit_code, refused.stdout) == (2, "")
    sentence = f"names a folder that cannot be read: {tmp_path / folder} ({why})"
    assert refused.stderr == f"newscrawler: NEWSCRAWLER_SITES {sentence}\n"


def test_a_paper_sets_its_own_politeness(two: list[LocalServer], tmp_path: Path) -> None:
    folder = str(tmp_path / "own")
    shown = invoke("settings", "sinmun", "--json", NEWSCRAWLER_SITES=folder)
    assert json.loads(shown.stdout)["RETRY_TIMES"] == {
        "value": 1,
        "from": "site file",
        "unit": "tries",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "it is not TOML"),
        ('name = "a"', "the key title is missing"),
        ('names = "a"', "there is no key names; did you mean 'name'?"),
        ("first_idx = '1'", "first_idx cannot be '1'"),
        ("verified = 1", "verified cannot be 1"),
        ('hosts = "a.example"', "hosts cannot be 'a.example'"),
        ('timezone = "Asia/Seol"', "there is no time zone"),
        ("first_idx = 0", "first_idx must be 1 or more"),
        ('section_list = "/list"', "section_list must contain {mcode} and {page}"),
        ('permalink = "http://a.example/news/"', "permalink must contain {idx}"),
        ('permalink = "http://b.example/{idx}"', "hosts must contain"),
        ('permalink = "ftp://a.example/{idx}"', "must be http"),
        ('name = "신문"', "must be ASCII"),
    ],
)
def test_a_slip_in_a_site_file_is_named_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    whole = {
        "name": '"paper"',
        "title": '"신문"',
        "permalink": '"http://a.example/news/{idx}"',
        "hosts": '["a.example"]',
    }
    key = text.partition(" = ")[0]
    if said.startswith(("it is", "the key")):
        whole = {}
    lines = [f"{name} = {value}" for name, value in whole.items() if name != key]
    path = tmp_path / "paper.toml"
    path.write_text("\n".join([*lines, text]), encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        sites.load(str(path))
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = invoke("crawl", str(tmp_path / "none.toml"))
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    done = invoke("crawl", "nopaper")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "known: amenews" in done.stderr


# Several at once.


def test_several_papers_share_a_process_and_a_file(two: list[LocalServer], tmp_path: Path) -> None:
    files = [tmp_path / "own" / f"{name}.toml" for name in ("ilbo", "sinmun")]
    db = tmp_path / "all.db"
    done = run("crawl", *files, "--db", db, "--json", cwd=tmp_path)
    assert (done.exit_code, done.err) == (0, "")
    summaries = {summary["site"]: summary for summary in json.loads(done.out)}
    assert {name: summary["outcome"] for name, summary in summaries.items()} == {
        "ilbo": "complete",
        "sinmun": "complete",
    }
    with Desk(two[0], db).open() as connection:
        counted = connection.execute("SELECT site, count(*) FROM ledger GROUP BY site").fetchall()
    newest = [next(server.newspaper.newest_articles()) for server in two]
    assert dict(map(tuple, counted)) == dict(zip(("ilbo", "sinmun"), newest, strict=True))


def test_each_of_several_papers_has_a_file_of_its_own(
    two: list[LocalServer], tmp_path: Path
) -> None:
    files = [tmp_path / "own" / f"{name}.toml" for name in ("ilbo", "sinmun")]
    two[1].refuse()
    quick = [part for setting in QUICK for part in ("-s", setting)]
    done = run("crawl", *files, "--range", "1-20", *quick, cwd=tmp_path)
    assert done.exit_code == 4
    assert "[sinmun]" in done.err
    assert "sinmun (range 1-20): stopped" in done.err
    found = Desk(two[0], tmp_path / "data" / "ilbo.db").states()
    assert found == {truth.idx: truth.state for truth in two[0].newspaper.truths()}


def on_a_terminal(*arguments: str, cwd: Path) -> tuple[str, int]:
    """What a command shows where somebody watches, and its exit code."""
    terminal, inside = pty.openpty()
    shown = bytearray()

    def watch() -> None:
        # Linux ends a terminal with an error when its last writer has gone.
        with suppress(OSError):
            while piece := os.read(terminal, 65_536):
                shown.extend(piece)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "newscrawler", *arguments],
            stderr=inside,
            cwd=cwd,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "110"},
            timeout=60,
            check=False,
        )
    finally:
        os.close(inside)
        watcher.join()
        os.close(terminal)
    return shown.decode("utf-8"), done.returncode


def test_each_of_several_papers_has_a_line_of_its_own_on_a_terminal(
    two: list[LocalServer], tmp_path: Path
) -> None:
    files = [str(tmp_path / "own" / f"{name}.toml") for name in ("ilbo", "sinmun")]
    seen, done = on_a_terminal("crawl", *files, "-s", "DOWNLOAD_DELAY=0.02", cwd=tmp_path)
    assert done == 0
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen))
    progress = [line for line in lines if "articles," in line]
    assert {name for line in progress for name in ("ilbo", "sinmun") if name in line} == {
        "ilbo",
        "sinmun",
    }
    assert not [line for line in progress if "ilbo" in line and "sinmun" in line]


@pytest.mark.parametrize(("width", "has_rate"), [(80, False), (200, True)])
def test_a_crawl_of_tens_of_thousands_shows_its_progress_on_one_line(
    width: int, has_rate: bool
) -> None:
    console = Console(width=width, file=io.StringIO())
    shown = bar(console)
    found = "11100 articles, 1234 gaps, 12 unsettled"
    shown.add_task("amenews", total=67_000, completed=12_345, found=found, rate="0.4/s")
    with console.capture() as capture:
        console.print(shown.get_renderable())
    line = capture.get()
    assert line.count("\n") == 1
    assert f"12345/67000 {found}" in line
    assert "left -:--:--" in line
    assert ("0.4/s" in line) == has_rate


def test_an_archive_in_use_does_not_keep_the_others_waiting(
    two: list[LocalServer], tmp_path: Path
) -> None:

    (tmp_path / "data").mkdir()
    lock = FileLock(tmp_path / "data" / "sinmun.db", clock.now())
    files = [tmp_path / "own" / f"{name}.toml" for name in ("ilbo", "sinmun")]
    try:
        done = run("crawl", *files, "--json", cwd=tmp_path)
    finally:
        lock.release()
    outcomes = {summary["site"]: summary["outcome"] for summary in json.loads(done.out)}
    assert (done.exit_code, outcomes) == (5, {"ilbo": "complete", "sinmun": "locked"})


def test_all_means_every_paper_that_is_listed(tmp_path: Path) -> None:
    shipped = {file.stem for file in Path(sites.__file__).parent.glob("*.toml")}
    with serve(Newspaper(size=5)) as server:
        for name in shipped:
            text = 'lane = "one"\n' + OWN.format(name=name, origin=server.base_url, tries=1)
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        base = ("crawl", "--all", "--range", "1-2", "--json")
        done = run(*base, cwd=tmp_path, NEWSCRAWLER_SITES=str(tmp_path))
    assert {summary["site"] for summary in json.loads(done.out)} == shipped


@pytest.mark.parametrize("papers", [["--all"], ["amenews", "krnews21"]])
def test_a_mirror_serves_one_paper(papers: list[str]) -> None:
    done = invoke("crawl", *papers, "--base-url", "http://127.0.0.1:9", "-s", "DOWNLOAD_DELAY=0")
    said = "newscrawler: --base-url works with one paper: name that paper\n"
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("setting", ["METRICS_FILE=/tmp/a.prom", "PING_URL=http://127.0.0.1:9/x"])
def test_several_papers_are_kept_apart(setting: str) -> None:
    done = invoke("crawl", "--all", "-s", "CONTACT=a@example.org", "-s", setting)
    name = setting.partition("=")[0]
    said = f"newscrawler: {name} must contain {{site}}, because several papers are crawled\n"
    assert (done.exit_code, done.stderr) == (2, said)


def test_all_and_names_at_once_are_refused() -> None:
    assert invoke("crawl", "amenews", "--all").exit_code == 2
