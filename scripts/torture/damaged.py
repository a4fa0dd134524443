"""Archives with flipped bytes, through every command that reads one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from newscrawler.demo.damage import trials
from scripts.torture import commands
from scripts.torture.table import Row


def rows(
    sound: Path, folder: Path, count: int, seed: int, is_over: Callable[[], bool]
) -> Iterator[Row]:
    """Damage ``count`` copies of an archive, fewer if time is up."""
    copy = folder / "sound.db"
    with closing(sqlite3.connect(sound)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    done = found = harmless = silent = 0
    troubles: Counter[str] = Counter()
    for trial in trials(copy, folder, count, seed, commands.run):
        done += 1
        found += trial.found
        harmless += not trial.found and trial.harmless
        if not trial.found and not trial.harmless:
            silent += 1
            print(f"damaged-{trial.number}: not found, but differs: {trial.differing}", flush=True)
        troubles.update(trial.tracebacks)
        if trial.tracebacks:
            print(f"damaged-{trial.number}: tracebacks of {trial.tracebacks}", flush=True)
        if is_over():
            break
    told = ", ".join(f"{times} of {name}" for name, times in troubles.most_common())
    yield Row(
        f"{done} archives with flipped bytes, through every command",
        f"{found} found by `verify`, {harmless} harmless (every command says the same as of the"
        f" sound one), {silent} neither; {troubles.total()} tracebacks or commands without an end"
        f"{f' ({told})' if told else ''}",
        not troubles and not silent,
    )
