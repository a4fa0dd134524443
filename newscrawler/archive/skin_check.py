"""Which selectors of a paper's own skins find nothing on the stored pages."""

from __future__ import annotations

from typing import NamedTuple

from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive
from newscrawler.pages import dom, encoding, selectors, skin
from newscrawler.sites import Site
from newscrawler.sites.skins import SELECTOR_KEYS, shipped

NEWEST = 50
"""How many numbers are checked: enough for the selectors of a skin, in a second."""


class Unmatched(NamedTuple):
    skin: str
    key: str
    selector: str

    def __str__(self) -> str:
        return f"[skins.{self.skin}] {self.key}: {self.selector!r} finds nothing"


def unmatched(archive: Archive, site: Site) -> tuple[int, list[Unmatched]]:
    """How many pages were checked, and which selectors found nothing on any of them.

    Only selectors in the site file are checked, not those of the shipped skins.
    """
    common = {
        (key, text) for one in shipped() for key in SELECTOR_KEYS for text in getattr(one, key)
    }
    left = {
        Unmatched(own.name, key, text): None
        for own in site.skins
        for key in SELECTOR_KEYS
        for text in getattr(own, key)
        if (key, text) not in common
    }
    pages = 0
    rows = archive.connection.execute(
        "SELECT idx FROM captures WHERE site = ? GROUP BY idx ORDER BY max(id) DESC LIMIT ?",
        [site.name, NEWEST],
    ).fetchall()
    for (idx,) in rows if left else ():
        for capture in archive.captures(Filters(site=site.name), idx=idx):
            page = dom.parse(encoding.decode(capture.body).text, skin.wanted(site))
            pages += 1
            for found in [one for one in left if selectors.find(one.selector, page)]:
                del left[found]
    return pages, list(left)
