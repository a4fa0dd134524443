"""``scrapy genspider``: refused, since the spiders are made of the site files.

Scrapy would write a spider into the current folder, which no command would ever find.
"""

from __future__ import annotations

import argparse

from scrapy.commands import genspider
from scrapy.exceptions import UsageError


class Command(genspider.Command):
    def short_desc(self) -> str:
        return "Refused: a site file adds a paper (docs/adding-a-paper.md)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        raise UsageError(
            "a paper is added by a site file, not by a spider: see docs/adding-a-paper.md",
            print_help=False,
        )
