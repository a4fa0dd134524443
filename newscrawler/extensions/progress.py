"""A line of progress on a terminal; nothing anywhere else."""

from __future__ import annotations

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawler.extensions import extension
from newscrawler.extensions.recorder import Recorder
from newscrawler.logs import CONSOLE


class Progress:
    """Numbers done, articles, gaps, rate and time left, from the run's own counts."""

    def __init__(self, crawler: Crawler) -> None:
        if not CONSOLE.is_terminal:
            raise NotConfigured  # nobody looks
        self.crawler = crawler
        self._bar = Bar(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[found]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=CONSOLE,
            transient=True,
            refresh_per_second=4,
            speed_estimate_period=120,
        )
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._advance, signals.item_scraped)
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def _start(self, spider: Spider) -> None:
        self._task = self._bar.add_task(spider.name, total=None, found="")
        self._bar.start()

    def _advance(self) -> None:
        recorder = extension(self.crawler, Recorder)
        counts = recorder.counts
        gaps = counts.missing + counts.removed + counts.restricted
        found = f"{counts.articles} articles, {gaps} gaps"
        if counts.unsettled:
            found += f", [yellow]{counts.unsettled} unsettled[/]"
        self._bar.update(
            self._task,
            completed=counts.asked,
            total=recorder.expected,
            found=f"{found}, {self._rate():.3g}/s",
        )

    def _rate(self) -> float:
        task = self._bar.tasks[0]
        return task.completed / task.elapsed if task.elapsed else 0.0

    def _stop(self) -> None:
        self._bar.stop()
