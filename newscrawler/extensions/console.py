"""The console for text that may come from a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

from newscrawler.humanize import harmless


class SafeConsole(Console):
    """Rich's console: its own control codes reach the terminal, those in the printed text do not.

    Square brackets and colons are printed as text: a reason may contain ``[/x]``, which Rich reads
    as markup, or ``:x:``, which it replaces by a picture (and loads their list at each start).
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, **settings)

    @property
    def file(self) -> IO[str]:
        """The innermost stream: a progress display wraps our stream in one of its own.

        Rich unwraps one layer only; the next one would print Rich's codes as text.
        """
        file = super().file
        while inner := getattr(file, "rich_proxied_file", None):
            file = inner
        return file

    @file.setter
    def file(self, file: IO[str]) -> None:
        self._file = file

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        if isinstance(renderable, Table):
            _fold(renderable)
        segments = super().render(renderable, options)
        for segment in segments if self.is_terminal else _without_line_ends(segments):
            if segment.control is None:
                yield Segment(harmless(segment.text), segment.style)
            else:
                yield segment

    def on_broken_pipe(self) -> None:
        """A closed pipe is not Rich's business: the command line handles it."""
        raise BrokenPipeError


def _without_line_ends(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments without the spaces before a line's end: a table pads its last column, too."""
    spaces: list[Segment] = []
    for segment in segments:
        text = segment.text.rstrip(" ")
        if text.startswith("\n"):
            spaces = []
        if text or segment.control:
            yield from spaces
            yield Segment(text, segment.style, segment.control)
            spaces = []
        if rest := segment.text[len(text) :]:
            spaces.append(Segment(rest, segment.style))
    yield from spaces


def _fold(table: Table) -> None:
    """Let cells of several lines keep all their characters.

    By default Rich cuts a line that is too long, and counts the space after the last word of a
    wrapped line in characters, not in columns: Korean characters that fit would be lost.
    """
    for column in table.columns:
        if column.overflow == "ellipsis" and not column.no_wrap:
            column.overflow = "fold"
