"""Articles as a pandas frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from newscrawler.exceptions import MissingLibraryError
from newscrawler.store.records import StoredArticle

if TYPE_CHECKING:
    import pandas

_PAPER_TIMES = ("published_at", "modified_at")
_CRAWL_TIMES = ("removed_at", "first_fetched_at", "last_fetched_at")


def articles_frame(articles: Iterable[StoredArticle]) -> pandas.DataFrame:
    """One row per article; see :meth:`newscrawler.archive.reader.Archive.to_pandas`.

    Raises:
        MissingLibraryError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise MissingLibraryError(
            "to_pandas() needs pandas: pip install '.[research]' in newscrawler's folder"
        ) from None
    names = [field.name for field in fields(StoredArticle)]
    frame = pandas.DataFrame(
        (
            {
                **{name: getattr(article, name) for name in names},
                "reporters": [reporter.name for reporter in article.reporters],
                "images": [image.url for image in article.images],
                "keywords": list(article.keywords),
            }
            for article in articles
        ),
        columns=names,
    )
    for name in _PAPER_TIMES:
        frame[name] = pandas.to_datetime(frame[name], utc=True).dt.tz_convert("Asia/Seoul")
    for name in _CRAWL_TIMES:
        frame[name] = pandas.to_datetime(frame[name], utc=True)
    # Int64 holds a missing value and still is a whole number.
    return frame.astype({"duplicate_of": "Int64", "recommend_count": "Int64"})
