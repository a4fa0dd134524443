"""The summary of a run in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newscrawler.archive.status import took
from newscrawler.humanize import counted, size, span

_STYLES = {0: "green", 3: "yellow", 130: "yellow"}

_ENOUGH_TO_TELL = 20
"""With fewer numbers the pace is not known."""

_WORDS = {
    "complete": "complete: every number asked for is settled",
    "unsettled": "done, but some numbers wait for another try",
    "budget": "stopped by its budget",
    "quiet_hours": "stopped for the quiet hours",
    "blocked": "stopped: blocked",
    "down": "stopped: the site is down",
    "proxy": "stopped: no answer comes through the proxy",
    "forbidden": "stopped: forbidden by robots.txt",
    "changed": "stopped: the pages have changed",
    "stopped": "stopped early",
    "fenced": "set aside: another machine has sent its work first",
    "unshipped": "not sent: the depot did not answer",
    "storage": "stopped: the database cannot be written",
    "refused": "refused",
    "locked": "not started: another crawl is writing the archive",
    "interrupted": "interrupted; the next crawl continues",
    "error": "a bug of this program",
}


def print_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """Print outcome, diagnosis and counts of a run; lines are not wrapped off a terminal."""

    def say(text: str, style: str = "") -> None:
        if console.is_terminal:
            console.print(Padding(Text(text, style), (0, 0, 0, 2)))
        else:
            console.print(Text(f"  {text}", style), soft_wrap=True)

    style = _STYLES.get(summary["exit_code"], "red")
    head = Text(f"{summary['site']} ({summary['selection']}): ", style="bold")
    head.append(_WORDS.get(summary["outcome"], summary["outcome"]), style=style)
    console.print(head, soft_wrap=not console.is_terminal)
    if summary["diagnosis"]:
        say(summary["diagnosis"], style)
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
    say(f"articles: {', '.join(articles) or 'none'}")
    if summary["left"]:
        say(f"left:     {counted(summary['left'], 'number')}{_time_left(summary)}")
    if others:
        say(f"numbers:  {', '.join(others)}")
    if apart := summary["feed_dates_apart"]:
        told = f"{counted(apart, 'article')} with another date than on the page, which is stored"
        say(f"feed:     {told}")
    say(
        f"traffic:  {counted(summary['requests'], 'request')}, {size(summary['bytes'])},"
        f" {duration(summary)}"
    )


def _time_left(summary: Mapping[str, Any]) -> str:
    """The time for what is left, at the pace of this run; empty after too few requests."""
    if summary["asked"] < _ENOUGH_TO_TELL:
        return ""
    spent = took(summary)
    if spent is None:
        return ""
    seconds = summary["left"] * spent.total_seconds() / summary["asked"]
    return f", about {span(seconds)} at this pace"


def duration(summary: Mapping[str, Any]) -> str:
    """How long a run took."""
    spent = took(summary)
    return "the clock was set back" if spent is None else span(spent.total_seconds())
