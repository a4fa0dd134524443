"""A spider for every site file: ``scrapy list`` shows the papers."""

from __future__ import annotations

from newscrawler import sites
from newscrawler.sites import Site
from newscrawler.spiders.newspaper import NewspaperSpider


def spider_for(site: Site) -> type[NewspaperSpider]:
    """The spider of a paper; it is named as the paper is."""
    name = f"{site.name.title()}Spider"
    attributes = {
        # Scrapy finds spider classes among a module's names and asks where they were defined.
        "__module__": __name__,
        "__doc__": site.title,
        "name": site.name,
        "site": site,
        "allowed_domains": list(site.hosts),
    }
    return type(name, (NewspaperSpider,), attributes)


globals().update((cls.__name__, cls) for cls in map(spider_for, sites.load_all().values()))
