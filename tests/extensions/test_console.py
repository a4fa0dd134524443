"""What our console writes reaches a terminal whole, whatever stands around the stream."""

from __future__ import annotations

import io
import sys

import pytest
from rich.table import Table
from rich.text import Text
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.cli import streams
from newscrawler.extensions.console import SafeConsole
from newscrawler.extensions.progress import Progress, bar


class Kept(io.BytesIO):
    """Bytes that outlive the stream over them."""

    def close(self) -> None:
        pass


def test_a_progress_line_on_a_guarded_stream_keeps_its_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Kept()
    stream = io.TextIOWrapper(shown, encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", streams._guarded(stream))
    console = SafeConsole(stderr=True, force_terminal=True, width=80, color_system="standard")
    with bar(console) as progress:
        progress.add_task("amenews", total=3, found="1 article", rate="")
        console.print(Text("bold \x1b]0;title\x07", "bold"))
        print("\x1b[2Jfrom elsewhere", file=sys.stderr)
    sys.stderr.flush()
    written = shown.getvalue().decode()
    assert "\x1b[1m" in written
    assert "\\u001b[1m" not in written
    assert "\x1b]0;" not in written


def test_lines_of_a_table_in_a_file_have_no_spaces_at_their_end() -> None:
    shown = io.StringIO()
    table = Table("number", "reason", box=None, pad_edge=False)
    table.add_row("1", "삭제된 기사입니다.")
    table.add_row("22", "gone")
    table.add_row("", "")
    SafeConsole(file=shown, width=80).print(table)
    assert shown.getvalue().splitlines() == [
        "number  reason",
        "1       삭제된 기사입니다.",
        "22      gone",
        "",
    ]


def test_colours_in_a_log_file_bring_no_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with pytest.raises(NotConfigured):
        Progress(Crawler(Spider))
