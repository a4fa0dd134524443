"""Compresses raw answers: zstd, with a dictionary trained on pages of the same skin.

The parts that are equal on every page (menus, banners, scripts) then take almost no space. The
headers are compressed together with the body.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from newscrawler.exceptions import DamagedArchiveError
from newscrawler.store.connection import Connection

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

Headers = tuple[tuple[str, str], ...]

Answer = tuple[Headers, bytes]
"""Headers and body."""

LEVEL = 5
"""Level 9 takes 5 % less room and 2.4 times as long, level 3 half the time and 18 % more room."""

_MAX_BODY = 1 << 30
"""Maximum bytes of a page, whatever a damaged column says."""

_MAX_HEADERS = 16 << 20
"""Maximum bytes of a page's headers."""

_OPTIONS: Mapping[int, int] = {
    zstd.CompressionParameter.compression_level: LEVEL,
    # Four bytes a capture, which cover the headers too: the digest is the body's alone.
    zstd.CompressionParameter.checksum_flag: 1,
}

_TRAINED = (32 << 10, 64 << 10, 96 << 10)
"""Bytes of a dictionary for the parts that differ between pages; twice as many gain 3 % at most."""

_WHOLE = 160 << 10
"""Maximum bytes of a whole page in a dictionary."""

_TABLES = 4 << 10
"""Additional bytes for the statistics of a dictionary."""

_PIECES = re.compile(rb"[^>\n]*[>\n]?")
"""A line, or a tag with the words before it, whichever is shorter."""

_HELD_OUT = 4
"""One of this many pages tests the dictionaries instead of training them."""

_AHEAD = 2000
"""A dictionary must save its own size within this many pages: half a year of twelve a day."""


def pack(headers: Headers, body: bytes, dictionary: bytes | None = None) -> bytes:
    """Compress an answer: its headers, then its body."""
    return _compress(_joined(headers, body), dictionary)


def unpack(data: bytes, dictionary: bytes | None = None, body_length: int = _MAX_BODY) -> Answer:
    """Decompress an answer of :func:`pack`; the dictionary must be the same.

    Args:
        body_length: maximum bytes of the body: a damaged frame may state any number.

    Raises:
        DamagedArchiveError: damaged data, or another dictionary.
    """
    try:
        unpacker = zstd.ZstdDecompressor(zstd_dict=_loaded(dictionary))
        plain = unpacker.decompress(data, body_length + _MAX_HEADERS)
        head, found, body = plain.partition(b"\n")
        if not (unpacker.eof and found):
            raise DamagedArchiveError("it ends early")
        return headers_from_text(head.decode()), body
    except (zstd.ZstdError, ValueError, TypeError) as error:
        raise DamagedArchiveError(f"it cannot be decompressed: {error}") from error


class Unpacker:
    """Reads captures with any connection to the archive, and checks each."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._dictionaries: dict[int, bytes] = {}

    def answer(self, row: sqlite3.Row) -> Answer:
        """Headers and body of a capture, from its columns ``headers``, ``body``, ``body_length``,
        ``dictionary_id`` and ``digest``.

        A revisit has its own headers, and the other columns of the capture that it repeats.

        Raises:
            DamagedArchiveError: the data is not what was stored.
        """
        if row["body"] is None:
            raise DamagedArchiveError("the capture with its body is missing")
        key = row["dictionary_id"]
        dictionary = None if key is None else self._dictionary(key)
        length = max(0, min(row["body_length"], _MAX_BODY))
        packed, body = unpack(row["body"], dictionary, length)
        if sha256(body).hexdigest() != row["digest"]:
            raise DamagedArchiveError("its body does not match its digest")
        if row["headers"] is None:
            return packed, body
        try:
            return headers_from_text(row["headers"]), body
        except (ValueError, TypeError) as error:
            raise DamagedArchiveError(f"its headers cannot be read: {error}") from error

    def _dictionary(self, key: int) -> bytes:
        if key not in self._dictionaries:
            found = self.connection.execute(
                "SELECT data, digest FROM dictionaries WHERE id = ?", [key]
            ).fetchone()
            if found is None:
                raise DamagedArchiveError(f"dictionary {key} is missing")
            data, digest = found
            if sha256(data).hexdigest() != digest:
                raise DamagedArchiveError(f"dictionary {key} does not match its digest")
            self._dictionaries[key] = data
        return self._dictionaries[key]


def train(
    answers: Sequence[tuple[Headers, bytes]], current: bytes | None = None
) -> tuple[bytes, float] | None:
    """A dictionary for answers like these, if it saves more space than it takes, or ``None``.

    It contains one whole page, so that boilerplate takes a few long matches, and what the trainer
    selects from the parts that other pages do not share with it.

    The second value is the compressed share of answers with it, which must be smaller than
    ``current``, the share with the dictionary in use. Takes a sixth of a second for 128 pages of 66
    KB.
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
    """Headers as JSON: pairs in the order received, since names may repeat."""
    return json.dumps(headers, ensure_ascii=False, separators=(",", ":"))


def headers_from_text(text: str) -> Headers:
    """Raises ValueError or TypeError: it is not a list of pairs."""
    return tuple((str(name), str(value)) for name, value in json.loads(text))


def _joined(headers: Headers, body: bytes) -> bytes:
    # JSON holds no raw line break, so the first one ends the headers.
    return headers_to_text(headers).encode() + b"\n" + body


def _compress(plain: bytes, dictionary: bytes | None) -> bytes:
    loaded = _loaded(dictionary)
    # Prepared once, a dictionary costs nothing per page; otherwise up to 0.3 ms each time.
    return zstd.compress(plain, options=_OPTIONS, zstd_dict=loaded and loaded.as_digested_dict)


def _size(pages: Sequence[bytes], dictionary: bytes | None) -> int:
    return sum(len(_compress(page, dictionary)) for page in pages)


@lru_cache(maxsize=16)
def _loaded(dictionary: bytes | None) -> zstd.ZstdDict | None:
    return None if dictionary is None else zstd.ZstdDict(dictionary)
