"""The content of the search page: the form, and the results page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from newscrawler.archive.browse.in_time import open_in_time
from newscrawler.archive.export import Format, export
from newscrawler.archive.filters import Filters, Order
from newscrawler.archive.hits import Hit, Suggestion, hit, section_names, suggestions
from newscrawler.archive.reader import Archive
from newscrawler.archive.search import parse
from newscrawler.exceptions import InputError

PER_PAGE = 50
"""Hits of a page."""

FIELDS = ("words", "since", "until", "section", "reporter")
"""Of the form, by the names of the filters."""


@dataclass(frozen=True)
class SearchPage:
    asked: Mapping[str, str]
    """The form's fields as they were filled in; none is missing."""
    order: Order
    number: int = 1
    """Of the page, the first is 1."""
    total: int = 0
    hits: Sequence[Hit] = ()
    suggestions: Sequence[Suggestion] = ()
    mistake: str | None = None
    """The error in the search, in a sentence."""
    sections: Sequence[str] = field(default_factory=tuple)
    """Suggestions in the form."""

    @property
    def is_question(self) -> bool:
        return any(self.asked.values())

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def first(self) -> int:
        """Place of the first hit of the page among all."""
        return (self.number - 1) * PER_PAGE + 1

    def address(self, **changed: object) -> str:
        """The query part of this page's address, with some fields changed."""
        values = {**self.asked, "order": self.order.value, "page": self.number, **changed}
        return urlencode({name: value for name, value in values.items() if value})


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The filters of a form's fields; an empty field is no filter.

    Raises:
        DayError: a day is invalid.
    """
    words, since, until, section, reporter = (asked.get(n, "").strip() or None for n in FIELDS)
    return Filters(words=words, since=since, until=until, section=section, reporter=reporter)


def search_page(path: Path, asked: Mapping[str, str]) -> SearchPage:
    """The page for the fields of the form, including ``order`` and ``page``.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    fields = {name: asked.get(name, "").strip() for name in FIELDS}
    page = SearchPage(fields, _order(asked.get("order", ""), bool(fields["words"])))
    try:
        with open_in_time(path) as archive:
            page = replace(page, sections=section_names(archive))
            return _answered(archive, page, asked.get("page", ""))
    except InputError as error:
        return replace(page, mistake=str(error))


def _order(asked: str, has_words: bool) -> Order:
    order = Order(asked) if asked in [order.value for order in Order] else Order.RELEVANCE
    return Order.NEWEST if order is Order.RELEVANCE and not has_words else order


def _answered(archive: Archive, page: SearchPage, number: str) -> SearchPage:
    if not page.is_question:
        return page
    filters = filters_of(page.asked)
    total = archive.count(filters)
    page = replace(page, total=total)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    page = replace(page, number=min(max(1, wanted), page.pages))
    if not total:
        return replace(page, suggestions=suggestions(archive, filters))
    articles = archive.articles(
        filters, order=page.order, limit=PER_PAGE, skip=(page.number - 1) * PER_PAGE
    )
    query = parse(filters.words) if filters.words else None
    return replace(page, hits=[hit(query, article) for article in articles])


def citations(path: Path, asked: Mapping[str, str], form: Format) -> bytes:
    """The citations of all results of the form's fields, as a file of ``form``.

    Raises:
        ArchiveError: the archive cannot be read.
        InputError: the fields are invalid.
    """
    out = BytesIO()
    with Archive.open(path) as archive:
        export(archive, form, out, filters_of(asked))
    return out.getvalue()
