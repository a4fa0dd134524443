"""The section lists of a paper: they give the section of each article without a request for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from scrapy.crawler import Crawler

from newscrawler import clock
from newscrawler.config import selection
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Verdict
from newscrawler.outcomes import Outcome
from newscrawler.sites import Site
from newscrawler.spiders.discovery import ENDINGS, Discovery


@dataclass(frozen=True, slots=True)
class Place:
    """A section that lists an article."""

    code: str | None
    name: str | None


class SectionLists:
    """The lists of one paper, for one run; a list that cannot be read ends the run."""

    def __init__(self, crawler: Crawler, site: Site, discovery: Discovery) -> None:
        self._site = site
        self._discovery = discovery
        self._holder = extension(crawler, StoreHolder)
        self._run = extension(crawler, Run)
        self._stopper = extension(crawler, Stopper)

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

    # -- all lists: crawl --sections ---------------------------------------------

    async def walk(self) -> None:
        """Read every page of every list, from where the last such run was cut off.

        A page counts as read once its sections are stored: after a kill only the page in progress
        is requested again. Lists grow at the front, so entries that move to a later page are read a
        second time. No article is requested.

        Raises:
            StoppingError: the crawl is ending.
        """
        store, ledger, site = self._holder.store, self._holder.ledger, self._site.name
        names = ledger.section_names()
        if not names:
            self._stopper.stop(Outcome.CHANGED, "the menu of the home page names no section")
            return
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
            self._run.remark(told_of_lists(learned, absent))
            if verdicts := self._discovery.verdicts[before:]:
                self._stopper.stop(ENDINGS[verdicts[-1]], self._unreadable(code))
                return
            store.sections.note_walk(site, code, number, finished_at=clock.now())
        self._run.remark(told_of_lists(learned, absent))

    # -- one list: crawl --section -------------------------------------------------

    def code_of(self, asked: str) -> str | None:
        """The code of a section given by name or code; what looks like a code is used as one.

        ``None`` ends the run: there is no such section.
        """
        names = self._holder.ledger.section_names()
        by_name = {name: code for code, name in names.items()}
        if code := by_name.get(asked):
            return code
        if selection.SECTION_CODE.fullmatch(asked):
            return asked
        self._stopper.stop(Outcome.REFUSED, self._no_such_section(asked))
        return None

    async def unsettled(self, code: str) -> AsyncIterator[tuple[int, Place]]:
        """Unsettled numbers in a section's list, until a page brings nothing new.

        The list also gives the sections of stored articles, without a request for each article.
        """
        ledger = self._holder.ledger
        place = Place(code, ledger.section_names().get(code))
        listed, before = 0, len(self._discovery.verdicts)
        async for page in self._discovery.section_pages(code):
            idxs = [entry.idx for entry in page.entries]
            listed += len(idxs)
            assigned = self._holder.store.sections.assign(self._site.name, idxs, code, place.name)
            unsettled = [idx for idx in idxs if not ledger.is_settled(idx)]
            if not unsettled and not assigned:
                return
            for idx in unsettled:
                yield idx, place
        if not listed:
            self._stopper.stop(
                *self._why_nothing_is_listed(code, self._discovery.verdicts[before:])
            )

    def _why_nothing_is_listed(self, code: str, answers: Sequence[Verdict]) -> tuple[Outcome, str]:
        """How the run ends if a section's list names no article.

        Args:
            answers: verdicts on what came instead of the list.
        """
        if answers and (outcome := ENDINGS[answers[0]]) is not Outcome.CHANGED:
            return outcome, self._unreadable(code)
        names = self._holder.ledger.section_names()
        if not names or code in names:
            return (
                Outcome.CHANGED,
                f"section {code} lists no article: the site has changed its lists",
            )
        return Outcome.REFUSED, self._no_such_section(code)

    def _unreadable(self, code: str) -> str:
        return f"the list of section {code} cannot be read: {self._discovery.troubles[-1]}"

    def _no_such_section(self, asked: str) -> str:
        names = self._holder.ledger.section_names()
        known = ", ".join(f"{code} ({name})" for code, name in names.items())
        return f"{self._site.title} has no section {asked}; its menu names {known or 'none'}"


def told_of_lists(learned: int, absent: int) -> str:
    """What a walk of the section lists has found, for the run's diagnosis."""
    told = f"{learned:,} articles have their section now"
    if learned == 1:
        told = "1 article has its section now"
    return f"{told}; listed, but not in the archive yet: {absent:,}" if absent else told
