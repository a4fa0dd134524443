"""Many papers on several machines, killed, frozen and cut off: measures what a fleet promises.

    python -m scripts.torture_fleet [--papers N] [--size N] [--machines N] [ROW]…

Dask workers with a folder each stand for machines; papers, object store and
scheduler are on loopback. Each row replaces its lines in the second part of
docs/reliability.md. All rows take about 25 minutes.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.torture.table import Row
from scripts.torture_fleet import depot, lake, runs
from scripts.torture_fleet.fleet import Fleet
from scripts.torture_fleet.table import write

CASES: Mapping[str, Callable[[Fleet], Iterator[Row]]] = {
    "undisturbed": runs.undisturbed,
    "killed": runs.killed,
    "frozen": runs.frozen,
    "scheduler": runs.scheduler,
    "away": runs.away,
    "races": depot.races,
    "cost": depot.cost,
    "weight": depot.weight,
    "alone": runs.alone,
    "drivers": runs.drivers,
    "lane": runs.lane,
    "lake": lake.lake,
    "gone": runs.gone,
}
"""The rows, in the order of the page."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", metavar="ROW", nargs="*", choices=[*CASES, []], default=[])
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--size", type=int, default=120, help="numbers of a paper")
    parser.add_argument("--machines", type=int, default=3)
    parser.add_argument("--slice", type=float, default=60, metavar="S", help="seconds")
    parser.add_argument("--kill-every", type=float, default=8, metavar="S", help="seconds")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    # A time-out from outside must leave no worker behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    all_hold = True
    try:
        fleet = Fleet(
            folder, given.papers, given.size, given.machines, given.slice, given.kill_every
        )
        for name in given.rows or CASES:
            measured = list(CASES[name](fleet))
            for row in measured:
                print("holds " if row.holds else "FAILS ", row.what, "|", row.figures, flush=True)
            write(name, measured, order=list(CASES))
            all_hold &= all(row.holds for row in measured)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
