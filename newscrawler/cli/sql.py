"""``newscrawler sql``: a question in SQL."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawler.archive.export.csv import guarded
from newscrawler.archive.sql import Answer, ask
from newscrawler.cli.arguments import Number
from newscrawler.cli.common import CountParameter, csv_option, db_option, results_console
from newscrawler.cli.reader_options import open_for_reading
from newscrawler.exceptions import TooLongError
from newscrawler.humanize import counted, shortened

_ROWS = 200
"""Rows of a table by default; nobody reads more."""

_LONG = 300
"""Characters of a cell."""

_NARROW = 8
"""Columns of the terminal for each column of the table; with fewer, a row becomes lines."""

_CONTROL = {code: "\ufffd" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


@click.command("sql")
@click.argument("statement", metavar="STATEMENT")
@csv_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects on stdout.")
@click.option(
    "--limit",
    type=CountParameter(min=0),
    metavar="N",
    help=f"At most N rows; 0 for all.  [default: {_ROWS} in a table, else all]",
)
@click.option(
    "--timeout",
    type=Number(min=0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="The time limit.",
)
@db_option
def command(
    statement: str, as_csv: bool, as_json: bool, limit: int | None, timeout: float, db: Path | None
) -> None:
    """Answer a SELECT; nothing can be changed.

    found(id, words) is true for the articles that `newscrawler search` finds.
    --csv puts an apostrophe before values that Excel would run as a formula.

    \b
    newscrawler sql "SELECT idx, day, title FROM article_list WHERE found(article_id, '수소 저장')"
    newscrawler sql "SELECT month, articles FROM articles_per_month" --csv
    """
    if as_csv and as_json:
        raise click.UsageError("use --csv or --json, not both")
    with open_for_reading(db) as archive:
        try:
            with ask(archive, statement, seconds=timeout) as answer:
                if as_csv:
                    _print_csv(answer, limit or None)
                elif as_json:
                    _print_json(answer, limit or None)
                else:
                    _print_table(answer, _ROWS if limit is None else limit)
        except TooLongError as error:
            raise TooLongError(f"{error}; --timeout SECONDS allows more") from error
    words = statement.lower()
    if " match " in words and "search_for" not in words:
        click.echo(
            "the index holds pairs of characters: write MATCH search_for('…'), or found(id, '…')",
            err=True,
        )


def _print_csv(answer: Answer, limit: int | None) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(answer.columns)
    for row in islice(answer.rows, limit):
        rows.writerow(guarded(_printable(value)) for value in row)


def _print_json(answer: Answer, limit: int | None) -> None:
    separator = "["
    for row in islice(answer.rows, limit):
        values = dict(zip(answer.columns, map(_printable, row), strict=True))
        click.echo(separator + json.dumps(values, ensure_ascii=False), nl=False)
        separator = ",\n "
    click.echo("[]" if separator == "[" else "]")


def _printable(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _print_table(answer: Answer, limit: int) -> None:
    rows = list(islice(answer.rows, limit)) if limit else list(answer.rows)
    more = next(answer.rows, None) is not None
    console = results_console()
    if console.is_terminal and console.width < _NARROW * len(answer.columns):
        _print_lines(console, answer.columns, rows)
    else:
        table = Table(box=None, pad_edge=False)
        for number, name in enumerate(answer.columns):
            numeric = all(isinstance(row[number], int | float | None) for row in rows)
            table.add_column(
                _cell(name), justify="right" if numeric and rows else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*map(_cell, row))
        console.print(table)
    said = counted(len(rows), "row")
    click.echo(f"the first {said}; --limit 0 shows all" if more else said, err=True)


def _print_lines(console: Console, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            console.print(Text.assemble((f"{name}: ", "bold"), _cell(value)))
        console.print()


def _cell(value: Any) -> Text:
    if value is None:
        return Text("NULL", "dim")
    if isinstance(value, bytes):
        return Text(f"{len(value)} bytes", "dim")
    text = " ".join(str(value).translate(_CONTROL).split())
    return Text(shortened(text, _LONG))
