"""The task of a fleet's worker: it starts the installed command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, TypedDict

from newscrawler import __version__
from newscrawler.exceptions import StoreError
from newscrawler.fleet.local import folder_here, owner_of


class SliceResult(TypedDict):
    """What a task returns to the driver."""

    summaries: list[Any]
    """One of each paper; none if the command ended before."""
    exit_code: int
    said: str
    """The end of the command's messages."""


class MachineHere(TypedDict):
    """What a worker says of itself."""

    owner: str | None
    """The owner of its copies; ``None``: it cannot keep any."""
    trouble: str
    """Why not."""
    program: str
    """Version of its newscrawler."""


def machine_here(folder: str | None) -> MachineHere:
    """The owner of this machine's copies, and its program."""
    try:
        owner, trouble = owner_of(folder_here(folder).resolve()), ""
    except StoreError as error:
        owner, trouble = None, str(error)
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
