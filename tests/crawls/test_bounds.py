"""Answers without end, or made to be slow: the crawl goes on, and Ctrl-C ends it at once."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.request import urlopen

import pytest

from newscrawler.demo.answers import Answer
from newscrawler.extensions import ping
from tests.conftest import Desk
from tests.pages.test_cases import capture_of

PATH = "/news/view.php?idx=2"


def heavy(megabytes: int) -> Answer:
    """An article that takes most of a second of processor time for each of its megabytes."""
    page = capture_of("classic/plain").body
    return Answer(200, page.replace(b"<p></p>", b"<p>a</p>" * (megabytes * 125_000)))


def reason(desk: Desk, idx: int) -> str:
    with desk.open() as connection:
        row = connection.execute("SELECT reason FROM ledger WHERE idx = ?", (idx,)).fetchone()
    return str(row[0])


def test_a_page_that_takes_too_long_is_unknown_and_the_crawl_goes_on(desk: Desk) -> None:
    desk.server.instead[PATH] = heavy(3)
    result = desk.crawl("--range", "1-4", settings=("READ_TIME_LIMIT=0.3",))
    assert result.exit_code == 3, result.err
    assert "Traceback" not in result.err
    states = desk.states()
    assert states[2] == "unknown"
    assert "READ_TIME_LIMIT" in reason(desk, 2)
    assert {states[1], states[3], states[4]} <= {"article", "missing", "removed", "restricted"}
    with desk.open() as connection:
        assert connection.execute("SELECT count(*) FROM captures WHERE idx = 2").fetchone()[0] == 1


def test_ctrl_c_ends_a_crawl_that_is_reading(desk: Desk) -> None:
    desk.server.instead[PATH] = heavy(7)
    command = desk.command("--range", "2-4", settings=("READ_TIME_LIMIT=600",))
    crawl = subprocess.Popen(
        [sys.executable, "-m", "newscrawler", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not desk.asked() and time.monotonic() < deadline:
        time.sleep(0.02)
    # The other process starts, and takes some five seconds of processor time.
    time.sleep(1.0)
    crawl.send_signal(signal.SIGINT)
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 130, err
    # The newest number is looked at first; the crawl got no further than the heavy page.
    assert desk.asked() == [60, 2]
    assert 2 not in desk.states(), "nothing is known of a number whose page was not read"


@contextmanager
def served(answer: bytes, more: bytes = b"", pause: float = 0.0) -> Iterator[str]:
    """A server that sends ``answer``, and then ``more`` for ever, to everybody; its address."""
    stopping = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            try:
                self.request.recv(65536)
                self.request.sendall(answer)
                while more and not stopping.wait(pause):
                    self.request.sendall(more)
            except OSError:
                pass

    class Server(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            stopping.set()
            server.shutdown()


def crawl_at(base_url: str, desk: Desk) -> tuple[int, str]:
    desk.server.base_url, own = base_url, desk.server.base_url
    try:
        result = desk.crawl("--range", "1-2", settings=("ROBOTSTXT_OBEY=False", "RETRY_TIMES=0"))
    finally:
        desk.server.base_url = own
    return result.exit_code, result.err


@pytest.mark.parametrize(
    ("answer", "more", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"Set-Cookie: a=b\r\n" * 500, "KB of headers"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", b" folded\r\n" * 500, "KB of headers"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500, "KB of headers"),
        (b"HTTP/1.1 " + b"2" * 20 + b" OK\r\nContent-Length: 0\r\n\r\n", b"", "status line"),
        (b"HTTP/1.1 " + b"9" * 5000 + b" OK\r\nContent-Length: 0\r\n\r\n", b"", "status line"),
        (b"HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n", b"", "status line"),
    ],
)
def test_a_head_out_of_bounds_is_no_answer(
    answer: bytes, more: bytes, why: str, desk: Desk
) -> None:
    with served(answer, more) as base_url:
        code, err = crawl_at(base_url, desk)
    assert code in (3, 4), err
    assert "Traceback" not in err
    assert desk.states()[1] == "failed"
    assert why in reason(desk, 1)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("labelled", [True, False])
def test_gzip_is_known_by_its_first_bytes(times: int, labelled: bool, desk: Desk) -> None:
    article = desk.newspaper.truth(2).article
    assert article is not None
    body = urlopen(desk.server.base_url + PATH).read()
    for _ in range(times):
        body = gzip.compress(body)
    headers = (("Content-Encoding", "gzip"),) if labelled else ()
    desk.server.instead[PATH] = Answer(200, body, headers=headers)
    assert desk.crawl_here(range="2-2")["exit_code"] == 0
    assert desk.articles()[2] == article


def test_a_gzip_bomb_without_a_label_is_no_answer(desk: Desk) -> None:
    desk.server.instead[PATH] = Answer(200, gzip.compress(bytes(3_000_000)))
    summary = desk.crawl_here(("DOWNLOAD_MAXSIZE=1000000", "RETRY_TIMES=0"), range="2-2")
    assert summary["exit_code"] == 3
    assert desk.states()[2] == "failed"


def test_a_watcher_that_drips_does_not_hold_the_crawl(caplog: pytest.LogCaptureFixture) -> None:
    settings = {"PING_TIMEOUT": 0.3}
    with served(b"HTTP/1.1 200 OK\r\n", b"x", pause=0.05) as address:
        settings["PING_URL"] = address  # type: ignore[assignment]
        ping.tell(settings, "amenews", {"exit_code": 0})
    assert "PING_TIMEOUT" in caplog.text
