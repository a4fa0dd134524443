"""Extraction alone, on the same pages: time, and how much of it is right."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measure import Results, tree_of
from newscrawler import pages, sites
from newscrawler.clock import now
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Article, Capture

Extracted = tuple[str, str]
"""Title and body."""


@dataclass(frozen=True, slots=True)
class Page:
    capture: Capture
    html: str
    truth: Article


def run(rounds: int, count: int) -> Results:
    """Each extractor over the same pages, in turns."""
    sample = _sample(count)
    found: Results = {}
    times: dict[str, list[float]] = {}
    extractors = _extractors()
    parsing = []
    for _ in range(rounds):
        seconds, _ = _timed(_only_parsed, sample)
        parsing.append(1000 * seconds / len(sample))
        for name, extract in extractors.items():
            seconds, results = _timed(extract, sample)
            times.setdefault(name, []).append(1000 * seconds / len(sample))
            found[name] = _judged(results, sample)
    limit = statistics.median(parsing)
    for name, milliseconds in times.items():
        taken = statistics.median(milliseconds)
        if name == "newscrawler" and found[name]["failed"]:
            raise RuntimeError("newscrawler fails on pages of the sample: figures mean nothing")
        found[name] = {"ms a page": taken, "share of the limit": limit / taken, **found[name]}
    # An error message is quickly made.
    peers = [
        judged["ms a page"]
        for name, judged in found.items()
        if name != "newscrawler" and judged["failed"] < 1
    ]
    return {
        "pages": len(sample),
        "KB a page": sum(len(page.capture.body) for page in sample) / len(sample) / 1000,
        "rounds": rounds,
        "ms of the limit": limit,
        "extractors": found,
        "times that the limit is faster": min(peers) / limit,
        "times faster than the fastest peer": min(peers) / found["newscrawler"]["ms a page"],
    }


def _sample(count: int) -> list[Page]:
    """Articles with text in all three skins, each with its truth."""
    paper = Newspaper(size=2 * count, skin="mixed", boilerplate=40_000)
    router = Router(paper)
    sample: list[Page] = []
    for truth in paper.truths():
        if truth.article and truth.article.body and len(sample) < count:
            body = router.answer("/news/view.php", f"idx={truth.idx}").body
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            capture = Capture("amenews", truth.idx, truth.article.url, now(), 200, headers, body)
            sample.append(Page(capture, body.decode(), truth.article))
    return sample


def _only_parsed(page: Page) -> Extracted:
    """The limit: what lxml alone takes to make a tree of the same bytes."""
    tree_of(page.capture.body)
    return "", ""


def _extractors() -> dict[str, Callable[[Page], Extracted]]:
    """Ours and the peers', each called as its own documentation says."""
    import newspaper
    import trafilatura
    from newsplease import NewsPlease

    site = sites.load("amenews")

    def ours(page: Page) -> Extracted:
        article = pages.read(page.capture, site).article
        return (article.title, article.body) if article else ("", "")

    def by_trafilatura(page: Page) -> Extracted:
        document = trafilatura.bare_extraction(page.html, url=page.capture.url, with_metadata=True)
        return (document.title or "", document.text or "") if document else ("", "")

    def by_newspaper4k(page: Page) -> Extracted:
        # For Korean it wants data that NLTK downloads, and without it fails on every page.
        article = newspaper.article(page.capture.url, input_html=page.html, language="en")
        return article.title or "", article.text or ""

    def by_news_please(page: Page) -> Extracted:
        article = NewsPlease.from_html(page.html, url=page.capture.url)
        return article.title or "", article.maintext or ""

    return {
        "newscrawler": ours,
        "trafilatura": by_trafilatura,
        "newspaper4k": by_newspaper4k,
        "news-please": by_news_please,
    }


def _timed(
    extract: Callable[[Page], Extracted], sample: list[Page]
) -> tuple[float, list[Extracted | None]]:
    results: list[Extracted | None] = []
    began = time.process_time()
    for page in sample:
        try:
            results.append(extract(page))
        except Exception:
            # A peer that fails on a page has extracted nothing from it.
            results.append(None)
    return time.process_time() - began, results


def _judged(results: list[Extracted | None], sample: list[Page]) -> dict[str, float]:
    titles, bodies, scores, failed = 0, 0, 0.0, 0
    for result, page in zip(results, sample, strict=True):
        failed += result is None
        title, body = result or ("", "")
        titles += _squeezed(title) == _squeezed(page.truth.title)
        bodies += _squeezed(body) == _squeezed(page.truth.body)
        scores += token_f1(body, page.truth.body)
    return {
        "titles exact": titles / len(sample),
        "bodies exact": bodies / len(sample),
        "token F1": scores / len(sample),
        "failed": failed / len(sample),
    }


def _squeezed(text: str) -> str:
    """White space does not count: extractors part paragraphs each in their way."""
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Words in any script: the tokenizers of public ROUGE codes drop Hangul.

    >>> tokens("수소 3.5톤, ㈜나루")
    ['수소', '3', '5톤', '㈜', '나루']
    """
    return re.findall(r"\w+|[^\w\s.,]", text)


def token_f1(found: str, truth: str) -> float:
    """The harmonic mean of precision and recall over words, counted with repetition."""
    ours, wanted = Counter(tokens(found)), Counter(tokens(truth))
    shared = (ours & wanted).total()
    if not shared:
        return float(not ours and not wanted)
    return 2 * shared / (ours.total() + wanted.total())
