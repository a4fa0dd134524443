"""The command in a process of its own that has the imports behind it already.

A start of Python with Scrapy takes more processor time than a crawl of sixty pages. Here one
process imports what every command imports, and forks for each command: the child has its own
working directory, environment, standard streams and exit code, and runs the program's entry
point as ``python -m newscrawler`` does. What depends on the start of the interpreter itself
(its encoding, its signals, a broken environment) is tested with an interpreter of its own.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

_NUMBER = struct.Struct("<i")

_IMPORTED = (
    "newscrawler.cli.crawl",
    "newscrawler.crawler",
    "newscrawler.spiders.loader",
    "newscrawler.spiders.newspaper",
    "newscrawler.spiders.doctor",
    "newscrawler.downloadhandlers",
    "newscrawler.pipelines",
    "newscrawler.middlewares.parse",
    "scrapy.core.engine",
    "scrapy.core.scraper",
    "scrapy.core.downloader",
    "newscrawler.archive.reader",
    "newscrawler.cli.status",
)


def run(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout: float
) -> tuple[int, str, str]:
    """``newscrawler`` with these arguments: exit code or minus the signal, stdout and stderr.

    Raises:
        TimeoutError: it has not ended after ``timeout`` seconds, and was killed.
    """
    asked = json.dumps([list(arguments), str(cwd), dict(environment)]).encode()
    with TemporaryFile() as out, TemporaryFile() as err:
        line, theirs = socket.socketpair()
        with theirs:
            streams = [out.fileno(), err.fileno(), theirs.fileno()]
            socket.send_fds(_parent(), [_NUMBER.pack(len(asked))], streams)
        _parent().sendall(asked)
        with line:
            line.settimeout(timeout)
            child = _number(line)
            try:
                code = _number(line)
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                raise
        return code, _written(out), _written(err)


def _written(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def _number(line: socket.socket) -> int:
    number: int = _NUMBER.unpack(line.recv(_NUMBER.size, socket.MSG_WAITALL))[0]
    return number


@cache
def _parent() -> socket.socket:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "LANG": "C.UTF-8"},
        )

    def end() -> None:
        ours.close()
        process.wait(10)

    atexit.register(end)
    return ours


def _serve(line: socket.socket) -> None:
    """Fork for each request; return in the child, which then runs the command."""
    while True:
        head, streams, _flags, _address = socket.recv_fds(line, _NUMBER.size, 3)
        if not head:
            os._exit(0)
        asked = line.recv(_NUMBER.unpack(head)[0], socket.MSG_WAITALL)
        # A middle process waits, so that the next request need not.
        if os.fork() == 0:
            _watch(line, streams)
            break
        for descriptor in streams:
            os.close(descriptor)
        while _has_ended():
            pass
    line.close()
    _become(*json.loads(asked))


def _has_ended() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _watch(line: socket.socket, streams: Sequence[int]) -> None:
    """Return in the child; report in the parent how the child has ended."""
    out, err, report = streams
    child = os.fork()
    if child:
        line.close()
        os.close(out)
        os.close(err)
        os.write(report, _NUMBER.pack(child))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(report, _NUMBER.pack(code))
        os._exit(0)
    os.close(report)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)


def _become(arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["newscrawler", *arguments]


def _import() -> None:
    # sqlite-utils loads pandas where that is installed; no command needs it for that.
    sys.modules["pandas"] = sys.modules["numpy"] = None  # type: ignore[assignment]
    for name in ("sqlite_utils", *_IMPORTED):
        __import__(name)
    del sys.modules["pandas"], sys.modules["numpy"]


def _main() -> NoReturn:
    _import()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("newscrawler", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _main()
