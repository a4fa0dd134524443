"""The task of a fleet's worker: it starts the installed command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newscrawler.fleet.copy import owner_of


def folder_here(folder: str | Path | None) -> Path:
    """The folder of this machine's copies: the given one, or the environment's, or ``data``."""
    return Path(folder or os.environ.get("NEWSCRAWLER_FOLDER") or "data")


def owner_here(folder: str | None) -> str:
    """The owner of this machine's copies."""
    return owner_of(folder_here(folder))


def slice_here(
    papers: Sequence[str],
    depot: str,
    folder: str | None,
    minutes: float,
    assignments: Sequence[str],
    as_it_is: bool,
) -> dict[str, Any]:
    """Run a slice, and wait for it.

    Args:
        as_it_is: re-parse stored answers instead of a crawl.

    Returns:
        The command's ``summaries``, its ``exit_code`` and the end of its output.
    """
    kind = ("fleet", "reparse", "--here") if as_it_is else ("slice", "--minutes", f"{minutes:.4f}")
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
