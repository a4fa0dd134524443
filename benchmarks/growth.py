"""What a big archive costs: articles made in the database, everything timed at each size."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Results
from newscrawler import clock, open_archive, pages, sites
from newscrawler.archive.filters import Filters, Order
from newscrawler.archive.status import without_section
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Answer, Capture, Reading
from newscrawler.store.coverage import coverage, runs
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SEEDS = 400
"""Articles of the local newspaper from whose paragraphs all others are made."""
BATCH = 100
"""Looks in one transaction while the archive is being filled."""
LAST = 300
"""Articles written one by one at each size, to be timed."""


def run(largest: int, folder: Path | None = None) -> Results:
    """One archive that grows from size to size; figures at each of them."""
    found: Results = {}
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        path = Path(temporary) / "archive.db"
        maker = Maker()
        done = 0
        for size in SIZES:
            if size > largest:
                break
            began = time.perf_counter()
            with Store.open(path) as store:
                _fill(store, maker, done, size - LAST)
                write = _write(store, maker, size - LAST, size)
            found[f"{size:,}"] = {
                "ms to write an article": write,
                **_read(path, size),
                "bytes an article": path.stat().st_size / size,
                "MB of memory at most": _peak_megabytes(),
                "seconds to make": time.perf_counter() - began,
            }
            print(f"  {size:,}: {found[f'{size:,}']}", flush=True)
            done = size
    return {"sizes": found}


def _peak_megabytes() -> float:
    """Of this process since it began; ``ru_maxrss`` would count what its parent held, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Maker:
    """Looks at made-up articles: paragraphs drawn from real pages, each article another text."""

    def __init__(self) -> None:
        self._dice = random.Random(20090701)
        self._site = sites.load("amenews")
        paper = Newspaper(size=SEEDS, gap_share=0)
        router = Router(paper)
        self._readings: list[tuple[bytes, Reading]] = []
        for idx in range(1, SEEDS + 1):
            capture = self._capture(idx, router.answer("/news/view.php", f"idx={idx}").body)
            self._readings.append((capture.body, pages.read(capture, self._site)))
        self._paragraphs = [
            paragraph
            for _, reading in self._readings
            if reading.article
            for paragraph in reading.article.body.split("\n\n")
        ]

    def _capture(self, idx: int, body: bytes) -> Capture:
        url = f"http://amenews.kr/news/view.php?idx={idx}"
        headers = (("Content-Type", "text/html; charset=utf-8"), ("Server", "Apache"))
        return Capture("amenews", idx, url, clock.now(), 200, headers, body)

    def answer(self, idx: int) -> Answer:
        """An answer with a new article: another one's page with a text of its own."""
        body, reading = self._readings[idx % SEEDS]
        assert reading.article is not None
        text = "\n\n".join(self._dice.sample(self._paragraphs, 6))
        article = replace(
            reading.article, idx=idx, url=f"http://amenews.kr/news/view.php?idx={idx}", body=text
        )
        old = next(iter(reading.article.body.split("\n\n")), "")
        page = body.replace(old.encode(), text.encode(), 1) if old else body + text.encode()
        return Answer(
            "amenews",
            idx,
            clock.now(),
            self._capture(idx, page),
            replace(reading, article=article),
        )


def _fill(store: Store, maker: Maker, done: int, size: int) -> None:
    for first in range(done + 1, size + 1, BATCH):
        answers = [maker.answer(idx) for idx in range(first, min(first + BATCH, size + 1))]
        store.save_all(answers, Schedule(), parser_version=pages.PARSER_VERSION)


def _write(store: Store, maker: Maker, done: int, size: int) -> float:
    """The median time to compare and write one article, in a transaction of its own."""
    times = []
    for idx in range(done + 1, size + 1):
        answer = maker.answer(idx)
        began = time.perf_counter()
        answer.change = store.compare(answer)
        store.save(answer, Schedule(), parser_version=pages.PARSER_VERSION)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _read(path: Path, size: int) -> dict[str, float]:
    milliseconds: dict[str, float] = {}
    shares: dict[str, float] = {}
    with open_archive(path) as archive:
        connection, now = archive.connection, clock.now()

        def timed(name: str, work: Any, rounds: int = 5) -> None:
            times = []
            for _ in range(rounds):
                began = time.perf_counter()
                work()
                times.append(time.perf_counter() - began)
            milliseconds[f"ms {name}"] = 1000 * statistics.median(times)

        def first_to_ask() -> None:
            ledger = Ledger(connection, "amenews")
            ledger.count_due(now, size)
            ledger.count_asked(1, size)
            next(ledger.due(now, size), None)
            next(ledger.never_asked(size, 1), None)

        some = connection.execute("SELECT content_hash FROM articles LIMIT 1").fetchone()[0]
        same = "SELECT id FROM articles WHERE content_hash = ? AND site = ? ORDER BY idx LIMIT 1"
        timed("to start catching up", first_to_ask)
        timed("to search a rare phrase", lambda: _hits(archive, '"나루소재 청주"'))
        shares["share of articles with the common word"] = (
            archive.count(Filters(words="수소")) / size
        )
        timed("to search a common word", lambda: _hits(archive, "수소"))
        timed("the same, newest first", lambda: _hits(archive, "수소", Order.NEWEST))
        timed("to check for a reprint", lambda: connection.execute(same, [some, "amenews"]))
        timed("for status", lambda: _status(connection, now))
        timed("to read an article", lambda: archive.article(size // 2, "amenews"))
    return {**milliseconds, **shares}


def _hits(archive: Any, words: str, order: Order = Order.RELEVANCE) -> None:
    list(archive.articles(Filters(words=words), order=order, limit=20))


def _status(connection: Any, now: datetime) -> None:
    coverage(connection, "amenews", 1, now)
    runs(connection, "amenews", 5)
    without_section(connection, "amenews")
