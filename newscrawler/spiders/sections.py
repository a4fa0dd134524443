"""The section lists of a paper: they give the section of each article without a request for it."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler import clock
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.items import Verdict
from newscrawler.sites import Site
from newscrawler.spiders.discovery import Discovery


@dataclass(frozen=True, slots=True)
class Place:
    """A section that lists an article."""

    code: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A list that could not be read to the end."""

    code: str
    verdict: Verdict
    trouble: str


class SectionLists:
    """The lists of one paper, for one run."""

    def __init__(self, site: Site, discovery: Discovery, holder: StoreHolder, run: Run) -> None:
        self._site = site
        self._discovery = discovery
        self._holder = holder
        self._run = run

    async def places_of_new(self, first: int, last: int, most: int) -> dict[int, Place]:
        """Find the sections of the new numbers ``first`` to ``last`` on the first page of each
        list.

        One request for each section, at most ``most``, until every number has its section. The
        sections of stored articles on these pages are stored too.

        Raises:
            StoppingError: the crawl is ending.
        """
        places: dict[int, Place] = {}
        before = len(self._discovery.troubles)
        for code, name in list(self._holder.ledger.section_names().items())[:most]:
            if len(places) > last - first:
                break
            async for page in self._discovery.section_pages(code):
                idxs = [entry.idx for entry in page.entries]
                self._holder.store.sections.assign(self._site.name, idxs, code, name)
                for idx in idxs:
                    if first <= idx <= last:
                        places.setdefault(idx, Place(code, name))
                break
        if troubles := self._discovery.troubles[before:]:
            self._run.remark(
                f"the lists of {len(troubles)} sections could not be read: {troubles[-1]}"
            )
        return places

    async def walk(self) -> Unreadable | None:
        """Read every page of every list, from where the last such run was cut off.

        A page counts as read once its sections are stored: after a kill only the page in progress
        is requested again. Lists grow at the front, so entries that move to a later page are read a
        second time.

        Returns:
            the first list that could not be read, which ends the run.

        Raises:
            StoppingError: the crawl is ending.
        """
        store, ledger, site = self._holder.store, self._holder.ledger, self._site.name
        names = ledger.section_names()
        store.sections.begin_walks(site, names)
        learned = absent = 0
        for code, start in ledger.unfinished_section_walks():
            number, before = start, len(self._discovery.verdicts)
            async for page in self._discovery.section_pages(code, start):
                idxs = [entry.idx for entry in page.entries]
                learned += store.sections.assign(site, idxs, code, names.get(code))
                absent += sum(not ledger.is_settled(idx) for idx in idxs)
                number += 1
                store.sections.note_walk(site, code, number)
            self._run.remark(_told(learned, absent))
            if troubles := self._discovery.verdicts[before:]:
                return Unreadable(code, troubles[-1], self._discovery.troubles[-1])
            store.sections.note_walk(site, code, number, finished_at=clock.now())
        self._run.remark(_told(learned, absent))
        return None


def _told(learned: int, absent: int) -> str:
    told = f"{learned:,} articles have their section now"
    return f"{told}; {absent:,} listed numbers are not in the archive yet" if absent else told
