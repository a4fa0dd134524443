"""Who is told of a run, and how: the watcher, Prometheus, the log; and secrets that stay secret."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newscrawler import clock
from newscrawler.config.option import MASK
from newscrawler.demo.faults import Faults
from newscrawler.exceptions import LockedError
from newscrawler.store.lock import FileLock
from tests import in_process
from tests.conftest import Desk

SECRET = "0b4d-secret-word"


@dataclass
class Watcher:
    """Notes who calls; answers at once, late, or with an error."""

    address: str = ""
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 200
    silence: threading.Event | None = None


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    found = Watcher()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.calls.append((self.path, body))
            if found.silence:
                found.silence.wait(5)
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/{SECRET}"
    try:
        yield found
    finally:
        if found.silence:
            found.silence.set()
        server.shutdown()
        server.server_close()
        thread.join()


def crawl(desk: Desk, *settings: str, **arguments: str) -> dict[str, Any]:
    """Crawl without a new process; the summary."""
    given = (*desk.settings, f"NEWSCRAWLER_DB={desk.db}", *settings)
    return in_process.crawl("amenews", given, base_url=desk.server.base_url, **arguments)


# The watcher.


def test_a_good_run_tells_its_start_and_its_success(desk: Desk, watcher: Watcher) -> None:
    summary = crawl(desk, f"PING_URL={watcher.address}", range="1-10")
    (started, nothing), (ended, told) = watcher.calls
    assert (started, nothing) == (f"/{SECRET}/start", b"")
    assert ended == f"/{SECRET}"
    assert json.loads(told)["articles_new"] == summary["articles_new"]


def test_a_run_that_leaves_numbers_waiting_is_no_alarm(desk: Desk, watcher: Watcher) -> None:
    summary = crawl(desk, f"PING_URL={watcher.address}", "MAX_REQUESTS=5")
    assert summary["exit_code"] == 3
    assert [path for path, _ in watcher.calls] == [f"/{SECRET}/start", f"/{SECRET}"]


def test_a_blocked_run_tells_why_it_failed(desk: Desk, watcher: Watcher) -> None:
    desk.server.faults = Faults.always("block")
    summary = crawl(desk, f"PING_URL={watcher.address}?rid=1")
    assert summary["exit_code"] == 4
    path, told = watcher.calls[-1]
    assert path == f"/{SECRET}/fail?rid=1"
    assert json.loads(told)["diagnosis"] == summary["diagnosis"]


@pytest.mark.parametrize("trouble", ["nobody", "error", "silence"])
def test_a_watcher_in_trouble_never_fails_the_crawl(
    desk: Desk, watcher: Watcher, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    address = watcher.address
    if trouble == "nobody":
        address = f"http://127.0.0.1:9/{SECRET}"
    elif trouble == "error":
        watcher.status = 500
    else:
        watcher.silence = threading.Event()
    settings = (f"PING_URL={address}", "PING_TIMEOUT=0.2")
    assert crawl(desk, *settings, range="1-5")["exit_code"] == 0
    assert "PING_URL cannot be called" in caplog.text
    assert SECRET not in caplog.text


def test_each_paper_may_have_its_own_address(desk: Desk, watcher: Watcher) -> None:
    crawl(desk, f"PING_URL={watcher.address}/{{site}}", range="1-2")
    assert watcher.calls[-1][0] == f"/{SECRET}/amenews"


def test_no_secret_reaches_the_database_or_the_log(
    desk: Desk, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    crawl(desk, f"PING_URL={watcher.address}", range="1-5")
    with desk.open() as connection:
        (kept,) = connection.execute("SELECT settings FROM runs").fetchone()
    assert json.loads(kept)["PING_URL"] == MASK
    for file in desk.db.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert SECRET not in caplog.text


# Prometheus.


def gauges(path: Path) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Every sample by name and labels, read by Prometheus' own client."""
    return {
        family.name: {tuple(sorted(s.labels.items())): s.value for s in family.samples}
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))
    }


def test_figures_are_written_in_prometheus_format(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "newscrawler.prom"
    summary = crawl(desk, f"METRICS_FILE={path}")
    found = gauges(path)
    site = (("site", "amenews"),)
    assert found["newscrawler_run_active"][site] == 0
    assert found["newscrawler_run_requests"][site] == summary["requests"]
    assert found["newscrawler_run_received_bytes"][site] == summary["bytes"]
    assert found["newscrawler_run_expected_numbers"][site] == 60
    assert found["newscrawler_run_exit_code"][(("outcome", "complete"), *site)] == 0
    new = (("result", "articles_new"), *site)
    assert found["newscrawler_run_numbers"][new] == summary["articles_new"]
    articles = (*site, ("state", "article"))
    assert found["newscrawler_archive_numbers"][articles] == len(desk.articles())
    assert found["newscrawler_archive_newest_number"][site] == 60
    ended = found["newscrawler_run_end_time_seconds"][site]
    assert found["newscrawler_archive_last_success_time_seconds"][site] == ended
    assert all(name.startswith("newscrawler_") for name in found)
    assert [file.name for file in tmp_path.glob("*.prom*")] == ["newscrawler.prom"]


def test_figures_are_written_while_a_run_lasts(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "{site}.prom"
    seen: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            if (tmp_path / "amenews.prom").exists():
                found = gauges(tmp_path / "amenews.prom")
                seen.extend(found["newscrawler_run_active"].values())

    thread = threading.Thread(target=watch)
    thread.start()
    crawl(desk, f"METRICS_FILE={path}", "METRICS_INTERVAL=1", "DOWNLOAD_DELAY=0.2", range="1-8")
    over.set()
    thread.join()
    assert 1 in seen


def test_a_metrics_file_that_cannot_be_written_is_told_once(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "no-such-folder" / "a.prom"
    settings = (f"METRICS_FILE={path}", "METRICS_INTERVAL=1", "DOWNLOAD_DELAY=0.4")
    assert crawl(desk, *settings, range="1-3")["exit_code"] == 0
    assert caplog.text.count("METRICS_FILE cannot be written") == 1


def test_the_lock_names_its_holder_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f"PING_URL=https://ping.example/{SECRET}"
    monkeypatch.setattr("sys.argv", ["/bin/newscrawler", "crawl", "-s", told])
    lock = FileLock(tmp_path / "archive.db", clock.now())
    with pytest.raises(LockedError, match=r"newscrawler crawl -s PING_URL=https://ping.example/…"):
        FileLock(tmp_path / "archive.db", clock.now())
    assert SECRET not in lock.path.read_text()
    lock.release()
