"""Articles by month and section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from newscrawler.archive.report.charts import Mark, columns, responsive
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.report.parts import articles, legend
from newscrawler.humanize.language import mark, tr, trn

_NO_SECTION = mark("no section known")
_SECTIONS = 8
"""How many colours can be distinguished."""


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
    """Every month from one to the other, also those without an article."""
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _month_labels(span: Sequence[str], width: int) -> tuple[list[str], int]:
    """Labels that fit: months of a short period, years of a long one."""
    room = width // 58
    if len(span) <= 2 * room:
        return list(span), -(-len(span) // room)
    years = len({month[:4] for month in span})
    step = -(-years // (width // 40))
    return [
        month[:4] if month.endswith("-01") and int(month[:4]) % step == 0 else "" for month in span
    ], 1
