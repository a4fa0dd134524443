"""Requests one page of a paper, at the pace and by the rules of a crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from newscrawler.extensions import extension
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Capture
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.middlewares.robots import ForbiddenError
from newscrawler.spiders.paper import PaperSpider


class PageSpider(PaperSpider):
    """The answer is in ``capture``, or why there is none in ``trouble``; stores nothing.

    Args:
        url: the address of the page.
        idx: the article number in that address.
    """

    def __init__(self, url: str = "", idx: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.idx = idx
        self.capture: Capture | None = None
        self.trouble: str | None = None

    async def start(self) -> AsyncIterator[Any]:
        meta: Meta = {"idx": self.idx, "probe": True}
        request = Request(self.url, callback=NO_CALLBACK, meta={**meta})
        try:
            response = await self.crawler.engine.download_async(request)
            self.capture = meta_of(response)["capture"]
        except ForbiddenError as error:
            self.trouble = str(error)
        except IgnoreRequest as error:
            cause = extension(self.crawler, Stopper).cause
            self.trouble = cause.diagnosis if cause else error_text(error)
        except Exception as error:
            # Any other error is the reason why there is no page.
            self.trouble = error_text(error)
        return
        yield
