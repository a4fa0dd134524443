"""Crawls that are killed at random moments, by thousands."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from newscrawler.demo.audit import contents
from newscrawler.demo.server import LocalServer
from scripts.torture import commands
from scripts.torture.crawls import Crawls
from scripts.torture.table import Row

_STARTING = 0.2
"""Share of the runs that are killed while they start."""
_START_S = 0.7
_MOST_ASKED = 40
"""The others are killed after up to so many requests, at any moment of a request."""
_REQUEST_S = 0.05
_LONGEST_S = 30.0
"""A run that sends nothing for so long is killed as well."""
_DELAY = ("-s", "DOWNLOAD_DELAY=0.02")


def rows(crawls: Crawls, count: int, seed: int, is_over: Callable[[], bool]) -> Iterator[Row]:
    """Kill ``count`` runs, fewer if time is up. Each archive is killed until it is nearly done,
    then crawled to its end and compared."""
    dice = random.Random(seed)
    killed = archives = lost = twice = unequal = asked = 0
    while killed < count and not is_over():
        db = crawls.folder / f"kills-{archives}.db"
        archives += 1
        with crawls.paper() as server:
            command = crawls.arguments(server, db, *_DELAY)
            while killed < count and not is_over() and _asked(server) < 0.97 * crawls.size:
                killed += _kill(command, crawls.folder, dice, server)
            asked += _asked(server)
            commands.run(command)
            twice += _articles_asked_twice(server)
        kept = {row[1] for row in contents(db)["ledger"]}
        lost += crawls.size - len(kept)
        unequal += not crawls.equal(db)
        db.unlink()
    yield Row(
        f"{killed:,} times kill -9 at random moments",
        f"{archives} archives of {crawls.size} numbers each: {lost} numbers lost, {unequal}"
        f" archives unequal to an undisturbed one; the runs that were killed had asked for"
        f" {asked:,} numbers, {twice} articles of all were asked for twice",
        lost == 0 and unequal == 0 and twice <= killed,
    )


def _asked(server: LocalServer) -> int:
    return len({asked.idx for asked in server.log if asked.idx})


def _articles_asked_twice(server: LocalServer) -> int:
    """The newest, which each run looks at first, and gaps, which are proven, apart."""
    paper = server.newspaper
    numbers = [
        asked.idx
        for asked in server.log
        if asked.idx and asked.idx < paper.newest_idx and paper.truth(asked.idx).state == "article"
    ]
    return len(numbers) - len(set(numbers))


def _kill(command: list[str], folder: Path, dice: random.Random, server: LocalServer) -> int:
    """Start a crawl and kill it; whether it was still running."""
    process = commands.start(command, folder / "out", folder / "err")
    if dice.random() < _STARTING:
        time.sleep(dice.uniform(0, _START_S))
    else:
        until = len(server.log) + dice.randint(1, _MOST_ASKED)
        deadline = time.monotonic() + _LONGEST_S
        while process.exitcode is None and len(server.log) < until:
            if time.monotonic() > deadline:
                break
            time.sleep(0.002)
        time.sleep(dice.uniform(0, _REQUEST_S))
    was_running = process.exitcode is None
    process.kill()
    process.join()
    return was_running
