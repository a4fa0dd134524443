"""The words most particular to each section and year, and to the subject of a search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newscrawler.archive.filters import Filters
from newscrawler.archive.group_words import Group, group_words
from newscrawler.archive.keyness import ParticularWord, compare
from newscrawler.archive.reader import Archive
from newscrawler.archive.report.markup import Content, Element, el, whole
from newscrawler.archive.report.parts import table
from newscrawler.humanize.language import tr

_SECTIONS = 8
_SHOWN = 12
"""Words of a group."""
_OF_SECTION, _OF_YEAR, _OF_SEARCH = 300, 150, 1_000
"""Articles that are read at most: together some seconds, however large the archive is."""


def particular_words(archive: Archive, site: str, searches: Sequence[str]) -> Iterator[Content]:
    """One table by section, one by year, one by search; those that are empty are left out.

    Raises:
        SearchError: a search is invalid.
    """
    by_section = _by_section(archive, site)
    by_year = _by_year(archive, site)
    by_search = [_beside(archive, site, words) for words in searches]
    tables = [
        (tr("section"), tr("By section"), by_section, _OF_SECTION),
        (tr("year"), tr("By year"), by_year, _OF_YEAR),
        (tr("search"), tr("Beside the words of a search"), by_search, _OF_SEARCH),
    ]
    if not any(group.words for *_, groups, _ in tables for group in groups):
        yield el("p", tr("None: that takes some dozens of articles of a section or a year."))
        return
    yield el(
        "p",
        tr(
            "Words that are at least twice as frequent in these articles as in the others, and not"
            " by chance (p < 0.0001); the surest first. Point at a word for its figures."
        ),
    )
    for head, title, groups, at_most in tables:
        rows = [_row(group) for group in groups if group.words]
        if not rows:
            continue
        yield el("h3", title)
        yield table((head, tr("articles"), tr("words")), rows, (tr("articles"),))
        if any(group.is_part for group in groups):
            yield el(
                "p",
                tr(
                    "Of each at most {count:,} articles were read, evenly over all."
                    " newscrawler words reads all.",
                    count=at_most,
                ),
                class_="soft",
            )


def _by_section(archive: Archive, site: str) -> list[Group]:
    rows = archive.connection.execute(
        "SELECT section FROM articles WHERE site = ? AND section IS NOT NULL"
        " GROUP BY section ORDER BY count(*) DESC, section LIMIT ?",
        [site, _SECTIONS],
    )
    filters = {name: Filters(section=name, site=site) for (name,) in rows.fetchall()}
    return group_words(archive, filters, at_most=_OF_SECTION)


def _by_year(archive: Archive, site: str) -> list[Group]:
    rows = archive.connection.execute(
        "SELECT DISTINCT substr(published_at, 1, 4) AS year FROM articles"
        " WHERE site = ? AND published_at IS NOT NULL ORDER BY year DESC",
        [site],
    )
    filters = {year: Filters(since=year, until=year, site=site) for (year,) in rows.fetchall()}
    return group_words(archive, filters, at_most=_OF_YEAR)


def _beside(archive: Archive, site: str, words: str) -> Group:
    found = compare(
        archive, Filters(words=words, site=site), Filters(site=site), at_most=_OF_SEARCH
    )
    return Group(words, found.articles, found.others, found.is_part, found.words)


def _row(group: Group) -> tuple[Content, ...]:
    return el("span", group.name, lang="ko"), whole(group.articles), _chips(group)


def _chips(group: Group) -> Element:
    shown = (
        el("li", each.word, data_tip=word_tip(each, group.articles, group.others))
        for each in group.words[:_SHOWN]
    )
    return el("ul", shown, class_="words", lang="ko")


def word_tip(word: ParticularWord, articles: int, others: int) -> str:
    """The figures of a word, for a tooltip: in how many articles it stands, here and elsewhere."""
    return tr(
        "{word}\nhere {here:,} of {articles:,} ({share:.1f}%)\n"
        "others {there:,} of {others:,} ({others_share:.1f}%)",
        word=word.word,
        here=word.articles,
        articles=articles,
        share=100 * word.articles / articles,
        there=word.others,
        others=others,
        others_share=100 * word.others / others,
    )
