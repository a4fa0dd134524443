"""Samples of the gaps that look usual: whether a site that answers is answering truly.

One of several servers behind a paper's address may have lost the database, or a session may expire:
then every third article is missing in the site's own words, one at a time, and between two articles
that are there. Only a second request tells such an answer from a gap.
"""

from __future__ import annotations

SPARSEST = 16
"""Of this many gaps at least one is requested again: at 11 % of gaps, fourteen requests in a
thousand, as a sample is requested twice."""
CALM = 16
"""So many samples in a row, without a false one between them, show that the site answers truly."""
FALSE = 3
"""So many false samples, without calm between them, and no gap of the run is believed."""


class GapSample:
    """Counts gaps, picks samples, and remembers what rests on them.

    The second gap is a sample, then one of 2, 4, 8 and 16. After a false one every gap is a sample
    until it is calm again.
    """

    def __init__(self) -> None:
        self._true = 0
        """True samples since the last false one."""
        self._false = 0
        """False samples since it was calm."""
        self._wait = 2
        """How many gaps pass until the next sample."""
        self._loose: list[int] = []
        """Gaps that were accepted since the last sample."""
        self._since_calm: list[int] = []

    def picks(self) -> bool:
        """Count a gap; whether it is to be requested again."""
        self._wait -= 1
        return self._wait <= 0

    def accept(self, idxs: list[int]) -> None:
        """These gaps have no sample among them: the next one vouches for them."""
        self._loose += idxs

    def is_true(self, idxs: list[int]) -> None:
        """A second request said the same of a gap among these."""
        self._true += 1
        if self._true >= CALM:
            self._false = 0
            self._loose, self._since_calm = [], []
        else:
            self._since_calm += [*self._loose, *idxs]
            self._loose = []
        self._wait = 1 if self._false else min(SPARSEST, 2 ** min(self._true, CALM))

    def is_false(self) -> list[int]:
        """A second request found an article, or something else; the gaps that are in doubt now."""
        self._true, self._wait = 0, 1
        self._false += 1
        doubted, self._loose = self._loose, []
        if self.is_unreliable:
            doubted, self._since_calm = [*self._since_calm, *doubted], []
        return doubted

    @property
    def is_unreliable(self) -> bool:
        """Whether the site's word that there is no article is worth nothing at present."""
        return self._false >= FALSE
