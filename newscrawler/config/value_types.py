"""The types that a setting can have: each has a parser and the words that describe it.

``options.py`` declares each setting with one of them, and so its range::

    >>> retries = whole(0, 20)
    >>> retries.takes
    'a whole number from 0 to 20'
    >>> retries.parse("3")
    3
    >>> retries.parse("21")
    Traceback (most recent call last):
    ValueError: 21

A parser accepts values from the command line and the environment (text) or from a site file (TOML's
types), and raises ``ValueError`` (or ``TypeError``) for an invalid one.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class ValueType(Generic[T_co]):
    parse: Callable[[Any], T_co]
    """Raw value → typed value; raises ``ValueError`` or ``TypeError``."""
    takes: str
    """What a valid value is, to continue "must be …": ``a number from 0 to 10``."""


def number(low: float, high: float, unit: str = "", *, zero: str = "") -> ValueType[float]:
    """Finite numbers from ``low`` to ``high``; ``zero`` says what 0 means."""

    def parse(value: Any) -> float:
        if isinstance(value, bool):
            raise ValueError(value)
        parsed = float(value)
        if not math.isfinite(parsed) or not low <= parsed <= high:
            raise ValueError(value)
        return parsed

    return ValueType(parse, f"a number{_of(unit)} from {_range(low, high, zero)}")


def whole(low: int, high: int, unit: str = "", *, zero: str = "") -> ValueType[int]:
    """Whole numbers from ``low`` to ``high``; ``2.0`` counts as one."""
    inner = number(low, high)

    def parse(value: Any) -> int:
        parsed = inner.parse(value)
        if parsed != int(parsed):
            raise ValueError(value)
        return int(parsed)

    return ValueType(parse, f"a whole number{_of(unit)} from {_range(low, high, zero)}")


def _of(unit: str) -> str:
    return f" of {unit}" if unit else ""


def _range(low: float, high: float, zero: str) -> str:
    return f"{low}{f' ({zero})' if zero else ''} to {high}"


def optional(inner: ValueType[T]) -> ValueType[T | None]:
    """The same type, or empty text for ``None``."""

    def parse(value: Any) -> T | None:
        return None if value is None or not str(value).strip() else inner.parse(value)

    return ValueType(parse, f"{inner.takes}, or nothing")


def one_of(*words: str) -> ValueType[str]:
    """One of a few words."""

    def parse(value: Any) -> str:
        if value not in words:
            raise ValueError(value)
        return str(value)

    return ValueType(parse, f"{', '.join(words[:-1])} or {words[-1]}")


def _flag(value: Any) -> bool:
    word = str(value).strip().lower()
    if word in ("true", "1", "yes", "on"):
        return True
    if word in ("false", "0", "no", "off"):
        return False
    raise ValueError(value)


FLAG = ValueType(_flag, "True or False")
"""Also 1/0, yes/no, on/off."""

_LONGEST = 500
"""Characters of a text in a header of every request: servers refuse headers of 8 KB."""


def _printable(value: Any) -> str:
    text = str(value)
    if len(text) > _LONGEST or not text.isprintable():
        raise ValueError(value)
    return text


PRINTABLE = ValueType(_printable, f"printable text of at most {_LONGEST} characters in one line")
"""No control characters, line separators, invisible characters or surrogates: it is sent in a
header."""


def names_somebody(text: str) -> bool:
    """Whether a text has an e-mail or web address with which a server's administrator can reach
    somebody."""
    return bool(re.search(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://[^\s/]+", text))


def _contact(value: Any) -> str:
    text = _printable(value)
    if text and not names_somebody(text):
        raise ValueError(value)
    return text


CONTACT = ValueType(_contact, "an e-mail address or a web address")


def _path(value: Any) -> str:
    text = str(value)
    # Bytes that the locale's encoding lacks reach Python as single surrogates (Cs).
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise ValueError(value)
    return text


PATH = ValueType(
    _path,
    "a file path, with {site} in it if needed, without line breaks, in the locale's encoding",
)


def _prometheus_path(value: Any) -> str:
    text = _path(value)
    if text and not text.endswith(".prom"):
        raise ValueError(value)
    return text


PROMETHEUS_PATH = ValueType(
    _prometheus_path, "a file path that ends in .prom, with {site} in it if needed"
)
"""node-exporter reads no other ending; empty for none."""


def _web_address(value: Any) -> str:
    text = _path(value).strip()
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
        raise ValueError(value)
    return text


WEB_ADDRESS = ValueType(_web_address, "an http(s) address, with {site} in it if needed")
"""Empty for none."""


def _moment(value: Any) -> datetime:
    parsed = datetime.fromisoformat(str(value).strip())
    if parsed.tzinfo is None:
        raise ValueError(value)
    return parsed


MOMENT = ValueType(
    _moment, "a time with its zone, like 2026-07-04T03:30:00Z or 2026-07-04T12:30:00+09:00"
)


def _table(value: Any) -> dict[str, Any]:
    table = json.loads(value) if isinstance(value, str) else dict(value)
    if not isinstance(table, dict):
        raise ValueError(value)
    return table


TABLE = ValueType(_table, 'a JSON object such as {"articles.jsonl": {"format": "jsonlines"}}')
"""For FEEDS and similar settings."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _duration(value: Any) -> timedelta:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", str(value))
    if not match:
        raise ValueError(value)
    seconds = float(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= 3650 * 86_400:
        raise ValueError(value)
    return timedelta(seconds=seconds)


def _durations(value: Any) -> tuple[timedelta, ...]:
    parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
    ages = tuple(_duration(part) for part in parts if str(part).strip())
    if list(ages) != sorted(set(ages)):
        raise ValueError(value)
    return ages


DURATION = ValueType(_duration, "a time such as 90s, 15m, 6h or 7d, at most 3650d")
DURATIONS = ValueType(
    _durations, "growing times such as 90s, 15m, 6h, 1d, at most 3650d, or nothing"
)


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily period in the paper's local time; it may include midnight.

    >>> time(23) in Hours(time(22), time(6))
    True
    """

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def _hours(value: Any) -> Hours:
    match = re.fullmatch(r"\s*(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})\s*", str(value))
    if not match:
        raise ValueError(value)
    span = Hours(time.fromisoformat(match[1]), time.fromisoformat(match[2]))
    if span.start == span.end:
        raise ValueError(value)
    return span


HOURS = ValueType(_hours, "a period such as 09:00-18:00")
