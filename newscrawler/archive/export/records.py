"""An article as a record: the names and values of every lossless format."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newscrawler import clock
from newscrawler.archive.reader import StoredArticle

NAMES = (
    "site",
    "idx",
    "url",
    "title",
    "subtitle",
    "section",
    "section_code",
    "byline",
    "reporters",
    "published_at",
    "modified_at",
    "body",
    "images",
    "keywords",
    "recommend_count",
    "id",
    "duplicate_of",
    "removed_at",
    "first_fetched_at",
    "last_fetched_at",
    "content_hash",
    "parser_version",
)
"""In this order: the article's key, its content, the archive's own columns."""


def record(article: StoredArticle) -> dict[str, Any]:
    """The article by :data:`NAMES`; times are aware, reporters and images are dicts."""
    values = {name: getattr(article, name) for name in NAMES}
    # Written out: dataclasses.asdict copies every string's container and takes four times as long.
    values["reporters"] = [{"name": each.name, "email": each.email} for each in article.reporters]
    values["images"] = [{"url": each.url, "caption": each.caption} for each in article.images]
    values["keywords"] = list(article.keywords)
    return values


def spelled(moment: datetime) -> str:
    """A time as in the database: the paper's with its zone, the crawl's with ``Z``.

    >>> spelled(datetime.fromisoformat("2026-07-04T12:00:00+00:00"))
    '2026-07-04T12:00:00Z'
    """
    return moment.isoformat() if moment.utcoffset() else clock.to_text(moment)
