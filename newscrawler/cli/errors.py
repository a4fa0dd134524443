"""How a foreseen error ends a command: one sentence on standard error, and an exit code."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

from newscrawler.humanize import one_line

_LONG_WORD = re.compile(r"(\S{200})\S{800,}")
"""Longer than most paths: the value of an option, which a message repeats."""


def sentence(message: str) -> str:
    """A message in one line, with very long words cut.

    >>> sentence("no such file: " + "x" * 5000) == "no such file: " + "x" * 200 + "…"
    True
    """
    return _LONG_WORD.sub(r"\1…", one_line(message))


class Refusal(click.ClickException):
    """One sentence on stderr and an exit code; never a traceback.

    Commands raise it with a sentence of their own; an error of the program's
    tree (``exceptions.py``) becomes one with the code that it carries.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click declares a class variable

    def show(self, file: Any = None) -> None:
        click.echo(f"newscrawler: {sentence(self.message)}", file=sys.stderr)


NO_MEMORY = (
    "there is not enough memory: give it 1 GB (ulimit -v, MemoryMax, or the container's limit);"
    " what was written is whole"
)
