"""Raw answers in little room: zstd, with a dictionary trained on pages of the same skin.

What is the same on every page (menus, banners, scripts) then costs almost
nothing, and neither do the headers, which are packed with the body.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from functools import lru_cache

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Headers = tuple[tuple[str, str], ...]

LEVEL = 9
"""Level 10 gains 1 % in size for a fifth more time; level 3 takes a fifth more room."""

_TRAINED = (32 << 10, 64 << 10, 96 << 10)
"""Bytes of a dictionary for what differs from page to page; twice as many gain 3 % at most."""

_WHOLE = 160 << 10
"""Bytes of a whole page that a dictionary holds at most."""

_TABLES = 4 << 10
"""Bytes beside them for the statistics of a dictionary."""

_PIECES = re.compile(rb"[^>\n]*[>\n]?")
"""A line or a tag with the words before it, whichever is shorter."""

_HELD_OUT = 4
"""Every so many-th page judges the dictionaries instead of forming them."""

_AHEAD = 2000
"""Pages within which a dictionary must earn its own room: half a year of twelve a day."""


def pack(headers: Headers, body: bytes, dictionary: bytes | None = None) -> bytes:
    """Compress an answer: its headers, then its body."""
    return _compress(_joined(headers, body), dictionary)


def unpack(data: bytes, dictionary: bytes | None = None) -> tuple[Headers, bytes]:
    """What :func:`pack` was given; the dictionary must be the same.

    Raises:
        zstd.ZstdError: damaged data, or another dictionary.
    """
    plain = zstd.decompress(data, zstd_dict=_loaded(dictionary))
    end = plain.index(b"\n")
    return headers_from_text(plain[:end].decode()), plain[end + 1 :]


def train(
    answers: Sequence[tuple[Headers, bytes]], current: bytes | None = None
) -> tuple[bytes, float] | None:
    """A dictionary for answers like these that is worth its room, or ``None``.

    It holds one page whole, since the furniture then costs a few long matches,
    and what the trainer picks from that which the others do not share with it.

    The second value is the share of their bytes that answers take with it. It
    must beat ``current``, the one in use. Takes a sixth of a second for 128
    pages of 66 KB.
    """
    plain = [_joined(headers, body) for headers, body in answers]
    judges = plain[::_HELD_OUT]
    samples = [page for n, page in enumerate(plain) if n % _HELD_OUT]
    if not samples:
        return None
    page = sorted(samples, key=len)[len(samples) // 2][:_WHOLE]
    shared = set(_PIECES.findall(page))
    rests = [b"".join(p for p in _PIECES.findall(s) if p not in shared) for s in samples]
    best, least = None, _size(judges, current) * _AHEAD / len(judges)
    for size in _TRAINED:
        try:
            content = zstd.train_dict(rests, size).dict_content + page
            basis = zstd.ZstdDict(content, is_raw=True)
            found = zstd.finalize_dict(basis, samples, len(content) + _TABLES, LEVEL).dict_content
        except (zstd.ZstdError, ValueError):
            # Too few bytes for a dictionary of that size.
            continue
        cost = len(found) + _size(judges, found) * _AHEAD / len(judges)
        if cost < least:
            best, least = found, cost
    if best is None:
        return None
    return best, _size(judges, best) / sum(map(len, judges))


def headers_to_text(headers: Headers) -> str:
    """Headers as JSON: pairs in order of arrival, since names may repeat."""
    return json.dumps(headers, ensure_ascii=False, separators=(",", ":"))


def headers_from_text(text: str) -> Headers:
    return tuple((name, value) for name, value in json.loads(text))


def _joined(headers: Headers, body: bytes) -> bytes:
    # JSON holds no raw line break, so the first one ends the headers.
    return headers_to_text(headers).encode() + b"\n" + body


def _compress(plain: bytes, dictionary: bytes | None) -> bytes:
    loaded = _loaded(dictionary)
    # Digested once, a dictionary costs nothing per page; otherwise up to 0.3 ms each time.
    return zstd.compress(plain, level=LEVEL, zstd_dict=loaded and loaded.as_digested_dict)


def _size(pages: Sequence[bytes], dictionary: bytes | None) -> int:
    return sum(len(_compress(page, dictionary)) for page in pages)


@lru_cache(maxsize=16)
def _loaded(dictionary: bytes | None) -> zstd.ZstdDict | None:
    return None if dictionary is None else zstd.ZstdDict(dictionary)
