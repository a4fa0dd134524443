"""What no option of any command takes: one sentence and exit 2, and nothing is started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newscrawler.cli import COMMANDS, cli
from newscrawler.cli.errors import sentence
from tests.conftest import run
from tests.making import article, keep

NUMBERS = (click.types.IntParamType, click.types.FloatParamType)


def _commands(
    group: click.Group, names: tuple[str, ...], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in names:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            inner = tuple(command.list_commands(click.Context(command)))
            yield from _commands(command, inner, (*path, name))
        else:
            yield (*path, name), command


def _options(*kinds: type) -> list[tuple[str, ...]]:
    """The command and each of its options whose value is of a kind."""
    return [
        (*path, parameter.opts[0])
        for path, command in _commands(cli, tuple(COMMANDS))
        for parameter in command.params
        if isinstance(parameter, click.Option) and isinstance(parameter.type, kinds)
    ]


TEXTS = _options(click.types.StringParamType)


def refused(*arguments: str) -> str:
    """What the command says when it refuses its arguments; it must not begin its work."""
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 2, (arguments, ended.output, ended.exception)
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    return ended.stderr


@pytest.mark.parametrize("option", TEXTS, ids=" ".join)
def test_a_text_that_is_empty_or_no_utf_8_is_refused(option: tuple[str, ...]) -> None:
    assert "is not valid UTF-8" in refused(*option, os.fsdecode(b"a\xff"))
    assert "the value is empty" in refused(*option, " ")


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "9" * 5000, "-" + "9" * 5000])
@pytest.mark.parametrize("option", _options(*NUMBERS), ids=" ".join)
def test_a_number_without_an_end_is_refused(option: tuple[str, ...], value: str) -> None:
    assert "Traceback" not in refused(*option, value)


PATHS = _options(click.Path)


@pytest.mark.parametrize("option", PATHS, ids=" ".join)
def test_a_path_that_no_file_system_can_have_is_refused(option: tuple[str, ...]) -> None:
    assert "the file name is empty" in refused(*option, "")
    assert "File name too long" in refused(*option, "x" * 5000)


def test_there_are_options_of_both_kinds() -> None:
    assert ("export", "--section") in TEXTS
    assert ("sql", "--timeout") in _options(*NUMBERS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("read", "http://["), "is not a web address"),
        (("read", "9" * 5000), "is not a number, an address or a file: File name too long"),
        (("read", "7", "-s", "NONSENSE"), "-s must be NAME=VALUE"),
        (("export", "csv", "--output", ""), "the file name is empty"),
        (("status", "x" * 20_000), "there is no site and no .toml file"),
    ],
)
def test_what_is_no_such_thing_is_said_in_a_sentence(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    keep(tmp_path / "a.db", article(7, "one"))
    ended = run(*arguments, NEWSCRAWLER_DB=str(tmp_path / "a.db"))
    assert ended.exit_code == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert len(ended.err) < 1000


def test_a_search_for_a_long_text_without_results_ends(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", article(7, "one"))
    words = " ".join(f"낱말{number}" for number in range(3000))
    for long in ("x" * 20_000, words):
        ended = run("search", long, "--db", tmp_path / "a.db")
        assert (ended.exit_code, ended.err) == (0, "0 articles\n")


def test_a_message_is_one_line() -> None:
    assert sentence("data/a\nb.db is\x1b[2J") == "data/a\\nb.db is\\u001b[2J"
