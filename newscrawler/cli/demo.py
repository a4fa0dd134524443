"""``newscrawler demo``: the real crawl against a newspaper on this machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from newscrawler import clock, sites
from newscrawler.archive.reader import Archive, Order
from newscrawler.cli.common import CountParameter, DatabasePath
from newscrawler.cli.summaries import print_summary
from newscrawler.extensions.console import SafeConsole
from newscrawler.store.coverage import coverage


@click.command("demo")
@click.option(
    "--db",
    type=DatabasePath(),
    default=Path("data/demo.db"),
    show_default=True,
    help="Where the demo's archive goes; the next demo goes on from it.",
)
@click.option(
    "--size",
    type=CountParameter(20, 5000),
    default=300,
    show_default=True,
    metavar="N",
    help="How many numbers the paper has given out.",
)
def command(db: Path, size: int) -> None:
    """Crawl a bundled local newspaper, then show what was found.

    A made-up materials-industry paper is served on 127.0.0.1 and crawled with
    the program's own spiders, pipelines and settings; only the delay is off.

    \b
    newscrawler demo
    newscrawler demo --db /tmp/demo.db --size 1000
    """
    from newscrawler import crawler
    from newscrawler.demo.newspaper import Newspaper
    from newscrawler.demo.server import serve

    console = SafeConsole(highlight=False)
    site = sites.load("amenews")
    with serve(Newspaper(size=size)) as server:
        console.print(f"A newspaper of {size} numbers is open at {server.base_url}")
        settings = crawler.settings_from([f"NEWSCRAWLER_DB={db}", "DOWNLOAD_DELAY=0"])
        summary = crawler.crawl([(site, settings)], {"base_url": server.base_url})[0]
    print_summary(console, summary)
    if not db.exists():
        sys.exit(summary["exit_code"])
    with Archive.open(db) as archive:
        found = coverage(archive.connection, site.name, site.first_idx, clock.now())
        if found.complete:
            console.print(f"\nComplete from {found.complete.first} to {found.complete.last}.")
        table = Table("idx", "published", "title", "reporters", "paragraphs", box=None)
        articles = archive.articles(order=Order.NEWEST)
        for article, _ in zip(articles, range(8), strict=False):
            table.add_row(
                str(article.idx),
                f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "",
                Text(article.title, overflow="ellipsis", no_wrap=True),
                ", ".join(reporter.name for reporter in article.reporters),
                str(article.body.count("\n\n") + 1),
            )
    console.print(table)
    console.print(
        f"\nThe archive is {db}. Ask it:\n"
        f"  {program()} status --db {db}\n"
        f"  {program()} search 수소 --db {db}\n"
        f'  sqlite3 {db} "SELECT state, count(*) FROM ledger GROUP BY state"'
    )
    # A demo that leaves a few numbers waiting (the paper has riddles in it) has done its work.
    sys.exit(0 if summary["exit_code"] in (0, 3) else summary["exit_code"])


def program() -> str:
    """How to call this program from where the user stands: by name, or by its path."""
    if shutil.which("newscrawler"):
        return "newscrawler"
    script = Path(sys.executable).with_name("newscrawler")
    try:
        return str(script.relative_to(Path.cwd()))
    except ValueError:
        return str(script)
