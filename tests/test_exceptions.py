"""The tree of errors: each knows its exit code, and the page that draws it is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newscrawler import exceptions
from newscrawler.cli import Commands
from newscrawler.exceptions import NewscrawlerError
from newscrawler.extensions.pacer import StoppingError
from newscrawler.middlewares.robots import ForbiddenError

ROOT = Path(__file__).parents[1]


def tree(root: type[NewscrawlerError], depth: int = 0) -> Iterator[tuple[type, int]]:
    yield root, depth
    for child in root.__subclasses__():
        yield from tree(child, depth + 1)


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = re.findall(r"^    (\W*)(\w+Error)\b", exceptions.__doc__ or "", re.M)
    depths = {name: (len(margin) + 2) // 4 for margin, name in drawn}
    # Some leaves stand with the code that raises them, which is not all loaded here.
    loaded = {cls.__name__: depth for cls, depth in tree(NewscrawlerError)}
    assert {name: depths.get(name) for name in loaded} == loaded
    written = [path.read_text("utf-8") for path in ROOT.glob("newscrawler/**/*.py")]
    assert [name for name in depths if not any(f"class {name}(" in t for t in written)] == []


def test_errors_that_also_end_a_request_belong_to_the_tree() -> None:
    assert issubclass(StoppingError, NewscrawlerError)
    assert issubclass(ForbiddenError, NewscrawlerError)


@pytest.mark.parametrize("error", [cls for cls, _ in tree(NewscrawlerError)])
def test_an_error_of_the_tree_is_a_sentence_and_its_own_exit_code(
    error: type[NewscrawlerError],
) -> None:
    @click.command("fail")
    def fail() -> None:
        raise error("what is wrong, and what to do")

    class One(Commands):
        def get_command(self, context: click.Context, name: str) -> click.Command:
            return fail

    done = CliRunner().invoke(One("newscrawler"), ["status"])
    assert done.stderr == "newscrawler: what is wrong, and what to do\n"
    assert done.exit_code == error.exit_code


def test_another_exception_stays_a_traceback() -> None:
    class One(Commands):
        def get_command(self, context: click.Context, name: str) -> click.Command:
            return click.Command("fail", callback=lambda: 1 / 0)

    assert isinstance(CliRunner().invoke(One("x"), ["status"]).exception, ZeroDivisionError)
