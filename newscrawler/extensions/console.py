"""The console on which text of a site may be printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

from newscrawler.humanize import harmless


class SafeConsole(Console):
    """Rich's console: its own codes reach the terminal, those of what is printed do not.

    Square brackets are text too: a reason may hold ``[/x]``, which is markup to Rich.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, **settings)

    @property
    def file(self) -> IO[str]:
        """The innermost stream: a display puts one of its own around our guarded one.

        Rich looks through one layer, and its codes would be written out by the next.
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
        for segment in super().render(renderable, options):
            if segment.control is None:
                yield Segment(harmless(segment.text), segment.style)
            else:
                yield segment

    def on_broken_pipe(self) -> None:
        """A reader that has enough is no error, as Rich takes it: the command line knows it."""
        raise BrokenPipeError


def _fold(table: Table) -> None:
    """Let cells that may take several lines keep all their letters.

    Rich's default puts an ellipsis where a line is too long, and counts the blank behind the last
    word of a wrapped line in letters, not in columns: of Korean, letters that fit are lost.
    """
    for column in table.columns:
        if column.overflow == "ellipsis" and not column.no_wrap:
            column.overflow = "fold"
