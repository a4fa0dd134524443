"""SIGTERM while a command starts: an interruption like Ctrl-C, not a death without a word.

Once a crawl runs, Scrapy has handlers of its own, which end it in order.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import NoReturn


def take_term_as_interrupt() -> None:
    """Let SIGTERM raise ``KeyboardInterrupt``; where nobody may set handlers, leave it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
