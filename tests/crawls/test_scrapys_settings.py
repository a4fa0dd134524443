"""Scrapy's own settings, given on a command line: they have effect, or are refused by name."""

from __future__ import annotations

import pytest

from newscrawler.crawler import process_settings, settings_from
from tests.conftest import Desk


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("HTTPAUTH_USER=reader", "given HTTPAUTH_USER: HTTPAUTH_DOMAIN must be set"),
        ("ASYNCIO_EVENT_LOOP=asyncio.nope", "given ASYNCIO_EVENT_LOOP: "),
        ("TWISTED_REACTOR_ENABLED=False", "given TWISTED_REACTOR_ENABLED: "),
        ('EXTENSIONS={"no.such.Extension": 1}', "given EXTENSIONS: No module named 'no'"),
    ],
)
def test_a_setting_with_which_scrapy_cannot_start_is_named(
    desk: Desk, assignment: str, told: str
) -> None:
    ended = desk.crawl(settings=(assignment,))
    assert ended.exit_code == 2
    assert f"Scrapy cannot start with the {told}" in ended.err
    assert ended.err.count("\n") == 1
    assert not desk.server.log


def test_a_setting_with_which_no_download_handler_can_be_made_is_no_fault_of_the_site(
    desk: Desk,
) -> None:
    ended = desk.crawl(settings=("DOWNLOADER_CLIENT_TLS_METHOD=x",))
    assert ended.exit_code == 2
    assert "cannot make its download handler" in ended.err + ended.out
    assert "Traceback" not in ended.err
    assert not desk.server.log


def test_another_event_loop_crawls(desk: Desk) -> None:
    ended = desk.crawl("--range", "1-3", settings=("ASYNCIO_EVENT_LOOP=asyncio.SelectorEventLoop",))
    assert ended.exit_code == 0
    assert len(desk.states()) >= 3


def test_what_scrapy_reads_from_its_process_is_given_to_it() -> None:
    own = process_settings(settings_from(["DNSCACHE_SIZE=7", "REACTOR_THREADPOOL_MAXSIZE=3"]))
    assert own.getint("DNSCACHE_SIZE") == 7
    assert own.getint("REACTOR_THREADPOOL_MAXSIZE") == 3
