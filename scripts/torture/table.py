"""The page docs/reliability.md: a table for each part, rewritten when that part is run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reliability.md"

PARTS = {
    "crawls": """## Faults, sites that have gone wrong, disks

The command runs in its own process, against a server on loopback with 400 numbers in all three
skins. “Equal, row by row” means: every table is equal to that of an undisturbed crawl, except for
the times of the crawl and the counts of attempts. Every archive also passed `verify`.""",
    "environments": """## Odd environments

One row for each kind: something in the environment of the command is wrong.""",
    "kills": """## Kills

The same paper. Each run is its own process, forked from one that has loaded the program.""",
    "damaged": """## Flipped bytes

One to eight bytes of one random database page are changed. Then `verify` and every reading command
run on the archive, and their output is compared with that for the undamaged archive.""",
    "mutations": """## Damaged answers

Articles, answers for gaps, home pages, lists, feeds and robots files of the local newspaper, each
with one to six changes: changed bytes, and parts that are cut, repeated, exchanged or inserted.
The result must be text that can be stored.""",
}
"""Heading and explanation of each part, in the order of the page."""

_HEAD = """# Reliability

The promises of the program, tested by `make torture` (`scripts/torture/`) with real processes, the
local newspaper on loopback, and SQLite files on disk. `verify` finds a change in any row of any
table ([decision 56](decisions/0056-seals.md)). It does not say which column changed, and it does
not notice when the whole file was replaced by an older copy.
"""

_OTHERS = "\n## Many machines\n"
"""What stands behind this heading is written by scripts/torture_fleet/."""

_TABLE = "| case | measured | holds |\n|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what was done, what was measured, and whether the promise holds."""

    what: str
    figures: str
    holds: bool

    def __str__(self) -> str:
        return f"| {self.what} | {self.figures} | {'yes' if self.holds else '**no**'} |"


def write(part: str, rows: Sequence[Row]) -> None:
    """Replace the table of a part."""
    ours, *others = PAGE.read_text(encoding="utf-8").partition(_OTHERS)
    tables = _tables(ours)
    tables[part] = "".join(f"{row}\n" for row in rows)
    sections = [f"\n{PARTS[name]}\n\n{_TABLE}{tables[name]}" for name in PARTS if name in tables]
    missing = ", ".join(name for name in PARTS if name not in tables)
    if missing:
        sections.insert(0, f"\nNot yet completed with this version: {missing}.\n")
    PAGE.write_text(_HEAD + "".join([*sections, *others]), encoding="utf-8")


def _tables(page: str) -> dict[str, str]:
    """The rows of each part that the page has."""
    found: dict[str, str] = {}
    for section in re.split(r"(?m)^(?=## )", page):
        for name, text in PARTS.items():
            if section.startswith(text.splitlines()[0]):
                found[name] = section.partition(_TABLE)[2].rstrip("\n") + "\n"
    return found
