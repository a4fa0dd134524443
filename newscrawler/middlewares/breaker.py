"""The breaker: stops asking when answer after answer makes no sense, probes, gives up.

Trouble (no usable answer, a refusal) is over when the site answers properly
again, be it with a gap. Pages that are not understood are another matter: a
redesign of the articles leaves the gaps as they were, so only an article ends
that streak.
"""

from __future__ import annotations

import logging
from collections import Counter

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawler import options
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.recorder import Recorder
from newscrawler.items import Reading, Verdict
from newscrawler.middlewares.robots import error_text
from newscrawler.outcomes import Outcome

logger = logging.getLogger(__name__)

_OUTCOMES = {
    Verdict.TEMPORARY: (Outcome.DOWN, "the site is down or in trouble"),
    Verdict.BLOCKED: (Outcome.BLOCKED, "the site blocks this crawler"),
    Verdict.UNKNOWN: (Outcome.CHANGED, "the site has changed its pages"),
}


PAUSE_IN_BACKOFFS = 12
"""The first pause in units of RETRY_BACKOFF_BASE: one knob says how patient a crawl is."""


class BreakerMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self._threshold: int = options.read(settings, "BREAKER_THRESHOLD")
        self._blocks: int = options.read(settings, "BREAKER_BLOCKS")
        pause: float | None = options.read(settings, "BREAKER_PAUSE")
        base: float = options.read(settings, "RETRY_BACKOFF_BASE")
        self._pause = PAUSE_IN_BACKOFFS * base if pause is None else pause
        self._probes: int = options.read(settings, "BREAKER_PROBES")
        self._streak: Counter[Verdict] = Counter()
        self._failed_probes = 0
        self._last_reason = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BreakerMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        reading: Reading | None = request.meta.get("reading")
        if reading is not None and not request.meta.get("probe"):
            self._note(reading.verdict, reading.reason)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest) and request.meta.get("idx") is not None:
            self._note(Verdict.TEMPORARY, error_text(exception))

    def _note(self, verdict: Verdict, reason: str) -> None:
        if verdict.settles:
            self._relax(understood=verdict in (Verdict.ARTICLE, Verdict.UNCHANGED))
            return
        self._streak[verdict] += 1
        self._last_reason = reason
        if self._is_open():
            self._probe_or_give_up()

    def _relax(self, *, understood: bool) -> None:
        unknown = 0 if understood else self._streak[Verdict.UNKNOWN]
        self._streak.clear()
        if unknown:
            self._streak[Verdict.UNKNOWN] = unknown
        elif self._failed_probes:
            logger.info("The site answers again")
            self._failed_probes = 0

    def _is_open(self) -> bool:
        return (
            self._streak.total() >= self._threshold or self._streak[Verdict.BLOCKED] >= self._blocks
        )

    def _probe_or_give_up(self) -> None:
        pacer = extension(self.crawler, Pacer)
        if self._failed_probes >= self._probes:
            verdict, _ = self._streak.most_common(1)[0]
            outcome, sentence = _OUTCOMES[verdict]
            pacer.close()
            self._recorder.stop(
                outcome,
                f"{sentence}: {self._streak.total()} bad answers in a row,"
                f" the last one: {self._last_reason}",
            )
            return
        wait = self._pause * 2**self._failed_probes
        self._failed_probes += 1
        logger.warning(
            "%d bad answers in a row (%s): resting %.0f s, then probe %d of %d",
            self._streak.total(),
            self._last_reason,
            wait,
            self._failed_probes,
            self._probes,
        )
        pacer.pause(wait)

    @property
    def _recorder(self) -> Recorder:
        return extension(self.crawler, Recorder)
