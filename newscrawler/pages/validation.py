"""Articles that cannot be right are refused, before anything is stored."""

from __future__ import annotations

from datetime import datetime

from newscrawler.exceptions import ArticleError
from newscrawler.items import Article, Reading, Verdict


def validate(article: Article, fetched_at: datetime) -> None:
    """Refuse what no newspaper prints.

    Raises:
        ArticleError: no headline, a date before there was a web. An article without
            words and pictures shows a video, and one of tomorrow is stored: the run says so.
    """
    if not article.title.strip():
        raise ArticleError("no headline")
    for name in ("published_at", "modified_at"):
        moment: datetime | None = getattr(article, name)
        if moment is None:
            continue
        if moment.year < 1990:
            raise ArticleError(f"{name} is {moment:%Y-%m-%d}")


def validated(reading: Reading, fetched_at: datetime) -> Reading:
    """The reading itself, or one that is not understood where its article cannot be right."""
    if reading.article is None:
        return reading
    try:
        validate(reading.article, fetched_at)
    except ArticleError as error:
        return Reading(Verdict.UNKNOWN, f"ArticleError: {error}", reading.skin)
    return reading
