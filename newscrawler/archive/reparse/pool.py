"""Worker processes for a command that writes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait


def pool(
    jobs: int, begin: Callable[..., None] | None = None, *arguments: object
) -> ProcessPoolExecutor:
    """A pool of processes, started on the first task; each calls ``begin`` first.

    They are spawned, because a forked child would keep the archive's lock after its parent was
    killed.
    """
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (begin, arguments))


def _begin(begin: Callable[..., None] | None, arguments: tuple[object, ...]) -> None:
    # Ctrl-C is the parent's to handle; a parent that was killed cannot, so it is watched.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin:
        begin(*arguments)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
