"""Characters that a page may contain and a database, a terminal or a parser cannot handle.

JavaScript and old editors write a character beyond U+FFFF, an emoji mostly, as two surrogates
(``\\ud83d\\ude22``, ``&#55357;&#56866;``). One alone is not a character (Unicode 15, 3.8): UTF-8
and SQLite do not accept it.
"""

from __future__ import annotations

import html
import re
import unicodedata

_PAIR = re.compile(r"&#(x?[0-9a-f]{4,5});&#(x?[0-9a-f]{4,5});", re.IGNORECASE)
_NUMERIC = re.compile("&(?=#)")
"""One character to search for, and a condition: half as much work as two characters."""
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|x[0-9a-f]{1,6})|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_PIECE = re.compile(r".{1,1024}(?=[\x20-\x7e])|.{1,1024}", re.DOTALL)


def joined(text: str) -> str:
    """Text with its pairs of surrogates joined; one alone becomes U+FFFD.

    >>> ascii(joined("\\ud83d\\ude22 \\ud83d"))
    "'\\\\U0001f622 \\\\ufffd'"
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def join_references(source: str) -> str:
    """Markup in which two numeric references to surrogates are replaced by one character."""
    return _PAIR.sub(_of_pair, source) if _NUMERIC.search(source) else source


def _of_pair(match: re.Match[str]) -> str:
    high, low = _code(match[1]), _code(match[2])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return joined(chr(high) + chr(low))
    return match[0]


def _code(written: str) -> int:
    is_hex = written[:1] in ("x", "X")
    try:
        return int(written[1:], 16) if is_hex else int(written)
    except ValueError:
        return 0  # hexadecimal digits without the x that says so


def unescape(text: str) -> str:
    """Text with character references decoded; one without a semicolon stays (``&section=``)."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), join_references(text))


def composed(text: str) -> str:
    """``text`` in Unicode's form NFC, in linear time.

    Sorting a run of combining marks takes quadratic time, so a long text is composed in pieces,
    split before ASCII characters, which never combine with the character before.
    """
    if len(text) <= 1024:
        return unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text))
