"""SIGINT and SIGTERM outside of a crawl: an interruption, not a death without a word.

Once a crawl runs, Scrapy has handlers of its own, which end it in order. Before the command line
is loaded, ``__main__`` has its own.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import NoReturn

from newscrawler.outcomes import EXIT_INTERRUPTED

_BOTH = (signal.SIGINT, signal.SIGTERM)


def take_as_interrupt() -> None:
    """Let both raise ``KeyboardInterrupt``; where nobody may set handlers, leave them."""
    _let(_interrupt)


def take_as_end() -> None:
    """Let both end the process at once: everything is written, and Python is shutting down."""
    _let(_end)


def _let(handler: signal._HANDLER) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _BOTH:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _end(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(EXIT_INTERRUPTED)
