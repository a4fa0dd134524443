"""An archive of a local newspaper without a network: its real pages through the real stages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawler import pages
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Answer, Capture, Reading
from newscrawler.pipelines import DedupePipeline, ParsePipeline, ValidatePipeline
from newscrawler.store.answers import KeepCaptures, Saved
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

AT = datetime(2026, 7, 2, 3, 0, 0, tzinfo=UTC)


class Reader:
    """Reads numbers of a paper and saves the results, a minute after each other."""

    def __init__(self, paper: Newspaper, store: Store, at: datetime = AT) -> None:
        self.paper = paper
        self.store = store
        self.at = at
        self._router = Router(paper)
        store.note_newest("amenews", paper.newest_idx)
        run_id = store.runs.begin("amenews", "range", {}, at)
        store.runs.update(run_id, {"newest": paper.newest_idx})

    def capture(self, idx: int) -> Capture:
        answer = self._router.answer("/news/view.php", f"idx={idx}")
        headers = (("Content-Type", answer.content_type), ("Server", "Apache"), *answer.headers)
        url = f"http://127.0.0.1:8000/news/view.php?idx={idx}"
        return Capture("amenews", idx, url, self.at, answer.status, headers, answer.body)

    def fetch(self, idx: int, keep: KeepCaptures = KeepCaptures.CHANGED) -> Saved:
        return self.save(self.capture(idx), keep)

    def save(
        self,
        capture: Capture,
        keep: KeepCaptures = KeepCaptures.CHANGED,
        older: Callable[[Reading], Reading] | None = None,
    ) -> Saved:
        """Save an answer, as an ``older`` parser has read it if one is given."""
        self.at += timedelta(minutes=1)
        answer = Answer("amenews", capture.idx, capture.fetched_at, capture)
        answer = ValidatePipeline().process_item(ParsePipeline().process_item(answer))
        version = pages.PARSER_VERSION
        if older and answer.reading:
            answer.reading = older(answer.reading)
            version -= 1
        answer = DedupePipeline(self.store).process_item(answer)
        return self.store.save(answer, Schedule(), parser_version=version, keep=keep)


def archive(path: Path, paper: Newspaper, keep: KeepCaptures = KeepCaptures.CHANGED) -> Path:
    """An archive of every number that the paper has given out."""
    with Store.open(path) as store:
        reader = Reader(paper, store)
        for idx in range(paper.first_idx, paper.newest_idx + 1):
            reader.fetch(idx, keep)
    return path


def copy_of(path: Path, copy: Path) -> Path:
    """Copy an archive, with what is in its write-ahead log; returns the copy's path."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
