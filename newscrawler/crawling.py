"""Runs crawls in this process: settings in, one summary for each paper out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, Settings, default_settings

from newscrawler import configuration, logs, options
from newscrawler import settings as project_settings
from newscrawler.extensions.recorder import Recorder, database_path
from newscrawler.options import SettingError
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.store import Store


def settings_from(assignments: Sequence[str], log_level: str = "WARNING") -> Settings:
    """The project's settings with ``NAME=VALUE`` texts of a command line over them.

    Raises:
        SettingError: no ``=``, or a name that nobody reads.
    """
    settings = Settings()
    settings.setmodule(project_settings, "project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, "cmdline")  # logs.install() has its own
    settings.set("LOG_LEVEL", log_level, SETTINGS_PRIORITIES["project"] + 1)
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        name = name.strip()
        if not equals or not name:
            raise SettingError(f"-s takes NAME=VALUE, not {assignment!r}")
        settings.set(name, _checked(name, value), "cmdline")
    return settings


def _checked(name: str, value: str) -> Any:
    """Refuse a name that nobody reads, and a value that Scrapy would stumble over later."""
    if name in options.BY_NAME:
        return value  # checked together with the site file's and the environment's values
    known = {*default_settings.__all__, *options.BY_NAME, *vars(project_settings)}
    if name not in known:
        raise SettingError(f"there is no setting {name}{options.meant(name, known)}")
    usual = getattr(default_settings, name, None)
    try:
        if isinstance(usual, bool):
            return options.flag(value)
        if isinstance(usual, (int, float)):
            least = 1 if name.startswith("CONCURRENT_") else -(2**31)
            return options.number(least, 2**31, whole=isinstance(usual, int))(value)
    except (ValueError, OverflowError):
        kind = "True or False" if isinstance(usual, bool) else "a number that makes sense"
        raise SettingError(f"{name} takes {kind}, like {usual!r}; {value!r} is none") from None
    return value


def crawl(
    papers_and_settings: Sequence[tuple[Site, Settings]], arguments: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Crawl papers side by side, each with its own settings; their summaries.

    Args:
        papers_and_settings: at least one paper.
        arguments: the spider's arguments, the same for all.

    Raises:
        SettingError: a value that cannot be used, or bad manners.
        LockedError: another process writes a database.
        StoreError: a database cannot be written.
    """
    stores: list[Store] = []
    try:
        for site, settings in papers_and_settings:
            checked = settings.copy()
            configuration.apply(site, checked)
            configuration.check_manners(checked, arguments.get("base_url"))
            # Held here as well, so that a lock or a full disk is told before any request.
            stores.append(Store.open(database_path(checked, site)))
        process = AsyncCrawlerProcess(_process_settings())
        logs.install(checked, several=len(stores) > 1)
        return _run(process, papers_and_settings, arguments)
    finally:
        for store in stores:
            store.close()


def _process_settings() -> Settings:
    """What the process needs for itself, at the lowest priority.

    Scrapy lays a process's settings over each crawler's where the priorities are equal.
    """
    settings = Settings()
    for name in ("SPIDER_MODULES", "LOG_FORMATTER"):
        settings.set(name, getattr(project_settings, name), "default")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, "default")
    return settings


def _run(
    process: AsyncCrawlerProcess,
    papers_and_settings: Sequence[tuple[Site, Settings]],
    arguments: Mapping[str, Any],
) -> list[dict[str, Any]]:
    running: list[tuple[Crawler, asyncio.Task[None]]] = []
    for site, settings in papers_and_settings:
        spider = process.spider_loader.load(site.name)
        crawler = Crawler(spider, settings)
        running.append((crawler, process.crawl(crawler, **arguments)))
    process.start()
    return [_summary(crawler, task) for crawler, task in running]


def _summary(crawler: Crawler, task: asyncio.Task[None]) -> dict[str, Any]:
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None
    if recorder.outcome is None:
        # A second Ctrl-C: the run's row says "running" until the next crawl finds it.
        recorder.outcome = Outcome.INTERRUPTED
    return recorder.summary()
