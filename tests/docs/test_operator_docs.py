"""The operator's pages: every example runs, every name in them exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import default_settings

from newscrawler import clock
from newscrawler.cli import COMMANDS
from newscrawler.config.options import BY_NAME
from newscrawler.config.sources import environment_name
from newscrawler.extensions import metrics
from newscrawler.sites import parse
from newscrawler.store.store import Store
from tests.conftest import Desk, run

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("tuning.md", "scheduling.md", "adding-a-paper.md")


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE)


def examples(page: str) -> Iterator[list[str]]:
    """Commands of ours in a page, without the program's name."""
    for block in blocks(page, "console"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if words[0] == "newscrawler":
                yield words[1:]


@pytest.mark.parametrize("words", list(examples("tuning.md")), ids=" ".join)
def test_the_tuning_examples_run(words: list[str], desk: Desk) -> None:
    here = ["--db", str(desk.db)]
    if words[0] in ("crawl", "doctor"):
        if "--base-url" in words:
            words[words.index("--base-url") + 1] = desk.server.base_url
        else:
            words = [*words, "--base-url", desk.server.base_url]
        here += ["-s", "DOWNLOAD_DELAY=0"]
    if words[0] == "crawl":
        here += ["--max-requests", "12"]
    if words[0] == "status":
        desk.crawl("--range", "1-3")
    done = run(*words, *here, NEWSCRAWLER_CONTACT="me@example.org")
    assert done.exit_code in (0, 3), done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", blocks("scheduling.md", "sh"), ids=lambda line: line[:8])
def test_an_archive_in_use_is_copied_as_the_page_says(
    command: str, desk: Desk, tmp_path: Path
) -> None:
    if not shutil.which(command.split()[0]):
        pytest.skip(f"no {command.split()[0]} here")
    (tmp_path / "data").mkdir()
    desk.db = tmp_path / "data" / "amenews.db"
    desk.crawl_here(range="1-30")
    with Store.open(desk.db) as store:
        # As during a crawl: what was written last is in the -wal file only.
        store.sections.learn_names("amenews", {"m999new": "새 섹션"}, clock.now())
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, timeout=30)
    (copy,) = set(desk.db.parent.glob("*.db")) - {desk.db}
    assert run("verify", "--db", copy).exit_code == 0
    original = desk.states()
    desk.db = copy
    assert desk.states() == original
    assert "m999new" in run("sites", "amenews", "--db", copy).out


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_the_page_exists(page: str) -> None:
    called = {words[0] for words in examples(page)}
    called |= set(re.findall(r"`newscrawler (\w+)", text_of(page)))
    assert called
    assert called <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_in_the_page_exists(page: str) -> None:
    text = text_of(page)
    named = set(re.findall(r"`([A-Z][A-Z_]{5,})\b(?:=[^`]*)?`", text))
    named |= set(re.findall(r"-s ([A-Z_]+)=", text))
    named |= set(re.findall(r"setting=([A-Z_]+)=", text))
    assert named
    variables = {environment_name(name) for name in BY_NAME}
    assert named <= {*BY_NAME, *variables, *default_settings.__all__, "NEWSCRAWLER_SITES"}


def test_the_site_file_shown_is_a_good_one() -> None:
    (text,) = blocks("adding-a-paper.md", "toml")
    assert parse(text).name == "ourpaper"


def test_every_log_line_explained_is_one_that_is_written() -> None:
    sources = "".join(
        file.read_text(encoding="utf-8")
        for file in (DOCS.parent / "newscrawler").rglob("*.py")
        if "demo" not in file.parts
    )
    # Strings that are continued on the next line are one.
    sources = re.sub(r'"\s*\n\s*f?"', "", sources)
    for line in re.findall(r"^\| `([^`]+)` \| [A-Z]+ \|", text_of("tuning.md"), re.MULTILINE):
        words = line.removeprefix("Stopping: ").partition(" (")[0]
        fixed = max(re.split(r"\b[A-Z]+\b|…|\d+|: |, ", words), key=len).strip()
        assert fixed in sources, f"nothing writes {line!r} ({fixed!r})"


def test_every_metric_is_documented() -> None:
    source = Path(metrics.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'"((?:run|archive)_[a-z_]+)"', source))
    written.add("run_expected_numbers")
    text = text_of("scheduling.md")
    for name in written:
        assert name in text or name.split("_", 1)[1] in text, name
