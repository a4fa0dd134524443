"""The values that flow from the spider to the store: what was fetched, what it says.

All classes are frozen and independent of Scrapy, SQLite and the network, so the crawl, ``reparse``
and the reading commands use the same objects.
"""

from __future__ import annotations

import copyreg
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter


class Verdict(StrEnum):
    """What an answer of the site means for the requested number.

    The first four and ``UNCHANGED`` settle a number; the others never do.
    """

    ARTICLE = "article"
    MISSING = "missing"
    """The site says that there is no article with this number."""
    REMOVED = "removed"
    """The site says that the article was withdrawn."""
    RESTRICTED = "restricted"
    """The site shows the article to its members only."""
    TEMPORARY = "temporary"
    """A temporary error: maintenance, database error, truncated answer, 5xx, 429."""
    BLOCKED = "blocked"
    """The site refuses this client: a block or captcha page, 401, 403."""
    UNKNOWN = "unknown"
    """Not understood; the capture is kept."""
    COPY = "copy"
    """An article that the site shows under many numbers: of none of them it is believed."""
    UNCHANGED = "unchanged"
    """304: the stored article is unchanged."""
    FORBIDDEN = "forbidden"
    """robots.txt disallows the address: it was not requested."""

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
    """An article, as printed in one answer of the site."""

    idx: int
    url: str
    """The permalink, even if another origin was crawled."""
    title: str
    body: str
    """Paragraphs, separated by a blank line; a ``br`` separates lines within one.
    Without captions and boilerplate."""
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

        Dates, byline, image addresses and the recommend count are not part of it, so a reprint
        under another number has the same hash, and a new count is not a revision.
        """
        captions = tuple(image.caption or "" for image in self.images)
        return _hash_of(self.title, self.subtitle or "", self.body, *captions)


@lru_cache(maxsize=64)
def _hash_of(*texts: str) -> str:
    """Remembered, because the way of an article to the store asks for it five times."""
    words = "\x1f".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(words).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Capture:
    """A raw answer of the site, as received (after content decoding)."""

    site: str
    idx: int
    url: str
    """The address that answered, after redirects."""
    fetched_at: datetime
    """UTC."""
    http_status: int
    headers: tuple[tuple[str, str], ...]
    """Name and value, in the order received, names as sent."""
    body: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of that name, case-insensitive."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a page shows of its article that is in no field."""

    body: tuple[str, ...] = ()
    """Texts in the box of the body or next to it."""
    head: tuple[str, ...] = ()
    """Lines in the box of the headline."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser made of a capture."""

    verdict: Verdict
    reason: str
    """The evidence, in a few words for people, for example ``alert: 존재하지 않는 기사입니다.``"""
    skin: str | None = None
    """The skin of the page: ``classic``, ``classic_variant``, ``article_head``."""
    article: Article | None = None
    """Set if and only if the verdict is ARTICLE."""
    remainder: Remainder = Remainder()
    """The text of the page that is in no field."""
    is_believed: bool = True
    """``False``: the answer says "missing", but known articles had the same answer."""
    shows: int | None = None
    """The number of the article on the page, if it is not the requested one."""
    silence: str | None = None
    """The form of an answer without a message (``pages/silence.py``); ``None``: it has a
    message."""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The selector of the skin that found each field, for people: ``{"title": ".titleWrap
    strong"}``."""


@dataclass(frozen=True, slots=True)
class Precomputed:
    """What the store needs of an answer, computed in the second process."""

    digest: str
    packed: bytes
    """The capture, compressed."""
    dictionary_id: int | None
    """The id of the dictionary of that compression."""
    words: tuple[str, str, str] | None
    """The article's columns of the search index."""


def _pickle_by_position(cls: type) -> None:
    """Pickle objects of exactly this class as its name and a tuple.

    Frozen data classes with slots are pickled by Python code that asks for their fields each time:
    some 300 calls a page in the process that downloads.
    """
    values = attrgetter(*(each.name for each in fields(cls)))
    copyreg.pickle(cls, lambda it: (cls, values(it)))


for _class in (Reporter, Image, Article, Capture, Remainder, Reading, Precomputed):
    _pickle_by_position(_class)


class Change(StrEnum):
    """What is new in an answer, compared with the archive."""

    NEW = "new"
    CHANGED = "changed"
    COPY = "copy"
    """An article that the site shows under many numbers: of none of them it is believed."""
    UNCHANGED = "unchanged"
    NONE = "none"
    """The answer has no article."""


@dataclass(slots=True)
class Answer:
    """The result of one attempt at a number, from the spider through the pipelines to the store."""

    site: str
    idx: int
    asked_at: datetime
    """UTC."""
    capture: Capture | None = None
    """``None`` if no answer came: a refused connection, a timeout, robots.txt."""
    reading: Reading | None = None
    """What the capture says; without a capture, why there is none."""
    change: Change | None = None
    """Set by the dedupe stage."""
    requests: int = 1
    """How many requests were sent, retries and redirects included."""
    section_code: str | None = None
    """The section in whose list the number was found."""
    section: str | None = None
    """That section's name in the menu."""
    precomputed: Precomputed | None = None
    """``None``: the store computes it itself."""
    by_name: bool = False
    """The number was selected by hand: "missing" settles it, even above the newest number."""
