"""The coverage map: small squares for all numbers, on which every gap is visible.

For any range a hundred squares form a block and at most eighty blocks the map, so a square
represents 1, 2, 5, 10 … numbers. It is filled from the bottom: articles, gaps that the site
confirmed, unsettled numbers; numbers never asked for stay empty. A single unsettled or never
requested number takes at least a third of its square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newscrawler.archive import wording
from newscrawler.archive.report.markup import Element, el, whole
from newscrawler.store.coverage import NEVER_ASKED
from newscrawler.store.states import SETTLED, UNSETTLED

_BLOCKS = 80
_SQUARE = 10
_INK = 9
"""Of a square's ten pixels; the rest is the space to the next."""
_STATES = (*SETTLED, *UNSETTLED)
_FILLS = {
    "article": ("article",),
    "gap": SETTLED[1:],
    "waiting": UNSETTLED,
}
_LEAST = 1 / 3


@dataclass(frozen=True, slots=True)
class Grid:
    """The arrangement of numbers on the map."""

    first: int
    """The paper's first and last number."""
    last: int
    square: int
    """Numbers in a square."""

    @property
    def block(self) -> int:
        return 100 * self.square

    @property
    def origin(self) -> int:
        """The first number of the first block, a round one."""
        return self.first // self.block * self.block

    @property
    def blocks(self) -> range:
        """The first number of each block."""
        return range(self.origin, self.last + 1, self.block)

    def held(self, start: int) -> int:
        """How many of the paper's numbers are in the square that starts at ``start``."""
        return max(0, min(self.last, start + self.square - 1) - max(self.first, start) + 1)


def grid(first: int, last: int) -> Grid:
    """The map with the smallest squares and at most eighty blocks.

    >>> grid(1, 67_464).square, grid(1_470_000_001, 1_471_000_000).square
    (10, 200)
    """
    for square in _round_numbers():
        found = Grid(first, last, square)
        if len(found.blocks) <= _BLOCKS:
            return found
    raise AssertionError


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def coverage_map(layout: Grid, cells: Mapping[int, Counter[str]]) -> Element:
    """The map; ``cells`` counts states by square, from the grid's origin on."""
    return el(
        "div",
        (_block(layout, start, cells) for start in layout.blocks),
        class_="map",
        data_states=",".join(map(wording.state, _STATES)),
        data_never=wording.state(NEVER_ASKED),
    )


def _block(layout: Grid, start: int, cells: Mapping[int, Counter[str]]) -> Element:
    paths: dict[str, list[str]] = {name: [] for name in (*_FILLS, "never")}
    counts: list[str] = []
    total: Counter[str] = Counter()
    for n in range(100):
        beginning = start + n * layout.square
        numbers = layout.held(beginning)
        states = cells.get((beginning - layout.origin) // layout.square, Counter())
        counts.append(",".join(str(states[s]) for s in _STATES) if numbers else "-")
        if numbers:
            total.update(states)
            _fill(paths, n % 10 * _SQUARE, n // 10 * _SQUARE, states, numbers)
    last = start + layout.block - 1
    svg = el(
        "svg",
        (el("path", class_=name, d="".join(path)) for name, path in paths.items() if path),
        viewBox=f"0 0 {10 * _SQUARE - 1} {10 * _SQUARE - 1}",
        role="img",
        aria_label=f"{start} – {last}: {_told(total)}",
        data_start=str(start),
        data_square=str(layout.square),
        data_first=str(layout.first),
        data_last=str(layout.last),
        data_counts=";".join(counts),
    )
    return el("figure", svg, el("figcaption", _number(start)))


def _fill(paths: dict[str, list[str]], x: int, y: int, states: Counter[str], numbers: int) -> None:
    shares = filling(states, numbers)
    if shares["never"]:
        paths["never"].append(f"M{x} {y}h{_INK}v{_INK}h-{_INK}z")
    level = float(y + _INK)
    for name in _FILLS:
        if shares[name]:
            height = shares[name] * _INK
            level -= height
            paths[name].append(f"M{x} {level:.4g}h{_INK}v{height:.3g}h-{_INK}z")


def filling(states: Counter[str], numbers: int) -> dict[str, float]:
    """The shares of a square that ``article``, ``gap``, ``waiting`` and ``never`` take."""
    counts = {name: sum(states[s] for s in of) for name, of in _FILLS.items()}
    counts["never"] = numbers - sum(counts.values())
    shares = {name: count / numbers for name, count in counts.items()}
    for alarm in ("waiting", "never"):
        if 0 < shares[alarm] < _LEAST:
            fullest = max(("article", "gap", "waiting", "never"), key=shares.__getitem__)
            shares[fullest] -= _LEAST - shares[alarm]
            shares[alarm] = _LEAST
    return shares


def _told(states: Counter[str]) -> str:
    told = (f"{wording.state(s)} {whole(states[s])}" for s in _STATES if states[s])
    return ", ".join(told) or wording.state(NEVER_ASKED)


def _number(number: int) -> str:
    """The number, without commas if they would not fit under a block."""
    return whole(number) if number < 10_000_000 else str(number)
