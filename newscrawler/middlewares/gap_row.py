"""Gaps in a row that nothing has proven yet: which of them are asked for again. Pure.

A site that is not itself for ten seconds (a restart, a login wall, another server's 404) says of a
few articles that nothing is there. Such gaps are like any others, but for two things: they come in
a row, or the site says so in a voice that it has not used before. Once an article has shown that
the site is itself again, these are asked for a second time.
"""

from __future__ import annotations

from collections.abc import Iterable

ROW = 3
"""Gaps in a row that are proven. Where 11 % of the numbers are gaps such a row comes once in 850
numbers, and costs three requests."""
VOICES = 20
"""So many unheard voices are proven in a run. A site whose gaps never look the same would
otherwise cost two requests for each."""


class GapRow:
    """The gaps since the last article, or since the last proof."""

    def __init__(self) -> None:
        self.idxs: list[int] = []
        self._strange: dict[str, int] = {}
        """Voices that nothing has proven → the first number that was answered so."""
        self._surprising: list[int] = []
        self._proven: set[str] = set()
        self._left = VOICES

    def add(self, idx: int, voice: str, *, is_known: bool, is_surprising: bool) -> None:
        """Take a gap into the row.

        Args:
            voice: what is the same in all answers of this kind.
            is_known: the site says so of numbers that cannot exist.
            is_surprising: something was there before.
        """
        self.idxs.append(idx)
        if is_surprising:
            self._surprising.append(idx)
        elif not is_known and voice not in self._proven and self._left > 0:
            self._strange.setdefault(voice, idx)

    def __len__(self) -> int:
        return len(self.idxs)

    @property
    def needs_proof(self) -> bool:
        return len(self.idxs) >= ROW or bool(self._strange or self._surprising)

    @property
    def witnesses(self) -> list[int]:
        """The numbers to ask for again: those that stand out; of a row the ends and the middle."""
        found = [*self._surprising[:ROW], *self._strange.values()]
        if len(self.idxs) >= ROW:
            found += [self.idxs[0], self.idxs[len(self.idxs) // 2], self.idxs[-1]]
        return list(dict.fromkeys(found))

    def is_proven(self) -> None:
        """All of it is true: begin anew, and know these voices."""
        self._left -= len(self._strange)
        self._proven |= self._strange.keys()
        self.clear()

    def clear(self) -> Iterable[int]:
        """Begin anew; the numbers that were in the row."""
        idxs, self.idxs = self.idxs, []
        self._strange, self._surprising = {}, []
        return idxs
