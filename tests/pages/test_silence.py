"""The form of a silent answer, as it is stored and compared with those of other numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawler.items import Capture, Reading, Verdict
from newscrawler.pages import silence

UNKNOWN = Reading(Verdict.UNKNOWN, "")
TEMPORARY = Reading(Verdict.TEMPORARY, "")
OTHER = Reading(Verdict.UNKNOWN, "", shows=8)


@pytest.mark.parametrize(
    ("status", "location", "body", "reading", "form"),
    [
        (200, "", b" \n", TEMPORARY, "status 200, an empty answer"),
        (302, "/news/list.php?mcode=m1&page=2", b"", UNKNOWN,
         "status 302 to /news/list.php?mcode&page"),
        (200, "", b"<p>article</p>", OTHER, "another article"),
        (500, "", b"no article 7", TEMPORARY, "status 500, text 7da62e82e01cf8cd"),
        (200, "", b"back()", UNKNOWN, "status 200, text f683907a63898ae8"),
        (429, "", b"", TEMPORARY, None),
    ],
)  # fmt: skip
def test_forms_never_change_because_archives_keep_them(
    status: int, location: str, body: bytes, reading: Reading, form: str | None
) -> None:
    headers = (("Location", location),) if location else ()
    at = datetime(2026, 7, 2, tzinfo=UTC)
    capture = Capture("amenews", 7, "http://paper/7", at, status, headers, body)
    assert silence.of(capture, reading) == form
