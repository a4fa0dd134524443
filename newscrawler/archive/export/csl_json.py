"""CSL JSON: an item for each article, for Zotero, pandoc and all citation processors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from newscrawler.archive.citation.names import paper
from newscrawler.archive.citation.records import csl_json
from newscrawler.archive.reader import StoredArticle


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write one JSON array in UTF-8, one line for each item."""
    before = b"["
    for article in articles:
        out.write(before + csl_json(article, paper(article.site)).encode())
        before = b",\n "
    out.write(b"[]\n" if before == b"[" else b"]\n")
