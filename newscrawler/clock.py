"""The crawl's own times: UTC, to the second, spelled ``2026-07-04T12:00:00Z``."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(moment: datetime) -> str:
    """UTC spelling of an aware moment; spellings sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """The moment that :func:`to_text` spelled (any ISO 8601 spelling with a zone is read)."""
    return datetime.fromisoformat(text)
