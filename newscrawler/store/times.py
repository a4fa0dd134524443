"""The times that an archive stores, as text, and as Python has them."""

from __future__ import annotations

from datetime import datetime

from newscrawler.exceptions import DamagedArchiveError


def moment(text: str | None) -> datetime | None:
    """A stored time, aware; ``None`` stays ``None``.

    Raises:
        DamagedArchiveError: it is no time.
    """
    return None if text is None else time(text)


def time(text: str) -> datetime:
    """A stored time that must not be missing.

    Raises:
        DamagedArchiveError: it is no time.
    """
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise DamagedArchiveError(f"{text!r} is not a time") from error
