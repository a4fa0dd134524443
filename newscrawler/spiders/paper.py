"""What every spider of a paper has: its site, another origin if asked for, its settings."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawler.config import sources
from newscrawler.exceptions import SettingError
from newscrawler.sites import Site


class PaperSpider(Spider):
    """A spider of one paper; subclasses are made for a ``site`` (``spiders/loader.py``).

    Args:
        base_url: another origin that serves the same site.
    """

    site: ClassVar[Site]
    allowed_domains: list[str]

    def __init__(self, base_url: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base_url = base_url
        self.refusal: str | None = None
        """Why the crawl cannot begin: an argument that cannot be meant."""
        try:
            sources.check_base_url(base_url)
        except SettingError as error:
            self.refusal = str(error)
        else:
            if base_url:
                self.allowed_domains = [*self.allowed_domains, urlsplit(base_url).hostname or ""]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            sources.apply(cls.site, settings)
        except SettingError as error:
            raise UsageError(str(error)) from error
