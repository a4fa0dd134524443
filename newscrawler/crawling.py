"""Runs crawls in this process: settings in, one summary for each paper out."""

from __future__ import annotations

import asyncio
import difflib
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
        _refuse_unknown(name)
        settings.set(name, value, "cmdline")
    return settings


def _refuse_unknown(name: str) -> None:
    known = {*default_settings.__all__, *options.BY_NAME}
    if name in known or hasattr(project_settings, name):
        return
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; {near[0]} is meant?" if near else ""
    raise SettingError(f"there is no setting {name}{hint}")


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
        return _run(papers_and_settings, arguments)
    finally:
        for store in stores:
            store.close()


def _run(
    papers_and_settings: Sequence[tuple[Site, Settings]], arguments: Mapping[str, Any]
) -> list[dict[str, Any]]:
    first = papers_and_settings[0][1]
    logs.install(first)
    process = AsyncCrawlerProcess(first)
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
