"""What the sections of the report are made of: headings, keys, tables, links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newscrawler.archive.report.markup import Content, Element, el
from newscrawler.humanize.language import tr, trn
from newscrawler.sites import Site
from newscrawler.sites.urls import permalink


def section(heading: str, *content: Content) -> Element:
    """A part of the page."""
    return el("section", el("h2", heading), content)


def legend(entries: Iterable[tuple[str, str]]) -> Element:
    """The legend of the colours."""
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
    """A count of articles."""
    return trn("{count:,} article", "{count:,} articles", count)


def article_link(site: Site, idx: int, text: str) -> Element:
    """A link to the article on the paper's site."""
    return el("a", text, href=permalink(site, idx), lang="ko", rel="noreferrer")
