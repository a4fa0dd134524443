"""SIGINT, SIGTERM and SIGHUP: an interruption, not a death without a word.

Once a crawl runs, Scrapy has handlers of its own for the first two, which end it in order. Before
the command line is loaded, ``__main__`` has its own. SIGHUP, sent when a terminal or a connection
closes, is passed on as SIGTERM at any time.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import NoReturn

from newscrawler.outcomes import EXIT_INTERRUPTED


def take_as_interrupt() -> None:
    """Let a signal raise ``KeyboardInterrupt``; where nobody may set handlers, leave them."""
    _let(_interrupt)


def take_as_end() -> None:
    """Let a signal end the process at once: everything is written, and Python is shutting down."""
    _let(_end)


def _let(handler: signal._HANDLER) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    handlers = {signal.SIGINT: handler, signal.SIGTERM: handler, signal.SIGHUP: _hang_up}
    for number, own in handlers.items():
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, own)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _hang_up(number: int, frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGTERM)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(EXIT_INTERRUPTED)
