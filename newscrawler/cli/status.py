"""``newscrawler status``: one screen that says how complete the archive is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawler import clock
from newscrawler.archive.status import Outlook, oddities, outlook, took, without_section
from newscrawler.cli.common import db_option, held_site_argument, results_console
from newscrawler.cli.reading import archive_path, open_for_reading
from newscrawler.humanize import size, span
from newscrawler.sites import Site
from newscrawler.store.coverage import Coverage, coverage, runs
from newscrawler.store.lock import holder
from newscrawler.store.states import SETTLED

_MEANING = {
    "article": "stored",
    "missing": "the site says that there is nothing",
    "removed": "withdrawn; a text that was stored is kept",
    "restricted": "for members only",
    "pending": "not tried or not published yet",
    "failed": "no usable answer",
    "unknown": "an answer that is not understood, kept",
}


@click.command("status")
@held_site_argument
@db_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(site: Site, db: Path | None, as_json: bool) -> None:
    """Say what is complete, what is not, and how the last runs went.

    \b
    newscrawler status
    newscrawler status --db data/amenews.db --json
    """
    path = archive_path(db, site.name)
    with open_for_reading(path) as archive:
        now = clock.now()
        found = coverage(archive.connection, site.name, site.first_idx, now)
        last = runs(archive.connection, site.name, 5)
        nowhere = without_section(archive.connection, site.name)
    ahead = outlook(found, last)
    odd = list(oddities(found, last, holder(path), now))
    if as_json:
        click.echo(
            json.dumps(
                {**_record(found, last, ahead, odd), "without_section": nowhere},
                ensure_ascii=False,
            )
        )
        return
    console = results_console()
    _show(console, site, path, found, last)
    if found.asked:
        _show_ahead(console, found, ahead)
    if nowhere:
        are = "article has" if nowhere == 1 else "articles have"
        console.print(
            f"{nowhere:,} {are} no section: newscrawler crawl {site.name} --sections",
            soft_wrap=True,
        )
    for sentence in odd:
        console.print(Text(f"! {sentence}", "yellow"), soft_wrap=True)


def _record(
    found: Coverage, last: list[dict[str, Any]], ahead: Outlook, odd: list[str]
) -> dict[str, Any]:
    for run in last:
        run["settings"] = json.loads(run["settings"])
    complete = found.complete
    return {
        **asdict(found),
        "complete": complete and {"first": complete.first, "last": complete.last},
        "is_complete": found.is_complete,
        "settled": found.settled,
        "asked": found.asked,
        "total": found.total,
        "settled_share": found.settled_share,
        "never_asked": ahead.never_asked,
        "seconds_each": ahead.seconds_each,
        "seconds_left": ahead.seconds_left,
        "odd": odd,
        "runs": last,
    }


def _show(
    console: Console, site: Site, path: Path, found: Coverage, last: list[dict[str, Any]]
) -> None:
    console.print(Text(f"{site.title} ({site.name})", style="bold"), Text(str(path), style="dim"))
    if not found.asked:
        console.print(f"Nothing was asked yet: newscrawler crawl {site.name}")
        return
    console.print(_verdict(found))
    table = Table(box=None, show_header=False, pad_edge=False)
    for state, count in found.states.items():
        if count or state in ("article", "missing"):
            style = "" if state in SETTLED else "yellow"
            table.add_row(Text(state, style=style), f"{count:>9,}", Text(_MEANING[state], "dim"))
    console.print(table)
    if found.first_idx:
        console.print(
            f"articles {found.first_idx}-{found.last_idx},"
            f" {_day(found.first_date)} to {_day(found.last_date)};"
            f" {found.revisions:,} edits, {found.duplicates:,} reprints"
        )
    console.print(f"file {size(sum(_sizes(path)))}")
    if last:
        console.print(_runs_table(last, narrow=console.width < _NARROW))
        for run in last:
            if run["diagnosis"]:
                line = f"run {run['id']}: {run['diagnosis']}"
                console.print(Text(line, _style(run) or "dim"))


def _show_ahead(console: Console, found: Coverage, ahead: Outlook) -> None:
    kinds = [f"{count:,} {kind}" for kind, count in found.due_by_kind.items() if count]
    console.print(f"due now: {', '.join(kinds) or 'nothing'}")
    if not ahead.never_asked:
        return
    left = f"{ahead.never_asked:,} numbers were never asked"
    if ahead.seconds_each is not None and ahead.seconds_left is not None:
        pace = "as the last runs were" if ahead.measured else "as the settings say"
        left += f": {span(ahead.seconds_left)} at {ahead.seconds_each:.2g} s each, {pace}"
    console.print(left)


def _verdict(found: Coverage) -> Text:
    """The claim that the ledger proves, no more."""
    share = f"{found.settled:,} of {found.total:,} numbers settled ({found.settled_share:.1%})"
    if found.complete is None:
        return Text(share)
    claim = f"complete from {found.complete.first} to {found.complete.last}"
    style = "green" if found.is_complete else "yellow"
    return Text.assemble((claim, style), "; ", share)


def _day(text: str | None) -> str:
    return "?" if text is None else text[:10]


def _sizes(path: Path) -> list[int]:
    files = (path, path.with_name(path.name + "-wal"))
    return [file.stat().st_size for file in files if file.exists()]


_NARROW = 76
"""Terminals of fewer columns go without a run's duration and requests."""

_SELECTION_COLUMNS = 24
"""A selection of many numbers leaves room for how it ended."""


def _runs_table(last: list[dict[str, Any]], narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("run", "started (UTC)"):
        table.add_column(name, no_wrap=True)
    if not narrow:
        table.add_column("took", no_wrap=True)
    table.add_column("selection", overflow="fold", max_width=_SELECTION_COLUMNS)
    table.add_column("outcome", no_wrap=True)
    for name in ("asked", "new") if narrow else ("asked", "new", "requests"):
        table.add_column(name, justify="right", no_wrap=True)
    for run in last:
        counts = [run["asked"], run["articles_new"], *([] if narrow else [run["requests"]])]
        table.add_row(
            str(run["id"]),
            run["started_at"].rstrip("Z").replace("T", " "),
            *([] if narrow else [_took(run)]),
            run["selection"],
            Text(run["outcome"], _style(run)),
            *(f"{count:,}" for count in counts),
        )
    return table


def _style(run: dict[str, Any]) -> str:
    return "" if run["exit_code"] in (0, 3) else "yellow"


def _took(run: dict[str, Any]) -> str:
    spent = took(run)
    return "?" if spent is None else str(spent)
