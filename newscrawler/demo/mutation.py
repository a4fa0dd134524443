"""Answers of the local newspaper, damaged at random, for the functions that promise to read all."""

from __future__ import annotations

import dataclasses
import json
import random
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newscrawler import pages, sites
from newscrawler.demo.answers import Answer
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router
from newscrawler.items import Capture
from newscrawler.pages import listings, robots

KINDS = {"page": 5, "home": 1, "list": 2, "feed": 1, "robots": 1}
"""What is read, and how often it is drawn."""

SITE = sites.load("amenews")
_AT = datetime(2026, 7, 2, 3, 0, 0, tzinfo=UTC)
_ADDRESS = "http://amenews.kr/news/view.php?idx=7"
_LONGEST = 200_000
"""Bytes; beyond them a mutant is cut: longer ones say no more, and take time."""

_PIECES: tuple[bytes, ...] = tuple(
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *("<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&#", ";", '"', "'", "\0", "\r"),
        *("&#55357;", "&#xDE22;", "&#1114112;", "&#0;", "&amp;amp;", "\ud83d", "\ufeff", "\u2028"),
        *("9" * 25, "9" * 5000, "-1", "٣", "²", "1e999", "0x7", "%", "%ZZ", "%00"),
        *("<p>", "</p>", "<div>", "</div>", "<table><tr><td>", "<ul class='subj'><li>", "<br>"),
        *("<script>", "</script>", "<style>", "<svg>", "<template>", "<plaintext>", "<noscript>"),
        *("▲", "▲ .", "©", "기자", "=", "@", "a@b.kr", "기사등록 2020-13-45 25:61:61", "수정"),
        *("등록 0000-00-00", "9999-12-31 23:59:59", "오후 13:00", "2020년", "\u202e", "\x1b]52;"),
        *("idx=", "?idx=9223372036854775807", "mcode=", "http://[", "//", "javascript:", "\\u{d800}"),
        *("User-agent: *\n", "Disallow: /\n", "Allow: *$*$\n", "Crawl-delay: 1e308\n", "*" * 50),
        *("<dc:date>", "<item>", "</item>", "<link/>", "<pubDate>Mon, 99 Foo 20200</pubDate>"),
    )
) + ("신소재".encode("euc-kr"), b"\xff\xfe", b"\xc7", b"\x1f\x8b\x08")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of reading one damaged answer."""

    kind: str
    number: int
    seconds: float
    """Processor time."""
    size: int
    trouble: str = ""
    """The traceback of what was raised; empty if nothing was."""


def sources(size: int = 60) -> dict[str, tuple[bytes, ...]]:
    """Whole answers of each kind, from a paper with articles and gaps of all kinds."""
    routers = [Router(Newspaper(size=size, skin="mixed", gap=gap)) for gap in ("mixed", "alert")]

    def answers(*asked: tuple[str, str]) -> tuple[bytes, ...]:
        found: list[Answer] = [router.answer(*one) for router in routers for one in asked]
        return tuple(answer.body for answer in found if answer.body)

    rules = (
        "User-agent: *\nDisallow: /bbs/\nAllow: /bbs/*.php$\nCrawl-delay: 2\n\nSitemap: /x.xml\n"
    )
    return {
        "page": answers(*(("/news/view.php", f"idx={idx}") for idx in range(1, size + 3))),
        "home": answers(("/", "")),
        "list": answers(
            ("/news/list.php", "mcode=m101kqe"),
            ("/m/list.php", "mcode=m102vzt"),
            ("/news/search.php", "stx=a"),
        ),
        "feed": answers(("/rss_view.php", "")),
        "robots": (rules.encode(), rules.replace("\n", "\r").encode("utf-16")),
    }


def mutant(dice: random.Random, bodies: Sequence[bytes]) -> bytes:
    """One of the answers with one to six changes, each of any size at any place."""
    body = dice.choice(bodies)
    for _ in range(dice.randint(1, 6)):
        body = _changed(dice, body, bodies)[:_LONGEST]
    return body


def _changed(dice: random.Random, body: bytes, bodies: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(body) + 1)
    end = min(len(body), start + int(dice.expovariate(1 / 60)))
    before, cut, after = body[:start], body[start:end], body[end:]
    match dice.randrange(8):
        case 0:
            return before + dice.randbytes(len(cut) or 1) + after
        case 1:
            return before + after
        case 2:
            return before + cut * dice.choice((2, 3, 50, 500)) + after
        case 3:
            return before + dice.choice(_PIECES) + body[start:]
        case 4:
            return before + dice.choice(_PIECES) * dice.choice((2, 50, 1000)) + after
        case 5:
            other = dice.choice(bodies)
            place = dice.randrange(len(other) + 1)
            return before + other[place : place + dice.randrange(4000)] + after
        case 6:
            return before if dice.random() < 0.5 else after
        case _:
            return body.replace(cut, dice.choice(_PIECES)) if cut else body


def read(kind: str, body: bytes, status: int = 200) -> object:
    """Read an answer as a crawl does, and write out what was read, as a store or a log does."""
    found: object
    if kind == "page":
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        found = pages.read(Capture("amenews", 7, _ADDRESS, _AT, status, headers, body), SITE)
        pages.fingerprint(Capture("amenews", 7, _ADDRESS, _AT, status, headers, body))
    elif kind == "home":
        found = listings.read_home(body, "http://amenews.kr/", None, SITE)
    elif kind == "list":
        address = "http://amenews.kr/news/list.php?mcode=m101kqe"
        found = listings.read_list(body, address, None, SITE)
    elif kind == "feed":
        address = "http://amenews.kr/rss_view.php"
        found = [dataclasses.asdict(item) for item in listings.read_rss(body, url=address)]
    else:
        rules = robots.read(body, "newscrawler")
        found = (rules.allows(_ADDRESS), rules.crawl_delay, rules.request_rate)
    plain = dataclasses.asdict(found) if dataclasses.is_dataclass(found) else found  # type: ignore[arg-type] # a class is none
    json.dumps(plain, ensure_ascii=False, default=str).encode("utf-8")
    return found


def trials(seed: int, count: int) -> Iterator[Trial]:
    """Read damaged answers, the same ones for the same seed."""
    dice = random.Random(seed)
    bodies = sources()
    for number in range(count):
        (kind,) = dice.choices(list(KINDS), list(KINDS.values()))
        body = mutant(dice, bodies[kind])
        status = dice.choice((200, 200, 200, 404, 410, 403, 302))
        began = time.process_time()
        trouble = ""
        try:
            read(kind, body, status)
        except Exception:
            trouble = traceback.format_exc(limit=-4)
        yield Trial(kind, number, time.process_time() - began, len(body), trouble)
