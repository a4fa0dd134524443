"""A spider for every site file: ``scrapy list`` shows the papers."""

from __future__ import annotations

from typing import TypeVar

from newscrawler import sites
from newscrawler.sites import Site
from newscrawler.spiders.newspaper import NewspaperSpider

Spider = TypeVar("Spider", bound=NewspaperSpider)


def spider_for(site: Site, base: type[Spider]) -> type[Spider]:
    """The spider of that class for a paper; it is named as the paper is."""
    name = f"{site.name.title()}Spider"
    attributes = {
        # Scrapy finds spider classes among a module's names and asks where they were defined.
        "__module__": __name__,
        "__doc__": site.title,
        "name": site.name,
        "site": site,
        "allowed_domains": list(site.hosts),
    }
    return type(name, (base,), attributes)


globals().update(
    # Under one name each: Scrapy takes a second one for a second spider.
    (spider.__name__, spider)
    for spider in [spider_for(site, NewspaperSpider) for site in sites.load_all().values()]
)
