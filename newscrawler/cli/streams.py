"""Make standard output and error safe to write to in any environment."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from newscrawler.humanize import harmless

ERRORS = "newscrawler.written_out"
"""The error handler that escapes characters which the encoding lacks."""


def prepare() -> None:
    """Make the standard streams safe; called at the start of the console script.

    - A closed stream goes to the null device, so that no file of ours gets its number.
    - Characters that the encoding lacks, and control characters, are escaped.
    - A width of 0 columns is ignored.
    """
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.dup(descriptor)
    os.close(descriptor)
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "")
        if value and not (value.isascii() and value.isdigit() and value.strip("0")):
            del os.environ[name]
    codecs.register_error(ERRORS, _written_out)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123  # to the end
    sys.stdout = _guarded(sys.stdout)
    sys.stderr = _guarded(sys.stderr)


def finish() -> str | None:
    """Write what is buffered; returns why something could not be written, if so.

    Raises:
        BrokenPipeError: the reader has enough.
    """
    sys.stdout.flush()
    trouble: str | None = getattr(sys.stdout, "trouble", None)
    return trouble and f"standard output cannot be written: {trouble}"


def discard(number: int = 1) -> None:
    """Send a standard stream to the null device: Python would report an error when it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


class _Lasting(io.TextIOWrapper):
    """A stream on which a full disk ends nothing: the crawl is done all the same."""

    trouble: str | None = None
    """Why something could not be written."""

    def write(self, text: str) -> int:
        with self._lasting():
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with self._lasting():
            super().flush()

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            self.trouble = error.strerror
            discard(self.fileno())


class _Guard:
    """A text stream that escapes control characters."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream
        """The stream that Rich writes to; its console escapes texts of a site itself."""

    def write(self, text: str) -> int:
        self.rich_proxied_file.write(harmless(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


def _guarded(stream: TextIO | None) -> TextIO:
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # to the end
    if isinstance(stream, io.TextIOWrapper):
        encoding, by_line = stream.encoding, stream.line_buffering
        stream = _Lasting(stream.detach(), encoding, ERRORS, line_buffering=by_line)
    return cast(TextIO, _Guard(stream))


def _written_out(error: UnicodeError) -> tuple[str, int]:
    """The UTF-16 units of characters that cannot be encoded, as in JSON: ``\\ud83d\\ude22``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
