"""The gaps since the last article that are not proven yet: which of them to request again.

During a short outage (a restart, a login page, another server's 404) a site reports a few articles
as missing. Such gaps look like any others, except that they come in a row, or have a kind of answer
that was not seen before. Once an article shows that the site works again, these are requested a
second time.
"""

from __future__ import annotations

from newscrawler.items import Verdict

ROW = 3
"""This many gaps in a row are checked. If 11 % of the numbers are gaps, such a row comes once in
850 numbers, and costs three requests."""
VOICES = 20
"""How many new kinds of answers are checked in a run. A site whose gaps are all different would
otherwise cost two requests for each."""


class GapRow:
    """The gaps since the last article, or since the last check."""

    def __init__(self) -> None:
        self._said: dict[int, Verdict] = {}
        self.are_members_only = True
        """Whether the site has asked for a login each time."""
        self._strange: dict[str, int] = {}
        """Unproven kinds of answers → the first number with such an answer."""
        self._surprising: list[int] = []
        self._proven: set[str] = set()
        self._left = VOICES

    def add(
        self,
        idx: int,
        verdict: Verdict,
        answer_kind: str,
        *,
        is_known: bool,
        is_surprising: bool,
    ) -> None:
        """Add a gap to the row.

        Args:
            verdict: what the site says: missing, removed, or restricted to members.
            answer_kind: equal for all answers of that kind.
            is_known: numbers that cannot exist have the same answer.
            is_surprising: an article was there before, or the gap is a sample (gap_sample.py).
        """
        self._said[idx] = verdict
        self.are_members_only &= verdict is Verdict.RESTRICTED
        if is_surprising:
            self._surprising.append(idx)
        elif not is_known and answer_kind not in self._proven and self._left > 0:
            self._strange.setdefault(answer_kind, idx)

    def __len__(self) -> int:
        return len(self._said)

    @property
    def idxs(self) -> list[int]:
        return list(self._said)

    def said(self, idx: int) -> Verdict:
        """What the site said of one of these numbers."""
        return self._said[idx]

    @property
    def needs_proof(self) -> bool:
        return len(self) >= ROW or bool(self._strange or self._surprising)

    @property
    def witnesses(self) -> list[int]:
        """The numbers to request again: the unusual ones, and the ends and the middle of a row.

        A single one in the usual words comes twice: of two servers that answer in turn, the second
        request meets the same as the first."""
        found = [*self._surprising[:ROW], *self._strange.values()]
        if len(self) >= ROW:
            idxs = self.idxs
            found += [idxs[0], idxs[len(idxs) // 2], idxs[-1]]
        found = list(dict.fromkeys(found))
        return 2 * found if len(found) == 1 and found == self._surprising else found

    def is_proven(self) -> list[int]:
        """The gaps are real: remember these kinds of answers, and start again as :meth:`clear`
        does."""
        self._left -= len(self._strange)
        self._proven |= self._strange.keys()
        return self.clear()

    def clear(self) -> list[int]:
        """Start again; returns the numbers that were in the row."""
        idxs = self.idxs
        self._said = {}
        self._strange, self._surprising = {}, []
        self.are_members_only = True
        return idxs
