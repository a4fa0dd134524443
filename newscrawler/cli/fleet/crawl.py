"""``newscrawler fleet crawl`` and ``fleet reparse``: slices over all machines of a cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from newscrawler import clock
from newscrawler.cli.arguments import Folder
from newscrawler.cli.fleet.common import (
    depot_option,
    json_option,
    new_option,
    positive,
    settings_option,
    words_argument,
)
from newscrawler.exceptions import MissingLibraryError
from newscrawler.fleet.drive import Driver
from newscrawler.fleet.local import folder_here
from newscrawler.fleet.orders import LARGEST_SHARD, Orders, Paper
from newscrawler.outcomes import worst

scheduler_option = click.option(
    "--scheduler", metavar="URL", help="A Dask scheduler, tcp://HOST:8786.  [default: this machine]"
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=min(4, os.cpu_count() or 1),
    show_default="cores, at most 4",
    help="Slices at the same time on this machine; not used with --scheduler.",
)
anywhere_option = click.option(
    "--folder",
    type=Folder(),
    help="The folder for copies on each machine.  [default: its NEWSCRAWLER_FOLDER, or data]",
)


@click.command("crawl")
@words_argument
@depot_option
@new_option
@click.option(
    "--minutes",
    type=float,
    required=True,
    callback=positive,
    metavar="M",
    help="Stop after M minutes in total.",
)
@click.option(
    "--slice-minutes",
    type=float,
    default=15.0,
    callback=positive,
    show_default=True,
    metavar="M",
    help="The longest time for which a lane is leased at once.",
)
@scheduler_option
@workers_option
@anywhere_option
@settings_option
@json_option
def crawl(
    words: tuple[str, ...],
    depot_url: str,
    new: bool,
    minutes: float,
    slice_minutes: float,
    scheduler: str | None,
    workers: int,
    folder: Path | None,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Bring all papers up to date, slice by slice.

    Works on this machine, or on a cluster with --scheduler. A machine continues
    with the papers that it has begun. When it dies, others take over its papers as
    soon as its leases have ended. Two such commands on one depot are safe: a lane
    has one holder. The exit code is the worst of all papers; 4 if the scheduler has
    stopped.

    \b
    newscrawler fleet crawl amenews krnews21 --depot /mnt/depot --minutes 60 --new
    newscrawler fleet crawl --depot s3://papers/depot --minutes 50 --scheduler tcp://10.0.0.1:8786
    """
    _drive(
        *(words, depot_url, minutes, slice_minutes, scheduler, workers, folder, assignments),
        as_json=as_json,
        new=new,
    )


@click.command("reparse")
@words_argument
@depot_option
@click.option(
    "--minutes",
    type=float,
    default=60.0,
    callback=positive,
    show_default=True,
    metavar="M",
    help="The time limit for one archive.",
)
@scheduler_option
@workers_option
@anywhere_option
@click.option("--here", is_flag=True, help="In this process, without a cluster.")
@settings_option
@json_option
def reparse(
    words: tuple[str, ...],
    depot_url: str,
    minutes: float,
    scheduler: str | None,
    workers: int,
    folder: Path | None,
    here: bool,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read the stored answers of all papers again.

    Uses the current parser. Sends no request to a paper. Each task reads one
    archive. Answers that this version of the parser has read are left out, so a run
    that was killed continues.

    \b
    newscrawler fleet reparse --depot s3://papers/depot --scheduler tcp://10.0.0.1:8786
    """
    if not here:
        _drive(
            *(words, depot_url, minutes, minutes, scheduler, workers, folder, assignments),
            as_json=as_json,
            reparse=True,
        )
    from newscrawler import crawler
    from newscrawler.cli.fleet.papers import known
    from newscrawler.fleet.depot import Depot
    from newscrawler.fleet.slice import Slice

    depot = Depot.open(depot_url)
    end = clock.process_started() + timedelta(minutes=minutes)
    settings = crawler.settings_from(assignments)
    papers = [(site, settings.copy()) for site, _ in known(words, depot).values()]
    _end(Slice(depot, folder_here(folder), end, reparse=True).run(papers), as_json)


def _drive(
    words: tuple[str, ...],
    depot_url: str,
    minutes: float,
    slice_minutes: float,
    scheduler: str | None,
    workers: int,
    folder: Path | None,
    assignments: tuple[str, ...],
    *,
    as_json: bool,
    reparse: bool = False,
    new: bool = False,
) -> None:
    papers = _papers(words, depot_url, new=new)
    if "://" not in depot_url:
        depot_url = str(Path(depot_url).resolve())
    if folder and not scheduler:
        folder = folder.resolve()
    try:
        from newscrawler.fleet.cluster import DaskCluster
    except ImportError as error:
        raise MissingLibraryError(
            "a fleet needs distributed: pip install '.[fleet]' in newscrawler's folder"
        ) from error
    orders = Orders(
        depot=depot_url,
        folder=str(folder) if folder else None,
        assignments=assignments,
        end=clock.process_started() + timedelta(minutes=minutes),
        slice_minutes=slice_minutes,
        reparse=reparse,
        largest_shard=1 if reparse else LARGEST_SHARD,
    )
    cluster = DaskCluster(scheduler, min(workers, len(papers)), folder)
    try:
        summaries = Driver(cluster, orders, papers).run()
    finally:
        cluster.close()
    _end(summaries, as_json)


def _papers(words: tuple[str, ...], depot_url: str, *, new: bool) -> list[Paper]:
    """The papers of the run, when the depot has been checked.

    A process of its own reads the depot, so that the driver keeps none of the libraries that
    this needs.
    """
    begin = ["--new"] if new else []
    done = subprocess.run(
        [
            *(sys.executable, "-m", "newscrawler", "fleet", "papers"),
            *("--depot", depot_url, *begin, "--", *words),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    click.echo(done.stderr, err=True, nl=False)
    if done.returncode:
        sys.exit(done.returncode)
    return [Paper(**paper) for paper in json.loads(done.stdout)]


def _end(summaries: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Tell how it went, and end with the worst exit code of all papers."""
    if as_json:
        click.echo(json.dumps(summaries, ensure_ascii=False))
    for summary in summaries:
        if summary["exit_code"] or not as_json:
            why = f": {summary['diagnosis']}" if summary["diagnosis"] else ""
            click.echo(f"{summary['site']}: {summary['outcome']}{why}", err=True)
    sys.exit(worst(summary["exit_code"] for summary in summaries))
