"""Machines that run tasks; the only module that imports Dask."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from distributed import Client, Future, LocalCluster, wait
from distributed.client import ClosedClientError
from distributed.comm.addressing import parse_address, parse_host_port
from distributed.comm.registry import get_backend
from distributed.versions import VersionMismatchWarning

from newscrawler import __version__
from newscrawler.exceptions import EngineGoneError, SettingError
from newscrawler.fleet.work import MachineHere, interrupt_slices_here, machine_here

logger = logging.getLogger(__name__)

T = TypeVar("T")
_PATIENCE_S = 10.0
"""How long a scheduler may be unreachable before the driver gives up."""

_CANCELLED = (asyncio.CancelledError, CancelledError)
"""What waiting for a task raises if the scheduler is gone; the second is an ``Exception``."""
_GONE = (
    "the scheduler does not answer any more: start it again, then run this command again;"
    " running slices finish and upload their work"
)
_LOOPBACK = "127.0.0.1:0"
"""Where a cluster in this process listens: the default is port 8787 on all interfaces."""


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What a call returns that may wait for ever, such as for a frozen scheduler.

    Raises:
        TimeoutError: it takes longer.
    """
    answer = futures.Future[T]()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(timeout=seconds)


def _check_address(address: str) -> None:
    """Raises ValueError: no scheduler can have this address, so there is nothing to wait for."""
    scheme, place = parse_address(address, strict=True)
    get_backend(scheme)
    parse_host_port(place)


class DaskCluster:
    """Workers of a scheduler, or of a cluster of threads within this process.

    Args:
        scheduler: ``tcp://HOST:PORT``; ``None``: workers in this process, without a network.
        workers: how many of those.
        folder: where a worker keeps its copies; ``None``: as its own environment says.

    Raises:
        SettingError: no scheduler can have this address.
        EngineGoneError: the scheduler does not answer.
    """

    def __init__(self, scheduler: str | None, workers: int, folder: Path | None) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        # Only plain values go to the workers: they may have a numpy that the driver has not.
        warnings.filterwarnings("ignore", category=VersionMismatchWarning)
        self._folder = str(folder) if folder else None
        self._local = None
        self._owners: dict[str, str] = {}
        self._said: set[tuple[str, str]] = set()
        self._lost_at: float | None = None
        try:
            if scheduler is not None:
                _check_address(scheduler)
            else:
                self._local = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=False,
                    # Without a dashboard, and its page of figures for this machine alone.
                    dashboard_address=None,
                    scheduler_kwargs={"dashboard_address": _LOOPBACK},
                    worker_dashboard_address=_LOOPBACK,
                )
            self._client = _within(
                2 * _PATIENCE_S, lambda: Client(self._local or scheduler, timeout=_PATIENCE_S)
            )
        except (ValueError, TypeError) as error:
            raise SettingError(
                f"--scheduler must be an address such as tcp://10.0.0.1:8786, not {scheduler!r}:"
                f" {error}"
            ) from error
        except (OSError, TimeoutError) as error:
            raise EngineGoneError(
                f"the scheduler at {scheduler} does not answer: {error or 'no Dask scheduler'}"
            ) from error

    def workers(self) -> dict[str, str]:
        """Address of each connected worker that can run newscrawler → owner of its folder.

        The first time that a worker cannot, or has another version, a warning says so.

        Raises:
            EngineGoneError: the scheduler does not answer any more.
        """
        self._see_that_it_lives()
        # Not scheduler_info(): a query of its own now and then answers "no workers" in its place.
        try:
            here = set(_within(3 * _PATIENCE_S, self._client.nthreads))
        except TimeoutError as error:
            raise EngineGoneError(_GONE) from error  # it is frozen
        except (OSError, *_CANCELLED):
            return dict(self._owners)
        self._owners = {at: owner for at, owner in self._owners.items() if at in here}
        if new := sorted(here - set(self._owners)):
            try:
                found = _within(
                    _PATIENCE_S,
                    lambda: self._client.run(
                        machine_here, self._folder, workers=new, on_error="return", wait=True
                    ),
                )
            except (OSError, TimeoutError, *_CANCELLED):
                found = {}
            for at, machine in found.items():
                self._learn(at, machine)
        return dict(self._owners)

    def _learn(self, worker: str, machine: MachineHere | Exception) -> None:
        if isinstance(machine, OSError):
            return  # it has gone meanwhile
        if isinstance(machine, Exception):
            self._say(worker, f"cannot run newscrawler: {machine}")
        elif machine["owner"] is None:
            self._say(worker, f"cannot keep copies: {machine['trouble']}")
        else:
            self._owners[worker] = machine["owner"]
            if machine["program"] != __version__:
                self._say(worker, f"has newscrawler {machine['program']}, not {__version__}")

    def _say(self, worker: str, trouble: str) -> None:
        """Warn about a worker, once."""
        if (worker, trouble) not in self._said:
            self._said.add((worker, trouble))
            logger.warning("the worker %s %s", worker, trouble)

    def submit(self, worker: str, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start a task on this worker only."""
        try:
            return self._client.submit(
                work, *arguments, workers=[worker], allow_other_workers=False, pure=False, retries=0
            )
        except ClosedClientError as error:
            raise EngineGoneError(_GONE) from error

    def finished(self, tasks: Sequence[Future[Any]], seconds: float) -> list[Future[Any]]:
        """The tasks that have ended; waits for the first, at most this many seconds."""
        if not tasks:
            time.sleep(seconds)
            return []
        try:
            wait(list(tasks), timeout=seconds, return_when="FIRST_COMPLETED")
        except TimeoutError:
            pass
        except (*_CANCELLED, ValueError):  # ValueError: the client has closed itself
            self._see_that_it_lives()
            if self._client.status != "running":
                # The client has lost the task, which may go on and still report its result.
                time.sleep(seconds)
                return []
        return [task for task in tasks if task.done()]

    def result(self, task: Future[Any]) -> Any:
        """What the task returned; ``None`` if it was lost."""
        try:
            return task.result(timeout=_PATIENCE_S) if task.status == "finished" else None
        except (OSError, TimeoutError, *_CANCELLED):
            return None

    def drop(self, task: Future[Any]) -> None:
        """Forget a task; a running one is not stopped, but ends with its lease."""
        if task.done():
            task.release()
        else:
            task.cancel()

    def close(self) -> None:
        """Leave the cluster. Slices on its machines run to their end; those within this process are
        interrupted."""
        if self._local:
            interrupt_slices_here()
        with suppress(OSError, TimeoutError, *_CANCELLED):
            self._client.close(timeout=5)
        if self._local:
            with suppress(OSError, TimeoutError, *_CANCELLED):
                self._local.close(timeout=5)

    def _see_that_it_lives(self) -> None:
        if self._client.status == "running":
            self._lost_at = None
            return
        self._lost_at = self._lost_at or time.monotonic()
        if self._client.status == "closed" or time.monotonic() - self._lost_at > _PATIENCE_S:
            raise EngineGoneError(_GONE)
