"""robots.txt → the rules for one crawler, by RFC 9309.

Where the RFC is not specific, this works like Google's published parser
(github.com/google/robotstxt): three kinds of line ends, ``disallow /`` without its colon, a few
common misspellings, words behind the product token, an allowed ``index.html`` that means its
folder. One difference: by the RFC (2.2.2) an octet that needs no percent-encoding is decoded before
the comparison; Google's parser does not do this.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least 500 KiB must be parsed; no real file has more."""
_MAX_LINE = 8 * 2083
"""Maximum octets of a line, as in Google's parser: eight times the longest usual address."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_DISALLOW = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
_AGENT = ("user-agent", "useragent", "user agent")
_OCTET = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_RESERVED = "%:/?#[]@!$&'()*+,;="
_RATE = re.compile(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})\s*([smh]?)", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


@dataclass(slots=True)
class _Group:
    """The rules of all groups for one crawler."""

    seen: bool = False
    rules: list[_Rule] = field(default_factory=list)
    crawl_delay: float | None = None
    request_rate: float | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    allows: bool
    pieces: tuple[str, ...]
    """The parts between the ``*``; all must occur in this order, the first at the start."""
    is_whole: bool
    """Whether the pattern ends with ``$``."""
    priority: int
    """The octets of the pattern: the longest matching rule counts."""

    def matches(self, path: str) -> bool:
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        if not others:
            return not self.is_whole or path == first
        position, last = len(first), others.pop() if self.is_whole else ""
        for piece in others:
            found = path.find(piece, position)
            if found < 0:
                return False
            position = found + len(piece)
        return path.endswith(last) and len(path) - len(last) >= position


class Rules:
    """The rules of a robots.txt for one crawler."""

    def __init__(self, group: _Group) -> None:
        self._rules = group.rules
        self.crawl_delay = group.crawl_delay
        """Minimum seconds between requests by ``Crawl-delay``, if it is given."""
        self.request_rate = group.request_rate
        """The same by ``Request-rate: 1/10``."""

    def allows(self, url: str) -> bool:
        """Whether an address may be requested: by the longest matching rule; without one, yes."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        matching = (rule for rule in self._rules if rule.matches(path))
        # Of two equally long rules the one that allows counts (2.2.2).
        best = max(matching, key=lambda rule: (rule.priority, rule.allows), default=None)
        return best is None or best.allows or not best.priority


def read(body: bytes, token: str) -> Rules:
    """The rules for the crawler with that product token. Never raises.

    Takes linear time; of a larger file the complete lines in the first ``MAX_BYTES`` count.
    """
    ours, others = _Group(), _Group()
    addressed: list[_Group] = []
    in_rules = True
    for name, value in _records(body):
        if name == "user-agent":
            if in_rules:
                addressed, in_rules = [], False
            if value == "*" or value[:2] in ("* ", "*\t"):
                addressed.append(others)
            elif (match := _TOKEN.match(value)) and match[0].lower() == token.lower():
                ours.seen = True
                addressed.append(ours)
            continue
        # Records that the RFC does not know must not part a group (2.2.4): only rules do.
        in_rules |= name in ("allow", "disallow")
        for group in addressed:
            _add(group, name, value)
    return Rules(ours if ours.seen else others)


def _add(group: _Group, name: str, value: str) -> None:
    if name in ("allow", "disallow"):
        group.rules.append(_rule(name == "allow", value))
        if name == "allow" and value.endswith("/index.html"):
            group.rules.append(_rule(True, value.removesuffix("index.html") + "$"))
    elif name == "crawl-delay" and (seconds := _SECONDS.match(value)):
        group.crawl_delay = max(group.crawl_delay or 0.0, float(seconds[0]))
    elif name == "request-rate" and (rate := _RATE.match(value)) and int(rate[1]):
        pause = int(rate[2]) * _UNITS[rate[3].lower()] / int(rate[1])
        group.request_rate = max(group.request_rate or 0.0, pause)


def _rule(allows: bool, pattern: str) -> _Rule:
    pattern = _normal(pattern)
    is_whole = pattern.endswith("$")
    return _Rule(allows, tuple(pattern.removesuffix("$").split("*")), is_whole, len(pattern))


def _normal(path: str) -> str:
    """A path in the form for comparison: percent-encoded only where necessary (2.2.2)."""
    return _OCTET.sub(_octet, quote(path, safe=_RESERVED + "~"))


def _octet(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if _UNRESERVED.fullmatch(sign) else match[0].upper()


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """The lines with a rule: name in lower case and value."""
    for line in _LINE_END.split(_text(body)):
        line = line[:_MAX_LINE].partition("#")[0].strip(" \t\0")
        name, colon, value = line.partition(":")
        if not colon:
            words = line.split()
            if len(words) != 2:
                continue
            name, value = words
        name, value = name.strip().lower(), value.strip()
        if name.startswith(_AGENT):
            yield "user-agent", value
        elif name.startswith(_DISALLOW):
            yield "disallow", value
        elif name.startswith("allow"):
            yield "allow", value
        elif name:
            yield name, value


def _text(body: bytes) -> str:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(bom):
            return _cut(body[2:].decode(encoding, "replace"), body)
    if b"\0" in body[:64]:
        # Two octets a character, and none that says in which order: ASCII has its zero there.
        return _cut(body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", "replace"), body)
    # The mark may have come in part: its first octets are no text either.
    body = body.removeprefix(b"\xef").removeprefix(b"\xbb").removeprefix(b"\xbf")
    return _cut(body.decode("utf-8", "replace"), body)


def _cut(text: str, body: bytes) -> str:
    """The complete lines: a truncated rule may forbid more, or less, than the whole one."""
    if len(body) <= MAX_BYTES:
        return text
    kept = text[: MAX_BYTES * len(text) // len(body)]
    return kept[: max(kept.rfind("\n"), kept.rfind("\r")) + 1]
