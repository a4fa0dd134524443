"""The whole crawl against bare Scrapy: same pages, same server, same concurrency, in turns."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Results, Server, median, newspaper, remove

CONCURRENCY = 16


def run(rounds: int, pages: int, furniture: int = 40_000) -> Results:
    """Medians of so many rounds of each, and of the ratio within a round."""
    bare, whole, ratios = [], [], []
    with newspaper(pages, furniture=furniture) as server, tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "archive.db"
        for _ in range(rounds):
            bare.append(_timed(server, "benchmarks.bare", pages))
            remove(database)
            whole.append(_timed(server, "benchmarks.whole", pages, str(database)))
            ratios.append({"ratio": whole[-1]["pages/s"] / bare[-1]["pages/s"]})
    return {
        "pages": pages,
        "concurrency": CONCURRENCY,
        "rounds": rounds,
        "bare Scrapy": median(bare),
        "newscrawler": median(whole),
        "ratio": median(ratios)["ratio"],
    }


def _timed(server: Server, module: str, pages: int, *arguments: str) -> dict[str, float]:
    before = server.cpu
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            module,
            server.base_url,
            "1",
            str(pages),
            str(CONCURRENCY),
            *arguments,
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    record = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "pages/s": record["pages"] / record["seconds"],
        "ms of processor a page": 1000 * record["cpu"] / record["pages"],
        "KB a page": record["bytes"] / record["pages"] / 1000,
        "server's share of a core": (server.cpu - before) / record["seconds"],
    }
