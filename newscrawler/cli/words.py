"""``newscrawler words``: the words most particular to a period, a section or a subject."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

import click
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from newscrawler.archive.filters import Filters
from newscrawler.archive.keyness import LEAST_ARTICLES, Comparison, ParticularWord, compare
from newscrawler.archive.reader import Archive
from newscrawler.cli.common import (
    CountParameter,
    DayParameter,
    complete_section,
    csv_option,
    db_option,
    lang_option,
    results_console,
)
from newscrawler.cli.reader_options import filter_options, open_for_reading, refuse_no_days
from newscrawler.cli.suggested import tell_wider
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize.language import tr, trn


@click.command("words", cls=TranslatedCommand)
@click.argument("words", nargs=-1, metavar="[WORDS]…")
@click.option(
    "--against-since",
    type=DayParameter(),
    metavar="DAY",
    help="Compare with what was published on this day or later.",
)
@click.option(
    "--against-until",
    type=DayParameter(last=True),
    metavar="DAY",
    help="Compare with what was published on this day or before.",
)
@click.option(
    "--against-section",
    metavar="NAME",
    shell_complete=complete_section,
    help="Compare with this section.",
)
@click.option(
    "--at-least",
    type=CountParameter(min=1),
    default=LEAST_ARTICLES,
    show_default=True,
    metavar="N",
    help="Only words that N of the chosen articles have.",
)
@click.option(
    "--limit",
    type=CountParameter(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="At most N words; 0 for all.",
)
@csv_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@filter_options
@db_option
@lang_option
def command(
    words: tuple[str, ...],
    against_since: date | None,
    against_until: date | None,
    against_section: str | None,
    at_least: int,
    limit: int,
    as_csv: bool,
    as_json: bool,
    filters: Filters,
    db: Path | None,
) -> None:
    """List the words that some articles have much more often than the others.

    The filters choose the articles. With WORDS they are those that a search
    finds, and the list shows what is written beside these words. They are
    compared with all other articles, or with those of --against-…, for which
    the same filters hold but for the day or the section.

    A word counts once in an article. The list has words that are at least
    twice as frequent, with a log-likelihood (G²) of 15.13 or more (p < 0.0001).

    \b
    newscrawler words --since 2026-01 --until 2026-06
    newscrawler words --section 산업가스 --since 2026 --against-since 2020 --against-until 2025
    newscrawler words 수소 --limit 50 --csv
    """
    if as_csv and as_json:
        raise click.UsageError(tr("use --csv or --json, not both"))
    if words:
        filters = replace(filters, words=" ".join(words))
    if filters == _everything(filters):
        raise click.UsageError(
            tr("choose some of the articles with WORDS, --since, --until, --section or --reporter")
        )
    refuse_no_days(against_since, against_until, "--against-")
    against = _against(filters, against_since, against_until, against_section)
    with open_for_reading(db, filters.site) as archive:
        found = _compared(archive, filters, against, at_least)
        if not found.articles:
            click.echo(trn("{count:,} article", "{count:,} articles", 0), err=True)
            tell_wider(archive, filters)
    if found.articles and not found.others:
        raise click.UsageError(tr("there is no other article to compare with"))
    shown = found.words[: limit or None]
    if as_csv:
        _print_csv(shown)
    elif as_json:
        click.echo(json.dumps(list(map(_rounded, shown)), ensure_ascii=False))
    elif shown:
        _print_table(shown, found)
    if found.articles:
        _tell(found, len(shown), at_least)


def _everything(filters: Filters) -> Filters:
    """The filters without those that choose some articles among others."""
    return Filters(duplicates=filters.duplicates, removed=filters.removed)


def _against(
    filters: Filters, since: date | None, until: date | None, section: str | None
) -> Filters:
    """Articles that differ in these only; where none is given all others, of the same paper."""
    if since or until:
        filters = replace(filters, since=since, until=until)
    if section:
        filters = replace(filters, section=section)
    if since or until or section:
        return filters
    of_paper = replace(_everything(filters), site=filters.site)
    return of_paper if filters != of_paper else _everything(filters)


def _compared(archive: Archive, filters: Filters, against: Filters, at_least: int) -> Comparison:
    console = SafeConsole(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(tr("reading"), total=None)
        return compare(
            archive,
            filters,
            against,
            least=at_least,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _print_csv(words: Sequence[ParticularWord]) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow([field.name for field in fields(ParticularWord)])
    rows.writerows(_rounded(word).values() for word in words)


def _rounded(word: ParticularWord) -> dict[str, str | int | float]:
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in asdict(word).items()
    }


def _print_table(words: Sequence[ParticularWord], found: Comparison) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(tr("word"), overflow="fold")
    for head in (tr("articles"), "%", tr("others"), "%", tr("times"), "G²"):
        table.add_column(head, justify="right", no_wrap=True)
    for word in words:
        table.add_row(
            Text(word.word),
            f"{word.articles:,}",
            f"{100 * word.articles / found.articles:.1f}",
            f"{word.others:,}",
            f"{100 * word.others / found.others:.1f}",
            f"{2**word.log_ratio:,.1f}" if word.others else tr("only here"),
            f"{word.log_likelihood:,.1f}",
        )
    results_console().print(table, crop=False)


def _tell(found: Comparison, shown: int, at_least: int) -> None:
    """How much was compared, so that a short list explains itself."""
    compared = trn(
        "{count:,} article, compared with {others:,}",
        "{count:,} articles, compared with {others:,}",
        found.articles,
        others=found.others,
    )
    if found.reprints:
        compared += "; " + trn(
            "{count:,} exact reprint not counted again",
            "{count:,} exact reprints not counted again",
            found.reprints,
        )
    click.echo(compared, err=True)
    told = tr(
        "{shown:,} of {particular:,} particular words, of {words:,} in at least {least:,} articles",
        shown=shown,
        particular=len(found.words),
        words=found.compared,
        least=at_least,
    )
    none = tr(
        "none of {words:,} words in at least {least:,} articles is particular",
        words=found.compared,
        least=at_least,
    )
    click.echo(told if found.words else none, err=True)
