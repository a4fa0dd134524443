"""The task of a fleet's worker: it starts the installed command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from newscrawler import __version__
from newscrawler.fleet.lease import owner_of


class SliceResult(TypedDict):
    """What a task returns to the driver."""

    summaries: list[Any]
    """One of each paper; none if the command ended before."""
    exit_code: int
    said: str
    """The end of the command's messages."""


def folder_here(folder: str | Path | None) -> Path:
    """The folder of this machine's copies: the given one, or the environment's, or ``data``."""
    return Path(folder or os.environ.get("NEWSCRAWLER_FOLDER") or "data")


class MachineHere(TypedDict):
    """What a worker says of itself."""

    owner: str | None
    """The owner of its copies; ``None``: their folder cannot be written."""
    trouble: str
    """Why not."""
    program: str
    """Version of its newscrawler."""


def machine_here(folder: str | None) -> MachineHere:
    """The owner of this machine's copies, and its program."""
    try:
        owner, trouble = owner_of(folder_here(folder)), ""
    except OSError as error:
        owner, trouble = None, f"{error.strerror or error}: {folder_here(folder).resolve()}"
    return {"owner": owner, "trouble": trouble, "program": __version__}


def slice_here(
    papers: Sequence[str],
    depot: str,
    folder: str | None,
    minutes: float,
    assignments: Sequence[str],
    reparse: bool,
) -> SliceResult:
    """Run a slice, and wait for it.

    Args:
        reparse: re-parse stored answers instead of a crawl.
    """
    kind = ("fleet", "reparse", "--here") if reparse else ("slice", "--minutes", f"{minutes:.4f}")
    settings = [part for given in assignments for part in ("-s", given)]
    base = ("--depot", depot, "--folder", str(folder_here(folder)), "--json")
    done = subprocess.run(
        [sys.executable, "-m", "newscrawler", *kind, *papers, *base, *settings],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    summaries: Any = []
    if done.stdout.strip():
        summaries = json.loads(done.stdout)
    if isinstance(summaries, dict):
        summaries = [summaries]
    return {
        "summaries": summaries,
        "exit_code": done.returncode,
        "said": done.stderr.strip()[-500:],
    }
