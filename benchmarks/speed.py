"""The whole crawl against bare Scrapy: same pages, same server, same concurrency, in turns.

Beside both the limit: the same requests by an HTTP client without Scrapy.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Results, Server, median, newspaper, remove

CONCURRENCY = 16
LIMIT, BARE, WHOLE = "HTTP client alone (the limit)", "bare Scrapy", "newscrawler"
_OVERDUE = 900
"""Seconds after which a crawl of ten thousand pages has gone wrong."""
MODULES = {LIMIT: "benchmarks.client", BARE: "benchmarks.bare", WHOLE: "benchmarks.whole"}


def run(rounds: int, pages: int, boilerplate: int = 40_000) -> Results:
    """Medians of so many rounds of each, and of the ratio within a round; on all cores and with
    each rival on one core alone."""
    found: Results = {"pages": pages, "concurrency": CONCURRENCY, "rounds": rounds}
    with (
        newspaper(pages, boilerplate=boilerplate) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        database = Path(folder) / "archive.db"
        for cores, ratio in (("", "ratio"), (" on one core", "ratio on one core")):
            took: dict[str, list[dict[str, float]]] = {name: [] for name in MODULES}
            for _ in range(rounds):
                remove(database)
                for name in MODULES:
                    given = [str(database)] if name == WHOLE else []
                    took[name].append(_timed(server, name, pages, given, one_core=bool(cores)))
            found |= {f"{name}{cores}": median(records) for name, records in took.items()}
            found[ratio] = median(
                [
                    {"ratio": whole["pages/s"] / bare["pages/s"]}
                    for whole, bare in zip(took[WHOLE], took[BARE], strict=True)
                ]
            )["ratio"]
    return found


def _timed(
    server: Server, name: str, pages: int, given: list[str], *, one_core: bool
) -> dict[str, float]:
    served, spent = server.cpu, _spent()
    command = [sys.executable, "-m", MODULES[name], server.base_url, "1", str(pages)]
    done = subprocess.run(
        [*command, str(CONCURRENCY), *given],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=_OVERDUE,
        preexec_fn=_to_one_core if one_core else None,
    )
    record = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "pages/s": record["pages"] / record["seconds"],
        "ms of processor a page": 1000 * record["cpu"] / record["pages"],
        "the same of all its processes": 1000 * (_spent() - spent) / record["pages"],
        "KB a page": record["bytes"] / record["pages"] / 1000,
        "server's share of a core": (server.cpu - served) / record["seconds"],
    }


def _spent() -> float:
    """Seconds of processor time of all processes that have ended, their start included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _to_one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
