"""A proxy between the crawl and the site: its own errors are not the site's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import Desk, run


@contextmanager
def proxy(status: int, **headers: str) -> Iterator[str]:
    """A proxy that answers everything by itself; its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (502, {"Proxy_Status": "corp; error=dns_error"}, "proxy"),
        (504, {"X_Squid_Error": "ERR_CONNECT_FAIL 110"}, "proxy"),
        (407, {}, "proxy"),
        (502, {}, "down"),
    ],
)
def test_who_is_in_trouble_is_told(
    desk: Desk, status: int, headers: dict[str, str], outcome: str
) -> None:
    with proxy(status, **headers) as address:
        command = desk.command("--range", "1-5", "--json", settings=("RETRY_TIMES=0",))
        done = run(*command, http_proxy=address, no_proxy="")
    summary = json.loads(done.out)
    assert (done.exit_code, summary["outcome"]) == (4, outcome), done.err
    assert (address in summary["diagnosis"]) == (outcome == "proxy")
    assert "Traceback" not in done.err
    assert desk.server.log == []
