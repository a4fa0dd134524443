"""The text of a date → an aware datetime in the paper's zone.

Which text of a page is its date: ``page_dates.py``.

The papers print times without a zone (``2020-11-25 15:28:58``); feeds may add one. Results are in
the zone that the caller names. An impossible date (``0000-00-00``, 30 February) is ``None``, never
an exception.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from datetime import timezone as fixed
from functools import cache
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser  # type: ignore[import-untyped]  # has no types

SEOUL = "Asia/Seoul"

PRINTED = re.compile(
    r"""
    (?<!\d) (?P<year>(?:19|20)\d\d) \s*[-./년]\s*
    (?P<month>\d{1,2}) \s*[-./월]\s*
    (?P<day>\d{1,2}) (?!\d) (?:\s*일)? \.?
    (?:
        (?: \s* [(\[] [^()\[\]\d:]{1,4} [)\]]                   # (수), [Wed]
          | \s* (?: [월화수목금토일]요일 | (?<=\s)[월화수목금토일](?=\s)
                   | (?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Satur|Sat|Sun)
                   (?:day)?\b \.? ) )?
        (?: T | [\s,|·/@:-]* [(\[]? \s* )
        (?P<half>오전|오후|AM|PM|am|pm)? \s*
        (?P<hour>\d{1,2}) (?: \s*:\s* | \s*시\s* )
        (?: (?P<minute>\d{1,2}) (?: \s*분 )?
            (?: \s*:?\s* (?P<second>\d{1,2}) (?!\d) (?: \s*초 | \.\d+ )? )?
        )?
        (?P<late>\s*(?:AM|PM|am|pm)\b)?
        (?P<zone> \s*(?: Z\b | [+-]\d\d:?\d\d (?!\d)
                        | [(\[]? (?:GMT|UTC|KST) (?: [+-]\d{1,2} (?: :?\d\d )? )? \b ) )?
    )?
    """,
    re.VERBOSE,
)
"""A date as a page prints it, with or without a time. Years 1900–2099."""


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ENGLISH = re.compile(
    r"(?:\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b\.?,?\s*)?(?:"
    + _MONTH.format("first")
    + r"[\s/-]{0,3}(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?<!\d)(?P<early>\d{1,2})(?:st|nd|rd|th)?[\s/-]{0,3}"
    + _MONTH.format("second")
    + r"),?[\s/-]{0,3}(?P<year>(?:19|20)\d\d)(?!\d)(?:\s{0,3}(?:at|,|-|\|)(?=\s{0,3}\d))?",
    re.IGNORECASE,
)
"""``Nov. 25, 2020``, ``Wed, 25 Nov 2020``: the month in English."""
_HALF = re.compile(r"(?<=\d)\s*\b([ap])\.\s?m\.", re.IGNORECASE)
_FULL_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_FULL_WIDTH |= {ord(wide): ord(usual) for wide, usual in zip("：／．－，", ":/.-,", strict=True)}
_DASH = re.compile(r"(?<=\d)\s*[‐-―−]\s*(?=\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)\s?(\d\d):?(\d\d)(?::?(\d\d))?(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d./-])(\d\d)([-./])(\d\d)\2(\d\d)(?=\s+\d\d:\d\d)")


def in_usual_signs(text: str) -> str:
    """A date and time in other signs as ``PRINTED`` expects them.

    >>> in_usual_signs("20.11.25 15：28"), in_usual_signs("20201125152858")
    ('2020.11.25 15:28', '2020-11-25 15:28:58')
    >>> in_usual_signs("Posted Nov. 25, 2020, 3:28 p.m.")
    'Posted 2020-11-25 3:28 pm'
    """
    text = text.translate(_FULL_WIDTH)
    if not any(map(str.isdigit, text)):
        return text
    text = _DASH.sub("-", text)
    text = _ENGLISH.sub(_in_digits, _HALF.sub(r" \1m", text))
    return _SHORT_YEAR.sub(r"20\1\2\3\2\4", _COMPACT.sub(_spelled_out, text))


def _spelled_out(match: re.Match[str]) -> str:
    """A compact date and time with separators; it may lack the seconds."""
    year, month, day, *time = (part for part in match.groups() if part)
    return f"{year}-{month}-{day} {':'.join(time)}"


def _in_digits(match: re.Match[str]) -> str:
    month = _MONTHS.index((match["first"] or match["second"])[:3].lower()) + 1
    return f"{match['year']}-{month:02}-{int(match['day'] or match['early']):02}"


@cache
def zone(name: str) -> tzinfo:
    """The time zone of that IANA name.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: the machine does not know it.
    """
    return ZoneInfo(name)


def parse(text: str, timezone: str = SEOUL) -> datetime | None:
    """The first date in ``text``; a date without a time is its midnight.

    >>> parse("기사등록 2020-11-25 15:28:58").isoformat()
    '2020-11-25T15:28:58+09:00'
    >>> parse("2026년 5월 3일 오후 3:04").isoformat()
    '2026-05-03T15:04:00+09:00'
    """
    match = PRINTED.search(text)
    return of_match(match, timezone) if match else None


def of_match(match: re.Match[str], timezone: str = SEOUL) -> datetime | None:
    """The datetime of a match of ``PRINTED``, or ``None`` if the calendar has no such day."""
    half = (match["half"] or match["late"] or "").strip().lower()
    hour = int(match["hour"] or 0)
    if half in ("오후", "pm") and hour < 12:
        hour += 12
    elif half in ("오전", "am") and hour == 12:
        hour = 0
    own_zone = zone(timezone)
    # Midnight at the end of a day: 24:00.
    is_end = hour == 24 and not int(match["minute"] or 0) and not int(match["second"] or 0)
    try:
        printed = datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            0 if is_end else hour,
            int(match["minute"] or 0),
            int(match["second"] or 0),
            tzinfo=own_zone,
        )
        if is_end:
            printed += timedelta(days=1)
        foreign = _zone_of((match["zone"] or "").strip(" ([\t\n"))
        return printed if foreign is None else printed.replace(tzinfo=foreign).astimezone(own_zone)
    except (ValueError, OverflowError):
        return None


_NAMED_ZONES = {"GMT": 0, "UTC": 0, "KST": 9}
"""Hours east of Greenwich."""


def _zone_of(offset: str) -> tzinfo | None:
    """``+09:00``, ``Z``, ``GMT``, ``KST`` or ``GMT+9`` as a zone; ``None`` for nothing."""
    if not offset:
        return None
    if (name := offset[:3]) in _NAMED_ZONES:
        shift = re.match(r"[+-]\d{1,2}", offset[3:])
        return fixed(timedelta(hours=int(shift[0]) if shift else _NAMED_ZONES[name]))
    return datetime.strptime(offset, "%z").tzinfo


_KOREAN = re.compile(r"^[월화수목금토일](?:요일)?\s*,\s*(\d{1,2})\s+(\d{1,2})월\s+(\d{4})")
"""``수, 25 11월 2020``: what PHP prints for a feed's date with a Korean locale."""


def parse_feed(text: str | None, timezone: str = SEOUL) -> datetime | None:
    """A feed's ``pubDate``, with or without a zone, in the paper's zone.

    >>> parse_feed("Wed, 25 Nov 2020 06:28:58 GMT").isoformat()
    '2020-11-25T15:28:58+09:00'
    """
    if not text or not text.strip() or len(text) > 100:
        return None
    text = _KOREAN.sub(r"\3-\2-\1", text.strip())
    if PRINTED.match(text):
        return parse(text, timezone)
    own_zone = zone(timezone)

    def offset_of(name: str | None, seconds: int | None) -> tzinfo | int:
        # A name that dateutil does not know (KST) is the paper's own zone.
        return own_zone if seconds is None else seconds

    try:
        value: datetime = dateutil_parser.parse(text, tzinfos=offset_of)
    except (ValueError, OverflowError, TypeError):
        return None
    if value.tzinfo is None:
        return value.replace(tzinfo=own_zone)
    try:
        return value.astimezone(own_zone)
    except (ValueError, OverflowError):
        return None
