"""How long after publication articles were edited, and how much of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from newscrawler.archive.report.charts import Mark, bubbles, columns, responsive
from newscrawler.archive.report.markup import Content, el, whole
from newscrawler.archive.report.parts import article_link, articles, table
from newscrawler.archive.statistics import EditTally
from newscrawler.humanize.language import mark, tr, trn
from newscrawler.sites import Site

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LATE = (
    (mark("< 1 h"), _HOUR),
    (mark("1–6 h"), 6 * _HOUR),
    (mark("6–24 h"), _DAY),
    (mark("1–3 d"), 3 * _DAY),
    (mark("3–7 d"), 7 * _DAY),
    (mark("7–30 d"), 30 * _DAY),
    (mark("1–12 mo"), 365 * _DAY),
    (mark("> 1 y"), timedelta.max),
)
_LARGE = (
    ("≥ 1,000", 1000),
    ("100–999", 100),
    ("10–99", 10),
    ("1–9", 1),
    (mark("none"), 0),
)


def lateness(delays: Iterable[timedelta]) -> Iterator[Content]:
    counts = Counter(_late(delay) for delay in delays)
    total = counts.total()
    if not total:
        yield el("p", tr("No article prints a time of change."))
        return
    marks = [
        Mark(
            tr(label),
            [("article", counts[n])],
            tr("{time} after publication", time=tr(label)) + f"\n{articles(counts[n])}",
        )
        for n, (label, _) in enumerate(_LATE)
    ]
    yield el(
        "p",
        trn(
            "{count:,} article prints a time of change. How long after publication it is:",
            "{count:,} articles print a time of change. How long after publication it is:",
            total,
        ),
    )
    yield el(
        "figure",
        responsive(
            lambda width: columns(
                marks,
                width=width,
                height=240,
                name=tr("Articles by the time from publication to the printed change"),
                axis=tr("from publication to the last change that the page prints"),
                every=1 if width > 600 else 2,
            )
        ),
    )


def sizes(edits: Sequence[EditTally], site: Site) -> Iterator[Content]:
    if not edits:
        yield el("p", tr("The crawl has not seen any text change yet."))
        return
    counts = Counter((_large(edit.size), _late(edit.after)) for edit in edits)
    rows = [
        (
            tr(label),
            [
                Mark(
                    tr(late),
                    [("waiting", counts[n, m])],
                    "\n".join(
                        (
                            trn("{count:,} edit", "{count:,} edits", counts[n, m]),
                            tr("{time} after publication", time=tr(late)),
                            _said(label),
                        )
                    ),
                )
                for m, (late, _) in enumerate(_LATE)
            ],
        )
        for n, (label, _) in enumerate(_LARGE)
    ]
    yield el(
        "p",
        trn(
            "The crawl found {count:,} change of text and kept the older text.",
            "The crawl found {count:,} changes of text and kept the older texts.",
            len(edits),
        ),
        " ",
        tr(
            "How late they came, and how many characters of the body lie between the first that"
            " changed and the last:"
        ),
    )
    yield el(
        "figure",
        responsive(
            lambda width: bubbles(
                [(label, _every_other(marks, width)) for label, marks in rows],
                width=width,
                name=tr("Edits by time and size"),
                axes=(tr("from publication to the change"), tr("characters of the body")),
            )
        ),
    )
    latest = sorted(edits, key=lambda edit: edit.after, reverse=True)[:8]
    yield el("h3", tr("The latest"))
    yield table(
        (tr("after"), tr("characters"), tr("article")),
        (
            (_span(edit.after), whole(edit.size), article_link(site, edit.idx, edit.title))
            for edit in latest
        ),
        (tr("characters"),),
    )


def _every_other(marks: Sequence[Mark], width: int) -> list[Mark]:
    """On a phone every second label of the axis, so that they do not touch."""
    if width > 600:
        return list(marks)
    return [Mark("" if n % 2 else m.label, m.parts, m.tip) for n, m in enumerate(marks)]


def _late(delay: timedelta) -> int:
    return next(n for n, (_, limit) in enumerate(_LATE) if delay < limit)


def _large(size: int) -> int:
    return next(n for n, (_, least) in enumerate(_LARGE) if size >= least)


def _said(label: str) -> str:
    if label == "none":
        return tr("title, subtitle or caption only")
    return tr("{count} characters", count=label)


def _span(delay: timedelta) -> str:
    if delay < 2 * _DAY:
        return tr("{hours:.0f} h", hours=delay / _HOUR)
    return tr("{days:,} d", days=delay.days)
