"""The options of the fleet's commands; loads nothing more, so that a driver stays small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from newscrawler.cli.arguments import Folder

depot_option = click.option(
    "--depot",
    "depot_url",
    required=True,
    envvar="NEWSCRAWLER_DEPOT",
    metavar="URL",
    help="The depot: a folder, or s3://BUCKET/PREFIX.  [env: NEWSCRAWLER_DEPOT]",
)
new_option = click.option("--new", is_flag=True, help="Create the depot if there is none.")
folder_option = click.option(
    "--folder",
    type=Folder(),
    default=Path("data"),
    envvar="NEWSCRAWLER_FOLDER",
    show_default=True,
    help="The folder for the copies on this machine.  [env: NEWSCRAWLER_FOLDER]",
)
words_argument = click.argument("words", metavar="[SITE]...", nargs=-1)
settings_option = click.option(
    "-s", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a setting."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


_LARGEST = 525_600
"""A year in minutes, as in MAX_MINUTES."""


def positive(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Refuse a number of minutes or hours that is no length of time."""
    if value is not None and not 0 < value <= _LARGEST:  # also nan
        raise click.BadParameter(
            f"must be more than 0 and at most {_LARGEST}, not {value:g}", context, parameter
        )
    return value
