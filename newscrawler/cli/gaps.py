"""``newscrawler gaps``: every number without an article, as ranges, with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawler.archive import opening, wording
from newscrawler.cli.common import (
    as_typed,
    db_option,
    held_site_argument,
    lang_option,
    program,
    results_console,
)
from newscrawler.cli.reader_options import archive_path, connect_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.humanize.language import tr, trn
from newscrawler.sites import Site
from newscrawler.store.coverage import NEVER_ASKED, Gap, gaps
from newscrawler.store.states import SETTLED, UNSETTLED


@click.command("gaps", cls=TranslatedCommand)
@held_site_argument
@db_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([*map(str, (*SETTLED[1:], *UNSETTLED)), NEVER_ASKED]),
    help="Only this state; repeatable.",
)
@click.option("--unsettled", is_flag=True, help="Only numbers that wait for another try.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@lang_option
def command(
    site: Site, db: Path | None, states: tuple[str, ...], unsettled: bool, as_json: bool
) -> None:
    """List the numbers that hold no article, and why.

    \b
    newscrawler gaps
    newscrawler gaps --unsettled
    newscrawler gaps --state removed --json
    """
    with connect_for_reading(archive_path(db, site.name)) as connection:
        asked = site.name in opening.sites_in(connection)
        found = [
            gap
            for gap in gaps(connection, site.name, site.first_idx)
            if (not states or gap.state in states) and not (unsettled and gap.settled)
        ]
    if as_json:
        click.echo(json.dumps([_record(gap) for gap in found], ensure_ascii=False))
    elif asked:
        _show(results_console(), found)
    else:
        click.echo(tr("Nothing has been crawled yet") + f": {program()} crawl {as_typed(site)}")


def _record(gap: Gap) -> dict[str, object]:
    return {
        "first": gap.stretch.first,
        "last": gap.stretch.last,
        "count": len(gap.stretch),
        "state": gap.state,
        "reason": gap.reason,
        "given_up": gap.given_up,
        "last_attempt_at": gap.last_attempt_at,
        "next_attempt_at": gap.next_attempt_at,
    }


def _show(console: Console, found: list[Gap]) -> None:
    if not found:
        console.print(tr("No gaps."))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(tr("numbers"), no_wrap=True)
    table.add_column(tr("count"), justify="right", no_wrap=True)
    table.add_column(tr("state"), no_wrap=True)
    is_waiting = not all(gap.settled for gap in found)
    if is_waiting:
        table.add_column(tr("next try (UTC)"))
    table.add_column(tr("reason"))
    for gap in found:
        waits = gap.state in UNSETTLED
        again = (gap.next_attempt_at or "").rstrip("Z").replace("T", " ")
        table.add_row(
            str(gap.stretch),
            f"{len(gap.stretch):,}",
            Text(wording.state(gap.state), "yellow" if waits or gap.state == NEVER_ASKED else ""),
            *([tr("given up") if gap.given_up else again] if is_waiting else []),
            Text(wording.reason(gap.reason)),
        )
    console.print(table)
    numbers = sum(len(gap.stretch) for gap in found)
    told = trn("{count:,} number", "{count:,} numbers", numbers)
    ranges = trn("in {count:,} range", "in {count:,} ranges", len(found))
    console.print(f"{told} {ranges}")
