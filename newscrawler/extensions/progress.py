"""A line of progress on a terminal; nothing anywhere else."""

from __future__ import annotations

from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.extensions import extension
from newscrawler.extensions.logs import CONSOLE
from newscrawler.extensions.run import Run


class _Shared:
    """One display for all crawls of this process: two would overwrite each other."""

    def __init__(self) -> None:
        self.bar: Bar | None = None
        self.crawls = 0

    def join(self) -> Bar:
        if self.bar is None:
            self.bar = bar(CONSOLE)
            self.bar.start()
        self.crawls += 1
        return self.bar

    def leave(self) -> None:
        self.crawls -= 1
        if self.bar and not self.crawls:
            self.bar.stop()
            self.bar = None


_shared = _Shared()


_WIDE = 104
"""From this many columns there is room for the bar, the rate and the elapsed time, next to the
counts of a crawl of 67,000 numbers."""


class _TimeLeft(TimeRemainingColumn):
    def render(self, task: Task) -> Text:
        if not task.total:
            return Text()
        return Text.assemble("left ", super().render(task), no_wrap=True)


def bar(console: Console) -> Bar:
    """The display, with what fits on one line of that terminal."""
    wide = console.width >= _WIDE
    return Bar(
        TextColumn("[bold]{task.description}"),
        *([BarColumn(bar_width=24)] if wide else []),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}"),
        *([TextColumn("{task.fields[rate]}"), TimeElapsedColumn()] if wide else []),
        _TimeLeft(),
        console=console,
        transient=True,
        refresh_per_second=4,
        speed_estimate_period=120,
    )


class Progress:
    """Numbers done, articles, gaps, rate and time left, from the run's own counts."""

    def __init__(self, crawler: Crawler) -> None:
        # FORCE_COLOR, which CI services set, makes a terminal of a log file.
        if not (CONSOLE.is_terminal and CONSOLE.file.isatty()):
            raise NotConfigured  # nobody looks
        self.crawler = crawler
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._advance, signals.item_scraped)
        # An answer without an article is dropped once it is written.
        crawler.signals.connect(self._advance, signals.item_dropped)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def _start(self, spider: Spider) -> None:
        self._bar = _shared.join()
        self._task = self._bar.add_task(spider.name, total=None, found="", rate="")
        self._began = monotonic()

    def _advance(self) -> None:
        run = extension(self.crawler, Run)
        counts = run.counts
        gaps = counts.missing + counts.removed + counts.restricted
        found = f"{counts.articles} articles, {gaps} gaps"
        if counts.unsettled:
            found += f", [yellow]{counts.unsettled} unsettled[/]"
        rate = counts.asked / max(monotonic() - self._began, 1e-9)
        self._bar.update(
            self._task,
            completed=counts.asked,
            total=run.expected,
            found=found,
            rate=f"{rate:.3g}/s",
        )

    def _stop(self) -> None:
        _shared.leave()
