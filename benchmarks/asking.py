"""How many requests a crawl makes, beside the least that could do."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Results
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve

SIZE = 300
NEW = (1, 12, 100)
"""Numbers given out between two crawls: an hour's, a day's, a week's."""


@dataclass(frozen=True, slots=True)
class _Desk:
    server: LocalServer
    database: Path

    def crawl(self, *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "newscrawler", "crawl", "--json"),
                *("--base-url", self.server.base_url, "--db", str(self.database)),
                *("-s", "DOWNLOAD_DELAY=0", *arguments),
            ],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        record: dict[str, Any] = json.loads(done.stdout)
        return record

    def counted(self, least: int) -> dict[str, Any]:
        """A crawl that catches up, by the server's own log; ``least`` requests would do."""
        self.server.log.clear()
        run = self.crawl()
        kinds = [_kind(asked.path, asked.idx) for asked in self.server.log]
        return {
            "numbers asked": run["asked"],
            "articles": run["articles_new"],
            "requests": len(kinds),
            "of them lists of sections": kinds.count("/news/list.php"),
            "numbers a second time": kinds.count("number") - run["asked"],
            "least": least,
            "beside them": sorted(set(kinds) - {"number"}),
        }


def run() -> Results:
    """A whole archive, then nothing to do, then a few new numbers at a time."""
    found: Results = {}
    paper = Newspaper(size=SIZE)
    with tempfile.TemporaryDirectory() as folder, serve(paper) as server:
        desk = _Desk(server, Path(folder) / "archive.db")
        found[f"the whole archive, {SIZE} numbers"] = desk.counted(SIZE)
        # The paper's newest articles are young: let what is due for a second look be looked at.
        found["nothing new"] = desk.counted(1)
        for count in NEW:
            paper.publish(count)
            found[f"{count} new"] = desk.counted(count + 1)
    return {"crawls": found}


def _kind(path: str, idx: int | None) -> str:
    if idx is None:
        return path
    return "number" if idx < 2_000_000_000 else "the impossible number"
