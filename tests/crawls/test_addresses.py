"""The addresses of a host: all of them are tried, and looked up again when none answers."""

from __future__ import annotations

from pathlib import Path

from scrapy.resolver import dnscache

from tests.conftest import Desk, run

TWO_ADDRESSES = """
import socket

asked = socket.getaddrinfo


def of_two(host, port=None, *rest, **named):
    if host not in ("paper.test", b"paper.test"):
        return asked(host, port, *rest, **named)
    return [
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port or 0))
        for address in ("127.0.0.9", "127.0.0.1")
    ]


socket.getaddrinfo = of_two
"""


def test_a_host_is_reached_while_one_of_its_addresses_answers(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(TWO_ADDRESSES)
    command = desk.command("--range", "1-2", settings=("CONTACT=me@example.org",))
    command[2] = desk.server.base_url.replace("127.0.0.1", "paper.test")
    ended = run(*command, PYTHONPATH=str(tmp_path))
    assert ended.exit_code == 0, ended.err
    assert desk.asked()


def test_a_host_that_does_not_answer_is_looked_up_again(desk: Desk) -> None:
    desk.server.refuse()
    dnscache.limit = 10
    dnscache["127.0.0.1"] = ["an address of last week"]
    assert desk.crawl_here(range="1-2", settings=("RETRY_TIMES=0",))["outcome"] == "down"
    assert "127.0.0.1" not in dnscache
