"""What would find something, told below a search that found nothing."""

from __future__ import annotations

from collections.abc import Callable

import click

from newscrawler.archive.filters import Filters
from newscrawler.archive.hits import Way, suggestions
from newscrawler.archive.reader import Archive
from newscrawler.humanize.language import tr, trn

_OPTIONS = {Way.OTHER_DAYS: ("since", "until"), Way.OTHER_FILTERS: ("section", "reporter")}
"""The options that such a search leaves out, of those that were given."""

_SUGGESTED: dict[Way, Callable[[Filters], str]] = {
    Way.OTHER_SECTION: lambda filters: f"--section {filters.section}",
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
        if each.change in _OPTIONS:
            given = [name for name in _OPTIONS[each.change] if getattr(filters, name) is not None]
            how = tr("without {options}", options=", ".join(f"--{name}" for name in given))
        else:
            how = _SUGGESTED[each.change](each.filters)
        click.echo(f"  {how}: {articles}", err=True)
    if meant := _MEANT.intersection((filters.words or "").split()):
        told = tr(
            "{words}: searched for as a word; OR in capitals means one of two, -word excludes a"
            " word",
            words=", ".join(sorted(meant)),
        )
        click.echo(told, err=True)
