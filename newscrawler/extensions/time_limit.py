"""A limit on processor time for Python code in the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from newscrawler.exceptions import OverdueError

_AGAIN_S = 0.05
"""The alarm repeats: Python drops an exception that is raised while an object is taken apart."""


_armed = False


def can_ring() -> bool:
    """Whether this is the main thread, the only one that Python lets a signal interrupt."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt the block when the process has used this much processor time since the block began.

    C code, such as the HTML parser, is interrupted when it returns to Python. Must not be nested.

    Raises:
        OverdueError: raised inside the block, wherever it is.
    """
    global _armed
    if signal.getsignal(signal.SIGPROF) is not _ring:
        # Never restored: the default action of a late signal would end the process.
        signal.signal(signal.SIGPROF, _ring)
    _armed = True
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_S)
    try:
        yield
    finally:
        _armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)


def _ring(number: int, frame: FrameType | None) -> None:
    if _armed:
        raise OverdueError
