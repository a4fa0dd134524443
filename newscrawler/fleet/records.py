"""The JSON objects of a depot, read strictly: a half-written file or another program may have made
them."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from newscrawler import clock
from newscrawler.exceptions import DamagedError
from newscrawler.humanize import shortened

T = TypeVar("T")
_LARGEST = 2**63 - 1


def read(kind: type[T], data: bytes, key: str) -> T:
    """The dataclass that an object holds. Fields of newer versions of the program are left out.

    Raises:
        DamagedError: it is not JSON, a field is missing, or a value has the wrong type.
    """
    try:
        made: T = _made(kind, json.loads(data))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{key} in the depot cannot be read: {error}") from error
    return made


def check_time(text: str) -> None:
    """Refuse what is no time with a zone.

    Raises:
        ValueError: it is none.
    """
    if clock.from_text(text).tzinfo is None:
        raise ValueError(f"{text} has no time zone")


def _made(kind: Any, table: object) -> Any:
    if not isinstance(table, dict):
        raise ValueError(f"it must be an object with names, not {shortened(repr(table), 50)}")
    hints = get_type_hints(kind)
    given = {}
    for field in fields(kind):
        if field.name in table:
            given[field.name] = _value(field.name, hints[field.name], table[field.name])
        elif field.default is MISSING:
            raise ValueError(f"{field.name} is missing")
    return kind(**given)


def _value(name: str, hint: Any, value: object) -> object:
    if is_dataclass(hint):
        return _made(hint, value)
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_made(get_args(hint)[0], one) for one in value)
    fits = type(value) in (get_args(hint) or (hint,))
    if not fits or (isinstance(value, int) and not 0 <= value <= _LARGEST):
        raise ValueError(f"{name} cannot be {shortened(repr(value), 50)}")
    return value
