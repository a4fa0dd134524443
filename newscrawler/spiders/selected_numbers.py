"""The numbers that a selection requests, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import ceil

from newscrawler import clock
from newscrawler.config.selection import Kind, Selection
from newscrawler.extensions.run import Run
from newscrawler.humanize import counted
from newscrawler.sites import Site, urls
from newscrawler.store.ledger import Ledger

_NUMBERS_PER_OLD_GAP = 100
"""For so many numbers a run requests one gap that is settled; for none, none."""
_OLD = timedelta(days=30)
"""So long ago a settled gap was last requested: longer than any illness of a site."""


class SelectedNumbers:
    """Reads the numbers of one run from the ledger, a few hundred at a time."""

    def __init__(
        self,
        selection: Selection,
        site: Site,
        ledger: Ledger,
        run: Run,
        *,
        caught_up_to: int | None,
    ) -> None:
        self._selection = selection
        self._site = site
        self._ledger = ledger
        self._run = run
        self._caught_up_to = caught_up_to
        """Where the new numbers begin; ``None``: nothing is settled yet."""

    def up_to(self, newest: int | None) -> Iterable[int]:
        """The numbers to request; tells the run how many they are, where that is known.

        Args:
            newest: the newest number that the site lists, if the selection needs it.
        """
        chosen, ledger, now = self._selection, self._ledger, clock.now()
        match chosen.kind:
            case Kind.RANGE:
                last = chosen.last or newest or 0
                settled = ledger.count_settled(chosen.first, last)
                self._run.expect(max(0, last - chosen.first + 1 - settled))
                return ledger.unsettled_within(chosen.first, last)
            case Kind.IDX:
                self._run.expect(len(chosen.idxs))
                return chosen.idxs
            case Kind.GAPS:
                return (idx for idx in ledger.unsettled() if newest is None or idx <= newest)
            case Kind.REFRESH:
                return ledger.due(now, urls.MAX_IDX, articles_only=True)
        assert newest is not None
        return self._catch_up(newest)

    def _catch_up(self, newest: int) -> Iterator[int]:
        """New numbers upwards, then due ones, some old gaps, then those never requested, newest
        first.

        Each step covers its own range, so a number in progress is not requested twice.
        """
        ledger, now, bottom = self._ledger, clock.now(), self._site.first_idx
        before = self._caught_up_to
        top = newest if before is None else min(before, newest)
        # What is new since the last crawl is everything, when there was none.
        fills_in = self._selection.backfill or before is None
        lowest = bottom if fills_in else top + 1
        never_asked = newest - lowest + 1 - ledger.count_asked(lowest, newest)
        numbers = max(0, never_asked) + ledger.count_due(now, newest)
        old_gaps = ledger.oldest_gaps(ceil(numbers / _NUMBERS_PER_OLD_GAP), now - _OLD, newest)
        self._run.expect(numbers + len(old_gaps))
        yield from ledger.fresh_within(top + 1, newest, now)
        yield from ledger.due(now, top)
        yield from old_gaps
        if fills_in:
            yield from ledger.never_asked(top, bottom)
            return
        if passed_over := top - bottom + 1 - ledger.count_asked(bottom, top):
            self._run.remark(
                f"{counted(passed_over, 'number')} below these were never requested:"
                " a crawl without --new requests them"
            )
