"""Scrapy's components without an engine or a network: milliseconds each.

A ``Bench`` is a crawler with the project's settings, its extensions and its
chain of downloader middlewares; the site is a function from a request to an
answer (or an exception). Where a component asks the engine for a page of its
own (robots.txt, a known article), the same chain and the same site serve it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from scrapy import Request
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from newscrawler import sites
from newscrawler.crawler import settings_from
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.run import Run
from newscrawler.extensions.stopper import Stopper
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.sites import Site
from newscrawler.spiders.loader import spider_for
from newscrawler.spiders.newspaper import NewspaperSpider
from tests import in_process

Served = Response | Exception
T = TypeVar("T")

SITE = sites.load("amenews")
GAP = '<script>alert("존재하지 않는 기사입니다.");history.back();</script>'
ALL_ALLOWED = "User-agent: *\nAllow: /\n"


def article_page(idx: int, title: str = "수소 소재") -> str:
    """An article in the classic skin, as short as the parser takes it."""
    return (
        "<!doctype html><html><head>"
        f'<meta property="og:title" content="{title} {idx}"></head><body>'
        '<div id="container"><div id="contents"><div class="basicView">'
        f'<div class="titleWrap boxPointColor"><strong>{title} {idx}</strong></div>'
        '<div class="registModifyDate"><ul><li><span>기사등록 2024-03-05 10:11:12</span></li></ul>'
        f'</div><div id="viewContent"><p>{title}에 관한 {idx}번째 글이다.</p></div>'
        "</div></div></div></body></html>"
    )


def answer(request: Request, body: str = "", status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {"Content-Type": "text/html; charset=utf-8", **named}
    return HtmlResponse(request.url, status, sent, body.encode(), request=request)


class _Engine:
    """What our components use of Scrapy's engine."""

    def __init__(self, bench: Bench) -> None:
        self.running = True
        self.spider: object | None = object()
        self.closed_for: str | None = None
        self.downloader = SimpleNamespace()
        self._bench = bench

    async def download_async(self, request: Request) -> Response:
        return await self._bench.ask(request)

    async def close_spider_async(self, *, reason: str = "cancelled") -> None:
        self.closed_for = self.closed_for or reason

    def needs_backout(self) -> bool:
        return False


class Bench:
    def __init__(
        self,
        serve: Callable[[Request], Served],
        folder: Path,
        *assignments: str,
        site: Site = SITE,
        **settings: Any,
    ) -> None:
        in_process.play(asyncio.sleep(0))  # Scrapy looks for a reactor
        given = (
            f"NEWSCRAWLER_DB={folder / 'archive.db'}",
            "DOWNLOAD_DELAY=0",
            "RETRY_BACKOFF_BASE=0",
            "BREAKER_PAUSE=0",
            *assignments,
        )
        project = settings_from(given)
        project.setdict(settings, "cmdline")
        self.crawler = Crawler(spider_for(site, NewspaperSpider), project)
        self.crawler.spider = self.crawler.spidercls.from_crawler(self.crawler)
        self.crawler._apply_settings()  # as scrapy.utils.test.get_crawler does
        self.engine = _Engine(self)
        self.crawler.engine = self.engine  # type: ignore[assignment]  # all that is used of it
        self.middlewares = DownloaderMiddlewareManager.from_crawler(self.crawler)
        self.engine.downloader = SimpleNamespace(middleware=self.middlewares)
        self.asked: list[str] = []
        """Paths with query, in the order in which they reached the site."""
        self.robots: Served | int | str = ALL_ALLOWED
        """robots.txt: its text, its status, or whatever comes in its place."""
        self._serve = serve

    async def ask(self, request: Request) -> Response:
        """Through the chain, again and again while it answers with a request."""
        while True:
            result = await self.middlewares.download_async(self._download, request)
            if isinstance(result, Response):
                result.request = request
                return result
            request = result

    async def _download(self, request: Request) -> Response:
        path = request.url.split("/", 3)[3]
        self.asked.append(path)
        served = self._robots(request) if path == "robots.txt" else self._serve(request)
        if isinstance(served, Exception):
            raise served
        return served

    def _robots(self, request: Request) -> Served:
        if isinstance(self.robots, int):
            return answer(request, status=self.robots)
        return answer(request, self.robots) if isinstance(self.robots, str) else self.robots

    def request(self, idx: int, **meta: Any) -> Request:
        carried = cast(Meta, {"idx": idx, **meta})
        return Request(f"http://amenews.kr/news/view.php?idx={idx}", meta={**carried})

    async def verdict(self, idx: int) -> str:
        """Ask for a number; the verdict, or the exception's name."""
        try:
            response = await self.ask(self.request(idx))
        except Exception as error:
            return type(error).__name__
        return str(meta_of(response)["reading"].verdict)

    def part(self, cls: type[T]) -> T:
        """One of the crawl's extensions."""
        return extension(self.crawler, cls)

    @property
    def stopped(self) -> tuple[str, str] | None:
        cause = self.part(Stopper).cause
        return (str(cause.outcome), cause.diagnosis) if cause else None

    @property
    def holder(self) -> StoreHolder:
        return self.part(StoreHolder)

    @property
    def run(self) -> Run:
        return self.part(Run)

    def play(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end, and close the archive."""

        async def work_and_close() -> T:
            try:
                return await work
            finally:
                self.holder.close()

        return in_process.play(work_and_close())


def number_of(request: Request) -> int | None:
    return meta_of(request).get("idx")
