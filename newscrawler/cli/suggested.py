"""What would find something, told below a search that found nothing."""

from __future__ import annotations

from collections.abc import Callable

import click

from newscrawler.archive.filters import Filters
from newscrawler.archive.hits import Way, suggestions
from newscrawler.archive.reader import Archive
from newscrawler.humanize.language import tr, trn

_SUGGESTED: dict[Way, Callable[[Filters], str]] = {
    Way.OTHER_DAYS: lambda filters: tr("without --since and --until"),
    Way.OTHER_FILTERS: lambda filters: tr("without --section and --reporter"),
    Way.SHORTER: lambda filters: tr("{words}  (shorter)", words=filters.words),
    Way.WITHOUT_SIGNS: lambda filters: tr("{words}  (without the signs)", words=filters.words),
    Way.FEWER_WORDS: lambda filters: tr("{words}  (fewer words)", words=filters.words),
}

_MEANT = frozenset({"or", "Or", "not", "Not", "NOT"})
"""Words that have a meaning in other programs."""


def tell_wider(archive: Archive, filters: Filters) -> None:
    """Say on stderr which wider searches find something, where ``filters`` find nothing.

    Raises:
        SearchError: the search query is invalid.
    """
    for each in suggestions(archive, filters):
        articles = trn("{count:,} article", "{count:,} articles", each.count)
        click.echo(f"  {_SUGGESTED[each.change](each.filters)}: {articles}", err=True)
    if meant := _MEANT.intersection((filters.words or "").split()):
        told = tr(
            "{words}: searched for as a word; OR in capitals means one of two, -word excludes a"
            " word",
            words=", ".join(sorted(meant)),
        )
        click.echo(told, err=True)
