"""The papers on which a command works; ``newscrawler fleet papers`` lists them for the driver."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from newscrawler import sites
from newscrawler.cli.fleet.common import depot_option, new_option, words_argument
from newscrawler.exceptions import SettingError, SiteError
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.orders import Paper
from newscrawler.fleet.status import owners
from newscrawler.sites import Site


@click.command("papers", hidden=True)
@words_argument
@depot_option
@new_option
def papers(words: tuple[str, ...], depot_url: str, new: bool) -> None:
    """Check the depot, and list the papers of a run as JSON: what a driver must know of them.

    \b
    newscrawler fleet papers --depot s3://papers/depot
    """
    depot = Depot.open(depot_url, new=new)
    these = known(words, depot)
    had = owners(depot, these)
    found = [
        Paper(name, site.lane_name, word, had.get(name)) for name, (site, word) in these.items()
    ]
    click.echo(json.dumps([asdict(paper) for paper in found], ensure_ascii=False))


def chosen(words: tuple[str, ...], depot: Depot) -> dict[str, tuple[Site | None, str]]:
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
    those = chosen(words, depot)
    found = {name: (site, word) for name, (site, word) in those.items() if site}
    if lacking := set(those) - set(found):
        raise SiteError(
            f"the depot holds {', '.join(sorted(lacking))}: this machine has no site file for it"
        )
    if not found:
        raise SettingError("the depot holds no paper yet: name the papers to crawl")
    return found
