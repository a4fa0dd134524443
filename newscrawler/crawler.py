"""Runs crawls in this process, and returns one summary for each paper."""

from __future__ import annotations

import asyncio
import gc
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, Settings, default_settings
from scrapy.utils.misc import load_object

from newscrawler import clock
from newscrawler import settings as project_settings
from newscrawler.config import archives, options, replaced, sources, value_types
from newscrawler.config.surroundings import check_log_file, check_open_files
from newscrawler.exceptions import (
    LockedError,
    NewscrawlerError,
    SelectionError,
    SettingError,
    StoreError,
)
from newscrawler.extensions import logs, ping
from newscrawler.extensions.counts import Counts
from newscrawler.extensions.feed_files import check_feeds
from newscrawler.extensions.lane import Lane
from newscrawler.extensions.progress import Progress
from newscrawler.extensions.progress_log import Pulse
from newscrawler.extensions.run import Run
from newscrawler.humanize import did_you_mean
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.spiders.doctor import DoctorSpider
from newscrawler.spiders.findings import Finding
from newscrawler.spiders.loader import spider_for
from newscrawler.spiders.newspaper import NewspaperSpider
from newscrawler.spiders.page import PageSpider
from newscrawler.spiders.paper import PaperSpider
from newscrawler.store.lock import LaneLock
from newscrawler.store.store import Store

_OURS = SETTINGS_PRIORITIES["cmdline"] + 1
"""Priority of what the program sets itself: above all that somebody has given."""

_COLLECT = (10_000, 20, 20)
"""Thresholds of Python's garbage collector during a crawl (``gc.set_threshold``). Few objects of a
request are in cycles; with the usual (700, 10, 10) the collector takes a thirteenth of the
processor time of the process that downloads at full speed, with these a fiftieth."""


def settings_from(assignments: Sequence[str], log_level: str = "WARNING") -> Settings:
    """The project's settings, changed by ``NAME=VALUE`` texts of a command line.

    Raises:
        SettingError: no ``=``, or an unknown name.
    """
    settings = Settings()
    settings.setmodule(project_settings, "project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, _OURS)  # logs.install() has its own
    settings.set("LOG_LEVEL", log_level, SETTINGS_PRIORITIES["project"] + 1)
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        name = name.strip()
        if not equals or not name:
            raise SettingError(f"-s must be NAME=VALUE, not {assignment!r}")
        settings.set(name, _checked(name, value), "cmdline")
    return settings


def settings_of_scrapy(settings: Settings) -> Settings:
    """Check the settings of Scrapy's own command line as :func:`settings_from` does.

    Raises:
        SettingError: an unknown name, or an invalid value.
    """
    checked = settings.copy()
    for name, value in settings.items():
        if settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] and isinstance(value, str):
            checked.set(name, _checked(name, value), "cmdline")
    checked.set("LOG_INSTALL_ROOT_HANDLER", False, _OURS)
    return checked


def _checked(name: str, value: str) -> Any:
    """Refuse an unknown name, and a value with which Scrapy would fail later."""
    if name in options.BY_NAME:
        return value  # checked together with the site file's and the environment's values
    known = {*default_settings.__all__, *options.BY_NAME, *vars(project_settings)}
    if name not in known:
        raise SettingError(f"there is no setting {name}{did_you_mean(name, known)}")
    if why := replaced.refusal(name):
        raise SettingError(why)
    usual = getattr(default_settings, name, None)
    try:
        if isinstance(usual, bool):
            return value_types.FLAG.parse(value)
        if isinstance(usual, (int, float)):
            least = _least(name)
            kind = value_types.whole if isinstance(usual, int) else value_types.number
            return kind(least, 2**31).parse(value)
        if isinstance(usual, dict):
            return value_types.TABLE.parse(value)
        if _is_class_path(usual):
            load_object(value)
    except (ValueError, OverflowError, ImportError, NameError):
        if isinstance(usual, dict):
            takes = value_types.TABLE.takes
        elif isinstance(usual, str):
            takes = f"the path of a class, such as {usual}"
        elif isinstance(usual, (int, float)) and not isinstance(usual, bool) and _least(name) >= 0:
            takes = f"a number from {_least(name)}, such as {usual}"
        else:
            takes = "True or False" if isinstance(usual, bool) else f"a number such as {usual}"
        raise SettingError(f"{name} must be {takes}, not {value!r}") from None
    return value


_FROM_ONE = ("CONCURRENT_", "REACTOR_THREADPOOL_MAXSIZE", "SCRAPER_SLOT_MAX_ACTIVE_SIZE")
"""How the names of Scrapy's settings begin with which nothing would ever be done at 0."""


def _least(name: str) -> int:
    """The least number that a setting of Scrapy takes."""
    if name.startswith(_FROM_ONE):
        return 1
    return -(2**31) if name in ("DEPTH_PRIORITY", "FEED_EXPORT_INDENT") else 0


def _is_class_path(usual: object) -> bool:
    """Whether a setting of Scrapy names a class, by its default value."""
    return isinstance(usual, str) and bool(
        re.fullmatch(r"(scrapy|twisted)(\.\w+)+\.[A-Z]\w+", usual)
    )


def crawl(
    papers_and_settings: Sequence[tuple[Site, Settings]], arguments: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Crawl papers at the same time, each with its own settings; returns their summaries.

    Args:
        papers_and_settings: at least one paper.
        arguments: the spider's arguments, the same for all.

    If the database of one of several papers cannot be written, that paper is skipped, with a
    summary that says so; for a single paper the error is raised.

    Raises:
        SettingError: an invalid value, no contact, a delay that is too short, too few open files.
        SelectionError: an argument that the spider does not know or cannot use.
        NoArchiveError: there is no archive, and its path looks like a typing error.
        SiteError: two papers on one host that do not share a lane.
        LockedError: another process is writing the database, or uses the lane.
        StoreError: the database cannot be written.
    """
    check_open_files()
    base_url = arguments.get("base_url")
    applied: list[Settings] = []
    for site, settings in papers_and_settings:
        applied.append(settings.copy())
        sources.apply(site, applied[-1])
        spider = spider_for(site, NewspaperSpider)(**arguments)
        if spider.refusal:
            raise SelectionError(spider.refusal)
        sources.check_manners(site, applied[-1], base_url)
        database = archives.of_settings(applied[-1], site)
        check_log_file(applied[-1], database)
        check_feeds(applied[-1], spider, database)
        archives.check_beginning(applied[-1], site, meant=spider.selection.begins)
    several = len(papers_and_settings) > 1
    if several:
        _check_apart([site for site, _ in papers_and_settings], applied)
    stores: list[Store] = []
    lanes: dict[str, LaneLock] = {}
    refused: list[dict[str, Any]] = []
    ready: list[tuple[Site, Settings]] = []
    try:
        for (site, settings), checked in zip(papers_and_settings, applied, strict=True):
            # Held here as well, so that a lock or a full disk is told before any request.
            try:
                path = archives.of_settings(checked, site)
                stores.append(Store.open(path))
                if site.lane and not base_url and site.lane not in lanes:
                    lanes[site.lane] = LaneLock(path.parent, site.lane, clock.now())
            except (LockedError, StoreError) as error:
                refused.append(_refused(site, error))
                if isinstance(error, StoreError):
                    ping.tell(checked, site.name, refused[-1])
                if not several:
                    raise
            else:
                ready.append((site, settings))
        if not ready:
            return refused
        process = _process(applied[0])
        logs.install(applied[0], several=several)
        return refused + _run(process, ready, arguments)
    finally:
        for store in stores:
            store.close()
        for lane in lanes.values():
            lane.release()


def _check_apart(sites: Sequence[Site], applied: Sequence[Settings]) -> None:
    """Refuse several papers that would overwrite each other's files."""
    for option in (options.METRICS_FILE, options.PING_URL):
        own = [
            option.read(settings).replace("{site}", site.name)
            for site, settings in zip(sites, applied, strict=True)
        ]
        used = [value for value in own if value]
        if len(set(used)) < len(used):
            raise SettingError(
                f"{option.name} must contain {{site}}, because several papers are crawled"
            )


def _refused(site: Site, error: Exception) -> dict[str, Any]:
    """The summary of a crawl that could not begin, while others could."""
    outcome = Outcome.LOCKED if isinstance(error, LockedError) else Outcome.STORAGE
    return not_begun(site, outcome, str(error))


def not_begun(site: Site, outcome: Outcome, diagnosis: str) -> dict[str, Any]:
    """The summary of a crawl that sent no request."""
    now = clock.to_text(clock.now())
    return {
        "run": None,
        "site": site.name,
        "selection": None,
        "outcome": str(outcome),
        "exit_code": outcome.exit_code,
        "diagnosis": diagnosis,
        "started_at": now,
        "finished_at": now,
        "newest": None,
        "left": None,
        "requests": 0,
        "bytes": 0,
        **asdict(Counts()),
    }


def examine(
    site: Site,
    settings: Settings,
    base_url: str | None,
    samples: int = 0,
    tell: Callable[[Finding], None] | None = None,
) -> DoctorSpider:
    """Check a paper with a few requests and ``samples`` more articles; store nothing.

    Returns the spider, which has the findings; ``tell`` is called with each finding at once.
    """
    spider = _alone(site, settings, DoctorSpider, base_url=base_url, samples=samples, tell=tell)
    assert isinstance(spider, DoctorSpider)
    return spider


def fetch(site: Site, settings: Settings, url: str, idx: int, base_url: str | None) -> PageSpider:
    """Request one page of a paper by the rules of a crawl; store nothing."""
    spider = _alone(site, settings, PageSpider, base_url=base_url, url=url, idx=idx)
    assert isinstance(spider, PageSpider)
    return spider


def _alone(
    site: Site, settings: Settings, kind: type[PaperSpider], **arguments: Any
) -> Spider | None:
    """Run a spider that stores nothing; returns the spider."""
    with tempfile.TemporaryDirectory() as folder:
        settings = for_examination(settings, folder)
        process = _process(settings)
        logs.install(settings)
        crawler = Crawler(spider_for(site, kind), settings)
        task = process.crawl(crawler, **arguments)
        process.start()
        if not task.cancelled() and (error := task.exception()):
            raise _as_setting_error(crawler, error)
    return crawler.spider


def for_examination(settings: Settings, folder: str) -> Settings:
    """The settings of a crawl, changed so that it writes files only in ``folder``."""
    changed = settings.copy()
    changes = {
        "NEWSCRAWLER_DB": f"{folder}/doctor.db",
        "PING_URL": "",
        "METRICS_FILE": "",
        "FEEDS": {},
        "LOG_FILE": None,
        # The findings say it all.
        "LOG_LEVEL": "CRITICAL",
        "EXTENSIONS": {**settings.getdict("EXTENSIONS"), Progress: None, Pulse: None},
    }
    changed.setdict(changes, priority=_OURS)
    return changed


_OF_THE_PROCESS = (
    "ASYNCIO_EVENT_LOOP",
    "TWISTED_DNS_RESOLVER",
    "DNSCACHE_ENABLED",
    "DNSCACHE_SIZE",
    "REACTOR_THREADPOOL_MAXSIZE",
)
"""Settings that Scrapy reads from the process, not from a crawler."""


def process_settings(settings: Settings) -> Settings:
    """Settings of the process itself, taken from those of a crawl, at the lowest priority.

    Where the priorities are equal, Scrapy applies a process's settings over each crawler's.
    """
    own = Settings()
    for name in ("SPIDER_LOADER_CLASS", "LOG_FORMATTER"):
        own.set(name, getattr(project_settings, name), "default")
    for name in _OF_THE_PROCESS:
        own.set(name, settings[name], "default")
    own.set("LOG_INSTALL_ROOT_HANDLER", False, "default")
    return own


def _process(settings: Settings) -> AsyncCrawlerProcess:
    """Raises SettingError: Scrapy refuses a setting that concerns the process."""
    try:
        return AsyncCrawlerProcess(process_settings(settings))
    except Exception as error:
        raise _refused_by_scrapy(settings, error) from error


def _as_setting_error(crawler: Crawler, error: BaseException) -> BaseException:
    """The error that ended a crawl, or a SettingError if Scrapy could not even set it up."""
    try:
        return error if crawler.engine else _refused_by_scrapy(crawler.settings, error)
    except RuntimeError:  # Scrapy's way to say that there is no engine
        return _refused_by_scrapy(crawler.settings, error)


def _refused_by_scrapy(settings: Settings, error: BaseException) -> BaseException:
    """A SettingError that names Scrapy's settings that were given, or the error if none was.

    Scrapy's own components check their settings when they are made, and raise what they like.
    """
    given = sorted(
        name
        for name in settings
        if settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]
        and name in default_settings.__all__
        and name not in options.BY_NAME
    )
    if not given or isinstance(error, NewscrawlerError):
        return error
    names = ", ".join(given)
    return SettingError(f"Scrapy cannot start with the given {names}: {error}")


def _run(
    process: AsyncCrawlerProcess,
    papers_and_settings: Sequence[tuple[Site, Settings]],
    arguments: Mapping[str, Any],
) -> list[dict[str, Any]]:
    running: list[tuple[Crawler, asyncio.Task[None]]] = []
    lanes: defaultdict[str, Lane] = defaultdict(Lane)
    for site, settings in papers_and_settings:
        spider = spider_for(site, NewspaperSpider)
        spider.lane = lanes[site.lane_name]
        crawler = Crawler(spider, settings)
        running.append((crawler, process.crawl(crawler, **arguments)))
    usual = gc.get_threshold()
    gc.set_threshold(*_COLLECT)
    try:
        process.start()
    finally:
        gc.set_threshold(*usual)
    return [_summary(crawler, task) for crawler, task in running]


def _summary(crawler: Crawler, task: asyncio.Task[None]) -> dict[str, Any]:
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise _as_setting_error(crawler, error)
    run = crawler.get_extension(Run)
    assert run is not None
    # Scrapy ends the loop under a crawl at a second Ctrl-C, and at a SIGTERM while it starts.
    run.abandon()
    return run.summary()
