"""Bytes → text, whatever the label says.

The papers use wrong labels: EUC-KR bytes with a UTF-8 label and the reverse. So the encoding with
the fewest replacement characters is used, and the label only decides between equals. EUC-KR is read
as CP949, its superset: Korean pages with that label have syllables that EUC-KR lacks.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE
)
_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_KOREAN = frozenset({"euc-kr", "euckr", "cp949", "ms949", "uhc", "ks_c_5601-1987", "ksc5601"})
_REPLACEMENT = "\ufffd".encode()
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    """Without a byte order mark and NULs."""
    encoding: str
    """``utf-8``, ``cp949``, ``utf-16-le`` or ``utf-16-be``."""
    damage: int
    """Bytes that could not be decoded; if there are any, or NULs, control characters count too."""
    source: bytes | None = None
    """The text in UTF-8, if that is what came."""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of ``body``; ``content_type`` is the header's value. Never raises."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _clean(body[len(bom) :].decode(encoding, "replace"), encoding)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        # Sought in the bytes, where no part of another character is equal to them.
        if b"\0" in body or (b"\xef" in body and _REPLACEMENT in body):
            return _clean(text, "utf-8")
        return Decoded(text, "utf-8", 0, body)
    readings = [(name, body.decode(name, "replace")) for name in ("utf-8", "cp949")]
    if _declares_korean(body, content_type):
        readings.reverse()
    encoding, text = min(readings, key=lambda reading: reading[1].count("\ufffd"))
    return _clean(text, encoding)


def _declares_korean(body: bytes, content_type: str | None) -> bool:
    label = _LABEL.search(content_type or "")
    if label:
        return label[1].lower() in _KOREAN
    meta = _META.search(body[:4096])
    return meta is not None and meta[1].decode("ascii").lower() in _KOREAN


def _clean(text: str, encoding: str) -> Decoded:
    damage = text.count("\ufffd")
    text = text.removeprefix("\ufeff")
    if damage or "\0" in text:
        text, controls = _CONTROLS.subn("", text)
        damage += controls
    return Decoded(text, encoding, damage)
