"""Articles that a selection leaves out because a value is missing, so that an export reports
them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from newscrawler.archive.filters import Filters, condition
from newscrawler.archive.reader import Archive
from newscrawler.humanize.language import tr


def left_out(archive: Archive, filters: Filters) -> Iterator[str]:
    """Articles that pass all filters except one on a missing value, in a few words each."""
    if filters.since or filters.until:
        undated = _count(
            archive, replace(filters, since=None, until=None), "a.published_at IS NULL"
        )
        if undated:
            yield tr("{count:,} without a date left out", count=undated)
    if filters.section:
        nowhere = _count(
            archive,
            replace(filters, section=None),
            "coalesce(a.section, a.section_code) IS NULL",
        )
        if nowhere:
            yield tr("{count:,} without a section left out", count=nowhere)


def _count(archive: Archive, filters: Filters, also: str) -> int:
    asked = condition(filters)
    row = archive.connection.execute(
        f"SELECT count(*) FROM {asked.source} WHERE {asked.where} AND {also}", asked.values
    )
    return int(row.fetchone()[0])
