"""RIS: a record for each article, for EndNote, Zotero, Mendeley."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from newscrawler.archive.citation.names import paper
from newscrawler.archive.citation.records import ris
from newscrawler.archive.reader import StoredArticle


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write the records in UTF-8, with the line ends of the format (CR LF)."""
    for article in articles:
        out.write(f"{ris(article, paper(article.site))}\r\n\r\n".encode())
