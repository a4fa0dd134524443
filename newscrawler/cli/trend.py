"""``newscrawler trend``: how many articles have a word, by month or year."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.bar import Bar
from rich.table import Table
from rich.text import Text

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.archive.trends import By, Trend, trend
from newscrawler.cli.common import csv_option, db_option, lang_option, results_console
from newscrawler.cli.reader_options import filter_options, open_for_reading
from newscrawler.cli.suggested import tell_wider
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.humanize.language import tr, trn

_COLOURS = ("blue", "yellow", "green", "magenta", "cyan", "red")

_BAR = 24
"""The width of a bar; on a narrow terminal, what the table leaves."""


@click.command("trend", cls=TranslatedCommand)
@click.argument("searches", nargs=-1, required=True, metavar="WORDS…")
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    help="The periods.  [default: month, beyond three years: year]",
)
@csv_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@filter_options
@db_option
@lang_option
def command(
    searches: tuple[str, ...],
    by: str | None,
    as_csv: bool,
    as_json: bool,
    filters: Filters,
    db: Path | None,
) -> None:
    """Count the articles on WORDS in each month or year, and per 1,000 of all.

    Each argument is one search, as `newscrawler search` takes it; several are
    shown side by side. The bars show articles per 1,000 of all.

    \b
    newscrawler trend 수소 '"전고체 전지" OR 전고체배터리' --by year
    newscrawler trend 수소 --by month --since 2024 --csv
    """
    if as_csv and as_json:
        raise click.UsageError(tr("use --csv or --json, not both"))
    with open_for_reading(db, filters.site) as archive:
        counted = trend(archive, searches, By(by) if by else None, filters)
        if as_csv:
            _print_csv(counted)
        elif as_json:
            _print_json(counted)
        else:
            _print_table(counted)
        _tell_unfound(archive, counted, filters)
    if counted.undated:
        told = trn(
            "{count:,} article without a date is not counted",
            "{count:,} articles without a date are not counted",
            counted.undated,
        )
        click.echo(told, err=True)


def _tell_unfound(archive: Archive, counted: Trend, filters: Filters) -> None:
    """Of each search that finds nothing: that it does, and what would find something."""
    for place, words in enumerate(counted.searches):
        if not any(period.found[place] for period in counted.periods):
            asked = replace(filters, words=words)
            if archive.count(asked):
                continue  # articles without a date, which are in no period
            articles = trn("{count:,} article", "{count:,} articles", 0)
            click.echo(f"{words}: {articles}", err=True)
            tell_wider(archive, asked)


def _print_csv(counted: Trend) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    names = (name for words in counted.searches for name in (words, f"{words} per 1,000"))
    rows.writerow([counted.by, "articles", *names])
    for period in counted.periods:
        cells = (
            cell
            for place, found in enumerate(period.found)
            for cell in (found, _rounded(period.per_thousand(place)))
        )
        rows.writerow([period.name, period.articles, *cells])


def _print_json(counted: Trend) -> None:
    rows = [
        {
            counted.by.value: period.name,
            "articles": period.articles,
            "found": [
                {
                    "words": words,
                    "articles": period.found[place],
                    "per_thousand": _rounded(period.per_thousand(place)),
                }
                for place, words in enumerate(counted.searches)
            ],
        }
        for period in counted.periods
    ]
    click.echo(json.dumps(rows, ensure_ascii=False))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 2)


def _print_table(counted: Trend) -> None:
    console = results_console()
    table = Table(box=None, pad_edge=False)
    table.add_column(tr(counted.by.value), no_wrap=True)
    table.add_column(tr("articles"), justify="right", no_wrap=True)
    for words in counted.searches:
        table.add_column(Text(words), justify="right", overflow="fold", min_width=4)
        table.add_column("‰", justify="right", no_wrap=True)
        table.add_column("", min_width=4, max_width=_BAR, ratio=1)
    places = range(len(counted.searches))
    shares = [[period.per_thousand(place) for place in places] for period in counted.periods]
    most = max((share for row in shares for share in row if share), default=0.0)
    for period, row in zip(counted.periods, shares, strict=True):
        cells: list[Text | Bar] = []
        for place, share in enumerate(row):
            bar = Bar(most or 1, 0, share or 0, color=_COLOURS[place % len(_COLOURS)])
            cells += [
                Text(f"{period.found[place]:,}"),
                Text("" if share is None else f"{share:.1f}"),
                bar,
            ]
        table.add_row(period.name, f"{period.articles:,}", *cells)
    console.print(table, crop=False)
