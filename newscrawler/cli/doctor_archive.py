"""Checks of the archive's records, its locks and this machine's clock; they need no request."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from newscrawler import clock
from newscrawler.archive.reader import Archive
from newscrawler.archive.status import oddities
from newscrawler.cli.common import program
from newscrawler.exceptions import ArchiveError
from newscrawler.humanize import counted
from newscrawler.sites import Site
from newscrawler.spiders.findings import Finding, Grade
from newscrawler.store.connection import Connection
from newscrawler.store.coverage import coverage, runs
from newscrawler.store.lock import holder

_WRITTEN_IN = 2026
"""The year in which this was written: a clock with an earlier year is wrong."""


def this_clock(now: datetime) -> Iterator[Finding]:
    """Whether this machine's clock can be right; no other clock is asked."""
    if now.year < _WRITTEN_IN:
        told = (
            f"the clock says {now:%Y-%m-%d}, a day before this program was written: set the clock"
        )
        yield Finding("clock", Grade.ODD, told)


def lane_lock(site: Site, path: Path) -> Iterator[Finding]:
    """Whether another process uses the lane that the paper shares."""
    who = holder(path.parent / f"{site.lane}.lane") if site.lane else None
    if who and who.is_alive():
        yield Finding("lane", Grade.ODD, f"the lane {site.lane} is in use by {who}")


def records(site: Site, path: Path, now: datetime) -> Iterator[Finding]:
    """Findings from the archive's own records; none where there is no archive yet.

    ``doctor_checks.database`` reports an archive that cannot be read.
    """
    if not os.path.lexists(path):
        return
    try:
        with Archive.open(path) as archive:
            connection = archive.connection
            found = coverage(connection, site.name, site.first_idx, now)
            told = list(
                oddities(found, runs(connection, site.name, 1), holder(path), now, program())
            )
            told += [*_articles(connection, site.name, now)]
            wrong = list(_runs_from_the_future(connection, site.name, now))
    except (ArchiveError, OSError, sqlite3.Error):
        return
    yield from (Finding("clock", Grade.ODD, sentence) for sentence in wrong)
    yield from (Finding("archive", Grade.ODD, sentence) for sentence in told)
    if not told:
        articles = counted(found.states["article"], "article")
        yield Finding("archive", Grade.FINE, f"{articles}, no problem in its records")


def _runs_from_the_future(connection: Connection, site: str, now: datetime) -> Iterator[str]:
    rows = connection.execute(
        "SELECT id, max(started_at, ifnull(finished_at, started_at)) AS last FROM runs"
        " WHERE site = ? AND last > ? ORDER BY id",
        [site, clock.to_text(now)],
    ).fetchall()
    if rows:
        yield (
            f"{counted(len(rows), 'run')} with a time in the future, the last is run {rows[-1][0]}"
            f" at {rows[-1][1]}: the clock of this machine is wrong now, or was wrong then"
        )


def _articles(connection: Connection, site: str, now: datetime) -> Iterator[str]:
    undated, future = connection.execute(
        "SELECT count(*) FILTER (WHERE published_at IS NULL),"
        " count(*) FILTER (WHERE julianday(published_at) > julianday(?) + 1)"
        " FROM articles WHERE site = ?",
        [clock.to_text(now), site],
    ).fetchone()
    if undated:
        yield f"{counted(undated, 'article')} without a date: they are not refreshed"
    if future:
        yield f"{counted(future, 'article')} with a date in the future"
