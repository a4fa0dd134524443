"""Refuses implausible articles before anything is stored."""

from __future__ import annotations

from datetime import datetime

from newscrawler.exceptions import ArticleError
from newscrawler.items import Article, Reading, Verdict
from newscrawler.pages.garbled import why_garbled


def validate(article: Article) -> None:
    """Refuse an article that no newspaper prints.

    Raises:
        ArticleError: no headline, a text that the server has destroyed, or a date before the web
            existed. An article without text and pictures may show a video, and one with a future
            date is stored and counted by the run.
    """
    if not article.title.strip():
        raise ArticleError("no headline")
    if why := why_garbled(f"{article.title}\n{article.body}"):
        raise ArticleError(why)
    for name in ("published_at", "modified_at"):
        moment: datetime | None = getattr(article, name)
        if moment is None:
            continue
        if moment.year < 1990:
            raise ArticleError(f"{name} is {moment:%Y-%m-%d}")


def validated(reading: Reading) -> Reading:
    """The reading, or an unknown one if its article is implausible."""
    if reading.article is None:
        return reading
    try:
        validate(reading.article)
    except ArticleError as error:
        return Reading(Verdict.UNKNOWN, f"ArticleError: {error}", reading.skin)
    return reading
