"""Reporters, waiting numbers, reprints and runs, each with its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newscrawler.archive import wording
from newscrawler.archive.report.charts import Mark, bars, responsive
from newscrawler.archive.report.markup import Content, el, whole
from newscrawler.archive.report.parts import article_link, articles, table
from newscrawler.archive.statistics import ReporterTally, Reprint, Waiting
from newscrawler.humanize import shortened
from newscrawler.humanize.language import ENGLISH, tr, trn
from newscrawler.sites import Site
from newscrawler.store.coverage import NEVER_ASKED


def signatures(total: int, reporters: Sequence[ReporterTally]) -> Iterator[Content]:
    if not reporters:
        yield el("p", tr("No article names a reporter."))
        return
    told = trn("{count:,} name in the bylines", "{count:,} names in the bylines", total)
    if total > len(reporters):
        told += ", " + tr("the {count} with most articles", count=len(reporters))
    yield el("p", f"{told}.")
    marks = [
        Mark(
            shortened(each.name, 8),
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


def unsettled(waiting: Sequence[Waiting]) -> Iterator[Content]:
    if not waiting:
        yield el("p", tr("Nothing: every number up to the newest is settled."), class_="good")
        return
    yield table(
        (tr("count"), tr("state"), tr("reason"), tr("numbers"), tr("next attempt (UTC)")),
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
    """How a run ended, and why: the reason is stored in English, and not always translated."""
    yield wording.outcome(run["outcome"])
    if stored := run["diagnosis"]:
        told = wording.diagnosis(stored)
        yield ": "
        yield el("span", told, lang=ENGLISH if told == stored else None)


def _moment(text: str | None) -> str:
    return (text or "").rstrip("Z").replace("T", " ")[:16]
