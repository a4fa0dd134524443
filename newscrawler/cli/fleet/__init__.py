"""``newscrawler fleet``: many papers on many machines, around one depot."""

from __future__ import annotations

from importlib import import_module

import click

from newscrawler.cli.arguments import take_text_only

_MODULES = {
    "crawl": "crawl",
    "papers": "papers",
    "status": "depot",
    "plan": "plan",
    "pull": "depot",
    "push": "depot",
    "reparse": "crawl",
    "collect": "collect",
}
"""Command → module; it loads when the command is called, so that a driver stays small."""


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _MODULES:
            return None
        module = import_module(f"{__name__}.{_MODULES[name]}")
        found: click.Command = getattr(module, name)
        take_text_only(found)
        return found


@click.group("fleet", cls=_Commands)
def command() -> None:
    """Crawl many papers on many machines.

    A depot (a folder, or s3://BUCKET/PREFIX) holds the archive of each paper, and
    its lease: which machine may crawl it, and until when. Without SITE, a command
    is for all papers in the depot.

    \b
    newscrawler fleet crawl amenews krnews21 --depot /mnt/depot --minutes 60 --new
    newscrawler fleet status --depot s3://papers/depot
    """
