"""Items as users of Scrapy see them: in feeds, in ``scrapy parse``, in their own pipelines.

Between the spider and the store an item is an :class:`~newscrawler.items.Answer`: one attempt at a
number, with or without a result. The last pipeline returns the article, as a dict with the names
and values of ``newscrawler export jsonl``; it drops an answer without an article.

Before that, ``ItemAdapter(answer)`` has the same names as far as they are known and, without an
article, what the number is (``verdict``) and why. It is read-only: pipelines cannot change what is
stored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn

from itemadapter import ItemAdapter
from itemadapter.adapter import AdapterInterface

from newscrawler import pages, sites
from newscrawler.archive.export.records import record, spelled
from newscrawler.items import Answer
from newscrawler.store.records import StoredArticle

_READ = (
    *("idx", "url", "title", "subtitle", "section", "section_code", "byline"),
    *("published_at", "modified_at", "body", "recommend_count", "content_hash"),
)
"""What a page says; the names are columns of ``articles``."""


def article_item(article: StoredArticle) -> dict[str, Any]:
    """The stored article as plain values: times as ISO 8601 text, reporters and images as lists."""
    return {
        name: spelled(value) if isinstance(value, datetime) else value
        for name, value in record(article).items()
    }


def answer_values(answer: Answer) -> dict[str, Any]:
    """The values of an answer so far; the names are those of :func:`article_item`."""
    reading = answer.reading
    if reading is None:
        # `scrapy parse` without --pipelines: nobody has read the page yet.
        if answer.capture is None:
            return {"site": answer.site, "idx": answer.idx}
        reading = pages.read(answer.capture, sites.load(answer.site))
    article = reading.article
    if article is None:
        return {
            "site": answer.site,
            "idx": answer.idx,
            "verdict": str(reading.verdict),
            "reason": reading.reason,
        }
    values = {name: getattr(article, name) for name in _READ}
    for name in ("published_at", "modified_at"):
        values[name] = values[name] and values[name].isoformat()
    return {
        "site": answer.site,
        **values,
        "reporters": [{"name": each.name, "email": each.email} for each in article.reporters],
        "images": [{"url": each.url, "caption": each.caption} for each in article.images],
        "keywords": list(article.keywords),
    }


class AnswerAdapter(AdapterInterface):
    """An answer as ``ItemAdapter`` shows it; see :func:`answer_values`."""

    def __init__(self, item: Answer) -> None:
        super().__init__(item)
        self._values = answer_values(item)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        return issubclass(item_class, Answer)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __setitem__(self, name: str, value: Any) -> NoReturn:
        raise TypeError("an answer is not changed on its way to the store")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError("an answer is not changed on its way to the store")


# Before the adapter of dataclasses, which would show the raw bytes of the page.
ItemAdapter.ADAPTER_CLASSES = deque([AnswerAdapter, *ItemAdapter.ADAPTER_CLASSES])
