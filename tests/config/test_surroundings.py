"""Proxies of the environment and the log's file: what cannot be used is said before any request."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from newscrawler.config.surroundings import (
    check_log_file,
    check_open_files,
    check_proxy,
)
from newscrawler.exceptions import SettingError
from tests.conftest import Desk, run
from tests.making import article, keep


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    "proxy", ["socks5h://127.0.0.1:1080", "socks4://h", "http://", "http://h:x", "ftp://me:word@h"]
)
def test_a_proxy_that_scrapy_cannot_use_is_refused(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(SettingError, match="http_proxy must name an http") as caught:
        check_proxy("http://amenews.kr")
    assert "word" not in str(caught.value)
    check_proxy("https://amenews.kr")


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:3128", "https://h", "127.0.0.1:3128", ""])
def test_an_http_proxy_may_be_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    check_proxy("http://amenews.kr")


def test_a_host_that_needs_no_proxy_is_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5h://127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "amenews.kr")
    check_proxy("http://amenews.kr")


def test_the_crawl_refuses_such_a_proxy_with_exit_2(desk: Desk) -> None:
    done = run(*desk.command("--range", "1-3"), http_proxy="socks5h://127.0.0.1:1")
    assert done.exit_code == 2
    assert "http_proxy must name" in done.err
    assert not desk.db.exists()


def test_a_proxy_that_does_not_answer_is_named(desk: Desk) -> None:
    command = desk.command("--range", "1-3", "-s", "RETRY_TIMES=0", "-s", "BREAKER_PROBES=0")
    done = run(*command, http_proxy="http://127.0.0.1:9")
    assert done.exit_code == 4
    assert "no answer through the proxy http://127.0.0.1:9: " in done.err
    assert desk.server.log == []


def test_a_log_file_that_can_be_written_is_taken(tmp_path: Path) -> None:
    check_log_file({"LOG_FILE": str(tmp_path / "a.log")}, tmp_path / "a.db")
    check_log_file({}, tmp_path / "a.db")


def test_a_log_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for name in (f"{tmp_path}/no folder/a.log", str(tmp_path), "a\0b"):
        with pytest.raises(SettingError, match="LOG_FILE cannot be written"):
            check_log_file({"LOG_FILE": name}, tmp_path / "a.db")


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", ".lock"])
def test_the_log_is_not_written_into_the_database(path: Path, ending: str) -> None:
    keep(path, article(1, "수소", "본문"))
    before = path.read_bytes()
    link = path.with_name("link.log")
    link.symlink_to(f"{path}{ending}")
    for name in (f"{path}{ending}", str(link)):
        with pytest.raises(SettingError, match="LOG_FILE must not be"):
            check_log_file({"LOG_FILE": name}, path)
    assert path.read_bytes() == before
    with pytest.raises(SettingError, match="must not be a database"):
        check_log_file({"LOG_FILE": str(path)}, path.with_name("other.db"))


def test_the_crawl_refuses_a_log_file_before_any_request(desk: Desk) -> None:
    done = desk.crawl("--range", "1-3", settings=(f"LOG_FILE={desk.db}",))
    assert done.exit_code == 2
    assert done.err.count("\n") == 1
    assert desk.server.log == []
    assert not desk.db.exists()


def test_a_full_disk_under_the_log_is_said_once_and_the_crawl_goes_on(desk: Desk) -> None:
    done = desk.crawl("--range", "1-3", settings=("LOG_FILE=/dev/full", "LOG_LEVEL=DEBUG"))
    assert done.exit_code == 0
    assert done.err.count("LOG_FILE cannot be written") == 1
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("soft", "hard", "set_to"), [(16, 4096, (20, 4096)), (20, 20, None)])
def test_too_low_a_limit_of_open_files_is_raised(
    soft: int, hard: int, set_to: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    check_open_files()
    assert asked == ([set_to] if set_to else [])


def test_a_limit_of_open_files_that_cannot_be_raised_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (16, 16))
    with pytest.raises(SettingError, match="needs 20 open files, and the limit is 16"):
        check_open_files()
