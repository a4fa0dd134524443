"""The console script ``newscrawler``, which is also ``python -m newscrawler``.

To load the command line takes a third of a second. Who stops the program in that time has
stopped one that has done nothing yet, so it ends at once, without a traceback.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn

_INTERRUPTED = 130
"""``outcomes.EXIT_INTERRUPTED``, which is not loaded yet."""


def main() -> None:
    """Load the command line and run it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, _end)
    from newscrawler.cli import main as run

    run()


def _end(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
