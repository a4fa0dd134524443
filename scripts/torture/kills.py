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

_LONGEST_S = 0.7
"""A run is killed up to so long after it was started, its start included."""
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
                killed += _kill(command, crawls.folder, dice.uniform(0, _LONGEST_S))
            asked += _asked(server)
            commands.run(command)
            numbers = [a.idx for a in server.log if a.idx and a.idx <= crawls.size]
        # Of a paper that was never given out, one number is asked to learn how gaps answer.
        twice += len(numbers) - len(set(numbers))
        kept = {row[1] for row in contents(db)["ledger"]}
        lost += crawls.size - len(kept)
        unequal += not crawls.equal(db)
        db.unlink()
    yield Row(
        f"{killed:,} times kill -9 at random moments",
        f"{archives} archives of {crawls.size} numbers each, every run killed within"
        f" {_LONGEST_S:g} s of its start: {lost} numbers lost, {unequal} archives"
        f" unequal to an undisturbed one; {asked:,} numbers were asked for by runs that were"
        f" killed, {twice} of all twice",
        lost == 0 and unequal == 0 and twice <= killed,
    )


def _asked(server: LocalServer) -> int:
    return len({asked.idx for asked in server.log if asked.idx})


def _kill(command: list[str], folder: Path, seconds: float) -> int:
    """Start a crawl and kill it; whether it was still running."""
    process = commands.start(command, folder / "out", folder / "err")
    time.sleep(seconds)
    was_running = process.exitcode is None
    process.kill()
    process.join()
    return was_running
