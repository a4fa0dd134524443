"""The rows of ``runs``: what a crawl writes about itself, and what it learns of the last one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from newscrawler import clock
from newscrawler.outcomes import Outcome
from newscrawler.store import blocks
from newscrawler.store.writer import Writer
from newscrawler.version import __version__

logger = logging.getLogger(__name__)


class Runs:
    """The runs in an archive that is open for writing."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._reading: tuple[int, int] | None = None
        """Which run is reading which answer, as in the run's row."""

    def begin(self, site: str, selection: str, settings: Mapping[str, Any], at: datetime) -> int:
        """Insert a run; returns its id. An earlier one that was killed is marked as interrupted."""
        with self._writer.transaction() as connection:
            # Only one process at a time writes, so whoever wrote "running" runs no more.
            connection.execute(
                "UPDATE runs SET outcome = ?, exit_code = ?, diagnosis = ?"
                " WHERE site = ? AND outcome = ?",
                [
                    Outcome.INTERRUPTED,
                    Outcome.INTERRUPTED.exit_code,
                    "the process ended without a record: it was killed, or the power failed",
                    site,
                    Outcome.RUNNING,
                ],
            )
            cursor = connection.execute(
                "INSERT INTO runs (site, selection, started_at, outcome, program, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    site,
                    selection,
                    clock.to_text(at),
                    Outcome.RUNNING,
                    f"newscrawler {__version__}",
                    # A path may hold bytes that are no UTF-8.
                    json.dumps(settings, ensure_ascii=False, sort_keys=True, default=str)
                    .encode("utf-8", "backslashreplace")
                    .decode(),
                ],
            )
            run_id = int(cursor.lastrowid or 0)
            if blocks.repair(connection, site, run_id):
                logger.warning(
                    "The counts of the ledger's blocks were wrong; they are counted again"
                )
            return run_id

    def update(self, run_id: int, values: Mapping[str, Any]) -> None:
        """Set columns of a run."""
        columns = ", ".join(f"{name} = :{name}" for name in values)
        with self._writer.transaction() as connection:
            connection.execute(
                f"UPDATE runs SET {columns} WHERE id = :id", {**values, "id": run_id}
            )

    def note_reading(self, run_id: int, idx: int) -> None:
        """Note which answer is being read, in case that kills the process."""
        with self._writer.transaction() as connection:
            connection.execute("UPDATE runs SET reading = ? WHERE id = ?", [idx, run_id])
        self._reading = (run_id, idx)

    def forget_reading(self, idxs: Iterable[int]) -> None:
        """Note, within a transaction, that the answers for these numbers are read and stored.

        If the process is killed now, none of them is the reason.
        """
        if self._reading and self._reading[1] in idxs:
            self._writer.connection.execute(
                "UPDATE runs SET reading = NULL WHERE id = ? AND reading = ?", self._reading
            )

    def last_time(self, site: str) -> datetime | None:
        """When the newest run in the record began, or ended if that is later, by the clock at that
        time."""
        row = self._writer.connection.execute(
            "SELECT max(started_at, ifnull(finished_at, started_at)) FROM runs"
            " WHERE site = ? ORDER BY id DESC LIMIT 1",
            [site],
        ).fetchone()
        return clock.from_text(row[0]) if row else None

    def cut_off_since(self, site: str) -> datetime | None:
        """When the last run began, if it was killed; else ``None``."""
        started = self._writer.connection.execute(
            "SELECT min(started_at) FROM runs WHERE site = ? AND outcome = ?",
            [site, Outcome.RUNNING],
        ).fetchone()[0]
        return started and clock.from_text(started)
