"""The content of the article page, read from the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from newscrawler.archive.citation import Style, cite
from newscrawler.archive.citation.names import paper
from newscrawler.archive.diff import Span, compare
from newscrawler.archive.reader import Archive, LedgerEntry, Revision, StoredArticle
from newscrawler.humanize.language import mark

_STYLES = {
    Style.KOREAN: mark("Korean journals"),
    Style.APA: "APA",
    Style.CHICAGO: "Chicago",
    Style.MLA: "MLA",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """The changes from one revision to the next."""

    before: Revision
    after: Revision
    title: Sequence[Span]
    subtitle: Sequence[Span]
    body: Sequence[Span]

    @property
    def in_text(self) -> bool:
        """Whether stored text changed; older captions are not stored."""
        return any(
            getattr(self.before, name) != getattr(self.after, name)
            for name in ("title", "subtitle", "body")
        )


@dataclass(frozen=True, slots=True)
class ArticlePage:
    known: LedgerEntry
    article: StoredArticle | None
    original: StoredArticle | None
    """The article that this one reprints."""
    changes: Sequence[Edit]
    """The newest first."""
    previous: StoredArticle | None
    """The article with the nearest lower number."""
    next: StoredArticle | None

    @property
    def citations(self) -> dict[str, str]:
        """The citations of the article, by the names of their styles."""
        if self.article is None:
            return {}
        title = paper(self.article.site)
        return {name: cite(self.article, title, style) for style, name in _STYLES.items()}

    @property
    def paragraphs(self) -> list[str]:
        return self.article.body.split("\n\n") if self.article else []


def article_page(path: Path, idx: int, site: str | None) -> ArticlePage | None:
    """Everything about a number; ``None``: it was never asked for.

    Raises:
        ArchiveError: the archive cannot be read, or holds several papers and ``site`` is ``None``.
    """
    with Archive.open(path) as archive:
        known = archive.ledger_entry(idx, site)
        if known is None:
            return None
        article = archive.article(idx, known.site)
        key = article.duplicate_of if article else None
        changes = [_change(*pair) for pair in pairwise(archive.revisions(idx, known.site))]
        return ArticlePage(
            known,
            article,
            archive.article_by_id(key) if key else None,
            changes[::-1],
            _neighbour(archive, known, "max(idx)", "<"),
            _neighbour(archive, known, "min(idx)", ">"),
        )


def _neighbour(
    archive: Archive, known: LedgerEntry, nearest: str, side: str
) -> StoredArticle | None:
    (idx,) = archive.connection.execute(
        f"SELECT {nearest} FROM articles WHERE site = ? AND idx {side} ?", [known.site, known.idx]
    ).fetchone()
    return None if idx is None else archive.article(idx, known.site)


def _change(before: Revision, after: Revision) -> Edit:
    return Edit(
        before,
        after,
        tuple(compare(before.title, after.title)),
        tuple(compare(before.subtitle or "", after.subtitle or "")),
        tuple(compare(before.body, after.body)),
    )
