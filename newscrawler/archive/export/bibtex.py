"""BibTeX: an entry for each article, for LaTeX, Zotero, JabRef."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from newscrawler.archive.citation.names import paper
from newscrawler.archive.citation.records import bibtex
from newscrawler.archive.reader import StoredArticle


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write the entries in UTF-8, separated by blank lines."""
    for article in articles:
        out.write(f"{bibtex(article, paper(article.site))}\n\n".encode())
