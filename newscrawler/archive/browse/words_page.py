"""The page of particular words: what some articles write of much more often than the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from newscrawler.archive.browse.in_time import open_in_time
from newscrawler.archive.browse.search_page import FIELDS, filters_of
from newscrawler.archive.filters import ALL
from newscrawler.archive.hits import Suggestion, section_names, suggestions
from newscrawler.archive.keyness import Comparison, ParticularWord, compare
from newscrawler.exceptions import InputError

AT_MOST = 2_000
"""Articles that are read of the chosen ones, and of the others: a second or two."""

_SHOWN = 50


@dataclass(frozen=True)
class WordsPage:
    asked: Mapping[str, str]
    """The form's fields as they were filled in; none is missing."""
    found: Comparison | None = None
    suggestions: Sequence[Suggestion] = ()
    """Wider filters, where no article passes these."""
    mistake: str | None = None
    """The error in what was typed, in a sentence."""
    sections: Sequence[str] = field(default_factory=tuple)
    """Suggestions in the form."""

    @property
    def is_part(self) -> bool:
        """Whether a part of the articles was read."""
        return self.found is not None and self.found.is_part

    def rows(self) -> Iterator[tuple[ParticularWord, float, float, float | None, str]]:
        """Each word: its share here and elsewhere in percent, how many times as frequent it is
        (``None``: only here), and the query part of the address of its articles."""
        assert self.found
        for word in self.found.words[:_SHOWN]:
            both = {**self.asked, "words": f"{self.asked['words']} {word.word}".strip()}
            yield (
                word,
                100 * word.articles / self.found.articles,
                100 * word.others / self.found.others,
                2**word.log_ratio if word.others else None,
                self.address(**both),
            )

    def address(self, **changed: str | None) -> str:
        """The query part of an address, with some fields changed."""
        values = {**self.asked, **changed}
        return urlencode({name: value for name, value in values.items() if value})


def words_page(path: Path, asked: Mapping[str, str]) -> WordsPage:
    """The page for the fields of its form.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    page = WordsPage({name: asked.get(name, "").strip() for name in FIELDS})
    try:
        with open_in_time(path) as archive:
            page = replace(page, sections=section_names(archive))
            if not any(page.asked.values()):
                return page
            filters = filters_of(page.asked)
            found = compare(archive, filters, ALL, at_most=AT_MOST)
            if found.articles:
                return replace(page, found=found)
            return replace(page, found=found, suggestions=suggestions(archive, filters))
    except InputError as error:
        return replace(page, mistake=str(error))
