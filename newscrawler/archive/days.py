"""Days and months as people write them, in Korea too."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from newscrawler.exceptions import DayError
from newscrawler.humanize.language import tr

_PARTED = re.compile(r"(\d{4})(?:\s*[-./년]\s*(\d{1,2})(?:\s*[-./월]\s*(\d{1,2}))?)?\s*[./년월일]?")
_CLOSE = re.compile(r"(\d{4})(\d\d)(\d\d)?")


def first_day(day: date | str) -> date:
    """The day, or the first day of a month or year.

    >>> first_day("2026.06.20"), first_day("2026년 6월")
    (datetime.date(2026, 6, 20), datetime.date(2026, 6, 1))

    Raises:
        DayError: the text is not one.
    """
    return _period(day)[0]


def last_day(day: date | str) -> date:
    """The day, or the last day of a month or year.

    >>> last_day("20260620"), last_day("2026-06"), last_day("2026")
    (datetime.date(2026, 6, 20), datetime.date(2026, 6, 30), datetime.date(2026, 12, 31))

    Raises:
        DayError: the text is not one.
    """
    return _period(day)[1]


def _period(day: date | str) -> tuple[date, date]:
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return day, day
    text = day.strip()
    found = _CLOSE.fullmatch(text) or _PARTED.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, *others = (int(part) for part in found.groups() if part)
        match others:
            case [month, number]:
                return date(year, month, number), date(year, month, number)
            case [month]:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
            case _:
                return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        raise DayError(
            tr(
                "a day must be like 2020-11-25 or 2020.11.25, a month like 2020-11, not {day!r}",
                day=day,
            )
        ) from None
