"""What accompanies a crawl: the run's record, its pace, its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # commands that only read load no Scrapy
    from scrapy.crawler import Crawler

T = TypeVar("T")


def extension(crawler: Crawler, cls: type[T]) -> T:
    """The crawl's one extension of that class, which the settings wire in."""
    found = crawler.get_extension(cls)
    if found is None:
        raise LookupError(f"{cls.__name__} is not among the EXTENSIONS")
    return found
