"""The page docs/reliability.md: a table for each part, rewritten when that part is run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reliability.md"

PARTS = {
    "crawls": """## Faults, sites that have gone wrong, disks

The command in its own process, against a server on loopback, 400 numbers in all three skins.
“Equal, row by row” compares every table with the archive of a crawl that nobody disturbed; only
the crawl's own times and counts of attempts may differ. Every archive also passed `verify`.""",
    "environments": """## Odd environments

A row a kind: what stands around the command is not as it should be.""",
    "kills": """## Kills

The same paper. Each run is a process of its own, forked from one that has loaded the program.""",
    "damaged": """## Flipped bytes

One to eight bytes of one random page of an archive are changed; then `verify` and every command
that reads are run on it and compared with what they say of the sound one.""",
    "mutations": """## Damaged answers

Articles, answers of gaps, home pages, lists, feeds and robots files of the local newspaper with
one to six changes: octets, cut, repeated, exchanged and inserted pieces. What is read must be
text that can be stored.""",
}
"""Heading and explanation of each part, in the order of the page."""

_HEAD = """# Reliability

What the program promises, measured on the local newspaper by `make torture` (`scripts/torture/`):
real processes, a real server on loopback, SQLite files on disk. `verify` finds a change in any row
of any table ([decision 56](decisions/0056-seals.md)); it does not say which column, and it cannot
find a whole file that was replaced by an older copy of itself.
"""

_OTHERS = "\n## Many machines\n"
"""What stands behind this heading is written by scripts/torture_fleet.py."""

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
        sections.insert(0, f"\nNot yet run to their end with this version: {missing}.\n")
    PAGE.write_text(_HEAD + "".join([*sections, *others]), encoding="utf-8")


def _tables(page: str) -> dict[str, str]:
    """The rows of each part that the page has."""
    found: dict[str, str] = {}
    for section in re.split(r"(?m)^(?=## )", page):
        for name, text in PARTS.items():
            if section.startswith(text.splitlines()[0]):
                found[name] = section.partition(_TABLE)[2].rstrip("\n") + "\n"
    return found
