"""``scrapy crawl``, and what scrapyd starts: the job of ``newscrawler crawl``, exit codes included.

Scrapy's command would end with 0 whatever the run's outcome. Settings, arguments and the archive
are checked before Scrapy starts anything, and the summary is logged at INFO.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console
from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from newscrawler import crawler, sites
from newscrawler.cli import signals
from newscrawler.cli.errors import NO_MEMORY
from newscrawler.cli.summaries import print_summary
from newscrawler.config.archives import of_settings
from newscrawler.config.surroundings import check_log_file
from newscrawler.exceptions import NewscrawlerError
from newscrawler.extensions import logs
from newscrawler.outcomes import EXIT_INTERRUPTED, EXIT_STORAGE, worst

logger = logging.getLogger(__name__)


class Command(BaseRunSpiderCommand):
    requires_project = True
    requires_crawler_process = False  # crawler.crawl() makes its own, after the checks

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run a spider of the current project, by name"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider; `scrapy list` shows them", print_help=False)
        self._site = sites.load(sites.DEFAULT)
        signals.take_as_interrupt()
        try:
            self.exitcode = self._crawl(args[0], opts.spargs)
        except NewscrawlerError as error:
            self._tell(error)
            self.exitcode = error.exit_code
        except MemoryError:
            print(f"scrapy crawl: {NO_MEMORY}", file=sys.stderr)
            self.exitcode = EXIT_STORAGE
        except KeyboardInterrupt:
            self.exitcode = EXIT_INTERRUPTED

    def _crawl(self, name: str, arguments: dict[str, str]) -> int:
        """The exit code of a run of the paper ``name``."""
        self._site = sites.load(name)
        assert self.settings is not None
        settings = crawler.settings_of_scrapy(self.settings)
        summaries = crawler.crawl([(self._site, settings)], arguments)
        for summary in summaries:
            told = io.StringIO()
            print_summary(Console(file=told), summary)
            for line in told.getvalue().splitlines():
                logger.info("%s", line)
        return worst(summary["exit_code"] for summary in summaries)

    def _tell(self, error: NewscrawlerError) -> None:
        """Say why nothing is crawled: to standard error, and to the log where that is a file.

        scrapyd shows a job's log and nothing else.
        """
        print(f"scrapy crawl: {error}", file=sys.stderr)
        assert self.settings is not None
        try:
            check_log_file(self.settings, of_settings(self.settings, self._site))
        except NewscrawlerError:
            return
        if path := self.settings["LOG_FILE"]:
            with Path(path).open("a", encoding="utf-8") as log:
                print(f"{datetime.now().astimezone():{logs.TIME_FORMAT}} ERROR {error}", file=log)
