"""Site files of one's own: one that is wrong stops its own paper and no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler import sites
from newscrawler.cli import cli
from newscrawler.exceptions import SiteError
from newscrawler.sites import parse, read

GOOD = (
    'name = "ilbo"\ntitle = "Ilbo"\nhosts = ["ilbo.example"]\n'
    'permalink = "http://ilbo.example/news/view.php?idx={idx}"\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(sites.FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "ilbo.toml").write_text(GOOD)
    (tmp_path / "sisa.toml").write_text("name = sisa")
    (tmp_path / "other.toml").write_text('name = "krnews21"\nfirst_idx = -1\n')
    return tmp_path


def test_the_others_are_there(folder: Path) -> None:
    papers = sites.load_all()
    assert {"amenews", "ilbo"} <= papers.keys()
    # A file that changes a shipped paper and is wrong: that paper is not crawled as if unchanged.
    assert not {"sisa", "krnews21", "other"} & papers.keys()
    assert sites.load("amenews").name == "amenews"


@pytest.mark.parametrize(
    ("name", "told"), [("sisa", "sisa.toml: it is not TOML"), ("krnews21", "first_idx must be 1")]
)
def test_who_asks_for_its_paper_is_told_what_is_wrong(folder: Path, name: str, told: str) -> None:
    with pytest.raises(SiteError, match=told):
        sites.load(name)


def test_the_list_of_papers_names_what_is_left_out(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["sites"])
    assert result.exit_code == 0
    assert "ilbo.example" in result.stdout
    assert [line.count("cannot") + line.count("toml") > 0 for line in result.stderr.splitlines()]
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "permalink",
    ["http://ilbo.example/{foo}?idx={idx}", "http://ilbo.example/{?idx={idx}"],
)
def test_a_brace_that_nothing_fills_is_refused(permalink: str) -> None:
    with pytest.raises(SiteError, match=r"permalink must have no braces except \{idx\}"):
        sites.parse(GOOD.replace("http://ilbo.example/news/view.php?idx={idx}", permalink))


def test_a_name_that_is_nearly_one_is_suggested() -> None:
    with pytest.raises(SiteError, match="did you mean 'amenews'"):
        sites.load("amenws")


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "9" * 5000], ids=["deep", "digits"]
)
def test_a_file_that_no_parser_can_read_is_not_toml(text: str) -> None:
    with pytest.raises(SiteError, match="it is not TOML"):
        parse(text)


def test_a_pipe_is_no_site_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "paper.toml")
    with pytest.raises(SiteError, match=r"paper\.toml: it is not a regular file"):
        read(tmp_path / "paper.toml")
