"""Faults of a server, chosen reproducibly at random or always on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawler.demo.dice import Dice

TRANSIENT = (
    "status_500",
    "status_502",
    "status_503",
    "busy_429",
    "busy_429_date",
    "busy_503",
    "reset",
    "truncated",
    "cut",
    "slow",
    "maintenance",
    "db_error",
    "euckr_as_utf8",
    "utf8_as_euckr",
    "empty",
)
"""Faults that go away when one asks again (``slow`` and the wrong charsets hurt nobody at all)."""

HOSTILE = ("binary", "huge", "deep", "nuls", "offsite")
"""Answers that no paper gives on purpose: not text, 50 MB, 20,000 elements inside each other,
NULs between the words, a redirect to somebody else's host. Drawn only when named."""

LASTING = (
    "maintenance",
    "empty",
    "block",
    "forbidden",
    "down",
    "refuse",
    "redesign",
    "riddle",
    "robots_5xx",
)
"""Faults for ``Faults.always``: under repair, dumb, blocked, down, not even listening, other pages,
an unfamiliar note in the place of every article, no robots.txt."""


@dataclass
class Faults:
    """Chooses a fault, or none, for each request.

    Attributes:
        share: of the requests that get a fault, 0 to 1.
        kinds: which faults are drawn.
        retry_after: seconds asked for by the ``busy_…`` kinds.
        delay: seconds that ``slow`` waits.
        max_in_a_row: after so many faults for one address it is answered properly.
        spare: paths that never get a fault.
        elsewhere: where ``offsite`` sends its readers.
        only: if not empty, only these addresses (path and query) get one.
    """

    share: float = 0.3
    seed: int = 7
    kinds: tuple[str, ...] = TRANSIENT
    retry_after: int = 1
    delay: float = 0.3
    max_in_a_row: int = 2
    spare: tuple[str, ...] = ("/robots.txt",)
    only: frozenset[str] = frozenset()
    elsewhere: str = "http://parking.example/"
    lasting: str | None = None
    from_request: int = 0
    _asked: dict[str, int] = field(default_factory=dict, repr=False)
    _row: dict[str, int] = field(default_factory=dict, repr=False)
    _seen: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        known = {*TRANSIENT, *HOSTILE, *LASTING}
        wanted: Iterable[str] = (*self.kinds, *([self.lasting] if self.lasting else []))
        if unknown := set(wanted) - known:
            raise ValueError(f"no such faults: {', '.join(sorted(unknown))}")

    @classmethod
    def always(
        cls,
        kind: str,
        *,
        from_request: int = 0,
        retry_after: int = 1,
        spare: tuple[str, ...] = ("/robots.txt",),
    ) -> Faults:
        """This fault for every request after the first ``from_request`` (excluded ones not
        counted).

        ``redesign`` and ``riddle`` change articles only; ``robots_5xx`` concerns /robots.txt
        alone. With ``spare=()`` a block or an outage hides /robots.txt too.
        """
        return cls(
            share=0.0,
            lasting=kind,
            from_request=from_request,
            retry_after=retry_after,
            spare=() if kind == "robots_5xx" else spare,
        )

    def draw(self, path: str, query: str) -> str | None:
        """The fault of the next request for this address.

        What an address gets depends on how often it was asked for, not on what was asked between.
        """
        if path in self.spare:
            return None
        number = self._seen
        self._seen += 1
        if self.lasting:
            elsewhere = self.lasting == "robots_5xx" and path != "/robots.txt"
            return None if elsewhere or number < self.from_request else self.lasting
        address = f"{path}?{query}" if query else path
        if self.only and address not in self.only:
            return None
        nth = self._asked.get(address, 0)
        self._asked[address] = nth + 1
        dice = Dice(self.seed, address, nth)
        if not dice.chance(self.share) or self._row.get(address, 0) >= self.max_in_a_row:
            self._row[address] = 0
            return None
        self._row[address] = self._row.get(address, 0) + 1
        return dice.pick(self.kinds)
