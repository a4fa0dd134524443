"""``newscrawler status``: one screen that says how complete the archive is."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawler import clock
from newscrawler.archive import wording
from newscrawler.archive.status import Outlook, oddities, outlook, took, without_section
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
from newscrawler.humanize import size, span
from newscrawler.humanize.language import ENGLISH, speaking, spoken, tr, trn
from newscrawler.sites import Site
from newscrawler.store.coverage import Coverage, coverage, runs
from newscrawler.store.lock import holder
from newscrawler.store.states import SETTLED

_NARROW = 76
"""On narrower terminals duration and requests of a run are left out."""


@click.command("status", cls=TranslatedCommand)
@held_site_argument
@db_option
@click.option(
    "--local", is_flag=True, help="Show the times of runs in the time zone of this machine."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@lang_option
def command(site: Site, db: Path | None, local: bool, as_json: bool) -> None:
    """Show what is complete, what is not, and how the last runs ended.

    \b
    newscrawler status
    newscrawler status --local
    newscrawler status --db data/amenews.db --json
    """
    path = archive_path(db, site.name)
    with connect_for_reading(path) as connection:
        now = clock.now()
        found = coverage(connection, site.name, site.first_idx, now)
        last = runs(connection, site.name, 5)
        nowhere = without_section(connection, site.name)
    ahead = outlook(found, last)
    with speaking(ENGLISH if as_json else spoken()):
        odd = list(oddities(found, last, holder(path), now, program()))
    if as_json:
        click.echo(
            json.dumps(
                {**_record(found, last, ahead, odd), "without_section": nowhere},
                ensure_ascii=False,
            )
        )
        return
    console = results_console()
    _show(console, site, path, found, last, local=local)
    if found.asked:
        _show_ahead(console, found, ahead)
    if nowhere:
        told = trn(
            "{count:,} article has no section", "{count:,} articles have no section", nowhere
        )
        console.print(f"{told}: {program()} crawl {as_typed(site)} --sections", soft_wrap=True)
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
    console: Console,
    site: Site,
    path: Path,
    found: Coverage,
    last: list[dict[str, Any]],
    *,
    local: bool,
) -> None:
    console.print(Text(f"{site.title} ({site.name})", style="bold"), Text(str(path), style="dim"))
    if not found.asked:
        told = tr("Nothing has been crawled yet")
        console.print(f"{told}: {program()} crawl {as_typed(site)}", soft_wrap=True)
        return
    console.print(verdict(found))
    table = Table(box=None, show_header=False, pad_edge=False)
    for state, count in found.states.items():
        if count or state in ("article", "missing"):
            style = "" if state in SETTLED else "yellow"
            meaning = Text(wording.meaning(state), "dim")
            table.add_row(Text(wording.state(state), style=style), f"{count:>9,}", meaning)
    console.print(table)
    if found.first_idx:
        told = tr(
            "articles {first}-{last}, {first_day} to {last_day}",
            first=found.first_idx,
            last=found.last_idx,
            first_day=_day(found.first_date),
            last_day=_day(found.last_date),
        )
        edits = trn("{count:,} edit", "{count:,} edits", found.revisions)
        reprints = trn("{count:,} reprint", "{count:,} reprints", found.duplicates)
        console.print(f"{told}; {edits}, {reprints}")
    console.print(tr("file {size}", size=size(sum(_sizes(path)))))
    if last:
        console.print(_runs_table(last, narrow=console.width < _NARROW, local=local))
        for run in last:
            if run["diagnosis"]:
                why = wording.diagnosis(run["diagnosis"])
                line = tr("run {id}: {diagnosis}", id=run["id"], diagnosis=why)
                console.print(Text(line, _style(run) or "dim"))


def _show_ahead(console: Console, found: Coverage, ahead: Outlook) -> None:
    kinds = [
        tr("{count:,} {kind}", count=count, kind=wording.kind(kind))
        for kind, count in found.due_by_kind.items()
        if count
    ]
    console.print(tr("due now: {what}", what=", ".join(kinds) or tr("nothing")))
    if not ahead.never_asked:
        return
    left = trn(
        "{count:,} number was never asked for",
        "{count:,} numbers were never asked for",
        ahead.never_asked,
    )
    if ahead.seconds_each is not None and ahead.seconds_left is not None:
        pace = tr("as in the last runs") if ahead.measured else tr("as in the settings")
        left += ": " + tr(
            "{time} at {seconds:.2g} s each, {pace}",
            time=span(ahead.seconds_left),
            seconds=ahead.seconds_each,
            pace=pace,
        )
    console.print(left)


def verdict(found: Coverage) -> Text:
    """The statement that the ledger proves, and no more."""
    share = tr(
        "{settled:,} of {total:,} numbers settled ({share:.1%})",
        settled=found.settled,
        total=found.total,
        share=found.settled_share,
    )
    if found.stretch is None:
        return Text(share)
    ends = {"first": found.stretch.first, "last": found.stretch.last}
    if found.is_complete:
        return Text.assemble((tr("complete from {first} to {last}", **ends), "green"), "; ", share)
    stretch = tr("all from {first} to {last}", **ends)
    return Text.assemble((share, "yellow"), f", {stretch}")


def _day(text: str | None) -> str:
    return "?" if text is None else text[:10]


def _sizes(path: Path) -> list[int]:
    files = (path, path.with_name(path.name + "-wal"))
    return [file.stat().st_size for file in files if file.exists()]


_SELECTION_COLUMNS = 24
"""The width of the selection, so that the outcome has room too."""


def _runs_table(last: list[dict[str, Any]], *, narrow: bool, local: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    started = tr("started ({zone})", zone=_zone(last[0]) if local else "UTC")
    for name in (tr("run"), started):
        table.add_column(name, no_wrap=True)
    if not narrow:
        table.add_column(tr("took"), no_wrap=True)
    table.add_column(tr("selection"), overflow="fold", max_width=_SELECTION_COLUMNS)
    table.add_column(tr("outcome"), no_wrap=True)
    for name in (tr("asked"), tr("new"), *([] if narrow else [tr("requests")])):
        table.add_column(name, justify="right", no_wrap=True)
    for run in last:
        counts = [run["asked"], run["articles_new"], *([] if narrow else [run["requests"]])]
        table.add_row(
            str(run["id"]),
            _started(run, local=local),
            *([] if narrow else [_took(run)]),
            wording.selection(run["selection"]),
            Text(wording.outcome(run["outcome"]), _style(run)),
            *(f"{count:,}" for count in counts),
        )
    return table


def _started(run: dict[str, Any], *, local: bool) -> str:
    text = str(run["started_at"])
    if local:
        # After a run with a wrong clock, the year may be too large for a time zone.
        with suppress(ValueError, OverflowError):
            return f"{clock.from_text(text).astimezone():%Y-%m-%d %H:%M:%S}"
    return text.rstrip("Z").replace("T", " ")


def _zone(run: dict[str, Any]) -> str:
    """The name of this machine's zone at the time of a run."""
    with suppress(ValueError, OverflowError):
        return f"{clock.from_text(run['started_at']).astimezone():%Z}"
    return "local"


def _style(run: dict[str, Any]) -> str:
    return "" if run["exit_code"] in (0, 3) else "yellow"


def _took(run: dict[str, Any]) -> str:
    spent = took(run)
    return "?" if spent is None else str(spent)
