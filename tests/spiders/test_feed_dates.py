"""The dates of a feed against those of the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from newscrawler.spiders.feed_dates import compare

PRINTED = datetime(2026, 7, 2, 9, 30, 15, tzinfo=timezone(timedelta(hours=9)))


def test_another_zone_is_another_date_and_missing_seconds_are_none() -> None:
    feed = {7: PRINTED.replace(second=0), 8: PRINTED.replace(tzinfo=UTC), 9: PRINTED}
    dates = compare(feed, {6: PRINTED, 7: PRINTED, 8: PRINTED})
    assert (dates.compared, dates.apart) == ((7, 8), (8,))
