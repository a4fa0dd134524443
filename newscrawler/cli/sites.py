"""``newscrawler sites``: the newspapers that can be crawled."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from newscrawler import sites


@click.command("sites")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def command(as_json: bool) -> None:
    """List the newspapers; each is one small file in newscrawler/sites.

    \b
    newscrawler sites
    """
    papers = sites.load_all().values()
    if as_json:
        click.echo(json.dumps([asdict(paper) for paper in papers], ensure_ascii=False))
        return
    table = Table("site", "paper", "permalink", "skins", "verified", box=None)
    for paper in papers:
        table.add_row(
            paper.name,
            paper.title,
            paper.permalink.format(idx="N"),
            ", ".join(paper.layouts),
            "yes" if paper.verified else "no",
        )
    Console(highlight=False).print(table)
