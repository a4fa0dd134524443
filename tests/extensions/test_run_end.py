"""The end of a run that meets an error itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from newscrawler.config.selection import Selection
from newscrawler.extensions.ending import FINISHED
from newscrawler.items import Answer, Change
from newscrawler.store.answers import Saved
from newscrawler.store.states import State
from tests.components import GAP, Bench, answer


def test_an_archive_that_cannot_be_read_at_the_end_is_no_interruption(tmp_path: Path) -> None:
    bench = Bench(lambda request: answer(request, GAP), tmp_path)
    run = bench.run

    def damaged() -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    async def walk() -> None:
        run.begin(Selection())
        run.before_its_end(damaged)
        run._finish(FINISHED)

    bench.play(walk())
    assert run.ending is not None
    assert (run.ending.outcome, run.ending.outcome.exit_code) == ("storage", 6)
    assert "cannot be read: database disk image is malformed" in str(run.ending.diagnosis)


def test_an_answer_that_is_stored_without_a_run_needs_no_row(tmp_path: Path) -> None:
    """`scrapy parse --pipelines` on a slow machine: the row is written every few seconds."""
    bench = Bench(lambda request: answer(request, GAP), tmp_path)
    bench.run._written -= 60

    async def store() -> None:
        bench.run.saved(
            Saved(State.MISSING, Change.NONE), Answer("amenews", 7, bench.run.started_at)
        )

    bench.play(store())
    assert bench.run.counts.missing == 1
