"""The values that flow from the spider to the store: what was fetched, what it says.

Everything here is frozen and free of Scrapy, SQLite and the network, so the
same objects serve the crawl, the replay of stored captures and the readers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What an answer of the site means for the number that was asked for.

    The first four and ``UNCHANGED`` settle a number; the others never do.
    """

    ARTICLE = "article"
    MISSING = "missing"
    """The site says that there is nothing under this number."""
    REMOVED = "removed"
    """The site says that the article was withdrawn."""
    RESTRICTED = "restricted"
    """The site shows it to its members only."""
    TEMPORARY = "temporary"
    """A hiccup: maintenance, database error, truncated answer, 5xx, 429."""
    BLOCKED = "blocked"
    """The site refuses this client: a block or captcha page, 401, 403."""
    UNKNOWN = "unknown"
    """Not understood; the capture is kept."""
    UNCHANGED = "unchanged"
    """304: the article that is stored still stands."""
    FORBIDDEN = "forbidden"
    """robots.txt disallows the address: it was not asked."""

    @property
    def settles(self) -> bool:
        return self in _SETTLING


_SETTLING = frozenset(
    {
        Verdict.ARTICLE,
        Verdict.MISSING,
        Verdict.REMOVED,
        Verdict.RESTRICTED,
        Verdict.UNCHANGED,
    }
)


@dataclass(frozen=True, slots=True)
class Reporter:
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    """Absolute, on the permalink's host when the paper itself hosts it."""
    caption: str | None = None
    """Without the leading ▲; ``None`` when the picture has none."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as one answer of the site printed it."""

    idx: int
    url: str
    """The permalink, whatever origin was crawled."""
    title: str
    body: str
    """Paragraphs parted by a blank line; a ``br`` parts lines within one.
    No captions, no page furniture."""
    subtitle: str | None = None
    section: str | None = None
    section_code: str | None = None
    byline: str | None = None
    """The writer's line as printed."""
    reporters: tuple[Reporter, ...] = ()
    published_at: datetime | None = None
    """As printed, aware, in the paper's zone."""
    modified_at: datetime | None = None
    images: tuple[Image, ...] = ()
    keywords: tuple[str, ...] = ()
    recommend_count: int | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256, its first 32 hex digits, over title, subtitle, body and captions.

        Dates, byline, pictures' addresses and the recommend count do not enter,
        so a reprint under another number has the same hash and a new count is
        no revision.
        """
        captions = (image.caption or "" for image in self.images)
        words = "\x1f".join((self.title, self.subtitle or "", self.body, *captions))
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Capture:
    """A raw answer of the site, as it came over the wire (after content-decoding)."""

    site: str
    idx: int
    url: str
    """The address that answered, after redirects."""
    fetched_at: datetime
    """UTC."""
    http_status: int
    headers: tuple[tuple[str, str], ...]
    """Name and value in order of arrival, names as sent."""
    body: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of that name, matched without regard to case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a page shows of its article and no field took."""

    body: tuple[str, ...] = ()
    """Texts in the body's box or right beside it."""
    head: tuple[str, ...] = ()
    """Lines of the headline's box."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser made of a capture."""

    verdict: Verdict
    reason: str
    """A short phrase for people: the evidence, e.g. ``alert: 존재하지 않는 기사입니다.``"""
    skin: str | None = None
    """The skin that was recognised: ``classic``, ``classic_variant``, ``article_head``."""
    article: Article | None = None
    """Present exactly when the verdict is ARTICLE."""
    remainder: Remainder = Remainder()
    """What was left over when the article was read."""
    is_believed: bool = True
    """``False``: the answer says "missing", and so it did for articles that are surely there."""
    shows: int | None = None
    """The article that the page says it is, where that is another than was asked for."""
    silence: str | None = None
    """How an answer looks that says nothing (``pages/silence.py``); ``None``: it says something."""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Which selector of the skin found a field, for people: ``{"title": ".titleWrap strong"}``."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What the store needs of an answer and was worked out before."""

    digest: str
    packed: bytes
    """The capture, compressed."""
    dictionary_id: int | None
    """With which dictionary."""
    words: tuple[str, str, str] | None
    """The article's columns of the search index."""


class Change(StrEnum):
    """What an answer brings that the archive does not have."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NONE = "none"
    """It brings no article."""


@dataclass(slots=True)
class Answer:
    """One look at a number, on its way from the spider through the pipelines to the store."""

    site: str
    idx: int
    asked_at: datetime
    """UTC."""
    capture: Capture | None = None
    """``None`` when no answer came: a refused connection, a time-out, robots.txt."""
    reading: Reading | None = None
    """What the capture says; without a capture, why there is none."""
    change: Change | None = None
    """Set by the dedupe stage."""
    requests: int = 1
    """How many requests this look took, retries and redirects included."""
    section_code: str | None = None
    """The section in whose list the number was found."""
    section: str | None = None
    """That section's name in the menu."""
    groundwork: Groundwork | None = None
    """``None``: the store does it itself."""
    by_name: bool = False
    """Somebody asked for this number, not for all: "nothing there" settles it wherever it lies."""
