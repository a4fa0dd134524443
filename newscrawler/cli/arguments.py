"""Types of arguments that refuse what no command can use."""

from __future__ import annotations

import errno
import math
import os
from pathlib import Path
from typing import Any

import click

from newscrawler.humanize import shortened
from newscrawler.humanize.language import tr


class Number(click.FloatRange):
    """A number within a range; not one of floating point's own words, nan and inf."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(tr("{value} is not a number", value=repr(value)), param, ctx)
        return number


class Text(click.types.StringParamType):
    """A text: that of an option is not empty, and its bytes are UTF-8, as in archive and site.

    Paths are no texts: a folder may have any bytes in its name.
    """

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        text = super().convert(value, param, ctx)
        if isinstance(param, click.Option) and not text.strip():
            # A script's variable that is not set, rather than a wish for everything.
            self.fail(tr("the value is empty"), param, ctx)
        # Python makes single surrogates of bytes that are no UTF-8.
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.fail(tr("{value} is not valid UTF-8", value=repr(text)), param, ctx)
        return text


class Folder(click.Path):
    """A folder that a file system can have; it need not exist."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        mode_of(self, value, param, ctx)
        return super().convert(value, param, ctx)


def mode_of(kind: click.ParamType[Any], value: Any, param: Any, ctx: Any) -> int | None:
    """The mode of the file at a path; ``None``: there is none, or it cannot be seen.

    Raises:
        click.BadParameter: no file system can have such a path.
    """
    if not str(value):
        kind.fail(tr("the file name is empty"), param, ctx)
    try:
        return Path(value).stat().st_mode
    except OSError as error:
        if error.errno in _IMPOSSIBLE:
            kind.fail(f"{shortened(str(value), 60)}: {os.strerror(error.errno)}", param, ctx)
    except ValueError:
        kind.fail(tr("{value} is not a file name", value=repr(value)), param, ctx)
    return None


_IMPOSSIBLE = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP)


def take_text_only(command: click.Command) -> None:
    """Let every parameter of a command that takes a text refuse other bytes."""
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            parameter.type = Text()
