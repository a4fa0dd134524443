"""``scrapy crawl`` without enough memory ends as ``newscrawler crawl`` does."""

from __future__ import annotations

from argparse import Namespace

import pytest
from scrapy.settings import Settings

from newscrawler import crawler
from newscrawler.cli.scrapy_commands.crawl import Command


def test_a_lack_of_memory_is_a_sentence_and_exit_code_6(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crawl(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(crawler, "crawl", crawl)
    monkeypatch.setattr("newscrawler.cli.signals.take_as_interrupt", lambda: None)
    command = Command()
    command.settings = Settings()
    command.run(["amenews"], Namespace(spargs={}))
    assert command.exitcode == 6
    assert capsys.readouterr().err.startswith("scrapy crawl: there is not enough memory")
