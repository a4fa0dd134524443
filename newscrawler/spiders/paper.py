"""The base of all spiders: the site, its settings, and another origin if one is given."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawler.config import sources
from newscrawler.exceptions import SettingError
from newscrawler.humanize import did_you_mean
from newscrawler.sites import Site


class PaperSpider(Spider):
    """A spider of one paper; subclasses are made for a ``site`` (``spiders/loader.py``).

    Args:
        base_url: another origin that serves the same site.
    """

    site: ClassVar[Site]
    allowed_domains: list[str]

    def __init__(self, base_url: str | None = None, **others: Any) -> None:
        super().__init__()
        self.base_url = base_url
        self.refusal: str | None = self._unknown(others)
        """Why the crawl cannot begin: an invalid argument."""
        if self.refusal:
            return
        try:
            sources.check_base_url(base_url)
        except SettingError as error:
            self.refusal = str(error)
        else:
            if base_url:
                self.allowed_domains = [*self.allowed_domains, urlsplit(base_url).hostname or ""]

    @classmethod
    def _unknown(cls, others: Iterable[str]) -> str | None:
        """What is wrong with unknown arguments, which Scrapy would accept."""
        strange = [name for name in others if name not in _OF_SCRAPYD]
        if not strange:
            return None
        known = sorted(
            name
            for name, parameter in inspect.signature(cls).parameters.items()
            if parameter.kind is not parameter.VAR_KEYWORD
        )
        near = did_you_mean(strange[0], known) or f"; there are {', '.join(known)}"
        return f"there is no spider argument {strange[0]}{near}"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            sources.apply(cls.site, settings)
        except SettingError as error:
            raise UsageError(str(error)) from error


_OF_SCRAPYD = frozenset({"_job"})
"""Arguments that scrapyd passes to every spider."""
