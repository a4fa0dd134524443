"""Whole crawls of the local newspaper that somebody disturbs: faults, gone-wrong sites, disks."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from newscrawler.demo.audit import contents, manners
from newscrawler.demo.faults import TRANSIENT, Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import Asked, LocalServer, serve
from scripts.torture.table import Row

QUICK = ("-s", "RETRY_BACKOFF_BASE=0.05", "-s", "BREAKER_PAUSE=0.2")


class Crawls:
    """A paper of ``size`` numbers, the archive of a calm crawl of it, and the disturbed ones."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.calm = folder / "calm.db"
        with self.paper() as server:
            assert self.crawl(server, self.calm)["exit_code"] == 0

    @contextmanager
    def paper(self, faults: Faults | None = None) -> Iterator[LocalServer]:
        newspaper = Newspaper(size=self.size, skin="mixed", gap="alert")
        with serve(newspaper, faults=faults) as server:
            server.robots = "User-agent: *\nDisallow: /bbs/\nDisallow: /company/\n"
            yield server

    def rows(self) -> Iterator[Row]:
        """Every case, in order."""
        for case in (
            *(self.faults, self.gone_wrong, self.everything_missing),
            *(self.disk_full, self.held, self.two_at_once),
        ):
            yield from case()

    def arguments(self, server: LocalServer, db: Path, *more: str) -> list[str]:
        """Of ``newscrawler``, for a crawl of all numbers."""
        base = ["--base-url", server.base_url, "--range", f"1-{self.size}", "--json"]
        return ["crawl", *base, *QUICK, "-s", "DOWNLOAD_DELAY=0", *more, "--db", str(db)]

    def command(self, server: LocalServer, db: Path, *more: str) -> list[str]:
        return [sys.executable, "-m", "newscrawler", *self.arguments(server, db, *more)]

    def crawl(self, server: LocalServer, db: Path, *more: str, **popen: Any) -> dict[str, Any]:
        done = subprocess.run(
            self.command(server, db, *more),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            **popen,
        )
        if not done.stdout:
            return {"exit_code": done.returncode, "diagnosis": done.stderr.strip()}
        summary: dict[str, Any] = json.loads(done.stdout)
        return summary

    def equal(self, db: Path) -> bool:
        """The same rows as the crawl that nobody disturbed, and whole by the archive's own word."""
        verify = [sys.executable, "-m", "newscrawler", "verify", "--db", str(db)]
        whole = subprocess.run(verify, capture_output=True, check=False).returncode == 0
        return whole and contents(db) == contents(self.calm)

    # -- the cases ------------------------------------------------------------

    def faults(self) -> Iterator[Row]:
        db = self.folder / "faults.db"
        # A wrong charset label is left out: the bytes differ then, and with them the capture.
        kinds = tuple(kind for kind in TRANSIENT if "euckr" not in kind)
        faults = Faults(share=0.3, kinds=kinds, retry_after=1, delay=0.2, spare=())
        with self.paper(faults) as server:
            runs = [self.crawl(server, db, "-s", "DOWNLOAD_DELAY=0.02")]
            while runs[-1]["exit_code"] == 3 and len(runs) < 10:
                runs.append(self.crawl(server, db, "-s", "DOWNLOAD_DELAY=0.02"))
            log = list(server.log)
        drawn = Counter(asked.fault for asked in log if asked.fault)
        told = ", ".join(f"{count} {kind}" for kind, count in drawn.most_common())
        yield Row(
            "30 % of answers faulty",
            f"{len(log)} requests for {self.size} numbers, {drawn.total()} faults ({told}),"
            f" {len(runs)} run(s); archive equal, row by row",
            self.equal(db) and runs[-1]["exit_code"] == 0,
        )
        seen = manners(log, ["/bbs/", "/company/"])
        yield Row("— robots.txt was asked first", "by the server's log", seen.robots_first)
        yield Row(
            "— never two requests at once", f"at most {seen.most_at_once}", seen.most_at_once == 1
        )
        yield Row(
            "— never inside a Retry-After",
            f"{sum(a.retry_after is not None for a in log)} asked for rest,"
            f" {seen.inside_retry_after} requests came too early",
            seen.inside_retry_after == 0,
        )
        yield Row("— no path that robots.txt disallows", f"{seen.forbidden}", seen.forbidden == 0)
        yield Row(
            "— the delay's floor of 20 ms is kept",
            f"shortest pause {seen.shortest_pause * 1000:.1f} ms",
            seen.shortest_pause >= 0.0195,
        )

    def gone_wrong(self) -> Iterator[Row]:
        cases = {
            "block": "a block page under 200",
            "forbidden": "403 for everything",
            "down": "503 for everything",
            "refuse": "the server stops listening",
            "redesign": "a redesign of all article pages",
            "robots_5xx": "robots.txt answers 503",
        }
        for kind, told in cases.items():
            db = self.folder / f"{kind}.db"
            start = 0 if kind == "robots_5xx" else 100
            with self.paper(Faults.always(kind, from_request=start)) as server:
                summary = self.crawl(server, db)
                spent = sum(asked.fault is not None for asked in server.log)
                wrong = mislabelled(db, server.newspaper)
            yield Row(
                f"{told}: exit code {summary['exit_code']}",
                f"{spent} requests into it, {wrong} numbers mislabelled; “{summary['diagnosis']}”",
                summary["exit_code"] == 4 and wrong == 0 and spent <= 40,
            )

    def everything_missing(self) -> Iterator[Row]:
        db = self.folder / "missing.db"
        with self.paper() as server:
            self.crawl(server, db, "--max-requests", "100")
            before = dict(states(db))
            truth = {t.idx: t.state for t in server.newspaper.truths()}
            for idx, state in truth.items():
                if state == "article":
                    server.newspaper.withdraw(idx, "alert")
            summary = self.crawl(server, db)
        after = states(db)
        wrong = sum(after[idx] == "missing" != truth[idx] for idx in after)
        kept = all(after[idx] == state for idx, state in before.items())
        yield Row(
            f"every article answers “no such article”: exit code {summary['exit_code']}",
            f"{wrong} numbers mislabelled; “{summary['diagnosis']}”",
            summary["exit_code"] == 4 and wrong == 0 and kept,
        )

    def disk_full(self) -> Iterator[Row]:
        db = self.folder / "full.db"
        limit = 3_000_000

        def small_disk() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with self.paper() as server:
            summary = self.crawl(server, db, preexec_fn=small_disk)
            kept = len(states(db))
            again = self.crawl(server, db)
        yield Row(
            f"the disk is full after {limit / 1e6:.1f} MB: exit code {summary['exit_code']}",
            f"{kept} numbers were committed and stay; with room again the archive ends equal",
            summary["exit_code"] == 6 and kept > 0 and again["exit_code"] == 0 and self.equal(db),
        )

    def held(self) -> Iterator[Row]:
        """Somebody else's transactions: a reader and a writer when the crawl begins, for ten
        seconds, and a reader from the sixth request to the end."""
        db = self.folder / "held.db"
        with self.paper() as server:
            self.crawl(server, db, "--max-requests", "50")
            asked = len(server.log)
            early = [sqlite3.connect(db, isolation_level=None, check_same_thread=False)]
            early += [sqlite3.connect(db, isolation_level=None, check_same_thread=False)]
            early[0].execute("BEGIN")
            early[0].execute("SELECT count(*) FROM articles").fetchone()
            early[1].execute("BEGIN IMMEDIATE")
            for connection in early:
                threading.Timer(10, partial(connection.execute, "ROLLBACK")).start()
            late = threading.Thread(target=_read_throughout, args=(db, server.log, asked))
            late.start()
            summary = self.crawl(server, db)
            late.join()
            for connection in early:
                connection.close()
        yield Row(
            "a reader and a foreign writer for 10 s at the start, a reader for 300 requests",
            f"exit code {summary['exit_code']}; archive equal, row by row",
            summary["exit_code"] == 0 and self.equal(db),
        )

    def two_at_once(self) -> Iterator[Row]:
        db = self.folder / "two.db"
        with self.paper() as server:
            first = subprocess.Popen(
                self.command(server, db, "-s", "DOWNLOAD_DELAY=0.05"), stdout=subprocess.DEVNULL
            )
            wait_until(lambda: len(server.log) > 5)
            second = self.crawl(server, db)
            first.wait()
        yield Row(
            f"a second crawl on the same database: exit code {second['exit_code']}",
            "it says which process holds it; the first one ends equal",
            second["exit_code"] == 5
            and f"process {first.pid}" in second["diagnosis"]
            and self.equal(db),
        )


def _read_throughout(db: Path, log: list[Asked], asked: int) -> None:
    wait_until(lambda: len(log) > asked + 5)
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        wait_until(lambda: len(log) > asked + 300, seconds=120.0)


def mislabelled(db: Path, newspaper: Newspaper) -> int:
    """Settled numbers whose state is not what the paper published."""
    settled = ("article", "missing", "removed", "restricted")
    return sum(
        state in settled and state != newspaper.truth(idx).state
        for idx, state in states(db).items()
    )


def states(db: Path) -> dict[int, str]:
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return dict(connection.execute("SELECT idx, state FROM ledger").fetchall())
    finally:
        connection.close()


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("waited in vain")
        time.sleep(0.01)
