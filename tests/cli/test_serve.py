"""``newscrawler serve``: to whom an archive is shown, and that nothing is told of bad requests."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from newscrawler.cli import cli
from tests.making import article, keep

pytest.importorskip("datasette", reason="the extra research is not installed")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--host", "0.0.0.0"), "--host 0.0.0.0 would show the archive to other machines"),
        (("--host", "::"), "--host :: would show the archive to other machines"),
        (("--host", "example.org"), "--host must be an IP address, not 'example.org'"),
        (
            ("--host", "0.0.0.0", "--token", "short"),
            "--token must have 12 ASCII characters or more",
        ),
    ],
)
def test_an_archive_is_not_shown_to_everybody(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    path = keep(tmp_path / "a.db", article(1, "one"))
    result = CliRunner().invoke(cli, ["serve", "--db", str(path), *arguments])
    assert result.exit_code == 2
    assert told in result.stderr


@contextmanager
def served(*arguments: str, cwd: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawler", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()
        assert process.stderr
        process.stderr.close()


def status(address: str) -> int:
    try:
        with urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_it_starts_before_the_first_crawl_shows_what_comes_and_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "amenews.db"
    with served(cwd=tmp_path) as (address, process):
        assert status(address) == 503
        keep(path, article(1, "one"))
        assert status(address) == 200
        assert status(f"{address}nowhere") == 404
        port = int(address.rpartition(":")[2].strip("/"))
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
            line.recv(1000)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        told = process.stderr.read().splitlines()
    assert told == [
        "newscrawler: there is no archive at data/amenews.db yet; a crawl will create it",
        "Press Ctrl-C to stop.",
    ]


def test_all_archives_of_a_folder_are_served_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("amenews", "ilbo"):
        keep(tmp_path / "data" / f"{name}.db", article(1, "one"))
    with served("--all", cwd=tmp_path) as (address, _):
        assert [status(f"{address}{name}") for name in ("amenews", "ilbo")] == [200, 200]
