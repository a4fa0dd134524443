"""The command line: arguments become function calls; results go to stdout, the rest to stderr."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from newscrawler.cli import signals, streams
from newscrawler.cli.arguments import take_text_only
from newscrawler.cli.errors import NO_MEMORY, Refusal, sentence
from newscrawler.exceptions import NewscrawlerError
from newscrawler.humanize import did_you_mean
from newscrawler.outcomes import EXIT_INTERRUPTED, EXIT_OK, EXIT_STORAGE
from newscrawler.version import __version__

COMMANDS = {
    "demo": "Crawl a local newspaper that is included; needs no internet.",
    "crawl": "The main job: fetch what the archive lacks.",
    "slice": "Crawl papers for some minutes; their archives are in a depot.",
    "fleet": "Crawl many papers on many machines.",
    "status": "Show what is complete, what is not, and how the last runs ended.",
    "gaps": "List the numbers without an article, and why.",
    "search": "Find articles by their words.",
    "trend": "Count articles on a subject by month or year.",
    "words": "List the words typical of a period, a section or a subject.",
    "sql": "Answer a SELECT; found(id, words) searches in it.",
    "show": "Print an article or a citation.",
    "read": "Show what the parser reads from one page, and where.",
    "diff": "Show how an article was edited.",
    "duplicates": "Find reprints that were changed a little.",
    "export": "Write articles or raw answers to a file.",
    "report": "Write an HTML page with coverage and figures.",
    "serve": "Show the archive in a browser, read-only.",
    "reparse": "Read the stored answers again with the current parser.",
    "verify": "Check the archive for damage.",
    "doctor": "Check site, settings and machine before a long crawl.",
    "settings": "Print the value of each setting, and where it was set.",
    "sites": "List the newspapers that can be crawled.",
}
"""Name and first help line of each; the modules load only when they are called."""


_COMPLETION = "_NEWSCRAWLER_COMPLETE"
"""The variable by which a shell asks for completions."""


class Commands(click.Group):
    """Commands that live in modules of the same name."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"newscrawler.cli.{name}").command
        take_text_only(command)
        return command

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except NewscrawlerError as error:
            raise Refusal(str(error), error.exit_code) from error

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not context.resilient_parsing:
            context.fail(f"no such command {args[0]!r}{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newscrawler")
def cli() -> None:
    """Keep a complete, trustworthy archive of a Korean newspaper in one SQLite file.

    SITE is a paper's name as `newscrawler sites` lists it, or a site file of
    your own. Default: the one paper that the archive holds, else amenews.

    \b
    Three words of this program:
      number    an article's number in its address, view.php?idx=N
      gap       a number without an article: missing, removed, or members only
      settled   it is known what a number holds: an article or a gap;
                unsettled numbers are asked for again

    \b
    newscrawler demo
    newscrawler crawl amenews -s CONTACT=you@example.org
    newscrawler status --db data/amenews.db
    """


_WRITERS = frozenset({"crawl", "demo", "reparse"})
"""Commands whose work is in the archive, whether their summary can be shown or not."""


def main() -> None:
    """The console script: every foreseen error is one sentence and an exit code."""
    if _COMPLETION in os.environ:
        cli.main(complete_var=_COMPLETION)
    try:
        streams.prepare()
        signals.take_as_interrupt()
        code = _finish(_run())
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    signals.take_as_end()
    sys.exit(code)


def _finish(code: int) -> int:
    """Write what is held back; the exit code in the end."""
    try:
        trouble = streams.finish()
    except BrokenPipeError:
        streams.discard()
        trouble = None
    if trouble:
        click.echo(f"newscrawler: {trouble}", err=True)
        if code == EXIT_OK and not _WRITERS.intersection(sys.argv[1:2]):
            return EXIT_STORAGE
    return code


def _run() -> int:
    """Do what the arguments ask for; the exit code."""
    try:
        # Not cli.main(): click exits with 1 when a reader such as `head` closes the pipe.
        with cli.make_context("newscrawler", sys.argv[1:]) as context:
            cli.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else EXIT_OK
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except MemoryError:
        click.echo(f"newscrawler: {NO_MEMORY}", err=True)
        return EXIT_STORAGE
    except click.UsageError as error:
        # Click does not say to which command an option without its value belongs.
        called = " ".join(["newscrawler", *(word for word in sys.argv[1:2] if word in COMMANDS)])
        command = error.ctx.command_path if error.ctx else called
        said = sentence(" ".join(error.format_message().split()))
        click.echo(f"newscrawler: {said} ({command} --help)", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        streams.discard()
    return EXIT_OK
