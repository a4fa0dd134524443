"""``newscrawler fleet status``, ``pull`` and ``push``: what the depot holds, and copies of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from newscrawler import clock
from newscrawler.cli.common import SiteParameter, results_console
from newscrawler.cli.fleet.common import (
    depot_option,
    folder_option,
    json_option,
    new_option,
    positive,
    words_argument,
)
from newscrawler.cli.fleet.papers import chosen
from newscrawler.exceptions import FencedError, SettingError
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.facts import counts, papers_in
from newscrawler.fleet.local import owner_of
from newscrawler.fleet.status import Standing, standing
from newscrawler.humanize import span
from newscrawler.sites import Site
from newscrawler.store.store import Store


@click.command("status")
@words_argument
@depot_option
@click.option(
    "--overdue",
    type=float,
    default=24.0,
    callback=positive,
    show_default=True,
    metavar="HOURS",
    help="A paper is overdue when its newest version is older than this.",
)
@json_option
def status(words: tuple[str, ...], depot_url: str, overdue: float, as_json: bool) -> None:
    """Show the state of each paper; reads only the depot.

    \b
    newscrawler fleet status --depot s3://papers/depot
    newscrawler fleet status amenews --depot /mnt/depot --overdue 6 --json
    """
    depot = Depot.open(depot_url, write=False)
    late = timedelta(hours=overdue)
    found = [
        standing(depot, name, site, clock.now(), late)
        for name, (site, _) in chosen(words, depot).items()
    ]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("paper", "version", "age", "by", "outcome", "left", "settled", "lease", "notes"):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(*map(Text, _cells(one)))
    results_console().print(table)


def _cells(one: Standing) -> list[str]:
    age = "never" if one.age_seconds is None else span(max(0, one.age_seconds))
    share = "" if one.settled_share is None else f"{one.settled_share:.1%}"
    held = f"{one.lease['machine']} until {one.lease['until']}" if one.lease else ""
    notes = [*one.troubles, *(["overdue"] if one.is_overdue else [])]
    notes += [f"{len(one.set_aside)} set aside"] if one.set_aside else []
    left = "" if one.left is None else str(one.left)
    version = "" if one.version is None else str(one.version)
    cells = [one.site, version, age, one.machine or "", one.outcome or "", left, share, held]
    return [*cells, "; ".join(notes)]


@click.command("pull")
@click.argument("site", type=SiteParameter())
@depot_option
@folder_option
@click.option("--version", type=click.IntRange(1), metavar="N", help="An earlier version.")
def pull(site: Site, depot_url: str, folder: Path, version: int | None) -> None:
    """Fetch a paper's archive from the depot: a copy to work on.

    The newest version becomes FOLDER/SITE.db, as in a slice. If that file holds
    work that the depot lacks, it is moved to FOLDER/aside, never deleted. An
    earlier version becomes FOLDER/SITE-N.db.

    \b
    newscrawler fleet pull amenews --depot s3://papers/depot
    newscrawler fleet pull amenews --depot /mnt/depot --version 16
    """
    depot = Depot.open(depot_url, write=False)
    copy = Copy(folder, site)
    if version is None:
        head = copy.freshen(depot, owner_of(folder))
        if head is None:
            raise SettingError(f"the depot holds no version of {site.name}")
        click.echo(f"version {head.version} of {site.name} is {copy.path}", err=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{site.name}-{version}.db"
    if path.exists():
        raise SettingError(f"{path} already exists")
    depot.fetch(depot.manifest(site.name, version), path)
    click.echo(f"version {version} of {site.name} is {path}", err=True)


@click.command("push")
@click.argument("site", type=SiteParameter())
@depot_option
@new_option
@folder_option
def push(site: Site, depot_url: str, new: bool, folder: Path) -> None:
    """Send an existing archive, FOLDER/SITE.db, to the depot.

    It becomes the first version, or the next one if it was made from the newest.
    An archive with another history is refused: two histories are not merged.

    \b
    newscrawler fleet push amenews --depot s3://papers/depot --folder data --new
    """
    copy = Copy(folder, site)
    if not copy.path.exists():
        raise SettingError(f"there is no {copy.path}")
    if not copy.has_unshipped_work:
        head = Depot.open(depot_url, write=False).head(site.name)
        if head and copy.state and copy.state.is_of(head):
            click.echo(f"{site.name} is version {head.version} in the depot already", err=True)
            return
    Store.open(copy.path).close()  # migrated, and ours
    if others := [name for name in papers_in(copy.path) if name != site.name]:
        raise SettingError(
            f"{copy.path} also holds {', '.join(others)}: an archive in a depot has one paper"
        )
    depot = Depot.open(depot_url, new=new)
    until = clock.now() + timedelta(hours=1)
    claim = lease.claim(depot.objects, site.lane_name, owner_of(folder), until)
    try:
        head, state = depot.head(site.name), copy.state
        if head and (state is None or not state.is_of(head)):
            raise FencedError(
                f"the depot has version {head.version} of {site.name}, and {copy.path} was not made"
                " from it: pull first, or push to another depot"
            )
        facts = {"outcome": None, "left": None, **counts(copy.path, site.name)}
        made = copy.ship(depot, claim.lease, lambda: claim.still_stands, facts, head)
    finally:
        claim.release()
    click.echo(f"{site.name} is version {made.version} in the depot", err=True)
