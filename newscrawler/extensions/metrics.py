"""Writes a run's figures to METRICS_FILE while it lasts and when it is over."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from newscrawler import clock, coverage, metrics, options, sqlite
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.recorder import Recorder, database_path
from newscrawler.sites import Site

logger = logging.getLogger(__name__)


class Metrics:
    def __init__(self, crawler: Crawler, site: Site | None) -> None:
        template: str = options.read(crawler.settings, "METRICS_FILE")
        if not template or site is None:
            raise NotConfigured
        self.crawler = crawler
        self.site = site
        self.path = Path(template.replace("{site}", site.name))
        self._every: float = options.read(crawler.settings, "METRICS_INTERVAL")
        self._timer = create_looping_call(self._write, active=True)
        self._warned = False
        crawler.signals.connect(self._start, signals.spider_opened)
        # Connected after the recorder, which has judged the run by then.
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Metrics:
        return cls(crawler, getattr(crawler.spidercls, "site", None))

    def _start(self) -> None:
        self._timer.start(self._every, now=False)

    def _stop(self) -> None:
        self._timer.stop()
        self._write(active=False)

    def _write(self, *, active: bool) -> None:
        """Whole, and renamed into place: whoever reads it never sees half."""
        fresh = self.path.with_name(f".{self.path.name}.new")
        try:
            fresh.write_text(metrics.text(self._gauges(active), self.site.name), encoding="utf-8")
            fresh.replace(self.path)
        except OSError as error:
            # Figures are no reason to stop, nor to say the same every few seconds.
            if not self._warned:
                logger.warning("METRICS_FILE cannot be written: %s", error)
            self._warned = True

    def _gauges(self, active: bool) -> Iterator[metrics.Gauge]:
        recorder = extension(self.crawler, Recorder)
        delay = extension(self.crawler, Pacer).floor
        yield from metrics.of_run(recorder.summary(), active=active, delay=delay)
        if (expected := recorder.expected) is not None:
            help = "Numbers that the run set out to ask for."
            yield metrics.single("run_expected_numbers", help, expected)
        try:
            # The recorder has closed its own by the time of the last writing.
            connection = sqlite.connect_reader(database_path(self.crawler.settings, self.site))
        except sqlite3.Error:
            return
        try:
            yield from metrics.of_archive(coverage.pulse(connection, self.site.name, clock.now()))
        except sqlite3.Error as error:
            logger.warning("The archive's figures cannot be read: %s", error)
        finally:
            connection.close()
