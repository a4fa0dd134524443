"""A run in a few lines, for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

_STYLES = {0: "green", 3: "yellow", 130: "yellow"}

_ENOUGH_TO_TELL = 20
"""Fewer numbers do not tell how long one takes."""

_WORDS = {
    "complete": "complete: every number asked for is settled",
    "unsettled": "done, but some numbers wait for another try",
    "budget": "stopped by its budget",
    "quiet_hours": "stopped for the quiet hours",
    "blocked": "stopped: blocked",
    "down": "stopped: the site is down",
    "forbidden": "stopped: forbidden by robots.txt",
    "changed": "stopped: the pages have changed",
    "storage": "stopped: the database cannot be written",
    "refused": "refused",
    "locked": "not begun: another crawl is writing the archive",
    "interrupted": "interrupted; the next crawl goes on from here",
    "error": "a fault of the program",
}


def print_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """Outcome, diagnosis and counts of a run."""
    style = _STYLES.get(summary["exit_code"], "red")
    head = Text(f"{summary['site']} ({summary['selection']}): ", style="bold")
    head.append(_WORDS.get(summary["outcome"], summary["outcome"]), style=style)
    console.print(head)
    if summary["diagnosis"]:
        console.print(Text(f"  {summary['diagnosis']}", style=style))
    articles = [
        f"{summary[f'articles_{name}']} {name}"
        for name in ("new", "changed", "unchanged")
        if summary[f"articles_{name}"]
    ]
    others = [
        f"{summary[name]} {name}"
        for name in ("missing", "removed", "restricted", "pending", "failed", "unknown")
        if summary[name]
    ]
    console.print(f"  articles: {', '.join(articles) or 'none'}", highlight=False)
    if summary["left"]:
        console.print(
            f"  left:     {summary['left']:,} numbers{_time_left(summary)}", highlight=False
        )
    if others:
        console.print(f"  numbers:  {', '.join(others)}", highlight=False)
    console.print(
        f"  traffic:  {summary['requests']} requests, {size(summary['bytes'])},"
        f" {duration(summary)}",
        highlight=False,
    )


def _time_left(summary: Mapping[str, Any]) -> str:
    """What is left at the pace of this run; nothing when it asked too little to tell."""
    if summary["asked"] < _ENOUGH_TO_TELL:
        return ""
    each = _seconds(summary) / summary["asked"]
    return f", about {span(summary['left'] * each)} at this pace"


def size(count: int) -> str:
    """Bytes in a unit that reads well."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def duration(summary: Mapping[str, Any]) -> str:
    """How long a run took."""
    return span(_seconds(summary))


def _seconds(summary: Mapping[str, Any]) -> float:
    start = datetime.fromisoformat(summary["started_at"])
    end = datetime.fromisoformat(summary["finished_at"])
    return (end - start).total_seconds()


def span(seconds: float) -> str:
    """A time that something takes, in units that read well."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, whole = divmod(rest, 60)
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole} s" if minutes else f"{whole} s"
