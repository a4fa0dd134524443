"""A plot of lines over time, one for each search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newscrawler.archive.report.charts import (
    axis_line,
    axis_title,
    label,
    left_margin,
    nice_ticks,
    responsive,
    rules,
    svg,
)
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.report.parts import articles, legend
from newscrawler.archive.trends import Period, Trend
from newscrawler.humanize.language import tr, trn

_HEIGHT, _FOOT, _TOP = 300, 40, 10
_CHARACTER, _SPACE = 7, 18
"""Pixels of a label on the axis: of each character, and beside it."""


def trend_figure(counted: Trend) -> Iterator[Content]:
    """The plot, its legend, and what is not in it."""
    if not counted.periods:
        yield el("p", tr("No article prints a date."))
        return
    sums = [sum(period.found[place] for period in counted.periods) for place in _places(counted)]
    meaning = legend(
        [
            (_colour(place), f"{words} {whole(sums[place])}")
            for place, words in enumerate(counted.searches)
        ]
    )
    yield el("figure", meaning, responsive(lambda width: _plot(counted, width)))
    if counted.undated:
        yield el(
            "p",
            trn(
                "{count:,} article prints no date and is not drawn.",
                "{count:,} articles print no date and are not drawn.",
                counted.undated,
            ),
            class_="soft",
        )


def _places(counted: Trend) -> range:
    return range(len(counted.searches))


def _colour(place: int) -> str:
    return f"c{place % 8}"


def _plot(counted: Trend, width: int) -> Element:
    periods = counted.periods
    most = max(
        (share for p in periods for n in _places(counted) if (share := p.per_thousand(n))),
        default=0.0,
    )
    ticks = nice_ticks(round(most + 0.5))
    left, floor_y = left_margin(ticks), _HEIGHT - _FOOT
    step = (width - left - 4) / len(periods)
    scale = (floor_y - _TOP) / ticks[-1]
    drawn = svg(width, _HEIGHT, tr("Articles per 1,000 by {period}", period=tr(counted.by)))
    rules(drawn, ticks, left, width, lambda tick: floor_y - tick * scale)
    for place in _places(counted):
        for run in _runs(periods, place):
            points = [(left + (n + 0.5) * step, floor_y - share * scale) for n, share in run]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            drawn.append(el("polyline", class_=f"line {_colour(place)}", points=path))
            if len(periods) <= width / 12 or len(points) == 1:
                for x, y in points:
                    drawn.append(el("circle", class_=_colour(place), cx=x, cy=y, r=3.0))
    room = _CHARACTER * len(periods[0].name) + _SPACE
    every = max(1, -(-len(periods) * room // (width - left)))
    for n, period in enumerate(periods):
        x = left + n * step
        hit = el("g", class_="mark", data_tip=_tip(counted, period))
        hit.append(el("rect", class_="hit", x=x, y=0, width=step, height=floor_y))
        drawn.append(hit)
        if n % every == 0:
            drawn.append(label(period.name, x + step / 2, floor_y + 16, "middle"))
    drawn.append(axis_line(left, floor_y, width))
    axis = tr("{period}, articles per 1,000", period=tr(counted.by))
    drawn.append(axis_title(axis, (left + width) / 2, _HEIGHT - 4))
    return drawn


def _runs(periods: Sequence[Period], place: int) -> Iterator[list[tuple[int, float]]]:
    """Consecutive periods with articles: without articles no line is drawn."""
    run: list[tuple[int, float]] = []
    for n, period in enumerate(periods):
        share = period.per_thousand(place)
        if share is not None:
            run.append((n, share))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _tip(counted: Trend, period: Period) -> str:
    lines = [f"{period.name}: {articles(period.articles)}"]
    for place, words in enumerate(counted.searches):
        share = period.per_thousand(place)
        told = "" if share is None else ", " + tr("{share:.1f} per 1,000", share=share)
        lines.append(f"{words}: {whole(period.found[place])}{told}")
    return "\n".join(lines)
