"""Stored pages of every skin and habit, one test per field: a failure names the field.

``tests/pages/<skin>/<case>/`` holds ``page.html`` (bytes as served),
``meta.json`` (how it was served) and ``expected.json`` (what a reader sees).
Those of ``site_file`` have ``site.toml`` as well: only with it are they understood.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newscrawler import pages, sites
from newscrawler.archive import page_cases
from newscrawler.items import Capture, Reading, Verdict
from newscrawler.sites import Site, urls

CORPUS = Path(__file__).parent
CASES = sorted(str(path.parent.relative_to(CORPUS)) for path in CORPUS.glob("*/*/page.html"))
ARTICLES = [case for case in CASES if not case.startswith("no_article/")]


@cache
def capture_of(case: str) -> Capture:
    return page_cases.load(CORPUS / case)


@cache
def site_of(case: str) -> Site:
    own = CORPUS / case / "site.toml"
    return sites.read(own) if own.exists() else sites.load(capture_of(case).site)


@cache
def reading_of(case: str) -> Reading:
    return pages.read(capture_of(case), site_of(case))


@cache
def expected_of(case: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(
        (CORPUS / case / "expected.json").read_text(encoding="utf-8")
    )
    return expected


def field_of(case: str, name: str) -> Any:
    article = reading_of(case).article
    assert article is not None, reading_of(case).reason
    return getattr(article, name)


@pytest.mark.parametrize("case", CASES)
def test_verdict(case: str) -> None:
    reading = reading_of(case)
    assert (reading.verdict, reading.reason) == (expected_of(case)["verdict"], reading.reason)
    assert (reading.article is not None) == (reading.verdict is Verdict.ARTICLE)
    assert reading.reason


@pytest.mark.parametrize("case", ARTICLES)
def test_layout(case: str) -> None:
    assert reading_of(case).skin == expected_of(case)["layout"]


@pytest.mark.parametrize("case", ARTICLES)
@pytest.mark.parametrize(
    "name",
    ["title", "subtitle", "section", "section_code", "byline", "body", "recommend_count"],
)
def test_text(case: str, name: str) -> None:
    assert field_of(case, name) == expected_of(case)["article"][name]


@pytest.mark.parametrize("case", ARTICLES)
@pytest.mark.parametrize("name", ["published_at", "modified_at"])
def test_date(case: str, name: str) -> None:
    value = field_of(case, name)
    assert (value.isoformat() if value else None) == expected_of(case)["article"][name]


@pytest.mark.parametrize("case", ARTICLES)
def test_reporters(case: str) -> None:
    found = [[reporter.name, reporter.email] for reporter in field_of(case, "reporters")]
    assert found == expected_of(case)["article"]["reporters"]


@pytest.mark.parametrize("case", ARTICLES)
def test_images(case: str) -> None:
    found = [[image.url, image.caption] for image in field_of(case, "images")]
    assert found == expected_of(case)["article"]["images"]


@pytest.mark.parametrize("case", ARTICLES)
def test_keywords(case: str) -> None:
    assert list(field_of(case, "keywords")) == expected_of(case)["article"]["keywords"]


@pytest.mark.parametrize("case", ARTICLES)
def test_number_and_permalink(case: str) -> None:
    capture = capture_of(case)
    site = site_of(case)
    assert field_of(case, "idx") == capture.idx
    assert field_of(case, "url") == urls.permalink(site, capture.idx)
