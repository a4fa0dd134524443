"""The head of the report: the coverage, and the most important figures."""

from __future__ import annotations

from newscrawler.archive.report.markup import Element, el, whole
from newscrawler.humanize.language import tr
from newscrawler.store.coverage import Coverage


def claim(found: Coverage) -> Element:
    """The coverage, in one sentence."""
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
    """A day without a line break in it."""
    return el("span", text, class_="unbroken")


def tiles(found: Coverage, reporters: int, near: int) -> Element:
    """The most important figures."""
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
