"""How much is left to crawl, and what looks wrong, from the archive's own records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newscrawler.archive import wording
from newscrawler.humanize.language import mark, tr, trn
from newscrawler.outcomes import EXIT_BUG, EXIT_STOPPED, EXIT_STORAGE, Outcome
from newscrawler.store.connection import Connection
from newscrawler.store.coverage import Coverage
from newscrawler.store.lock import Holder
from newscrawler.store.times import time

Run = Mapping[str, Any]
"""A row of ``runs``."""

_ENOUGH_REQUESTS = 20
"""With fewer requests the time of one cannot be estimated."""

_SLOW = 3
"""A request that takes this many times the configured time is reported."""

_LONG_AGO = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How much is left to do, and how long it takes at the current pace."""

    never_asked: int
    """Numbers from the paper's first to its newest that were never asked for."""
    seconds_each: float | None
    """From one request to the next; ``None``: not known from any run."""
    measured: bool
    """Whether it was measured in a run, or is from the settings."""

    @property
    def seconds_left(self) -> float | None:
        return None if self.seconds_each is None else self.never_asked * self.seconds_each


def outlook(found: Coverage, runs: Sequence[Run]) -> Outlook:
    """From the archive's coverage and its last runs, the newest first."""
    left = max(0, found.total - found.asked)
    for run in runs:
        if (each := seconds_each(run)) is not None:
            return Outlook(left, each, measured=True)
    asked_for = intended_delay(runs[0]) if runs else None
    return Outlook(left, asked_for, measured=False)


def seconds_each(run: Run) -> float | None:
    """The time for a request in a finished run; ``None``: too few requests."""
    spent = took(run)
    if spent is None or run["requests"] < _ENOUGH_REQUESTS:
        return None
    return spent.total_seconds() / int(run["requests"])


def took(run: Run) -> timedelta | None:
    """How long a run took; ``None``: it has not ended, or the clock was set back during it."""
    if run["finished_at"] is None:
        return None
    spent: timedelta = time(run["finished_at"]) - time(run["started_at"])
    return spent if spent >= timedelta(0) else None


def intended_delay(run: Run) -> float | None:
    """Average seconds between requests by a run's settings."""
    settings = json.loads(run["settings"])
    try:
        return float(settings["DOWNLOAD_DELAY"]) * (1 + float(settings["DELAY_JITTER"]) / 2)
    except (KeyError, TypeError, ValueError):
        return None


def without_section(connection: Connection, site: str) -> int:
    """Articles whose section is neither on their page nor in a list."""
    row = connection.execute(
        "SELECT count(*) FROM articles WHERE site = ? AND section IS NULL AND section_code IS NULL",
        [site],
    ).fetchone()
    return int(row[0])


def oddities(
    found: Coverage,
    runs: Sequence[Run],
    holder: Holder | None,
    now: datetime,
    program: str = "newscrawler",
) -> Iterator[str]:
    """What an operator should know, one sentence each; empty if everything is right.

    Args:
        holder: who has the archive open for writing, by its lock file.
        program: how the user calls this program; commands to type begin with it.
    """
    writing = holder is not None and holder.is_alive()
    if runs:
        yield from _of_last_run(runs[0], writing, program)
    if found.last_success and now - time(found.last_success) > _LONG_AGO:
        days = (now - time(found.last_success)).days
        yield tr("no run has ended well for {days} days", days=days)
    if count := found.states["unknown"]:
        told = trn(
            "{count:,} answer is not understood and is kept",
            "{count:,} answers are not understood and are kept",
            count,
        )
        yield f"{told}: {program} gaps --state unknown"
    if found.given_up:
        told = trn(
            "{count:,} number was given up", "{count:,} numbers were given up", found.given_up
        )
        again = f"{program} crawl {found.site} --unsettled"
        yield told + ": " + tr("{command} tries again", command=again)
    if found.newest and found.last_idx and found.last_idx > found.newest:
        yield tr(
            "the paper lists {newest} as its newest, but {last} is stored",
            newest=found.newest,
            last=found.last_idx,
        )


_PARTS = {
    "undated": mark("have no date"),
    "left_over": mark("have text in the body or near it that is in no field"),
    "head_words": mark("have text near the headline that is in no field"),
    "from_the_future": mark("are dated in the future"),
}
"""Columns of ``runs`` that count articles which were read in part, and what they lack."""


def _of_last_run(run: Run, writing: bool, program: str) -> Iterator[str]:
    if run["outcome"] == Outcome.RUNNING and not writing:
        yield tr(
            "run {id} was cut off (killed, or no power); the next crawl goes on from it",
            id=run["id"],
        )
    if run["exit_code"] in (EXIT_BUG, EXIT_STOPPED, EXIT_STORAGE):
        outcome = wording.outcome(run["outcome"])
        yield tr("the last run stopped ({outcome})", outcome=outcome) + f": {run['diagnosis']}"
    for column, lack in _PARTS.items():
        if count := run.get(column):
            yield tr(
                "{count:,} articles of the last run {lack}: look at one with {command}",
                count=count,
                lack=tr(lack),
                command=f"{program} show IDX",
            )
    if apart := run.get("feed_dates_apart"):
        told = trn(
            "the feed has another date than the page for {count:,} article; the page's is stored",
            "the feed has other dates than the pages for {count:,} articles; the pages' are stored",
            apart,
        )
        yield f"{told}: {program} doctor {run['site']}"
    each, meant = seconds_each(run), intended_delay(run)
    if each and meant and each > _SLOW * meant:
        yield tr(
            "a request took {each:.1f} s, the settings ask for {meant:.1f} s: a Crawl-delay in"
            " robots.txt, a slow server, or pauses",
            each=each,
            meant=meant,
        )
