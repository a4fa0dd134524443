"""The program's commands, each in a process of its own, forked from one that has loaded them.

Starting Python and Scrapy takes more than a second; of a thousand runs that are killed after
less than one, a fork keeps what counts: the command's own process, its files, its sockets.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from newscrawler.demo.damage import PAGES, Ending

CPU_LIMIT_S = 60
"""Seconds of processor time after which a command counts as one without an end."""
_LONGEST_S = 600.0
_PAGE_S = 60.0
"""Seconds after which a page of the browser view counts as one that never comes."""
_PRELOADED = [
    "datasette.app",
    "newscrawler.cli.crawl",
    "newscrawler.cli.doctor",
    "newscrawler.cli.export",
    "newscrawler.cli.reparse",
    "newscrawler.cli.serve",
    "newscrawler.cli.verify",
    "newscrawler.cli.words",
    "uvicorn",
]
_TRACEBACK = b"Traceback (most recent call last)"

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(_PRELOADED)


def start(arguments: Sequence[str], out: Path, err: Path) -> BaseProcess:
    """Start ``newscrawler`` with arguments; what it prints goes to the two files."""
    process = _forks.Process(target=_command, args=(list(arguments), str(out), str(err)))
    process.start()
    return process


def run(arguments: Sequence[str]) -> Ending:
    """Run a command to its end.

    A signal's number, negative, stands for the exit code of a command that had to be ended.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = start(arguments, out, err)
        if arguments[0] == "serve":
            _look_at_pages(process, Path(arguments[-1]).stem, out)
        process.join(_LONGEST_S)
        if process.exitcode is None:
            process.kill()
            process.join()
        code = process.exitcode if process.exitcode is not None else -9
        told = err.read_bytes()
        output = out.read_bytes().replace(os.fsencode(arguments[-1]), b"DB")
        # 1 is also how verify says that something is wrong; only a bug prints where it was.
        return Ending(code, output, _TRACEBACK in told or code < 0)


def _look_at_pages(process: BaseProcess, name: str, out: Path) -> None:
    """Request every kind of page once; then stop the browser view, if it has not ended itself."""
    deadline = time.monotonic() + _PAGE_S
    while not (out.exists() and out.read_text("utf-8").endswith("\n")):
        if process.exitcode is not None or time.monotonic() > deadline:
            return
        time.sleep(0.02)
    address = out.read_text("utf-8").strip().rstrip("/")
    for page in PAGES:
        # What a page answers is its own affair; a bug is on standard error.
        with suppress(HTTPError):
            urlopen(address + page.format(db=name), timeout=_PAGE_S).close()
    assert process.pid
    os.kill(process.pid, signal.SIGTERM)


def _command(arguments: list[str], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(file, number)
        os.close(file)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    from newscrawler.cli import main

    sys.argv = ["newscrawler", *arguments]
    main()
