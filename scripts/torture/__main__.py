"""Runs the parts of the torture and writes what they measured into docs/reliability.md.

    make torture
    make torture TORTURE='--only kills --kills 1000'

Each part replaces its own section of the page; the others stay as they were measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from scripts.torture import damaged, environments, kills, mutations
from scripts.torture.crawls import Crawls
from scripts.torture.table import PARTS, Row, write

SEED = 20
SIZE = 400


def main() -> int:
    asked = _arguments()
    started = time.monotonic()

    def is_over() -> bool:
        return time.monotonic() - started > 60 * float(asked.minutes)

    holds = True
    with tempfile.TemporaryDirectory() as folder:
        calm = cache(partial(Crawls, Path(folder), SIZE))
        for part in asked.only:
            rows: list[Row] = []
            for row in _rows(part, calm, asked, is_over):
                rows.append(row)
                print("holds " if row.holds else "FAILS ", row.what, "|", row.figures, flush=True)
                holds &= row.holds
            write(part, rows)
    return 0 if holds else 1


def _rows(
    part: str, calm: Callable[[], Crawls], asked: argparse.Namespace, is_over: Callable[[], bool]
) -> Iterator[Row]:
    if part == "mutations":
        return mutations.rows(asked.answers, asked.seed, asked.processes)
    crawls = calm()
    if part == "crawls":
        return crawls.rows()
    if part == "environments":
        return environments.rows(crawls)
    if part == "kills":
        return kills.rows(crawls, asked.kills, asked.seed, is_over)
    return damaged.rows(crawls.calm, crawls.folder, asked.archives, asked.seed, is_over)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.torture", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--archives", type=int, default=200, help="with flipped bytes")
    parser.add_argument("--answers", type=int, default=100_000, help="damaged")
    parser.add_argument("--minutes", type=float, default=120, help="no kill or archive after them")
    parser.add_argument("--seed", type=int, default=SEED, help="of kills, answers and archives")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
