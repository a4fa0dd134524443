"""Reads every capture again with the current parser, on all cores, without a request.

Worker processes read, decompress, parse and compare; only this process writes. Numbers are
processed in batches, each in one transaction, so a run that was killed continues where it stopped:
captures read by this version of the parser are not read again.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawler import clock, pages
from newscrawler.archive.reparse import pool
from newscrawler.archive.reparse.apply import Corrections
from newscrawler.archive.reparse.compare import RereadNumber
from newscrawler.archive.reparse.reread import Rereader
from newscrawler.exceptions import DamagedArchiveError, ReplayError
from newscrawler.sites import Site
from newscrawler.store.connection import Connection, connect_reader
from newscrawler.store.ledger import Ledger
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

BATCH = 100
"""Numbers in a batch: some 60 ms of parsing."""

_AHEAD = 3
"""Batches in progress for each process: enough that none waits, few enough for little memory."""

_EXAMPLES = 3

Progress = Callable[[int, int], None]
"""Called with how many numbers are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value that this parser reads differently."""

    idx: int
    before: Any
    after: Any


@dataclass(slots=True)
class Tally:
    """The counts of a re-parse."""

    numbers: int = 0
    captures: int = 0
    unchanged: int = 0
    """Articles without a change."""
    corrected: int = 0
    """Articles with a changed field."""
    discovered: int = 0
    """Articles in answers that were not understood before."""
    revisions_corrected: int = 0
    """Articles with a changed earlier text."""
    revisions_added: int = 0
    """Texts that were not distinguished before."""
    lost: dict[int, str] = field(default_factory=dict)
    """Stored articles that this parser cannot read, and why; they stay unchanged."""
    damaged: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Numbers with a damaged capture, and what is wrong; they stay unchanged."""
    fields: Counter[str] = field(default_factory=Counter)
    """Articles by field that changes."""
    states: Counter[str] = field(default_factory=Counter)
    """Numbers by their new state."""
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(self, finding: RereadNumber) -> None:
        self.numbers += 1
        self.captures += len(finding.captures)
        self.unchanged += finding.confirmed
        if finding.damaged:
            self.damaged[finding.idx] = finding.damaged
        if finding.lost is not None:
            self.lost[finding.idx] = finding.lost
        if finding.settlement:
            self.states[finding.settlement.state] += 1
        if finding.seen:
            self.discovered += 1
        elif finding.article:
            self.corrected += 1
        if finding.revisions and not finding.seen:
            self.revisions_added += finding.added
            self.revisions_corrected += len(finding.revisions) > 1 + finding.added
        for name in finding.changed:
            self.fields[name] += 1
            examples = self.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES:
                before, after = (getattr(a, name) for a in (finding.before, finding.article))
                examples.append(Example(finding.idx, before, after))


def waiting(connection: Connection, site: str, *, everything: bool = False) -> int:
    """How many numbers have captures that this version of the parser has not read."""
    row = connection.execute(
        f"SELECT count(*) FROM ({_STALE} UNION {_UNKNOWN})", _values(site, 0, everything)
    ).fetchone()
    return int(row[0])


def replay(
    path: Path,
    paper: Site,
    *,
    store: Store | None,
    schedule: Schedule,
    jobs: int | None = None,
    everything: bool = False,
    progress: Progress = lambda done, of: None,
) -> Tally:
    """Read the captures of a site again.

    Args:
        path: the archive.
        paper: the paper, by its current site file.
        store: the same archive, open for writing; ``None``: count only.
        schedule: when newly settled numbers are requested again.
        jobs: number of processes; default: one for each core.
        everything: also what this version of the parser has read before.

    Raises:
        ReplayError: a process died.
        StoreError: the archive cannot be written.
    """
    tally = Tally()
    site = paper.name
    corrections = store and Corrections(store, site, schedule, pages.PARSER_VERSION, clock.now())
    connection = connect_reader(path)
    try:
        total = waiting(connection, site, everything=everything)
        batches = _batches(connection, site, everything)
        for findings in _read(path, paper, batches, jobs or os.cpu_count() or 1):
            if corrections:
                corrections.write(findings)
            for finding in findings:
                tally.add(finding)
            progress(tally.numbers, total)
    except sqlite3.DatabaseError as error:
        raise DamagedArchiveError(f"{path} cannot be read: {error}") from error
    finally:
        connection.close()
    return tally


_STALE = (
    "SELECT idx FROM (SELECT DISTINCT idx FROM captures WHERE site = :site AND idx > :after"
    " AND parser_version < :version ORDER BY idx LIMIT :limit)"
)
# The same parser may understand them now, by a fingerprint that was learned later.
_UNKNOWN = (
    "SELECT idx FROM (SELECT idx FROM ledger WHERE site = :site AND state = 'unknown'"
    " AND idx > :after AND EXISTS (SELECT 1 FROM captures AS c"
    "  WHERE c.site = ledger.site AND c.idx = ledger.idx) ORDER BY idx LIMIT :limit)"
)


def _values(site: str, after: int, everything: bool, limit: int = -1) -> dict[str, Any]:
    version = pages.PARSER_VERSION + everything
    return {"site": site, "after": after, "version": version, "limit": limit}


def _batches(connection: Connection, site: str, everything: bool) -> Iterator[list[int]]:
    after = 0
    while True:
        rows = connection.execute(
            f"{_STALE} UNION {_UNKNOWN} ORDER BY idx LIMIT :limit",
            _values(site, after, everything, BATCH),
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield [idx for (idx,) in rows]


def _read(
    path: Path, paper: Site, batches: Iterable[list[int]], jobs: int
) -> Iterator[list[RereadNumber]]:
    """Yields the results, batch by batch in order, from this many processes."""
    executor = pool.pool(jobs, _begin, path, paper)
    under_way: deque[Future[list[RereadNumber]]] = deque()
    try:
        for batch in batches:
            under_way.append(executor.submit(_read_batch, batch))
            if len(under_way) >= jobs * _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise ReplayError("a process that reads captures has died") from error
    finally:
        executor.shutdown(cancel_futures=True)


_rereader: Rereader


def _begin(path: Path, paper: Site) -> None:
    """Prepare a worker process."""
    global _rereader
    connection = connect_reader(path)
    fingerprints = Ledger(connection, paper.name).gap_fingerprints()
    _rereader = Rereader(connection, paper, fingerprints)


def _read_batch(idxs: list[int]) -> list[RereadNumber]:
    return list(_rereader.read(idxs))
