"""``newscrawler sites``: the newspapers that can be crawled."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from newscrawler import sites
from newscrawler.cli.common import database, db_option, refusals, results_console


@click.command("sites")
@db_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def command(db: Path | None, as_json: bool) -> None:
    """List the newspapers; each is one small file.

    Files of your own are found in the folder that NEWSCRAWLER_SITES names, or
    given to any command in place of a name; see docs/adding-a-paper.md.

    \b
    newscrawler sites
    newscrawler sites --json
    """
    with refusals():
        papers = list(sites.load_all().values())
    if as_json:
        rows = [{**asdict(paper), "db": str(database(db, paper))} for paper in papers]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("site", "paper", "host", "numbers from", "verified", "archive", box=None)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for column in table.columns:
        column.overflow = "fold"
    for paper in papers:
        path = database(db, paper)
        table.add_row(
            paper.name,
            paper.title,
            paper.hosts[0],
            str(paper.first_idx),
            "yes" if paper.verified else "no",
            str(path) if os.path.exists(path) else "",  # noqa: PTH110 - Path.exists() may raise
        )
    results_console().print(table)
