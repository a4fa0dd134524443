"""Figures in Prometheus' text format
(https://prometheus.io/docs/instrumenting/exposition_formats/).

All are gauges: a run's counts start at 0 with each run.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from newscrawler import clock
from newscrawler.config import archives, options
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.run import Run
from newscrawler.sites import Site
from newscrawler.store import coverage
from newscrawler.store.atomic_file import whole_file
from newscrawler.store.connection import connect_reader
from newscrawler.store.coverage import Pulse

if TYPE_CHECKING:
    from prometheus_client import Metric

RESULTS = (
    *("articles_new", "articles_changed", "articles_unchanged"),
    *("missing", "removed", "restricted", "pending", "failed", "unknown"),
)
"""What a run counts for each number; the names are columns of ``runs``."""


Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    """Without the prefix ``newscrawler_``."""
    help: str
    samples: Mapping[Labels, float]
    """Labels besides ``site`` → value."""


def single(name: str, help: str, value: float, **labels: str) -> Gauge:
    """A gauge with one value."""
    return Gauge(name, help, {tuple(labels.items()): value})


def of_run(summary: Mapping[str, Any], *, active: bool, delay: float) -> Iterator[Gauge]:
    """The gauges of a run, running or ended; ``delay`` is its minimum time between requests."""
    yield single("run_active", "1 while a crawl is running.", int(active))
    started = clock.from_text(summary["started_at"]).timestamp()
    yield single("run_start_time_seconds", "When the run began.", started)
    if not active:
        ended = clock.from_text(summary["finished_at"]).timestamp()
        yield single("run_end_time_seconds", "When the run ended.", ended)
        code, outcome = summary["exit_code"], summary["outcome"]
        yield single("run_exit_code", "How the run ended.", code, outcome=outcome)
    yield single("run_requests", "Requests that the run sent.", summary["requests"])
    yield single("run_received_bytes", "Bytes that the run received.", summary["bytes"])
    yield single("run_retries", "Requests that were retries.", summary["retries"])
    yield single("run_delay_seconds", "Minimum time between two requests.", delay)
    counts: dict[Labels, float] = {(("result", result),): summary[result] for result in RESULTS}
    yield Gauge("run_numbers", "Numbers that the run requested, by result.", counts)


def of_archive(pulse: Pulse) -> Iterator[Gauge]:
    """The gauges of the archive."""
    states: dict[Labels, float] = {
        (("state", state),): count for state, count in pulse.states.items()
    }
    yield Gauge("archive_numbers", "Numbers in the ledger, by state.", states)
    due: dict[Labels, float] = {(("kind", kind),): count for kind, count in pulse.due.items()}
    yield Gauge("archive_due_numbers", "Numbers that are due for a request, by kind.", due)
    if pulse.newest is not None:
        yield single("archive_newest_number", "Newest number that the site lists.", pulse.newest)
    if pulse.last_success:
        moment = clock.from_text(pulse.last_success).timestamp()
        help = "When a run last ended with exit code 0 or 3."
        yield single("archive_last_success_time_seconds", help, moment)


def text(gauges: Iterable[Gauge], site: str) -> bytes:
    """The whole file; every sample has the label ``site``."""
    # Imported here: only a crawl with METRICS_FILE needs it, and it loads a web server.
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Figures(gauges, site))
    return generate_latest(registry)


class _Figures:
    """The gauges as prometheus-client collects them."""

    def __init__(self, gauges: Iterable[Gauge], site: str) -> None:
        self._gauges = tuple(gauges)
        self._site = site

    def collect(self) -> Iterator[Metric]:
        from prometheus_client import Metric

        for gauge in self._gauges:
            name = f"newscrawler_{gauge.name}"
            family = Metric(name, gauge.help, "gauge")
            for labels, value in gauge.samples.items():
                family.add_sample(name, {"site": self._site, **dict(labels)}, value)
            yield family


logger = logging.getLogger(__name__)


class Metrics:
    def __init__(self, crawler: Crawler, site: Site | None) -> None:
        template = options.METRICS_FILE.read(crawler.settings)
        if not template or site is None:
            raise NotConfigured
        self.crawler = crawler
        self.site = site
        self.path = Path(template.replace("{site}", site.name))
        self._every = options.METRICS_INTERVAL.read(crawler.settings)
        self._timer = create_looping_call(self._write, active=True)
        self._warned = False
        crawler.signals.connect(self._start, signals.spider_opened)
        # Connected after the run, which has judged the run by then.
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
        """Replace the file at once: a reader never sees a part of it."""
        try:
            with whole_file(self.path) as out:
                out.write(text(self._gauges(active), self.site.name))
        except OSError as error:
            # A failed writing does not stop the crawl, and is reported once.
            if not self._warned:
                logger.warning("METRICS_FILE cannot be written: %s", error)
            self._warned = True

    def _gauges(self, active: bool) -> Iterator[Gauge]:
        run = extension(self.crawler, Run)
        delay = extension(self.crawler, Pacer).floor
        yield from of_run(run.summary(), active=active, delay=delay)
        if (expected := run.expected) is not None:
            help = "Numbers that the run is going to request."
            yield single("run_expected_numbers", help, expected)
        try:
            # The run has closed the archive by the time of the last writing.
            connection = connect_reader(archives.of_settings(self.crawler.settings, self.site))
        except sqlite3.Error:
            return
        try:
            yield from of_archive(coverage.pulse(connection, self.site.name, clock.now()))
        except sqlite3.Error as error:
            logger.warning("The archive's figures cannot be read: %s", error)
        finally:
            connection.close()
