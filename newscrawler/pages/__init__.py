"""Pages of the newspapers: bytes in, values out.

Nothing here uses the network, the clock, Scrapy or the database. A page is parsed once; verdict and
article come from the same tree. Skins, tables of selectors (``newscrawler.sites.skins``), say where
the parts of a page are.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from newscrawler.items import Capture, Reading, Remainder, Verdict
from newscrawler.pages import (
    article,
    classify,
    dom,
    empty_template,
    encoding,
    fallbacks,
    headline,
    identity,
    redirects,
    skin,
)
from newscrawler.pages.statuses import (
    BUSY,
    GONE,
    REDIRECTS,
    REFUSED,
    Classification,
    brings_page,
    refuses,
)
from newscrawler.sites import Site, urls

PARSER_VERSION = 6
"""Raised whenever the same bytes may be read differently."""

_VARYING = re.compile(r"[0-9a-fA-F]{16,}|[\d\s]+")
_DAMAGED = 0.05
"""An answer with a larger share of unreadable characters is not text."""
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_OPENED = re.compile(r"<html|<head\b|<body", re.IGNORECASE)
_DECLARATIONS = re.compile(
    r"(?:\s*(?:<!--.*?-->|<!doctype[^>]*>|<\?xml[^>]*>))*\s*", re.IGNORECASE | re.DOTALL
)
_BOX = re.compile(r"<(/?)div\b", re.IGNORECASE)
_SAYS_ONLY = re.compile(r"<body[^<>]*\bonload\s*=[^<>]*>$")
_CLOSE = 40
"""Characters at the end in which nearly every document has its end tag."""
_TAIL = 4000
"""Characters at the end in which a document has its end tag, unless long scripts follow."""
_MESSAGE = 3000
"""An answer up to this length may be only a script, without the end tags of a document."""


def read(capture: Capture, site: Site, gap_fingerprints: frozenset[str] = frozenset()) -> Reading:
    """What an answer means for its number, and the article if it is one. Never raises.

    ``gap_fingerprints`` are those (``fingerprint``) of answers to numbers that cannot exist. An
    equal answer is missing, unless it is an article, a temporary error, a block or members only.
    """
    if early := _by_status(capture, site):
        return Reading(*early)
    decoded = encoding.decode(capture.body, capture.header("Content-Type"))
    text = decoded.text
    gone = capture.http_status in GONE
    if not text.strip():
        if gone:
            return Reading(Verdict.MISSING, f"status {capture.http_status}, empty answer")
        if capture.http_status in REFUSED:
            return Reading(Verdict.BLOCKED, f"status {capture.http_status}, empty answer")
        return Reading(Verdict.TEMPORARY, "empty answer")
    if decoded.damage > max(10, _DAMAGED * len(text)):
        return Reading(Verdict.UNKNOWN, "the answer is no readable text")
    is_whole = _is_whole(text) or (gone and len(text) <= _MESSAGE)
    if not is_whole and not _is_closed(text):
        return Reading(Verdict.TEMPORARY, "the answer is cut off")
    wanted = skin.wanted(site)
    part = dom.parse_article(text, wanted, decoded.source)
    reading = _as_article(part, capture, site) if part else None
    if reading and reading.verdict is Verdict.ARTICLE:
        return reading
    page = dom.parse(text, wanted, decoded.source)
    if page.overflow:
        return Reading(Verdict.UNKNOWN, "nested too deep to be read to its end")
    reading = _as_article(page, capture, site)
    if not is_whole and (reading is None or reading.article is None):
        return Reading(Verdict.TEMPORARY, "the answer is cut off")
    if reading is None:
        finding = classify.without_article(page, capture.url, capture.http_status, site)
        reading = Reading(*finding)
    # Nobody can have withdrawn the number that cannot exist: there, the words mean nothing more.
    if (
        reading.verdict in (Verdict.UNKNOWN, Verdict.REMOVED)
        and gap_fingerprints
        and classify.speaks(page, site)
        and fingerprint(capture) in gap_fingerprints
    ):
        return Reading(Verdict.MISSING, "the answer for a number that cannot exist")
    return reading


def fingerprint(capture: Capture) -> str:
    """A digest of an answer's text, without the parts that vary with number and time."""
    text = encoding.decode(capture.body, capture.header("Content-Type")).text
    return hashlib.sha256(_VARYING.sub("", text).encode("utf-8", "replace")).hexdigest()


def own_numbers(body: bytes) -> set[int]:
    """The article numbers in the page's own addresses; empty if there are none."""
    page = dom.parse(encoding.decode(body).text)
    return article.numbers_in(article.own_addresses(page))


def _by_status(capture: Capture, site: Site) -> tuple[Verdict, str] | None:
    """The verdict by status and headers alone."""
    status = capture.http_status
    if status >= 500 and _is_challenge(capture):
        return Verdict.BLOCKED, f"status {status}: the answer checks the browser"
    if status >= 500 or status in BUSY:
        return Verdict.TEMPORARY, f"status {status}"
    if 300 <= status < 400:
        target = urls.of_location((capture.header("Location") or "").encode("latin-1", "replace"))
        found = None
        if target and status in REDIRECTS:
            found = redirects.by_target(target, capture.url, site)
            if redirects.is_same(target, capture.url) and capture.header("Set-Cookie"):
                found = Classification(Verdict.BLOCKED, "sent to itself with a cookie")
        return found or (Verdict.UNKNOWN, f"status {status} to {target[:200] or 'nowhere'}")
    if 200 <= status < 300 and not brings_page(status):
        return Verdict.TEMPORARY, f"status {status}: not the whole page"
    return None


def _is_challenge(capture: Capture) -> bool:
    """Whether an answer with an error's status is Cloudflare's check of the browser, by its header
    or by its script."""
    if (capture.header("cf-mitigated") or "").lower() == "challenge":
        return True
    return b"/cdn-cgi/challenge-platform/" in capture.body


def _is_whole(text: str) -> bool:
    """Whether the answer is complete: a document that was opened is closed.

    End tags inside of a script's strings do not count.
    """
    if not _OPENED.search(text):
        start = _DECLARATIONS.match(text)
        rest = text[start.end() :] if start else text
        if rest[:2] in ("", "<!", "<?") or text.rfind("<") > text.rfind(">"):
            return False
        return not _is_open_script(text)
    last = _last_end(text)
    if last is None:
        return len(text) <= _MESSAGE and _is_alert(text)
    rest = text[last.end() :]
    closing, opening = rest.find("</script"), rest.find("<script")
    if closing >= 0 and not 0 <= opening < closing:
        return False
    return rest.lstrip()[:1] not in tuple("\"'\\;)")


def _may_be_cut(text: str) -> bool:
    """Whether end tags of the document, or of a box of a fragment, are missing."""
    if _OPENED.search(text):
        return _END.search(text) is None
    return not _is_closed(text)


def _last_end(text: str) -> re.Match[str] | None:
    """The last tag that closes a document, searched first in its usual place."""
    for reach in (_CLOSE, _TAIL, len(text)):
        start = max(0, len(text) - reach)
        if last := max(_END.finditer(text, start), key=re.Match.end, default=None):
            return last
    return None


def _is_closed(text: str) -> bool:
    """Whether every box of a fragment is closed, so that no box is truncated."""
    boxes = [match[1] for match in _BOX.finditer(text)]
    return 0 < len(boxes) == 2 * boxes.count("/") and text.rstrip().endswith(">")


def _is_open_script(text: str) -> bool:
    return text.count("<script") > text.count("</script")


def _is_alert(text: str) -> bool:
    """Whether a short answer without end tags is a complete script with a message or a redirect."""
    end = text.rstrip()[-_MESSAGE:].lower()
    return (
        (
            end.endswith(("</script>", "</head>", "</noscript>"))
            or _SAYS_ONLY.search(end) is not None
        )
        and not _is_open_script(text)
        and "og:" not in text
        and ("alert(" in text or "location" in text)
    )


def _as_article(page: dom.Page, capture: Capture, site: Site) -> Reading | None:
    """The reading of a page with an article's template; ``None`` for other pages."""
    worn = skin.recognise(page, site)
    if worn is None or page.body is None:
        return None
    names = headline.names_of(page, site)
    head = skin.head(page, worn, site)
    content = article.content(page, worn, head, page.body, names)

    def reading(verdict: Verdict, reason: str) -> Reading:
        return Reading(verdict, reason, worn.name, sources=page.sources)

    if not content.ended and _may_be_cut(page.text):
        return reading(Verdict.TEMPORARY, "the article is cut off")
    finding = empty_template.in_template(page, head, content)
    if finding and not refuses(capture.http_status, finding.verdict):
        return reading(*finding)
    if capture.http_status in REFUSED:
        return reading(Verdict.BLOCKED, f"status {capture.http_status}")
    if capture.http_status in GONE:
        return reading(Verdict.UNKNOWN, f"status {capture.http_status} with a whole article")
    addresses = article.own_addresses(page)
    numbers = article.numbers_in(addresses)
    if numbers and capture.idx not in numbers:
        shown = min(numbers)
        return replace(reading(Verdict.UNKNOWN, f"the page is article {shown}"), shows=shown)
    if other := identity.another_paper(page, addresses, capture.url, site):
        return reading(Verdict.UNKNOWN, f"the page says that it is another paper's: {other}")
    head, left = fallbacks.complete(page, head, content, names, site)
    found = article.build(page, worn, head, content, names, capture, site)
    remainder = Remainder(content.dropped, left)
    return Reading(Verdict.ARTICLE, "an article", worn.name, found, remainder, sources=page.sources)
