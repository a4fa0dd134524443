"""Commands whose ``--help`` and usage errors are in the language of ``--lang`` or the locale."""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unicodedata import east_asian_width

import click

from newscrawler.humanize import language
from newscrawler.humanize.language import tr

COMMANDS = (
    "status",
    "gaps",
    "search",
    "trend",
    "words",
    "show",
    "diff",
    "duplicates",
    "export",
    "report",
    "serve",
)
"""Modules of this package whose command is a :class:`TranslatedCommand`."""

_EXAMPLE = "\b\nnewscrawler "
"""How a paragraph of examples begins; it is the same in every language."""

_CLICK: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Show this message and exit.",
    "default: {default}",
    "required",
    "Missing argument",
    "Missing option",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "Option {name!r} does not take a value.",
    (
        "Option {name!r} requires an argument.",
        "Option {name!r} requires {nargs} arguments.",
    ),
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
)
"""What click itself says of our options; a pair is for one and for many."""


def texts() -> Iterator[str | tuple[str, str]]:
    """All that is to be translated so that these commands speak one language."""
    yield from _CLICK
    for name in COMMANDS:
        command: click.Command = import_module(f"newscrawler.cli.{name}").command
        yield from (text for text in _paragraphs(command) if not text.startswith(_EXAMPLE))
        for param in command.params:
            if text := getattr(param, "help", None):
                yield text


class TranslatedCommand(click.Command):
    """A command that speaks one language, also before its options are understood."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        words: list[str] = kwargs["args"] if "args" in kwargs else args[1]
        chosen = _asked(words)
        with language.speaking(chosen), _worded():
            context = super().make_context(*args, **kwargs)
        context.with_resource(language.speaking(chosen))
        return context

    def invoke(self, ctx: click.Context) -> Any:
        with _worded():
            return super().invoke(ctx)

    def get_help(self, ctx: click.Context) -> str:
        return super().get_help(ctx).replace(_FILLER, "")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_wide("\n\n".join(map(tr, _paragraphs(self)))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record and isinstance(param, click.Option):
                text = param.help or ""
                records.append((record[0], _wide(record[1].replace(text, tr(text), 1))))
        with formatter.section(tr("Options")):
            formatter.write_dl(records)


def _paragraphs(command: click.Command) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _asked(args: list[str]) -> str:
    """The language of arguments that nobody has parsed yet, else that of the locale."""
    for place, arg in reversed(list(enumerate(args))):
        name, sign, value = arg.partition("=")
        if name == "--lang":
            value = value if sign else next(iter(args[place + 1 :]), "")
            if value in language.LANGUAGES:
                return value
    return language.preferred(os.environ)


@contextmanager
def _worded() -> Iterator[None]:
    """Let click find our translations of its texts; word a usage error while they are known.

    Click asks gettext, which goes by a domain and by ``LANGUAGE``.
    """
    if language.spoken() == language.ENGLISH:
        yield
        return
    from importlib import resources  # loads slowly

    domain, wished = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(
        "newscrawler", str(resources.files("newscrawler.humanize").joinpath("locale"))
    )
    gettext.textdomain("newscrawler")
    os.environ["LANGUAGE"] = language.spoken()
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(error.format_message(), error.ctx) from error
    finally:
        gettext.textdomain(domain)
        del os.environ["LANGUAGE"]
        if wished is not None:
            os.environ["LANGUAGE"] = wished


_FILLER = "\ue000"


def _wide(text: str) -> str:
    """``text`` with as many characters as a terminal needs columns: click counts characters."""
    return "".join(
        sign + _FILLER if east_asian_width(sign) in ("W", "F") else sign for sign in text
    )
