"""Raw answers in little room: zstd, with a dictionary where one has been trained."""

from __future__ import annotations

import json
import sys

from newscrawler.items import Capture

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9
"""Beyond it a page gains 1 % in size for twice the time."""


def encode(body: bytes, dictionary: bytes | None = None) -> bytes:
    """Compress an answer's body."""
    return zstd.compress(body, level=LEVEL, zstd_dict=_loaded(dictionary))


def decode(data: bytes, dictionary: bytes | None = None) -> bytes:
    """What :func:`encode` was given.

    Raises:
        zstd.ZstdError: damaged data, or the wrong dictionary.
    """
    return zstd.decompress(data, zstd_dict=_loaded(dictionary))


def _loaded(dictionary: bytes | None) -> zstd.ZstdDict | None:
    return None if dictionary is None else zstd.ZstdDict(dictionary)


def headers_to_text(capture: Capture) -> str:
    """Headers as JSON: pairs in order of arrival, since names may repeat."""
    return json.dumps(capture.headers, ensure_ascii=False, separators=(",", ":"))


def headers_from_text(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text))
