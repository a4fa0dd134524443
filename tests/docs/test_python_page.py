"""The page on Python: every block runs, in order, against an archive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import newscrawler
from newscrawler.demo.newspaper import Newspaper
from tests.making import keep_newspaper

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def test_every_block_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    keep_newspaper(tmp_path / "data" / "demo.db", Newspaper(size=60))
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        exec(block, names)
    assert names["rows"]
    printed = capsys.readouterr().out
    assert "『신소재경제신문』" in printed
    said = re.search(r"# (a day must be like .+)", PAGE)
    assert said
    assert said[1] in printed


def test_every_public_name_is_there_and_a_wrong_one_is_told_which_there_are() -> None:
    assert all(getattr(newscrawler, name) for name in newscrawler.__all__)
    assert set(newscrawler.__all__) <= set(dir(newscrawler))
    with pytest.raises(AttributeError, match=r"no attribute 'Filter'; it has .*'Filters'"):
        newscrawler.Filter  # noqa: B018 - the access is what is tested
