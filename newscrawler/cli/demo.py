"""``newscrawler demo``: the real crawl against a newspaper on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from newscrawler import clock, sites
from newscrawler.archive import near_duplicates
from newscrawler.archive.reader import Archive, Order
from newscrawler.cli.common import CountParameter, DatabasePath, program
from newscrawler.cli.status import verdict
from newscrawler.cli.summaries import print_summary
from newscrawler.config import archives
from newscrawler.exceptions import MissingLibraryError, NoArchiveError
from newscrawler.extensions.console import SafeConsole
from newscrawler.extensions.logs import CONSOLE
from newscrawler.humanize import counted
from newscrawler.store.coverage import coverage
from newscrawler.store.store import Store

_SHOWN = 8
"""Articles in the table at the end."""
_DONE = (0, 3)
"""Exit codes after which the demo continues: the crawl ended, a few numbers may wait."""


@click.command("demo")
@click.option(
    "--db",
    type=DatabasePath(),
    default=Path("data/demo.db"),
    show_default=True,
    help="The demo's archive; the next demo continues it.",
)
@click.option(
    "--size",
    type=CountParameter(20, 5000),
    default=300,
    show_default=True,
    metavar="N",
    help="The newest number of the paper at the first demo.",
)
def command(db: Path, size: int) -> None:
    """Crawl a local newspaper that is included, then show the result.

    Serves a made-up newspaper on 127.0.0.1 and crawls it with the real program;
    only the delay is off. Run it again with the same archive, and the paper is one
    week older: it has new articles, edits and withdrawals.

    \b
    newscrawler demo
    newscrawler demo --db /tmp/demo.db --size 1000
    """
    from newscrawler.demo import weeks
    from newscrawler.demo.server import serve

    console = SafeConsole(highlight=False)
    known = _newest_article(db)
    week, paper = weeks.paper_for(known, size)
    with serve(paper, faults=weeks.hiccups()) as server:
        later = f", {counted(week, 'week')} later" if week else ""
        console.print(f"A newspaper of {paper.size} numbers is open at {server.base_url}{later}.\n")
        _crawl(console, server.base_url, db, "catch up")
        if week:
            again = [f"--idx={idx}" for idx in weeks.to_see_again(paper, known)]
            _crawl(console, server.base_url, db, "recent numbers again", *again)
        else:
            _crawl(console, server.base_url, db, "the lists of all sections", "--sections")
        failed = sum(asked.fault is not None for asked in server.log)
    if failed:
        console.print(
            f"{counted(failed, 'answer')} failed on purpose (an error page, a broken connection);"
            " the crawl repeated the requests.",
            soft_wrap=True,
        )
    has_compared = _compare_texts(db)
    with Archive.open(db) as archive:
        _show(console, archive)
        edited = _edited(archive)
    _show_next_steps(console, db, edited, has_compared)


def _compare_texts(db: Path) -> bool:
    """Find reprints with changes; whether that could be done, for it needs an extra."""
    try:
        with Store.open(db) as store:
            near_duplicates.find(store, clock.now())
    except MissingLibraryError:
        return False
    return True


def _newest_article(db: Path) -> int:
    """The highest number that holds an article already; 0 in a new archive."""
    if not db.exists():
        return 0
    with Archive.open(db) as archive:
        newest: int = archive.connection.execute(
            "SELECT ifnull(max(idx), 0) FROM articles"
        ).fetchone()[0]
    return newest


def _crawl(console: Console, base_url: str, db: Path, selection: str, *options: str) -> None:
    """Run ``newscrawler crawl`` and print its summary; a crawl that fails ends the demo.

    A process of its own, since Twisted's reactor runs only once in each.
    """
    crawl = [sys.executable, "-m", "newscrawler", "crawl", "amenews", "--json", f"--db={db}"]
    settings = [f"--base-url={base_url}", "-sDOWNLOAD_DELAY=0", "-sRETRY_BACKOFF_BASE=0.1"]
    done = subprocess.run([*crawl, *settings, *options], stdout=subprocess.PIPE, check=False)
    # On a terminal the crawl itself has printed it.
    if done.stdout.strip() and not CONSOLE.is_terminal:
        summary: dict[str, Any] = json.loads(done.stdout)
        print_summary(console, {**summary, "selection": selection})
    if done.returncode not in _DONE:
        sys.exit(done.returncode)


def _show(console: Console, archive: Archive) -> None:
    """Print the state of the archive, its counts and its newest articles."""
    site = sites.load("amenews")
    found = coverage(archive.connection, site.name, site.first_idx, clock.now())
    console.print()
    console.print(verdict(found))
    console.print(f"{_counts(archive)}\n", soft_wrap=True)
    table = Table(box=None, expand=True, pad_edge=False)
    table.add_column("idx", justify="right")
    table.add_column("published", no_wrap=True)
    table.add_column("section", no_wrap=True)
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("reporters", no_wrap=True)
    articles = archive.articles(order=Order.NEWEST)
    for article, _ in zip(articles, range(_SHOWN), strict=False):
        table.add_row(
            str(article.idx),
            f"{article.published_at:%Y-%m-%d}" if article.published_at else "",
            article.section or "",
            article.title,
            ", ".join(reporter.name for reporter in article.reporters),
        )
    console.print(table)


def _counts(archive: Archive) -> str:
    first, last, articles, sections, *rest = archive.connection.execute(
        "SELECT substr(min(published_at), 1, 4), substr(max(published_at), 1, 4), count(*),"
        " count(DISTINCT section_code), count(duplicate_of),"
        " (SELECT count(DISTINCT article_id) FROM revisions WHERE number > 1),"
        " count(removed_at), (SELECT count(*) FROM near_duplicates) FROM articles"
    ).fetchone()
    names = ("printed twice", "edited later", "withdrawn later", "reprinted with changes")
    several = [f"{n} {name}" for name, n in zip(names, rest, strict=True) if n]
    head = f"{counted(articles, 'article')} of {first} to {last} in {counted(sections, 'section')}"
    return ", ".join([head, *several])


def _edited(archive: Archive) -> int | None:
    """The newest article whose text was edited, if one was."""
    row = archive.connection.execute(
        "SELECT max(a.idx) FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
        " WHERE r.number > 1"
    ).fetchone()
    edited: int | None = row[0]
    return edited


def _show_next_steps(console: Console, db: Path, edited: int | None, has_compared: bool) -> None:
    name = f"{program()} {{}}{_db_option(db)}"
    steps = ["status", "search 수소", "trend 수소 --by year", "words --section 산업가스", "report"]
    if has_compared:
        steps.insert(2, "duplicates")
    if edited is not None:
        steps.insert(2, f"diff {edited}")
    console.print(f"\nThe archive is {db}. Try:")
    for step in steps:
        console.print(f"  {name.format(step)}", soft_wrap=True)
    console.print(
        f'  sqlite3 {db} "SELECT state, count(*) FROM ledger GROUP BY state"', soft_wrap=True
    )
    if not has_compared:
        console.print(
            "To find reprints that were changed a little, and for the browser view:"
            " pip install '.[research]' in newscrawler's folder; then"
            f" {name.format('duplicates')} and {name.format('serve')}",
            soft_wrap=True,
        )
    console.print("Run the demo again to crawl the paper as it is one week later.")


def _db_option(db: Path) -> str:
    """The option that a command needs to read this archive; empty where it finds it itself."""
    try:
        found = archives.to_read().path == db
    except NoArchiveError:
        found = False
    return "" if found else f" --db {db}"
