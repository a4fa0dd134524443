"""The room that an article takes with everything, and how fast captures are read again."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.measure import Results, tree_of
from newscrawler import Archive, open_archive, pages, sites
from newscrawler.archive.reparse.reread import Rereader
from newscrawler.archive.reparse.run import BATCH
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Answer, Capture
from newscrawler.pipelines import DedupePipeline, ParsePipeline, ValidatePipeline
from newscrawler.store.compression import Unpacker
from newscrawler.store.connection import connect_reader
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

PAGES_KB = (6, 40, 70, 100)
_BATCH = 50

_ARTICLE, _CAPTURE, _REST = "article and its parts", "capture", "ledger, other indexes"
_PARTS = {
    "pairs_not_words": "search index",
    "articles_by": _REST,
    "article_": _ARTICLE,
    "articles": _ARTICLE,
    "images": _ARTICLE,
    "revision_texts": _ARTICLE,
    "captures_by": _REST,
    "captures": _CAPTURE,
    "dictionaries": _CAPTURE,
}
"""What a table or an index belongs to, by how its name begins; the first that fits."""


def run(rounds: int, count: int, sizes: Sequence[int] = PAGES_KB) -> Results:
    """For pages of each size: bytes an article, by table; unpacking; reading again."""
    found: Results = {}
    for kilobytes in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "archive.db"
            make(path, count, max(0, kilobytes * 1000 - 6000))
            found[f"{kilobytes} KB"] = {
                **_room(path),
                "ms to unpack a capture": _unpacking(path),
                "pages/s a core to read again": _reading_again(path, rounds),
                "pages/s a core, lxml alone (the limit)": _parsing_alone(path, rounds),
            }
    return {"numbers": count, "pages": found}


def make(path: Path, count: int, boilerplate: int) -> None:
    paper = Newspaper(size=count, boilerplate=boilerplate)
    router = Router(paper)
    with Store.open(path) as store:
        store.note_newest("amenews", count)
        stages = (ParsePipeline(), ValidatePipeline(), DedupePipeline(store))
        for first in range(1, count + 1, _BATCH):
            answers = []
            for idx in range(first, min(first + _BATCH, count + 1)):
                capture = _capture(router, idx)
                answer = Answer("amenews", idx, capture.fetched_at, capture)
                for stage in stages:
                    answer = stage.process_item(answer)
                answers.append(answer)
            store.save_all(answers, Schedule(), parser_version=pages.PARSER_VERSION)


def _capture(router: Router, idx: int) -> Capture:
    from newscrawler.clock import now

    answer = router.answer("/news/view.php", f"idx={idx}")
    # What a PHP site sends.
    headers = (
        ("Date", "Thu, 02 Jul 2026 03:00:00 GMT"),
        ("Server", "Apache"),
        ("X-Powered-By", "PHP/5.3.29"),
        ("Set-Cookie", f"PHPSESSID={hash((idx, 'session')) & (2**120 - 1):026x}; path=/"),
        ("Expires", "Thu, 19 Nov 1981 08:52:00 GMT"),
        ("Cache-Control", "no-store, no-cache, must-revalidate"),
        ("Content-Type", answer.content_type),
        *answer.headers,
    )
    url = f"http://amenews.kr/news/view.php?idx={idx}"
    return Capture("amenews", idx, url, now(), answer.status, headers, answer.body)


def _room(path: Path) -> dict[str, float]:
    connection = sqlite3.connect(path)
    try:
        articles, page_bytes = connection.execute(
            "SELECT count(*), sum(body_length) FROM captures WHERE verdict = 'article'"
        ).fetchone()
        tables = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    finally:
        connection.close()
    room = dict.fromkeys(_PARTS.values(), 0) | {_REST: 0}
    for name, size in tables:
        part = next((part for prefix, part in _PARTS.items() if name.startswith(prefix)), _REST)
        room[part] += size
    whole = path.stat().st_size
    return {
        "bytes of a page": page_bytes / articles,
        **{f"bytes: {part}": size / articles for part, size in room.items()},
        "bytes of all": whole / articles,
        "share: article and capture": (room[_ARTICLE] + room[_CAPTURE]) / page_bytes,
        "share of all": whole / page_bytes,
    }


def _some(archive: Archive) -> list[sqlite3.Row]:
    """Captures of articles, with the columns that unpacking needs."""
    return archive.connection.execute(
        "SELECT headers, body, body_length, dictionary_id, digest FROM captures"
        " WHERE verdict = 'article' AND revisit_of IS NULL LIMIT 500"
    ).fetchall()


def _unpacking(path: Path) -> float:
    with open_archive(path) as archive:
        rows, unpacker = _some(archive), Unpacker(archive.connection)
        unpacker.answer(rows[-1])
        times = []
        for row in rows:
            began = time.perf_counter()
            unpacker.answer(row)
            times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _reading_again(path: Path, rounds: int) -> float:
    """Captures a second of processor time, as the processes of ``reparse`` read them.

    Not by the clock on the wall: it counts what else the machine does.
    """
    site = sites.load("amenews")
    speeds = []
    with closing(connect_reader(path)) as connection:
        fingerprints = Ledger(connection, site.name).gap_fingerprints()
        rereader = Rereader(connection, site, fingerprints)
        rows = connection.execute("SELECT DISTINCT idx FROM captures WHERE site = ?", [site.name])
        idxs = [idx for (idx,) in rows]
        for _ in range(rounds + 1):
            began, captures = time.process_time(), 0
            for first in range(0, len(idxs), BATCH):
                found = rereader.read(idxs[first : first + BATCH])
                captures += sum(len(number.captures) for number in found)
            speeds.append(captures / (time.process_time() - began))
    return statistics.median(speeds[1:])  # the first one loads and learns


def _parsing_alone(path: Path, rounds: int) -> float:
    """The limit: trees of the same pages a second, without unpacking or reading them."""
    with open_archive(path) as archive:
        unpacker = Unpacker(archive.connection)
        bodies = [unpacker.answer(row)[1] for row in _some(archive)]
    speeds = []
    for _ in range(rounds + 1):
        began = time.process_time()
        for body in bodies:
            tree_of(body)
        speeds.append(len(bodies) / (time.process_time() - began))
    return statistics.median(speeds[1:])
