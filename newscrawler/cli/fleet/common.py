"""What the commands of the fleet share: their options and the choice of papers.

Nothing here needs Scrapy, so that a driver stays small.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from newscrawler import sites
from newscrawler.exceptions import SettingError, SiteError
from newscrawler.fleet.depot import Depot
from newscrawler.sites import Site

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
    type=click.Path(file_okay=False, path_type=Path),
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


def papers(words: tuple[str, ...], depot: Depot) -> dict[str, tuple[Site | None, str]]:
    """Name → site file and how to name it on a command line: those named, else all in the depot.

    A paper that lies in the depot without a site file on this machine has none.

    Raises:
        SiteError: a name that neither a site file nor the depot knows.
    """
    found: dict[str, tuple[Site | None, str]] = {}
    for word in words or depot.papers():
        try:
            site: Site | None = sites.load(word)
        except SiteError:
            if words:
                raise
            site = None
        name = site.name if site else word
        found[name] = (site, str(Path(word).resolve()) if word.endswith(".toml") else name)
    return found


def known(words: tuple[str, ...], depot: Depot) -> dict[str, tuple[Site, str]]:
    """The same for commands that need site files.

    Raises:
        SiteError: a paper without one.
        SettingError: no paper at all.
    """
    found = {name: (site, word) for name, (site, word) in papers(words, depot).items() if site}
    lacking = set(papers(words, depot)) - set(found)
    if lacking:
        raise SiteError(
            f"the depot holds {', '.join(sorted(lacking))}: this machine has no site file for it"
        )
    if not found:
        raise SettingError("the depot holds no paper yet: name the papers to crawl")
    return found


def positive(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Refuse a number that is not greater than 0."""
    if value is not None and value <= 0:
        raise click.BadParameter(f"must be more than 0, not {value:g}", context, parameter)
    return value
