"""``newscrawler fleet``: many papers on many machines, around one depot."""

from __future__ import annotations

import click

from newscrawler.cli.fleet.collect import collect
from newscrawler.cli.fleet.crawl import crawl, reparse
from newscrawler.cli.fleet.depot import pull, push, status
from newscrawler.cli.fleet.plan import plan


@click.group("fleet")
def command() -> None:
    """Many papers on many machines.

    A depot (a folder, or s3://BUCKET/PREFIX) holds each paper's archive and
    says who may crawl it until when. Without SITE, a command is about every
    paper that the depot holds.

    \b
    newscrawler fleet crawl amenews krnews21 --depot /mnt/depot --minutes 60
    newscrawler fleet status --depot s3://papers/depot
    """


for part in (crawl, status, plan, pull, push, reparse, collect):
    command.add_command(part)
