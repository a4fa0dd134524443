"""``newscrawler fleet plan``: lanes, addresses and cost, before any request."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from newscrawler.cli.common import results_console
from newscrawler.cli.doctor_checks import addresses
from newscrawler.cli.fleet.common import (
    depot_option,
    json_option,
    settings_option,
    words_argument,
)
from newscrawler.cli.fleet.papers import known
from newscrawler.config import options, sources
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.plan import PAPERS_A_PROCESS, LanePlan
from newscrawler.fleet.plan import plan as planned
from newscrawler.humanize import counted, size, span
from newscrawler.sites import lanes


@click.command("plan")
@words_argument
@depot_option
@settings_option
@json_option
def plan(
    words: tuple[str, ...], depot_url: str, assignments: tuple[str, ...], as_json: bool
) -> None:
    """Show what a run would need: lanes, addresses, numbers and hours.

    \b
    newscrawler fleet plan --depot s3://papers/depot
    newscrawler fleet plan amenews krnews21 --depot /mnt/depot --json
    """
    from newscrawler import crawler

    depot = Depot.open(depot_url, write=False)
    chosen = [site for site, _ in known(words, depot).values()]
    paces = []
    for site in chosen:
        settings = crawler.settings_from(assignments)
        sources.apply(site, settings)
        lanes.check(site, chosen)
        jitter = 1 + options.DELAY_JITTER.read(settings) / 2
        paces.append((site, options.DOWNLOAD_DELAY.read(settings) * jitter))
    with ThreadPoolExecutor(16) as pool:
        found = dict(zip((site.name for site in chosen), pool.map(addresses, chosen), strict=True))
    lines = planned(depot, paces)
    warnings = [
        f"{one.name} and {other.name} have the same address {address}, but different lanes"
        for one, other, address in lanes.at_one_address(chosen, found)
    ]
    if lost := [name for name, at in found.items() if not at]:
        warnings.append(
            f"no address was found for the hosts of {', '.join(lost)}: whether they are on the"
            " server of another lane is not known"
        )
    if as_json:
        record = {
            "lanes": [
                {**asdict(line), "addresses": sorted(set().union(*(found[p] for p in line.papers)))}
                for line in lines
            ],
            "warnings": warnings,
            "processes": math.ceil(len(chosen) / PAPERS_A_PROCESS),
        }
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    _show(lines, found)
    for warning in warnings:
        click.echo(f"newscrawler: {warning}", err=True)


def _show(lines: list[LanePlan], found: dict[str, frozenset[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("lane", "papers", "addresses", "numbers left", "time at its pace", "archives"):
        table.add_column(column, overflow="fold")
    for line in lines:
        at = sorted(set().union(*(found[name] for name in line.papers)))
        left = "not known yet" if line.numbers is None else str(line.numbers)
        time = "" if line.seconds is None else span(line.seconds)
        cells = (line.lane, str(len(line.papers)), ", ".join(at), left, time, size(line.bytes))
        table.add_row(*map(Text, cells))
    console = results_console()
    console.print(table)
    papers = sum(len(line.papers) for line in lines)
    cores = counted(math.ceil(papers / PAPERS_A_PROCESS), "core")
    console.print(f"For the speed of {counted(papers, 'paper')}, {cores} will do.")
