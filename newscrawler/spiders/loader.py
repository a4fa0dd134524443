"""A spider for every site file: ``scrapy list`` shows the papers (SPIDER_LOADER_CLASS)."""

from __future__ import annotations

import builtins
from typing import Self, TypeVar

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from newscrawler import sites
from newscrawler.sites import Site
from newscrawler.spiders.newspaper import NewspaperSpider
from newscrawler.spiders.paper import PaperSpider

AnySpider = TypeVar("AnySpider", bound=PaperSpider)


def spider_for(site: Site, base: type[AnySpider]) -> type[AnySpider]:
    """A spider class for a paper, a subclass of ``cls`` with the paper's name."""
    attributes = {
        "__module__": base.__module__,
        "__doc__": site.title,
        "name": site.name,
        "site": site,
        "allowed_domains": list(site.hosts),
    }
    return type(f"{site.name.title()}Spider", (base,), attributes)


class SiteSpiderLoader:
    """Scrapy's spider loader protocol over the site files; no modules are searched."""

    def __init__(self) -> None:
        self._sites = sites.load_all()

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """The paper's spider.

        Raises:
            KeyError: there is no site file of that name.
        """
        if spider_name not in self._sites:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_for(self._sites[spider_name], NewspaperSpider)

    def list(self) -> list[str]:
        return builtins.list(self._sites)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The papers whose hosts include the request's host."""
        return [name for name in self._sites if self.load(name).handles_request(request)]
