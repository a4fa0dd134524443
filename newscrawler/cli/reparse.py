"""``newscrawler reparse``: read all stored answers again with a better parser."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from newscrawler.cli.common import CountParameter, db_option, held_site_argument
from newscrawler.cli.reader_options import archive_path, damage_is_said, open_for_reading
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize import counted
from newscrawler.sites import Site

if TYPE_CHECKING:
    from newscrawler.archive.reparse.run import Example, Tally

_MOST_LISTED = 10
"""Numbers in a list of them; the rest is counted, and ``--json`` has it whole."""
_LONGEST_EXAMPLE = 60
"""Characters of a value in an example: two of them stand in one row."""
_BEFORE_DIFFERENCE = 15
"""Characters of a value that are shown before its first difference."""


@click.command("reparse")
@held_site_argument
@db_option
@click.option("--dry-run", is_flag=True, help="Only report what would change, with examples.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also answers that this version of the parser has read.",
)
@click.option(
    "--index",
    "only_index",
    is_flag=True,
    help="Only build the search index anew from the stored articles; read no answer.",
)
@click.option("--jobs", type=CountParameter(1), metavar="N", help="Processes.  [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    site: Site,
    db: Path | None,
    dry_run: bool,
    everything: bool,
    only_index: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Read all stored answers again with the current parser; makes no request.

    Corrects articles and their revisions, and settles numbers whose answers were
    not understood before. Deletes nothing: times stay, and what this parser
    cannot read stays as it is. After an interruption the same command continues.
    Exit codes: 5 another process writes the archive, 6 it cannot be written,
    130 interrupted.

    \b
    newscrawler reparse --dry-run
    newscrawler reparse --db data/amenews.db --jobs 2
    newscrawler reparse --index
    """
    if only_index and (dry_run or everything or jobs):
        raise click.UsageError("--index cannot be combined with --dry-run, --all or --jobs")
    path = archive_path(db, site.name)
    with open_for_reading(path):
        pass  # refuses a file that is no archive before anything heavy is loaded
    if only_index:
        _build_index(path, as_json)
        return
    tally = _replay(path, site, dry_run=dry_run, everything=everything, jobs=jobs)
    if as_json:
        _print_json(tally, dry_run)
    elif tally.numbers:
        _show(SafeConsole(highlight=False), tally, dry_run)
    else:
        _say_why_nothing_was_read(path, site)


def _build_index(path: Path, as_json: bool) -> None:
    from newscrawler.store.store import Store

    with damage_is_said(path), Store.open(path) as store:
        indexed = store.rebuild_search_index()
    message = f"The search index of {counted(indexed, 'article')} was built anew"
    click.echo(json.dumps({"indexed": indexed}) if as_json else message)


def _replay(path: Path, site: Site, *, dry_run: bool, everything: bool, jobs: int | None) -> Tally:
    """Read the captures again, with a progress bar on a terminal."""
    from newscrawler import crawler
    from newscrawler.archive.reparse import run
    from newscrawler.config import options, sources
    from newscrawler.store.store import Store

    console = SafeConsole(stderr=True)
    settings = crawler.settings_from([])
    sources.apply(site, settings)
    with (
        damage_is_said(path),
        nullcontext() if dry_run else Store.open(path) as store,
        Progress(console=console, disable=not console.is_terminal, transient=True) as bar,
    ):
        task = bar.add_task("Reading captures", total=None)
        return run.replay(
            path,
            site,
            store=store,
            schedule=options.schedule(settings),
            jobs=jobs,
            everything=everything,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )


def _print_json(tally: Tally, dry_run: bool) -> None:
    from newscrawler.pages import PARSER_VERSION

    record = {field.name: getattr(tally, field.name) for field in fields(tally)}
    record.update(dry_run=dry_run, parser_version=PARSER_VERSION)
    click.echo(json.dumps(record, ensure_ascii=False, default=_plain))


def _say_why_nothing_was_read(path: Path, site: Site) -> None:
    from newscrawler.archive.reparse import run
    from newscrawler.pages import PARSER_VERSION

    with open_for_reading(path) as archive:
        kept = run.waiting(archive.connection, site.name, everything=True)
    if kept:
        click.echo(
            f"This parser (version {PARSER_VERSION}) has read the answers for all {kept:,} numbers"
            " already; --all reads them again"
        )
    else:
        click.echo(f"No answer of {site.name} is kept in {path}: there is nothing to read")


def _plain(value: Any) -> Any:
    """For JSON, what it has no type for: dataclasses and times."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat()


def _show(console: Console, tally: Tally, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    console.print(
        f"{tally.captures:,} captures of {tally.numbers:,} numbers read;"
        f" {tally.unchanged:,} articles unchanged"
    )
    for count, what in (
        (tally.corrected, "articles {}corrected"),
        (tally.discovered, "articles {}found in answers that were not understood"),
        (tally.revisions_corrected, "articles with earlier revisions {}corrected"),
        (tally.revisions_added, "revisions {}added"),
    ):
        if count:
            console.print(f"{count:,} {what.format(would)}")
    for state, count in sorted(tally.states.items()):
        console.print(f"{count:,} numbers {would}settled: {state}")
    lost = [
        f"{idx} is stored, but this parser cannot read it: {reason}"
        for idx, reason in tally.lost.items()
    ]
    _warn(console, lost, "cannot be read")
    damaged = [f"{idx} is unchanged: {'; '.join(why)}" for idx, why in tally.damaged.items()]
    _warn(console, damaged, "are unchanged")
    if tally.fields:
        console.print(_fields(tally, examples=dry_run))


def _warn(console: Console, lines: list[str], rest: str) -> None:
    """Print the first of the lines, and how many more there are and what is true of them."""
    for line in lines[:_MOST_LISTED]:
        console.print(Text(line, "yellow"))
    if len(lines) > _MOST_LISTED:
        console.print(f"… and {len(lines) - _MOST_LISTED:,} more {rest}", style="yellow")


def _fields(tally: Tally, *, examples: bool) -> Table:
    table = Table("field", "articles", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    if examples:
        table.add_column("for example")
    for name, count in tally.fields.most_common():
        row: list[str | Text] = [name, f"{count:,}"]
        if examples:
            row.append(Text("\n").join(_example(example) for example in tally.examples[name]))
        table.add_row(*row)
    return table


def _example(example: Example) -> Text:
    before, after = _apart(_words(example.before), _words(example.after))
    return Text.assemble((f"{example.idx}  ", "dim"), (before, "red"), "  →  ", (after, "green"))


def _words(value: Any) -> str:
    """A field's value in one line; a field may hold a text, a time, reporters or images."""
    if value is None:
        return "(none)"
    if isinstance(value, tuple):
        return ", ".join(_words(part) for part in value) or "(none)"
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(str(part) for part in asdict(value).values() if part is not None)
    return " ".join(str(value).split()) or "(empty)"


def _apart(before: str, after: str) -> tuple[str, str]:
    """Both texts from shortly before their first difference."""
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if same is None:
        same = min(len(before), len(after))
    start = max(0, same - _BEFORE_DIFFERENCE)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    end = start + _LONGEST_EXAMPLE
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"
