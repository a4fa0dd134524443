"""Randomly damaged answers of the local newspaper."""

from __future__ import annotations

import random
from collections.abc import Sequence

from newscrawler.demo.answers import Answer
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.routes import Router

KINDS = {"page": 5, "home": 1, "list": 2, "feed": 1, "robots": 1}
"""What is read, and how often it is drawn."""

_LONGEST = 200_000
"""Bytes; beyond them a mutant is cut: longer ones say no more, and take time."""

_WORDS = (
    *("<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&#", ";", '"', "'", "\0", "\r"),
    *("&#55357;", "&#xDE22;", "&#1114112;", "&#0;", "&amp;amp;", "\ud83d", "\ufeff", "\u2028"),
    *("9" * 25, "9" * 5000, "-1", "٣", "²", "1e999", "0x7", "%", "%ZZ", "%00", "\\u{d800}"),
    *("<p>", "</p>", "<div>", "</div>", "<table><tr><td>", "<ul class='subj'><li>", "<br>"),
    *("<script>", "</script>", "<style>", "<svg>", "<template>", "<plaintext>", "<noscript>"),
    *("▲", "▲ .", "©", "기자", "=", "@", "a@b.kr", "기사등록 2020-13-45 25:61:61", "수정"),
    *("등록 0000-00-00", "9999-12-31 23:59:59", "오후 13:00", "2020년", "\u202e", "\x1b]52;"),
    *("idx=", "?idx=9223372036854775807", "mcode=", "http://[", "//", "javascript:"),
    *("User-agent: *\n", "Disallow: /\n", "Allow: *$*$\n", "Crawl-delay: 1e308\n", "*" * 50),
    *("<dc:date>", "<item>", "</item>", "<link/>", "<pubDate>Mon, 99 Foo 20200</pubDate>"),
)
_OCTETS = ("신소재".encode("euc-kr"), b"\xff\xfe", b"\xc7", b"\x1f\x8b\x08")
_PIECES = (*(word.encode("utf-8", "surrogatepass") for word in _WORDS), *_OCTETS)
"""What is put into an answer: what readers of markup, numbers and dates stumble over."""


def sources(size: int = 60) -> dict[str, tuple[bytes, ...]]:
    """Complete answers of each kind, from a paper with articles and gaps of all kinds."""
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
