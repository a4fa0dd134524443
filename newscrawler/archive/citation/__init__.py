"""How to cite an article: a sentence in a style, or a record for a reference manager.

Under every article the paper asks to cite the article's permalink as the source; every form here
has it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from newscrawler.archive.citation import records, sentences
from newscrawler.archive.reader import StoredArticle


class Style(StrEnum):
    APA = "apa"
    CHICAGO = "chicago"
    MLA = "mla"
    KOREAN = "korean"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    LINK = "link"


_WRITE: dict[Style, Callable[[StoredArticle, str], str]] = {
    Style.APA: sentences.apa,
    Style.CHICAGO: sentences.chicago,
    Style.MLA: sentences.mla,
    Style.KOREAN: sentences.korean,
    Style.BIBTEX: records.bibtex,
    Style.RIS: records.ris,
    Style.CSL_JSON: records.csl_json,
    Style.LINK: lambda article, paper: article.url,
}


def cite(article: StoredArticle, paper: str, style: Style) -> str:
    """The citation; ``paper`` is the newspaper's own name."""
    return _WRITE[style](article, paper)
