"""The second part of docs/reliability.md: a row is replaced when it is measured."""

from __future__ import annotations

from scripts.torture.table import PAGE, Row
from scripts.torture_fleet.fleet import DELAY, TIMEOUT_S

BEGINS = "\n## Many machines\n"
HEAD = f"""{BEGINS}
Measured by `python -m scripts.torture_fleet ROW`: local papers at a delay of {DELAY} s, Dask
workers with a folder each, an S3-compatible store, all on loopback, on two cores that were busy
with other work. DOWNLOAD_TIMEOUT is {TIMEOUT_S} s, so that a lost lease runs out soon. Requests are
counted from the papers' logs; “equal” is the comparison of the table above, with archives of a
plain crawl.

| row | case | measured | holds |
|---|---|---|---|
"""


def _lines(row: str, measured: list[Row]) -> list[str]:
    return [
        f"| `{row}` | {one.what} | {one.figures} | {'yes' if one.holds else '**no**'} |"
        for one in measured
    ]


def write(row: str, measured: list[Row], *, order: list[str]) -> None:
    """Replace the lines of a row in the page; the other rows stay as they are."""
    before, _, after = PAGE.read_text("utf-8").partition(BEGINS)
    kept = [line for line in after.splitlines() if line.startswith("| `")]
    lines = [line for line in kept if not line.startswith(f"| `{row}` ")] + _lines(row, measured)
    lines.sort(key=lambda line: order.index(line.split("`")[1]))
    PAGE.write_text(before.rstrip("\n") + "\n" + HEAD + "\n".join(lines) + "\n", "utf-8")
