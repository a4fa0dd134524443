"""``newscrawler duplicates``: reprints, exact and edited."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from newscrawler import clock
from newscrawler.archive import near_duplicates
from newscrawler.archive.near_duplicates import Pair
from newscrawler.cli.arguments import Number
from newscrawler.cli.common import CountParameter, db_option, lang_option, print_json_array
from newscrawler.cli.reader_options import archive_path, damage_is_said, open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize.language import tr, trn
from newscrawler.store.store import Store


@click.command("duplicates", cls=TranslatedCommand)
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@click.option(
    "--limit",
    type=CountParameter(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Show at most N pairs, the newest; 0 for all.",
)
@click.option(
    "--at-least",
    type=Number(near_duplicates.THRESHOLD, 1),
    default=near_duplicates.THRESHOLD,
    show_default=True,
    metavar="SHARE",
    help="The least share of text that a pair has in common.",
)
@click.option("--known", is_flag=True, help="Only show the pairs that are stored; write nothing.")
@db_option
@lang_option
def command(as_json: bool, limit: int, at_least: float, known: bool, db: Path | None) -> None:
    """Find reprints: articles that share half of their text or more.

    Compares new articles with the whole archive, and stores the pairs in the
    table near_duplicates. The view reprints shows these and the exact reprints.

    \b
    newscrawler duplicates --at-least 0.8
    newscrawler duplicates --known --json --limit 0
    """
    path = archive_path(db)
    if not known:
        found = _find(path)
        compared = trn("{count:,} article compared", "{count:,} articles compared", found.compared)
        pairs_found = trn("{count:,} new pair", "{count:,} new pairs", found.pairs)
        click.echo(f"{compared}, {pairs_found}", err=True)
    with open_for_reading(path) as archive:
        pairs = list(near_duplicates.pairs(archive.connection, at_least, limit or None))
    if as_json:
        print_json_array(map(asdict, pairs))
        return
    console = SafeConsole(highlight=False)
    for pair in pairs:
        _show(console, pair)


def _find(path: Path) -> near_duplicates.Found:
    console = SafeConsole(stderr=True)
    with (
        Progress(console=console, disable=not console.is_terminal) as bar,
        damage_is_said(path),
        Store.open(path) as store,
    ):
        task = bar.add_task(tr("comparing"), total=None)
        return near_duplicates.find(
            store,
            clock.now(),
            lambda done, of: bar.update(task, completed=done, total=of),
        )


def _show(console: Console, pair: Pair) -> None:
    day, earlier_day = (
        at[:10] if at else tr("undated") for at in (pair.published_at, pair.earlier_published_at)
    )
    share = tr("same as")
    if pair.kind != "exact":
        share = tr("{share:.0%} of", share=pair.similarity)
    line = Text.assemble((f"{pair.idx}", "cyan"), f"  {day}  {pair.title}\n")
    line.append(f"  {share.rjust(7)} ")
    line.append(f"{pair.earlier_idx}", "cyan")
    line.append(f"  {earlier_day}  ")
    line.append(tr("same title") if pair.title == pair.earlier_title else pair.earlier_title)
    console.print(line, soft_wrap=not console.is_terminal)
