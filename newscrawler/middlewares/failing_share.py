"""Stops a crawl of a site that works for some numbers only: a share of failures, beside the row.

One of two servers behind an address may be broken, or a firewall may refuse every third request.
Articles come between the failures, so no row of bad answers grows, and a run would go on through
the whole archive, with requests that help nobody.
"""

from __future__ import annotations

from collections import Counter

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawler.config import options
from newscrawler.extensions import extension
from newscrawler.extensions.holder import StoreHolder
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.stopper import Stopper
from newscrawler.items import Verdict
from newscrawler.middlewares.circuit_breaker import OUTCOMES
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text

LATEST = 100
"""The share is taken of so many numbers; its limit is then a percentage and a count in one."""


class FailingShareMiddleware:
    """Counts each number once, with its last answer: after the retries, and as the canary sees it.

    Not counted as failures: a number that waited for another attempt before this run (that it fails
    again says nothing of the others), and the answer for a number that cannot exist.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._limit = options.BREAKER_SHARE.read(crawler.settings)
        self._keeps_unknown = options.ON_UNKNOWN.read(crawler.settings) == "keep"
        self._latest: dict[int, Verdict | None] = {}
        """Number → the verdict that it failed with, or ``None``; the latest number is the last."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FailingShareMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if reading := meta_of(request).get("reading"):
            self._note(meta_of(request), reading.verdict, reading.reason)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest) and "idx" in meta_of(request):
            self._note(meta_of(request), Verdict.TEMPORARY, error_text(exception))

    def _note(self, meta: Meta, verdict: Verdict, reason: str) -> None:
        if meta.get("probe") or meta.get("canary") or not self._limit:
            return
        idx = meta["idx"]
        failed = not verdict.settles and not self._is_excused(meta, verdict)
        self._latest.pop(idx, None)
        self._latest[idx] = verdict if failed else None
        if len(self._latest) > LATEST:
            del self._latest[next(iter(self._latest))]
        if failed:
            failures = Counter(bad for bad in self._latest.values() if bad)
            if failures.total() >= self._limit:
                self._stop(failures, reason)

    def _is_excused(self, meta: Meta, verdict: Verdict) -> bool:
        if verdict is Verdict.UNKNOWN and self._keeps_unknown:
            return True
        ledger = extension(self.crawler, StoreHolder).ledger
        return meta.get("like_nothing", False) or ledger.is_unsettled(meta["idx"])

    def _stop(self, failures: Counter[Verdict], last_reason: str) -> None:
        outcome, _ = OUTCOMES[failures.most_common(1)[0][0]]
        extension(self.crawler, Pacer).close()
        extension(self.crawler, Stopper).stop(
            outcome,
            f"the site works for some numbers only: of the latest {len(self._latest)},"
            f" {failures.total()} have no usable answer (BREAKER_SHARE), the last one:"
            f" {last_reason}",
        )
