"""A second process that runs functions for an event loop: results come back in order.

A call through a socket of the loop costs the loop 0.02 ms; a pool of ``concurrent.futures`` costs
0.09 ms, and its threads compete for the interpreter lock.

The process has a limit on processor time for each call and a limit on memory. The kernel enforces
both, so that no call lasts forever, whatever library it is in. When the process ends, only its
current call fails: a new process runs the other calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import resource
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from newscrawler.exceptions import WorkerError, WorkerOverdueError, WorkerUnusableError

_LENGTH = struct.Struct("<I")
_BUFFER = 1 << 20
_JOIN_S = 1.0
"""How long the process may take to end on its own."""


@dataclass(frozen=True, slots=True)
class _Job:
    message: bytes
    answer: asyncio.Future[Any]


class Worker:
    """One process, started by the first call; it ends when this process ends, in whatever way."""

    def __init__(self, *, seconds: float = 0.0, memory: int = 0) -> None:
        """
        Args:
            seconds: of processor time for each call; 0: no limit.
            memory: bytes that the process may use; 0: no limit.
        """
        self._bounds = (seconds, memory)
        self._jobs: deque[_Job] = deque()
        """Calls that wait; the process runs the first one."""
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._process: BaseProcess | None = None
        self._starting = asyncio.Lock()
        self._is_closed = False
        self._progress = monotonic()
        self.generation = 0
        """How many processes there were; a new one has nothing of what the last one received."""

    async def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The result of the function, or the exception that it raised; it must be a module-level
        function.

        Raises:
            WorkerOverdueError: it took too much processor time.
            WorkerUnusableError: no process can be started.
            WorkerError: the process died during the call, or was closed.
        """
        await self._start()
        if self._is_closed or self._writer is None:
            raise WorkerError("it was closed")
        message = pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL)
        job = _Job(message, asyncio.get_running_loop().create_future())
        if not self._jobs:
            self._progress = monotonic()
        self._jobs.append(job)
        self._send(self._writer, job)
        is_well, result = await job.answer
        if is_well:
            return result
        raise result

    @property
    def idle_s(self) -> float:
        """Seconds since the last answer, if a call waits."""
        return monotonic() - self._progress if self._jobs else 0.0

    def kill(self) -> None:
        """End the process at once; its current call fails."""
        if self._process is not None:
            self._process.kill()

    def abandon(self, error: Exception) -> None:
        """End the process at once; every call that waits fails with ``error``."""
        self._fail_all(error)
        self.kill()

    async def close(self) -> None:
        """Let the process end; calls that still wait fail."""
        self._is_closed = True
        if self._writer and self._listening and self._process:
            self._writer.close()
            if self._jobs:
                self._process.kill()
            await asyncio.to_thread(self._process.join, _JOIN_S)
            self._process.kill()
            await self._listening

    async def _start(self) -> None:
        async with self._starting:
            if self._writer is not None or self._is_closed:
                return
            try:
                ours, theirs = socket.socketpair()
                with theirs:
                    for end in (ours, theirs):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
                    # Not forked: a child must not hold the archive's lock of a killed parent.
                    self._process = get_context("spawn").Process(
                        target=_serve, args=(theirs, *self._bounds), daemon=True
                    )
                    self._process.start()
            except OSError as error:
                raise WorkerUnusableError(f"no process can be started: {error}") from error
            reader, self._writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
            self.generation += 1
            self._progress = monotonic()
            self._listening = asyncio.create_task(self._listen(reader, self._writer))

    def _send(self, writer: asyncio.StreamWriter, job: _Job) -> None:
        writer.writelines((_LENGTH.pack(len(job.message)), job.message))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                result = pickle.loads(await reader.readexactly(length))
                self._progress = monotonic()
                job = self._jobs.popleft()
                if not job.answer.done():
                    job.answer.set_result(result)
        writer.close()
        self._writer = None
        await self._bury()

    async def _bury(self) -> None:
        """Fail the current call, and start another process for the rest."""
        assert self._process is not None
        await asyncio.to_thread(self._process.join, _JOIN_S)
        if self._jobs:
            self._fail(self._jobs.popleft(), _cause(self._process.exitcode))
        while self._jobs and self._jobs[0].answer.done():
            self._jobs.popleft()
        if not self._jobs or self._is_closed:
            self._fail_all(WorkerError("it was closed"))
            return
        try:
            await self._start()
        except WorkerUnusableError as error:
            self._fail_all(error)
            return
        assert self._writer is not None
        for job in self._jobs:
            self._send(self._writer, job)

    def _fail_all(self, error: Exception) -> None:
        while self._jobs:
            self._fail(self._jobs.popleft(), error)

    def _fail(self, job: _Job, error: Exception) -> None:
        if not job.answer.done():
            job.answer.set_result((False, error))


def _cause(exitcode: int | None) -> WorkerError:
    if exitcode == -signal.SIGPROF:
        return WorkerOverdueError("it took too much processor time")
    if exitcode is not None and exitcode > 0:
        return WorkerUnusableError(f"the process ended with {exitcode}")
    name = signal.Signals(-exitcode).name if exitcode else "no signal"
    return WorkerError(f"the process ended with {name}")


def _serve(end: socket.socket, seconds: float, memory: int) -> None:
    """Answer calls until the other end closes the socket."""
    # Ctrl-C is the parent's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What ends the process when the timer below runs out, whatever code it is in.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with end, end.makefile("rwb", buffering=_BUFFER) as stream:
        while head := stream.read(_LENGTH.size):
            # The first call imports its function's module: no part of its time.
            function, arguments = pickle.loads(stream.read(_LENGTH.unpack(head)[0]))
            signal.setitimer(signal.ITIMER_PROF, seconds)
            result = _answer(function, arguments)
            signal.setitimer(signal.ITIMER_PROF, 0)
            stream.write(_LENGTH.pack(len(result)))
            stream.write(result)
            stream.flush()


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """The pickled outcome of a call: its result, or the exception that it raised."""
    try:
        return pickle.dumps((True, function(*arguments)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            packed = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
            pickle.loads(packed)  # some can be packed and not unpacked
        except Exception:
            told = RuntimeError(f"{type(error).__name__}: {error}")
            return pickle.dumps((False, told), pickle.HIGHEST_PROTOCOL)
        return packed
