"""``newscrawler settings``: the value of each setting, and where it was set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from newscrawler.cli.common import (
    db_option,
    results_console,
    settings_option,
    site_argument,
    with_db,
)
from newscrawler.config import sources
from newscrawler.config.options import OPTIONS
from newscrawler.sites import Site


@click.command("settings")
@site_argument
@db_option
@settings_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    site: Site,
    db: Path | None,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print every setting's effective value and where it was set.

    docs/settings.md explains each setting. Of a secret (PING_URL) only
    whether it is set is printed.

    \b
    newscrawler settings
    newscrawler settings amenews -s DOWNLOAD_DELAY=1
    """
    from newscrawler import crawler

    settings = crawler.settings_from(with_db(db, assignments))
    sources.apply(site, settings)
    rows = {
        option.name: {
            "value": option.shown(settings.get(option.name)),
            "from": sources.origin(settings, option.name),
            "unit": option.unit,
        }
        for option in OPTIONS
    }
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    _show(rows)


def _show(rows: dict[str, dict[str, Any]]) -> None:
    table = Table("setting", "value", "unit", "from", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for name, row in rows.items():
        style = "dim" if row["from"] == "default" else "bold"
        value, unit = str(row["value"]), Text(row["unit"], "dim")
        table.add_row(name, Text(value), unit, Text(row["from"]), style=style)
    results_console().print(table)
