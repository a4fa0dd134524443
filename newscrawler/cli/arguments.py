"""Types of arguments that refuse what no command can use."""

from __future__ import annotations

import math
from typing import Any

import click

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


def take_text_only(command: click.Command) -> None:
    """Let every parameter of a command that takes a text refuse other bytes."""
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            parameter.type = Text()
