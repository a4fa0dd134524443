"""Text for people: counts, bytes, durations, suggestions for a typing error, and text from a
site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscrawler.humanize.language import tr


def counted(count: int, noun: str) -> str:
    """``1 request``, ``2,000 requests``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """A number of bytes, in a suitable unit."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def span(seconds: float) -> str:
    """A duration, in suitable units."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, whole = divmod(rest, 60)
    if hours >= 48:
        return tr("{days} days {hours} h", days=hours // 24, hours=hours % 24)
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=whole)
    return tr("{seconds} s", seconds=whole)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A suggestion at the end of a sentence about an unknown name, if a similar one is known; else
    empty.

    >>> f"no such command 'serach'{did_you_mean('serach', ['search', 'show'])}"
    "no such command 'serach'; did you mean 'search'?"
    """
    from difflib import get_close_matches  # only for an error

    near = get_close_matches(name, list(known), n=1)
    return tr("; did you mean {name!r}?", name=near[0]) if near else ""


_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters (Unicode's Cc) except tab and line feed, line separators, and the direction
embeddings, overrides and isolates of Unicode's annex 9."""


def harmless(text: str) -> str:
    """Text in which control characters for a terminal are escaped, as in JSON.

    A headline, a reason or a ``Location`` of a site may clear the screen or reverse a line. The
    archive keeps such characters unchanged, and so do JSON results.

    >>> print(harmless("OK\\x1b[2J\\u202e"))
    OK\\u001b[2J\\u202e
    """
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: str) -> str:
    """The same in one line, so that no text can look like a separate message."""
    return harmless(text).replace("\n", "\\n")


def shortened(text: str, most: int) -> str:
    """The beginning of a text: at most so many characters, with the sign that says so.

    >>> shortened("수소경제", 4), shortened("수소경제", 3)
    ('수소경제', '수소…')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def first_line(error: BaseException) -> str:
    """The first line of a library's message, shortened; without a message the error's name.

    >>> first_line(OSError("refused\\nat line 7 of client.rs")), first_line(TimeoutError())
    ('refused', 'TimeoutError')
    """
    return shortened((str(error).strip() or type(error).__name__).splitlines()[0], 200)


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two words differ by one added, missing, wrong or swapped letter.

    >>> [one_slip_apart("amenews.db", x) for x in ("amenew.db", "amenwes.db", "amanews.db")]
    [True, True, True]
    >>> [one_slip_apart("amenews.db", x) for x in ("amenews.db", "amenews-old.db")]
    [False, False]
    """
    if one == other:
        return False
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    one, other = one[begin:], other[begin:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) == 1 or (len(one) == len(other) == 2 and one == other[::-1])
