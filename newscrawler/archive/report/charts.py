"""Plots as SVG: columns, bars, bubbles, with axes, and a tooltip for every mark.

Each is drawn twice, for a wide page and for a phone, because labels of a scaled-down plot are
unreadable; the style sheet shows the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

from newscrawler.archive.report.markup import Element, el, whole

WIDE, NARROW = 900, 360
_ROOM = 10
"""Pixels above a plot, so that its highest label is not cut."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One column, bar or bubble."""

    label: str
    """On the axis."""
    parts: Sequence[tuple[str, int]]
    """Class of colour, and amount, from the bottom upwards."""
    tip: str
    """The lines of the tooltip."""

    @property
    def amount(self) -> int:
        return sum(amount for _, amount in self.parts)


def responsive(draw: Callable[[int], Element]) -> list[Element]:
    """The plot for a wide page and the one for a phone."""
    drawn = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        drawing = draw(width)
        drawing.set("class", f"plot {name}")
        drawn.append(drawing)
    return drawn


def columns(
    marks: Sequence[Mark], *, width: int, height: int, name: str, axis: str, every: int = 1
) -> Element:
    """Columns side by side, with labels on some of them."""
    ticks = nice_ticks(max((mark.amount for mark in marks), default=0))
    left, bottom = left_margin(ticks), 40
    inner, floor_y = width - left - 4, height - bottom
    step = inner / max(1, len(marks))
    gap = step * 0.2 if step > 3 else 0
    scale = (floor_y - _ROOM) / ticks[-1]
    drawing = svg(width, height, name)
    rules(drawing, ticks, left, width, lambda tick: floor_y - tick * scale)
    for n, mark in enumerate(marks):
        x, y = left + n * step, float(floor_y)
        group = el("g", class_="mark", data_tip=mark.tip)
        # The tooltip's area has the full height: a small column is hard to point at.
        group.append(el("rect", class_="hit", x=x, y=0, width=step, height=floor_y))
        for colour, amount in mark.parts:
            y -= amount * scale
            size = {"width": max(0.6, step - gap), "height": amount * scale}
            group.append(el("rect", class_=colour, x=x + gap / 2, y=y, **size))
        drawing.append(group)
        if n % every == 0:
            drawing.append(label(mark.label, x + step / 2, floor_y + 16, "middle"))
    drawing.append(axis_line(left, floor_y, width))
    drawing.append(axis_title(axis, left + inner / 2, height - 4))
    return drawing


def bars(marks: Sequence[Mark], *, width: int, name: str, axis: str, label_width: int) -> Element:
    """Bars below one another, each with its label before it and its amount after it."""
    row, foot, amounts = 24, 40, 44
    ticks = nice_ticks(max((mark.amount for mark in marks), default=0))
    height = row * len(marks) + foot
    floor_y = height - foot
    scale = (width - label_width - amounts) / ticks[-1]
    drawing = svg(width, height, name)
    for tick in ticks:
        x = label_width + tick * scale
        drawing.append(el("line", class_="rule", x1=x, x2=x, y1=0, y2=floor_y))
        drawing.append(label(whole(tick), x, floor_y + 16, "middle"))
    for n, mark in enumerate(marks):
        y, x = n * row, float(label_width)
        group = el("g", class_="mark", data_tip=mark.tip)
        group.append(el("rect", class_="hit", x=0, y=y, width=width, height=row))
        group.append(label(mark.label, label_width - 8, y + row / 2 + 4, "end", "name"))
        for colour, amount in mark.parts:
            group.append(
                el("rect", class_=colour, x=x, y=y + 4, width=amount * scale, height=row - 8)
            )
            x += amount * scale
        group.append(label(whole(mark.amount), x + 6, y + row / 2 + 4, "start", "amount"))
        drawing.append(group)
    drawing.append(el("line", class_="axis", x1=label_width, x2=label_width, y1=0, y2=floor_y))
    drawing.append(axis_title(axis, (label_width + width - amounts) / 2, height - 4))
    return drawing


def bubbles(
    rows: Sequence[tuple[str, Sequence[Mark]]], *, width: int, name: str, axes: tuple[str, str]
) -> Element:
    """A grid of bubbles, with areas by the amounts; the first row is at the top."""
    left, row, bottom = 84, 46, 44
    height = row * len(rows) + bottom + _ROOM
    floor_y = height - bottom
    across = len(rows[0][1]) if rows else 0
    step = (width - left) / max(1, across)
    most = max((mark.amount for _, marks in rows for mark in marks), default=0)
    largest = min(row, step) / 2 - 1
    drawing = svg(width, height, name)
    for n, (row_name, marks) in enumerate(rows):
        y = _ROOM + row * (n + 0.5)
        drawing.append(el("line", class_="rule", x1=left, x2=width, y1=y, y2=y))
        drawing.append(label(row_name, left - 8, y + 4, "end"))
        for m, mark in enumerate(marks):
            if not mark.amount:
                continue
            x = left + step * (m + 0.5)
            radius = max(5.0, largest * sqrt(mark.amount / most))
            group = el("g", class_="mark", data_tip=mark.tip)
            group.append(el("circle", class_=mark.parts[0][0], cx=x, cy=y, r=radius))
            inside = radius > 5 + 3 * len(whole(mark.amount))
            group.append(
                label(whole(mark.amount), x, y + 4, "middle", "inside")
                if inside
                else label(whole(mark.amount), x, y - radius - 3, "middle", "amount")
            )
            drawing.append(group)
    for m, mark in enumerate(rows[0][1] if rows else ()):
        drawing.append(label(mark.label, left + step * (m + 0.5), floor_y + 16, "middle"))
    drawing.append(axis_line(left, floor_y, width))
    drawing.append(axis_title(axes[0], left + (width - left) / 2, height - 4))
    drawing.append(label(axes[1], 0, _ROOM + 2, "start", "title"))
    return drawing


def nice_ticks(most: int) -> list[int]:
    """About five round numbers from 0 to above ``most``.

    >>> nice_ticks(87), nice_ticks(3), nice_ticks(0)
    ([0, 20, 40, 60, 80, 100], [0, 1, 2, 3], [0, 1])
    """
    if most <= 0:
        return [0, 1]
    rough = most / 5
    power = 10 ** max(0, floor(log10(rough))) if rough > 1 else 1
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
    return [n * step for n in range(ceil(most / step) + 1)]


def svg(width: int, height: int, name: str) -> Element:
    return el("svg", viewBox=f"0 0 {width} {height}", role="img", aria_label=name)


def left_margin(ticks: Sequence[int]) -> int:
    return 14 + 7 * len(whole(ticks[-1]))


def rules(
    drawing: Element, ticks: Sequence[int], left: int, width: int, at: Callable[[int], float]
) -> None:
    for tick in ticks:
        y = at(tick)
        drawing.append(el("line", class_="rule", x1=left, x2=width, y1=y, y2=y))
        drawing.append(label(whole(tick), left - 6, y + 4, "end"))


def axis_line(left: int, y: float, width: int) -> Element:
    return el("line", class_="axis", x1=left, x2=width, y1=y, y2=y)


def axis_title(text: str, x: float, y: float) -> Element:
    return label(text, x, y, "middle", "title")


def label(text: str, x: float, y: float, anchor: str, kind: str = "label") -> Element:
    return el("text", text, class_=kind, x=float(x), y=float(y), text_anchor=anchor)
