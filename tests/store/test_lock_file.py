"""Lock files that are not what this program writes: nothing waits for them, nothing stumbles."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawler.exceptions import StoreError
from newscrawler.store.lock import FileLock, holder

NOW = datetime(2026, 7, 2, tzinfo=UTC)
HERE = os.uname().nodename


def said(pid: str) -> str:
    return (
        f'{{"pid": {pid}, "host": "{HERE}", "command": "crawl", "since": "2026-07-02T00:00:00Z"}}'
    )


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 100_000, "[]", "{", said("-1"), said("1.5"), said("true"), said('"7"')),
        *(said("9" * 5000), '{"pid": 7, "host": 1, "command": null, "since": []}'),
    ],
    ids=range(9),
)
def test_a_lock_file_that_says_nonsense_names_nobody(text: str, path: Path) -> None:
    path.with_name("archive.db.lock").write_text(text, encoding="utf-8")
    assert holder(path) is None


def test_a_process_number_that_there_cannot_be_is_dead(path: Path) -> None:
    path.with_name("archive.db.lock").write_text(said("9" * 20), encoding="utf-8")
    found = holder(path)
    assert found is not None
    assert not found.is_alive()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_lock_file_that_is_a_pipe_or_a_folder_is_not_waited_for(
    make: Callable[[Path], None], path: Path
) -> None:
    make(path.with_name("archive.db.lock"))
    refused: list[Exception] = []

    def ask() -> None:
        assert holder(path) is None
        try:
            FileLock(path, NOW)
        except (StoreError, OSError) as error:
            refused.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(20)
    assert refused
