"""A spider for every site file: ``scrapy list`` shows the papers."""

from __future__ import annotations

from newscrawler import sites
from newscrawler.spiders.newspaper import NewspaperSpider

for _site in sites.load_all().values():
    # Scrapy finds spider classes among a module's names and asks where they were defined.
    globals()[f"{_site.name.title()}Spider"] = type(
        f"{_site.name.title()}Spider",
        (NewspaperSpider,),
        {
            "__module__": __name__,
            "__doc__": _site.title,
            "name": _site.name,
            "site": _site,
            "allowed_domains": list(_site.hosts),
        },
    )
