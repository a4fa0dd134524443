"""The task of a fleet's worker: it starts the installed command."""

from __future__ import annotations

import json
import subprocess
import sys
import time
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
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawler", *kind, *papers, *base, *settings],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _RUNNING.add(process)
    try:
        out, said = process.communicate()
    finally:
        _RUNNING.discard(process)
    summaries: Any = []
    if out.strip():
        summaries = json.loads(out)
    if isinstance(summaries, dict):
        summaries = [summaries]
    return {
        "summaries": summaries,
        "exit_code": process.returncode,
        "said": said.strip()[-500:],
    }


_RUNNING: set[subprocess.Popen[str]] = set()
"""The slices of this process."""


def interrupt_slices_here() -> None:
    """Interrupt the slices of this process: each uploads its work and gives its lanes back."""
    for process in list(_RUNNING):
        process.terminate()
    while _RUNNING:
        time.sleep(0.05)
