"""Checks a paper with a few requests, at the pace and by the rules of a crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler import clock, pages
from newscrawler.config import options
from newscrawler.exceptions import ArticleError, OverBoundError
from newscrawler.extensions import extension
from newscrawler.extensions.pacer import Pacer
from newscrawler.extensions.page_reader import PageReader
from newscrawler.extensions.stopper import Stopper
from newscrawler.humanize import counted, span
from newscrawler.items import Article, Capture, Reading, Verdict
from newscrawler.middlewares.meta import Meta, meta_of
from newscrawler.middlewares.network_errors import error_text
from newscrawler.middlewares.parse import capture_of
from newscrawler.middlewares.redirect import origin_of
from newscrawler.middlewares.robots import ForbiddenError, RobotsMiddleware
from newscrawler.outcomes import EXIT_STOPPED
from newscrawler.pages import listings
from newscrawler.pages.statuses import brings_page
from newscrawler.pages.validation import validate
from newscrawler.sites import urls
from newscrawler.spiders.discovery import IMPOSSIBLE_IDX
from newscrawler.spiders.findings import Finding, Grade, failed
from newscrawler.spiders.paper import PaperSpider

T = TypeVar("T")

_CLOCK_TOLERANCE = timedelta(minutes=5)

_TROUBLE = {
    Verdict.TEMPORARY: "the site is down or in trouble",
    Verdict.BLOCKED: "the site blocks this crawler",
}


class DoctorSpider(PaperSpider):
    """Its results are in ``findings``; stores nothing.

    Args:
        samples: how many articles to request besides the newest, evenly over all numbers.
        tell: called with each finding as soon as it is known.
    """

    def __init__(
        self, samples: int = 0, tell: Callable[[Finding], None] | None = None, **others: Any
    ) -> None:
        super().__init__(**others)
        self._tell = tell
        self._redirected: set[tuple[str, str]] = set()
        self.samples = samples
        self.seen: list[tuple[str, Capture]] = []
        """Every answer, with the step that requested it."""
        self.robots_txt = b""
        """The file as received; empty if there is none."""
        self.findings: list[Finding] = []
        self.newest: int | None = None
        self.feed_dates: dict[int, datetime] = {}
        """Number → time of publication according to the feed."""
        self.article: Article | None = None
        self.skin: str | None = None
        self.page_bytes = 0
        self._is_sent_on = False
        """Whether a finding already says that articles redirect to another form of address."""
        self.delay = 0.0
        """Minimum seconds between requests, robots.txt included."""

    async def start(self) -> AsyncIterator[Any]:
        sections = await self._step("home page", self._home()) or {}
        # The middleware has read it before it let the first page through.
        try:
            allowed = self._robots()
        except Exception as error:
            self._found(failed("robots.txt", error))
            allowed = False
        if allowed:
            await self._step("RSS", self._rss())
            await self._step("gap", self._gap())
            await self._step("article", self._newest_article())
            for code, name in list(sections.items())[:1]:
                await self._step("list", self._section_list(code, name))
            for idx in self._spread():
                await self._step("sample", self._read("sample", idx))
        self.findings.sort(key=lambda finding: finding.step != "robots.txt")
        self.delay = extension(self.crawler, Pacer).floor
        return
        yield

    async def _step(self, name: str, work: Awaitable[T]) -> T | None:
        """Run a step; if it fails, that is a finding, and the other steps go on."""
        try:
            return await work
        except OverBoundError as error:
            self._bad(name, str(error))
            return None
        except Exception as error:
            self._found(failed(name, error))
            return None

    # -- the steps ------------------------------------------------------------

    def _robots(self) -> bool:
        """Check robots.txt; whether articles may be requested."""
        middleware = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if middleware is None:
            self._odd("robots.txt", "not read: ROBOTSTXT_OBEY is off")
            return True
        url = urls.view_url(self.site, self.newest or 1, self.base_url)
        policy = middleware.policy(url)
        if policy is None or policy.rules is None:
            reason = policy.reason.removeprefix("robots.txt ") if policy else "was not read"
            self._bad("robots.txt", f"{reason}: nothing may be requested until it can be read")
            return False
        token = options.ROBOTSTXT_USER_AGENT.read(self.settings)
        self.robots_txt = policy.text
        if not policy.rules.allows(url):
            self._bad("robots.txt", f"it does not allow {token} to request articles")
            return False
        delay = policy.rules.crawl_delay
        pace = f", no faster than every {delay:g} s (Crawl-delay)" if delay else ""
        self._fine("robots.txt", f"status {policy.reason}: articles may be requested{pace}")
        return True

    def _clock(self, response: Response) -> None:
        header = response.headers.get("Date")
        try:
            server_time = parsedate_to_datetime((header or b"").decode("latin-1")).astimezone(UTC)
        except (ValueError, OverflowError):
            self._odd("clock", "the server sends no time (header Date)")
            return
        apart = abs(datetime.now(UTC) - server_time)
        difference = f"{span(apart.total_seconds())} different from the server's"
        if apart > _CLOCK_TOLERANCE:
            self._odd(
                "clock",
                f"{difference}: correct the clock, or refreshes and retries come at wrong times",
            )
        else:
            self._fine("clock", difference)

    async def _home(self) -> dict[str, str]:
        """The sections that the menu names."""
        response = await self._page("home page", self.site.home)
        if response is None:
            return {}
        self._clock(response)
        home = await self._bounded(
            response, listings.read_home, response.url, _content_type(response), self.site
        )
        if not home.idxs:
            self._bad("home page", await self._instead(response) or "it links to no article")
            return home.sections
        self.newest = max(home.idxs)
        names = list(home.sections.values())
        some = ", ".join(names[:4]) + ", …" * (len(names) > 4)
        text = f"the newest number is {self.newest}"
        if names:
            self._fine(
                "home page", f"{text}, the menu names {counted(len(names), 'section')}: {some}"
            )
        else:
            self._odd("home page", f"{text}, but the menu names no section")
        return home.sections

    async def _rss(self) -> None:
        response = await self._page("RSS", self.site.rss, needed=self.newest is None)
        if response is None:
            return
        items = await self._bounded(
            response, listings.read_rss, self.site.timezone, response.url, self.site
        )
        if not items:
            none = "it lists no article: only the home page shows the newest number"
            self._odd("RSS", await self._instead(response) or none)
            return
        self.feed_dates = {item.idx: item.published_at for item in items if item.published_at}
        newest = max(item.idx for item in items)
        self._fine("RSS", f"the newest number is {newest}, of {counted(len(items), 'article')}")
        self.newest = self.newest or newest

    async def _gap(self) -> None:
        """Check that the answer for a number that cannot exist is understood."""
        reading = await self._read("gap", IMPOSSIBLE_IDX)
        if reading is None:
            return
        asked = f"number {IMPOSSIBLE_IDX}, which cannot exist,"
        if reading.verdict is Verdict.MISSING:
            self._fine("gap", f"{asked} is answered as a gap: {reading.reason}")
        elif reading.silence is not None and self.seen[-1][1].http_status < 500:
            self._odd(
                "gap",
                f"{asked} is answered without a message ({reading.reason}): a crawl settles what is"
                " answered in the same way at its end, if articles can be read then",
            )
        elif reading.verdict is Verdict.UNKNOWN and reading.skin is None:
            self._odd(
                "gap", f"{asked} has an unknown answer: a crawl compares other answers with it"
            )
        elif reading.verdict in _TROUBLE:
            self._bad("gap", f"{_TROUBLE[reading.verdict]}: {reading.reason}")
        else:
            self._bad("gap", f"{asked} is read as {reading.verdict}: {reading.reason}")

    async def _newest_article(self) -> None:
        if self.newest is None:
            return
        reading = await self._read("article", self.newest)
        if reading is None:
            return
        if reading.article is None:
            trouble = _TROUBLE.get(reading.verdict, f"number {self.newest} cannot be read")
            self._bad("article", f"{trouble}: {reading.reason}")
            return
        try:
            validate(reading.article)
        except ArticleError as error:
            self._bad("article", f"number {self.newest} cannot be stored: {error}")
            return
        self.article, self.skin = reading.article, reading.skin
        self._fine("article", f"number {self.newest} is read with the skin {reading.skin}")
        if reading.article.published_at is None:
            self._odd("article", "it has no date: refreshes need one")
        elif reading.article.published_at > clock.now() + timedelta(days=1):
            self._odd("article", f"it is dated in the future: {reading.article.published_at}")
        if left := reading.remainder.head:
            self._odd("article", f"words next to its headline are in no field: {left[0][:60]!r}")
        if text := reading.remainder.body:
            length = sum(map(len, text))
            self._odd("article", f"{length} characters in or next to its body are in no field")

    def _spread(self) -> list[int]:
        """Numbers between the first and the newest, evenly spaced."""
        if self.newest is None:
            return []
        first, apart = self.site.first_idx, self.newest - self.site.first_idx
        spread = {first + apart * n // self.samples for n in range(self.samples)}
        return sorted(spread - {self.newest})

    async def _section_list(self, code: str, name: str) -> None:
        path = self.site.section_list.format(mcode=code, page=1)
        response = await self._page("list", path, needed=False)
        if response is None:
            return
        page = await self._bounded(
            response, listings.read_list, response.url, _content_type(response), self.site
        )
        if not page.entries:
            self._odd("list", await self._instead(response) or f"{name} ({code}) lists no article")
            return
        first = page.entries[0]
        listed = counted(len(page.entries), "article")
        self._fine("list", f"{name} ({code}) lists {listed}, first {first.idx}: {first.title}")

    # -- asking -----------------------------------------------------------------

    async def _page(self, step: str, path: str, *, needed: bool = True) -> Response | None:
        """A page that is not an article; ``None``, with a finding, if it cannot be fetched."""
        url = urls.at_origin(self.site.origin + path, self.base_url)
        response = await self._get(step, url)
        if response is None or brings_page(response.status):
            return response
        note = self._bad if needed else self._odd
        note(step, await self._instead(response) or f"the answer has status {response.status}")
        return None

    async def _bounded(self, response: Response, function: Callable[..., T], *arguments: Any) -> T:
        """What a reading function finds in a page, within the bounds that a crawl has.

        Raises:
            OverBoundError: it takes more time or memory than it may.
        """
        reader = extension(self.crawler, PageReader)
        return await reader.read(len(response.body), function, response.body, *arguments)

    async def _instead(self, response: Response) -> str | None:
        """What came instead of a page, in a sentence; ``None``: no known error."""
        capture = capture_of(response, self.site.name, IMPOSSIBLE_IDX, clock.now())
        reader = extension(self.crawler, PageReader)
        reading = await reader.read(len(response.body), pages.read, capture, self.site)
        trouble = _TROUBLE.get(reading.verdict)
        return trouble and f"{trouble}: {reading.reason}"

    async def _read(self, step: str, idx: int) -> Reading | None:
        """What the answer for a number means."""
        url = urls.view_url(self.site, idx, self.base_url)
        response = await self._get(step, url, {"idx": idx, "probe": True})
        if response is None:
            return None
        self.page_bytes = max(self.page_bytes, len(response.body))
        sent_on = meta_of(response).get("hops") and origin_of(url) == origin_of(response.url)
        if sent_on and not self._is_sent_on:
            self._is_sent_on = True
            self._odd(
                "redirect",
                f"articles are redirected to addresses such as {response.url}; a crawl uses them"
                " from the fourth article on",
            )
        return meta_of(response)["reading"]

    async def _get(self, step: str, url: str, meta: Meta | None = None) -> Response | None:
        request = Request(url, callback=NO_CALLBACK, meta={**(meta or {})})
        try:
            response = await self.crawler.engine.download_async(request)
            number = (meta or {}).get("idx") or IMPOSSIBLE_IDX
            self.seen.append((step, capture_of(response, self.site.name, number, clock.now())))
            self._note_redirect(url, response.url)
            return response
        except ForbiddenError as error:
            # The finding of robots.txt already reports it.
            if self._robots_are_read(url):
                self._bad(step, f"{url} is not requested: {error}")
        except IgnoreRequest as error:
            cause = extension(self.crawler, Stopper).cause
            self._bad(step, cause.diagnosis if cause else error_text(error))
        except Exception as error:
            # Any error of a step is a finding; the next step still runs.
            self._bad(step, f"{url}: {error_text(error)}")
        return None

    def _note_redirect(self, asked: str, answered: str) -> None:
        """Report once that a host redirects to another one."""
        moved = origin_of(asked), origin_of(answered)
        if moved[0] != moved[1] and moved not in self._redirected:
            self._redirected.add(moved)
            remedy = "a crawl uses it after three redirects; you can also set it in the permalink"
            self._odd("redirect", f"{moved[0]} redirects to {moved[1]}: {remedy}")

    def _robots_are_read(self, url: str) -> bool:
        middleware = self.crawler.get_downloader_middleware(RobotsMiddleware)
        policy = middleware.policy(url) if middleware else None
        return policy is not None and policy.rules is not None

    def _found(self, finding: Finding) -> None:
        self.findings.append(finding)
        if self._tell:
            self._tell(finding)

    def _fine(self, step: str, text: str) -> None:
        self._found(Finding(step, Grade.FINE, text))

    def _odd(self, step: str, text: str) -> None:
        self._found(Finding(step, Grade.ODD, text))

    def _bad(self, step: str, text: str) -> None:
        self._found(Finding(step, Grade.BAD, text, EXIT_STOPPED))


def _content_type(response: Response) -> str | None:
    header = response.headers.get("Content-Type")
    return header.decode("latin-1") if header else None
