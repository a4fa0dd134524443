"""The figures of the report: each turns tallies into a heading, a sentence and a plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from newscrawler.archive.report.charts import Mark, bars, bubbles, columns, responsive
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.statistics import EditTally, ReporterTally, Reprint, Waiting
from newscrawler.sites import Site
from newscrawler.sites.urls import permalink
from newscrawler.store.coverage import NEVER_ASKED, Coverage

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LATE = (
    ("< 1 h", _HOUR),
    ("1–6 h", 6 * _HOUR),
    ("6–24 h", _DAY),
    ("1–3 d", 3 * _DAY),
    ("3–7 d", 7 * _DAY),
    ("7–30 d", 30 * _DAY),
    ("1–12 mo", 365 * _DAY),
    ("> 1 y", timedelta.max),
)
_LARGE = (
    ("≥ 1,000", 1000),
    ("100–999", 100),
    ("10–99", 10),
    ("1–9", 1),
    ("none", 0),
)
_SECTIONS = 8
"""As many colours as can be told apart."""


def section(heading: str, *content: Content) -> Element:
    """A part of the page."""
    return el("section", el("h2", heading), content)


def legend(entries: Iterable[tuple[str, str]]) -> Element:
    """What the colours mean."""
    return el(
        "ul",
        (el("li", el("i", class_=colour), name) for colour, name in entries),
        class_="legend",
    )


def table(
    heads: Sequence[str], rows: Iterable[Sequence[Content]], numbers: str | Sequence[str] = ""
) -> Element:
    """A table; ``numbers`` names the columns that hold numbers, ``time`` those with times."""
    numeric = numbers.split() if isinstance(numbers, str) else numbers
    kinds = [_kind(head, numeric) for head in heads]
    return el(
        "div",
        el(
            "table",
            el(
                "thead",
                el("tr", (el("th", h, class_=k) for h, k in zip(heads, kinds, strict=True))),
            ),
            el(
                "tbody",
                (
                    el("tr", (el("td", c, class_=k) for c, k in zip(row, kinds, strict=True)))
                    for row in rows
                ),
            ),
        ),
        class_="table",
        tabindex="0",
    )


def _row(tag: str, cells: Sequence[Content], kinds: Sequence[str | None]) -> Element:
    return el("tr", (el(tag, c, class_=k) for c, k in zip(cells, kinds, strict=True)))


def _kind(head: str, numbers: Sequence[str]) -> str | None:
    if head in numbers:
        return "number"
    return "time" if head.endswith("(UTC)") or head == "published" else None


def article_link(site: Site, idx: int, text: str) -> Element:
    """A link to the paper's own page."""
    return el("a", text, href=permalink(site, idx), lang="ko", rel="noreferrer")


# Articles by month


def by_month(months: Mapping[str | None, Counter[str | None]]) -> Iterator[Content]:
    dated = sorted(month for month in months if month)
    if not dated:
        yield el("p", "No article prints a date.")
        return
    totals: Counter[str | None] = Counter()
    for sections in months.values():
        totals.update(sections)
    named = [name for name, _ in totals.most_common() if name is not None]
    shown = named[:_SECTIONS]
    colours = {name: f"c{n}" for n, name in enumerate(shown)}
    meaning = legend(
        [
            *((colours[name], f"{name} {whole(totals[name])}") for name in shown),
            *([("other", f"{len(named) - len(shown)} others")] if named[_SECTIONS:] else []),
            *([("none", f"no section known {whole(totals[None])}")] if totals[None] else []),
        ]
    )
    span = list(_months(dated[0], dated[-1]))
    marks = [_month(month, months.get(month, Counter()), shown, colours) for month in span]

    def draw(width: int) -> Element:
        labels, every = _month_labels(span, width)
        return columns(
            [Mark(label, m.parts, m.tip) for label, m in zip(labels, marks, strict=True)],
            width=width,
            height=300,
            name="Articles per month by section",
            axis="month of publication",
            every=every,
        )

    yield el("figure", meaning, responsive(draw))
    if undated := sum(months.get(None, Counter()).values()):
        yield el("p", f"{whole(undated)} articles print no date and are not drawn.", class_="soft")


def _month(
    month: str, sections: Counter[str | None], shown: Sequence[str], colours: Mapping[str, str]
) -> Mark:
    parts = [(colours[name], sections[name]) for name in shown if sections[name]]
    others = sum(
        count for name, count in sections.items() if name is not None and name not in colours
    )
    if others:
        parts.append(("other", others))
    if sections[None]:
        parts.append(("none", sections[None]))
    lines = [f"{month}: {whole(sections.total())} articles"]
    lines += [f"{name or 'no section'} {whole(n)}" for name, n in sections.most_common()]
    return Mark(month, parts, "\n".join(lines))


def _months(first: str, last: str) -> Iterator[str]:
    """Every month from one to the other, those without an article too."""
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _month_labels(span: Sequence[str], width: int) -> tuple[list[str], int]:
    """Labels that fit: months of a short span, years of a long one."""
    room = width // 58
    if len(span) <= 2 * room:
        return list(span), -(-len(span) // room)
    years = len({month[:4] for month in span})
    step = -(-years // (width // 40))
    return [
        month[:4] if month.endswith("-01") and int(month[:4]) % step == 0 else "" for month in span
    ], 1


# Edits


def lateness(delays: Iterable[timedelta]) -> Iterator[Content]:
    counts = Counter(_late(delay) for delay in delays)
    total = counts.total()
    if not total:
        yield el("p", "No article prints a time of change.")
        return
    marks = [
        Mark(
            label,
            [("article", counts[n])],
            f"{label} after publication\n{whole(counts[n])} articles",
        )
        for n, (label, _) in enumerate(_LATE)
    ]
    yield el(
        "p",
        f"{whole(total)} articles print a time of change. How long after publication it is:",
    )
    yield el(
        "figure",
        responsive(
            lambda width: columns(
                marks,
                width=width,
                height=240,
                name="Articles by the time from publication to the printed change",
                axis="from publication to the last change that the page prints",
                every=1 if width > 600 else 2,
            )
        ),
    )


def sizes(edits: Sequence[EditTally], site: Site) -> Iterator[Content]:
    if not edits:
        yield el("p", "The crawl has not seen any text change yet.")
        return
    counts = Counter((_large(edit.size), _late(edit.after)) for edit in edits)
    rows = [
        (
            label,
            [
                Mark(
                    late,
                    [("waiting", counts[n, m])],
                    f"{whole(counts[n, m])} edits\n{late} after publication\n{_said(label)}",
                )
                for m, (late, _) in enumerate(_LATE)
            ],
        )
        for n, (label, _) in enumerate(_LARGE)
    ]
    yield el(
        "p",
        f"{whole(len(edits))} changes of text were seen from one look to the next, the older"
        " text kept. How late they came, and how many characters of the body lie between the"
        " first that changed and the last:",
    )
    yield el(
        "figure",
        responsive(
            lambda width: bubbles(
                [(label, _every_other(marks, width)) for label, marks in rows],
                width=width,
                name="Edits by lateness and size",
                axes=("from publication to the change", "characters of the body"),
            )
        ),
    )
    latest = sorted(edits, key=lambda edit: edit.after, reverse=True)[:8]
    yield el("h3", "The latest")
    yield table(
        ("after", "characters", "article"),
        (
            (_span(edit.after), whole(edit.size), article_link(site, edit.idx, edit.title))
            for edit in latest
        ),
        "characters",
    )


def _every_other(marks: Sequence[Mark], width: int) -> list[Mark]:
    """On a phone every second label of the axis, or they would touch."""
    if width > 600:
        return list(marks)
    return [Mark("" if n % 2 else m.label, m.parts, m.tip) for n, m in enumerate(marks)]


def _late(delay: timedelta) -> int:
    return next(n for n, (_, limit) in enumerate(_LATE) if delay < limit)


def _large(size: int) -> int:
    return next(n for n, (_, least) in enumerate(_LARGE) if size >= least)


def _said(label: str) -> str:
    return "title, subtitle or caption only" if label == "none" else f"{label} characters"


def _span(delay: timedelta) -> str:
    if delay < 2 * _DAY:
        return f"{delay / _HOUR:.0f} h"
    return f"{delay.days:,} d"


# Reporters


def signatures(total: int, reporters: Sequence[ReporterTally]) -> Iterator[Content]:
    if not reporters:
        yield el("p", "No article is signed.")
        return
    shown = f", the {len(reporters)} who signed most" if total > len(reporters) else ""
    yield el("p", f"{whole(total)} names in the bylines{shown}.")
    marks = [
        Mark(
            _cut(each.name),
            [("article", each.articles)],
            f"{each.name}\n{whole(each.articles)} articles\n{each.first_day} – {each.last_day}",
        )
        for each in reporters
    ]
    yield el(
        "figure",
        responsive(
            lambda width: bars(
                marks, width=width, name="Articles per reporter", axis="articles", label_width=110
            )
        ),
        lang="ko",
    )


def _cut(name: str) -> str:
    return name if len(name) <= 8 else f"{name[:7]}…"


# Tables


def unsettled(waiting: Sequence[Waiting]) -> Iterator[Content]:
    if not waiting:
        yield el("p", "Nothing: every number up to the newest is settled.", class_="good")
        return
    yield table(
        ("numbers", "state", "why", "which", "next look (UTC)"),
        (
            (
                whole(each.numbers),
                each.state,
                each.reason,
                ", ".join(each.stretches) + (" …" if len(each.stretches) == 4 else ""),
                _moment(each.next_attempt_at)
                or ("when catching up" if each.state == NEVER_ASKED else "none planned"),
            )
            for each in waiting
        ),
        "numbers",
    )


def duplicates(kinds: Counter[str], newest: Sequence[Reprint], site: Site) -> Iterator[Content]:
    if not kinds:
        yield el("p", "None found.")
        return
    yield el(
        "p",
        f"{whole(kinds['exact'])} articles repeat an earlier one to the letter,"
        f" {whole(kinds['near'])} with a changed headline or paragraph.",
    )
    yield table(
        ("published", "article", "likeness", "the earlier one"),
        (
            (
                (each.published_at or "undated")[:10],
                article_link(site, each.idx, each.title),
                "exact" if each.kind == "exact" else f"{each.similarity:.0%}",
                article_link(site, each.earlier_idx, str(each.earlier_idx)),
            )
            for each in newest
        ),
    )


def crawls(runs: Sequence[Mapping[str, Any]]) -> Iterator[Content]:
    if not runs:
        yield el("p", "None yet.")
        return
    yield table(
        ("started (UTC)", "selection", "outcome", "asked", "new", "changed", "gaps", "requests"),
        (
            (
                _moment(run["started_at"]),
                run["selection"],
                run["outcome"] + (f": {run['diagnosis']}" if run["diagnosis"] else ""),
                whole(run["asked"]),
                whole(run["articles_new"]),
                whole(run["articles_changed"]),
                whole(run["missing"] + run["removed"] + run["restricted"]),
                whole(run["requests"]),
            )
            for run in runs
        ),
        "asked new changed gaps requests",
    )


def _moment(text: str | None) -> str:
    return (text or "").rstrip("Z").replace("T", " ")[:16]


# The head of the page


def claim(found: Coverage) -> Element:
    """What the ledger proves, in one sentence."""
    if not found.asked:
        return el("p", "Nothing was asked yet.", class_="claim")
    share = f"{whole(found.settled)} of {whole(found.total)} numbers are settled"
    if found.complete is None:
        return el("p", f"{share}.", class_="claim")
    stretch = f"complete from {whole(found.complete.first)} to {whole(found.complete.last)}"
    return el(
        "p",
        el("strong", f"The archive is {stretch}", class_="good" if found.is_complete else "warn"),
        f"; {share}.",
        class_="claim",
    )


def tiles(found: Coverage, reporters: int, near: int) -> Element:
    """The figures that one looks for first."""
    first, last = ((day or "?")[:10] for day in (found.first_date, found.last_date))
    gaps = found.settled - found.states["article"]
    waiting = found.asked - found.settled
    return el(
        "dl",
        (
            el("div", el("dt", name), el("dd", value, el("small", more)))
            for name, value, more in (
                ("articles", whole(found.states["article"]), f"{first} – {last}"),
                ("settled", f"{found.settled_share:.1%}", f"of {whole(found.total)} numbers"),
                ("gaps", whole(gaps), "confirmed by the site"),
                ("unsettled", whole(waiting), f"{whole(found.given_up)} given up"),
                ("edits", whole(found.revisions), "older texts kept"),
                ("reprints", whole(found.duplicates), f"and {whole(near)} near ones"),
            )
        ),
        class_="tiles",
    )
