"""The form of an answer without a message, to compare it with that for an impossible number.

Many sites have no message for "no such article": an empty 200, ``history.back()`` alone, a redirect
to a list, another article, a status 500. One such answer is no evidence. If a number that cannot
exist has the same answer, while articles can be read, that is evidence; spiders/silent_gaps.py
collects it.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlsplit

from newscrawler.items import Capture, Reading, Verdict
from newscrawler.pages import encoding
from newscrawler.sites import urls

LONGEST = 256 * 1024
"""Maximum bytes: a page without a message is not longer than an article."""

_RUN = re.compile(r"[\w+/=%:.-]+", re.ASCII)
_DIGITS = re.compile(r"\d+")
_BUSY = frozenset({408, 425, 429})


def of(capture: Capture, reading: Reading) -> str | None:
    """The form of an answer without a message; ``None``: it has a message.

    An answer with a message (maintenance, a block, "no such article") is not silent, nor is a
    truncated answer.

    The form is stored (``ledger.silence``) and compared, so its words never change.

    Returns:
        a few words and, if the answer has text, 16 hex digits of its SHA-256 without numbers,
        tokens and spaces: ``status 302 to /news/list.php?mcode``.
    """
    status = capture.http_status
    if reading.verdict is Verdict.TEMPORARY:
        if status >= 500:
            return f"status {status}, text {_digest(capture)}" if _is_short(capture) else None
        is_empty = status not in _BUSY and not capture.body.strip()
        return f"status {status}, an empty answer" if is_empty else None
    if reading.verdict is not Verdict.UNKNOWN:
        return None
    if 300 <= status < 400:
        return f"status {status} to {_target(capture)}"
    if reading.shows is not None:
        return "another article"
    return f"status {status}, text {_digest(capture)}" if _is_short(capture) else None


def _is_short(capture: Capture) -> bool:
    return len(capture.body) <= LONGEST


def _digest(capture: Capture) -> str:
    text = encoding.decode(capture.body, capture.header("Content-Type")).text
    lasting = "".join(_RUN.sub(_without_digits, text).split())
    return hashlib.sha256(lasting.encode("utf-8", "replace")).hexdigest()[:16]


def _without_digits(run: re.Match[str]) -> str:
    """The run, or nothing if it has a digit: numbers, times and tokens change with every answer."""
    return "" if _DIGITS.search(run[0]) else run[0]


def _target(capture: Capture) -> str:
    """The target of a redirect: its path and the names of its parameters, without their values."""
    location = urls.of_location((capture.header("Location") or "").encode("latin-1", "replace"))
    try:
        parts = urlsplit(location)
    except ValueError:
        return "no address"
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    path = _DIGITS.sub("", parts.path)
    return f"{parts.netloc}{path}{'?' if names else ''}{'&'.join(names)}"[:200]
