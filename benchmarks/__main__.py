"""``python -m benchmarks [PART …]``: measure, and write ``docs/benchmarks.md`` and ``.json``.

Parts: speed, extraction, room, growth, start, requests; all of them if none is named.
What is not measured this time stays in the record as it was.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks import asking, extraction, growth, report, room, speed, start
from benchmarks.measure import Results, machine
from newscrawler import clock

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument("parts", nargs="*", metavar="PART", choices=[*report.TITLES, []])
    ask.add_argument("--rounds", type=int, default=5, help="of each; the median counts")
    ask.add_argument(
        "--pages", type=int, default=10_000, help="of a crawl; a local paper keeps 12,000 ready"
    )
    ask.add_argument("--largest", type=int, default=100_000, help="articles; 1000000 takes long")
    ask.add_argument(
        "--short", action="store_true", help="two rounds of few pages: minutes, not an hour"
    )
    ask.add_argument("--docs", type=Path, default=DOCS, help="where the record stands")
    given = ask.parse_args()
    sample = 200
    sizes: tuple[int, ...] = room.PAGES_KB
    if given.short:
        given.rounds, given.pages, given.largest = 2, 1_500, 10_000
        sample = 50
        sizes = (6, 40)
    parts: dict[str, Callable[[], Results]] = {
        "speed": partial(speed.run, given.rounds, given.pages),
        "extraction": partial(extraction.run, given.rounds, sample),
        "room": partial(room.run, given.rounds, given.pages, sizes),
        "growth": partial(growth.run, given.largest),
        "start": partial(start.run, 2 * given.rounds),
        "requests": asking.run,
    }
    record = given.docs / "benchmarks.json"
    results = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for name in given.parts or parts:
        print(f"{report.TITLES[name]} …", flush=True)
        origin = {"at": clock.to_text(clock.now()), "machine": machine()}
        # Each in a process of its own: what one leaves in memory is no concern of the next.
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            results[name] = {**origin, **alone.submit(parts[name]).result()}
        record.write_text(
            json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        (given.docs / "benchmarks.md").write_text(report.render(results), encoding="utf-8")
        print(report.render({name: results[name]}).removeprefix(report.HEAD), flush=True)


if __name__ == "__main__":
    main()
