"""The figures of the report: each turns tallies into a heading, a sentence and a plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from newscrawler.archive import wording
from newscrawler.archive.report.charts import Mark, bars, bubbles, columns, responsive
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.statistics import EditTally, ReporterTally, Reprint, Waiting
from newscrawler.humanize.language import ENGLISH, mark, tr, trn
from newscrawler.sites import Site
from newscrawler.sites.urls import permalink
from newscrawler.store.coverage import NEVER_ASKED, Coverage

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
_NO_SECTION = mark("no section known")

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
    heads: Sequence[str], rows: Iterable[Sequence[Content]], numbers: Sequence[str] = ()
) -> Element:
    """A table; ``numbers`` names the columns that hold numbers."""
    kinds = [_kind(head, numbers) for head in heads]
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


def _kind(head: str, numbers: Sequence[str]) -> str | None:
    if head in numbers:
        return "number"
    return "time" if head.endswith("(UTC)") or head == tr("published") else None


def articles(count: int) -> str:
    """So many articles."""
    return trn("{count:,} article", "{count:,} articles", count)


def article_link(site: Site, idx: int, text: str) -> Element:
    """A link to the paper's own page."""
    return el("a", text, href=permalink(site, idx), lang="ko", rel="noreferrer")


# Articles by month


def by_month(months: Mapping[str | None, Counter[str | None]]) -> Iterator[Content]:
    dated = sorted(month for month in months if month)
    if not dated:
        yield el("p", tr("No article prints a date."))
        return
    totals: Counter[str | None] = Counter()
    for sections in months.values():
        totals.update(sections)
    named = [name for name, _ in totals.most_common() if name is not None]
    shown, others = named[:_SECTIONS], len(named[_SECTIONS:])
    colours = {name: f"c{n}" for n, name in enumerate(shown)}
    meaning = legend(
        [
            *((colours[name], f"{name} {whole(totals[name])}") for name in shown),
            *([("other", tr("{count} others", count=others))] if others else []),
            *([("none", f"{tr(_NO_SECTION)} {whole(totals[None])}")] if totals[None] else []),
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
            name=tr("Articles per month, by section"),
            axis=tr("month of publication"),
            every=every,
        )

    yield el("figure", meaning, responsive(draw))
    if undated := sum(months.get(None, Counter()).values()):
        told = trn(
            "{count:,} article prints no date and is not drawn.",
            "{count:,} articles print no date and are not drawn.",
            undated,
        )
        yield el("p", told, class_="soft")


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
    lines = [f"{month}: {articles(sections.total())}"]
    lines += [f"{name or tr(_NO_SECTION)} {whole(n)}" for name, n in sections.most_common()]
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
            "{count:,} change of text was seen from one look to the next, the older text kept.",
            "{count:,} changes of text were seen from one look to the next, the older text kept.",
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
                name=tr("Edits by lateness and size"),
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
    """On a phone every second label of the axis, or they would touch."""
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


# Reporters


def signatures(total: int, reporters: Sequence[ReporterTally]) -> Iterator[Content]:
    if not reporters:
        yield el("p", tr("No article is signed."))
        return
    told = trn("{count:,} name in the bylines", "{count:,} names in the bylines", total)
    if total > len(reporters):
        told += ", " + tr("the {count} who signed most", count=len(reporters))
    yield el("p", f"{told}.")
    marks = [
        Mark(
            _cut(each.name),
            [("article", each.articles)],
            f"{each.name}\n{articles(each.articles)}\n{each.first_day} – {each.last_day}",
        )
        for each in reporters
    ]
    yield el(
        "figure",
        responsive(
            lambda width: bars(
                marks,
                width=width,
                name=tr("Articles per reporter"),
                axis=tr("articles"),
                label_width=110,
            )
        ),
        lang="ko",
    )


def _cut(name: str) -> str:
    return name if len(name) <= 8 else f"{name[:7]}…"


# Tables


def unsettled(waiting: Sequence[Waiting]) -> Iterator[Content]:
    if not waiting:
        yield el("p", tr("Nothing: every number up to the newest is settled."), class_="good")
        return
    yield table(
        (tr("count"), tr("state"), tr("reason"), tr("numbers"), tr("next look (UTC)")),
        (
            (
                whole(each.numbers),
                wording.state(each.state),
                wording.reason(each.reason),
                ", ".join(each.stretches) + (" …" if len(each.stretches) == 4 else ""),
                _moment(each.next_attempt_at)
                or (tr("when catching up") if each.state == NEVER_ASKED else tr("none planned")),
            )
            for each in waiting
        ),
        (tr("count"),),
    )


def duplicates(kinds: Counter[str], newest: Sequence[Reprint], site: Site) -> Iterator[Content]:
    if not kinds:
        yield el("p", tr("None found."))
        return
    yield el(
        "p",
        tr(
            "{exact:,} articles repeat an earlier one to the letter, {near:,} with a changed"
            " headline or paragraph.",
            exact=kinds["exact"],
            near=kinds["near"],
        ),
    )
    yield table(
        (tr("published"), tr("article"), tr("likeness"), tr("the earlier one")),
        (
            (
                each.published_at[:10] if each.published_at else tr("undated"),
                article_link(site, each.idx, each.title),
                tr("exact") if each.kind == "exact" else f"{each.similarity:.0%}",
                article_link(site, each.earlier_idx, str(each.earlier_idx)),
            )
            for each in newest
        ),
    )


def crawls(runs: Sequence[Mapping[str, Any]]) -> Iterator[Content]:
    if not runs:
        yield el("p", tr("None yet."))
        return
    numbers = (tr("asked"), tr("new"), tr("edited"), tr("without article"), tr("requests"))
    yield table(
        (tr("started (UTC)"), tr("selection"), tr("outcome"), *numbers),
        (
            (
                _moment(run["started_at"]),
                wording.selection(run["selection"]),
                _ended(run),
                whole(run["asked"]),
                whole(run["articles_new"]),
                whole(run["articles_changed"]),
                whole(run["missing"] + run["removed"] + run["restricted"]),
                whole(run["requests"]),
            )
            for run in runs
        ),
        numbers,
    )


def _ended(run: Mapping[str, Any]) -> Iterator[Content]:
    """How a run ended, and why: that sentence is stored in English."""
    yield wording.outcome(run["outcome"])
    if run["diagnosis"]:
        yield ": "
        yield el("span", run["diagnosis"], lang=ENGLISH)


def _moment(text: str | None) -> str:
    return (text or "").rstrip("Z").replace("T", " ")[:16]


# The head of the page


def claim(found: Coverage) -> Element:
    """What the ledger proves, in one sentence."""
    if not found.asked:
        return el("p", tr("Nothing was asked yet") + ".", class_="claim")
    share = tr(
        "{settled:,} of {total:,} numbers settled ({share:.1%})",
        settled=found.settled,
        total=found.total,
        share=found.settled_share,
    )
    if found.stretch is None:
        return el("p", el("strong", share, class_="warn"), ".", class_="claim")
    ends = {"first": found.stretch.first, "last": found.stretch.last}
    if found.is_complete:
        told = tr("The archive is complete from {first} to {last}", **ends)
        return el("p", el("strong", told, class_="good"), f"; {share}.", class_="claim")
    stretch = tr("among them all from {first} to {last}", **ends)
    return el("p", el("strong", share, class_="warn"), f", {stretch}.", class_="claim")


def _unbroken(text: str) -> Element:
    """A day that no line end parts."""
    return el("span", text, class_="unbroken")


def tiles(found: Coverage, reporters: int, near: int) -> Element:
    """The figures that one looks for first."""
    first, last = (_unbroken((day or "?")[:10]) for day in (found.first_date, found.last_date))
    gaps = found.settled - found.states["article"]
    waiting = found.asked - found.settled
    return el(
        "dl",
        (
            el("div", el("dt", name), el("dd", value, el("small", more)))
            for name, value, more in (
                (
                    tr("articles"),
                    whole(found.states["article"]),
                    (first, " – ", last),
                ),
                (
                    tr("settled"),
                    f"{found.settled_share:.1%}",
                    tr("of {count:,} numbers", count=found.total),
                ),
                (tr("without article"), whole(gaps), tr("confirmed by the site")),
                (
                    tr("unsettled"),
                    whole(waiting),
                    tr("{count:,} given up", count=found.given_up),
                ),
                (tr("edits"), whole(found.revisions), tr("older texts kept")),
                (
                    tr("reprints"),
                    whole(found.duplicates),
                    tr("and {count:,} near ones", count=near),
                ),
            )
        ),
        class_="tiles",
    )
