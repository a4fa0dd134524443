"""Damaged answers for every function that promises to read whatever a site says."""

from __future__ import annotations

import json
import random
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial

from newscrawler import pages, sites
from newscrawler.demo import mutation
from newscrawler.items import Capture
from newscrawler.pages import listings, robots
from newscrawler.settings import READ_TIME_LIMIT
from scripts.torture.table import Row

_SITE = sites.load("amenews")
_AT = datetime(2026, 7, 2, 3, 0, 0, tzinfo=UTC)
_ADDRESS = "http://amenews.kr/news/view.php?idx=7"
_HOME = "http://amenews.kr/"
_LIST = "http://amenews.kr/news/list.php?mcode=m101kqe"
_FEED = "http://amenews.kr/rss_view.php"
_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
_STATUSES = (200, 200, 200, 404, 410, 403, 302)
_CHUNK = 500
"""Answers that a process reads at a time, from one seed."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of reading one damaged answer."""

    kind: str
    number: int
    seconds: float
    """Processor time."""
    size: int
    trouble: str = ""
    """The traceback of what was raised; empty if nothing was."""


def read(kind: str, body: bytes, status: int) -> object:
    """What a crawl reads from an answer, as plain values."""
    if kind == "page":
        capture = Capture("amenews", 7, _ADDRESS, _AT, status, _HEADERS, body)
        return asdict(pages.read(capture, _SITE)), pages.fingerprint(capture)
    if kind == "home":
        return asdict(listings.read_home(body, _HOME, None, _SITE))
    if kind == "list":
        return asdict(listings.read_list(body, _LIST, None, _SITE))
    if kind == "feed":
        return [asdict(item) for item in listings.read_rss(body, url=_FEED, site=_SITE)]
    rules = robots.read(body, "newscrawler")
    return rules.allows(_ADDRESS), rules.crawl_delay, rules.request_rate


def trials(seed: int, count: int) -> Iterator[Trial]:
    """Read damaged answers, the same ones for the same seed; what is read must be storable."""
    dice = random.Random(seed)
    bodies = mutation.sources()
    kinds, shares = zip(*mutation.KINDS.items(), strict=True)
    for number in range(count):
        (kind,) = dice.choices(kinds, shares)
        body = mutation.mutant(dice, bodies[kind])
        status = dice.choice(_STATUSES)
        began = time.process_time()
        trouble = ""
        try:
            found = read(kind, body, status)
            spent = time.process_time() - began
            # Half a surrogate pair would end the transaction or the log line that it is in.
            json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
        except Exception:
            spent = time.process_time() - began
            trouble = traceback.format_exc(limit=-4)
        yield Trial(kind, number, spent, len(body), trouble)


def _chunk(count: int, seed: int) -> list[Trial]:
    return list(trials(seed, count))


def rows(count: int, seed: int, processes: int) -> Iterator[Row]:
    """Read ``count`` damaged answers in that many processes at once."""
    seen: Counter[str] = Counter()
    troubles: Counter[str] = Counter()
    slowest = Trial("", 0, 0.0, 0)
    spent = 0.0
    chunks = range(seed, seed + -(-count // _CHUNK))
    with ProcessPoolExecutor(processes) as pool:
        for chunk in pool.map(partial(_chunk, min(count, _CHUNK)), chunks):
            for trial in chunk:
                seen[trial.kind] += 1
                troubles.update([trial.trouble] if trial.trouble else [])
                spent += trial.seconds
                slowest = max(slowest, trial, key=lambda t: t.seconds)
    for trouble, times in troubles.most_common(5):
        print(f"{times} times:\n{trouble}")
    told = ", ".join(f"{times:,} {kind}" for kind, times in seen.most_common())
    yield Row(
        f"{seen.total():,} damaged answers",
        f"{told}; {troubles.total()} exceptions; on average"
        f" {spent / seen.total() * 1000:.1f} ms of processor time, the slowest"
        f" {slowest.seconds:.2f} s (a {slowest.kind} of {slowest.size // 1000} KB; the limit is"
        f" {READ_TIME_LIMIT:g} s)",
        not troubles and slowest.seconds < READ_TIME_LIMIT,
    )
