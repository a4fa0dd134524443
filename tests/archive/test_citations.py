"""Citations of a set, read back by the readers that others use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.archive.citation import Style, cite
from newscrawler.archive.export import Format, export
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, StoredArticle
from newscrawler.items import Reporter
from tests.making import article, keep, withdraw

PAPER = "신소재경제신문"
URL = "http://amenews.kr/news/view.php?idx={}"

FIRST = article(
    1,
    "R&D 30% {확대}, “수소” \\소재_A #1",
    "본문",
    section="소재",
    reporters=(Reporter("홍길동 기자", "hong@example.org"), Reporter("김철수 hong@example.org")),
    keywords=("수소", "소재"),
)
SECOND = article(2, "수소 충전소 문 열어", published_at=None, section="가스")
THIRD = article(
    3,
    "탄소섬유 증설?",
    section="소재",
    reporters=(Reporter("이가온 선임기자"), Reporter("박나래"), Reporter("최다솜")),
)


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    keep(path, FIRST, SECOND, THIRD, at=datetime(2026, 7, 4, tzinfo=UTC))
    with open_archive(path) as archive:
        yield archive


def exported(archive: Archive, form: Format, filters: Filters | None = None) -> str:
    out = BytesIO()
    export(archive, form, out, filters or Filters())
    return out.getvalue().decode()


def test_bibtexparser_reads_what_was_stored(archive: Archive) -> None:
    bibtexparser = pytest.importorskip("bibtexparser")
    middlewares = pytest.importorskip("bibtexparser.middlewares")
    library = bibtexparser.parse_string(
        exported(archive, Format.BIBTEX),
        append_middleware=[middlewares.LatexDecodingMiddleware()],
    )
    assert library.failed_blocks == []
    first, second, third = library.entries
    assert (first.entry_type, first.key) == ("article", "amenews1")
    assert first["author"] == "홍길동 and 김철수"
    assert first["title"] == FIRST.title.replace("{", "").replace("}", ""), (
        "its reader drops braces"
    )
    assert (first["journal"], first["date"], first["url"]) == (PAPER, "2020-01-01", URL.format(1))
    assert "author" not in second.fields_dict
    assert "year" not in second.fields_dict
    assert third["author"] == "이가온 and 박나래 and 최다솜"


def test_rispy_reads_what_was_stored(archive: Archive) -> None:
    rispy = pytest.importorskip("rispy")
    first, second, third = rispy.loads(exported(archive, Format.RIS))
    assert first["type_of_reference"] == "NEWS"
    assert first["authors"] == ["홍길동", "김철수"]
    assert first["title"] == FIRST.title
    assert first["secondary_title"] == PAPER
    assert (first["year"], first["date"]) == ("2020", "2020/01/01")
    assert first["urls"] == [URL.format(1)]
    assert first["keywords"] == ["수소", "소재"]
    assert first["section"] == "소재"
    assert "authors" not in second
    assert "year" not in second
    assert third["access_date"] == "2026/07/04"


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_citation_processor_renders_csl_json(archive: Archive) -> None:
    pytest.importorskip("citeproc")
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    items = json.loads(exported(archive, Format.CSL_JSON))
    assert items[0]["author"] == [{"literal": "홍길동"}, {"literal": "김철수"}]
    assert items[0]["issued"] == {"date-parts": [[2020, 1, 1]]}
    assert "issued" not in items[1]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    first, _, third = map(str, bibliography.bibliography())
    assert "홍길동" in first
    assert "2020" in first
    assert "30% {확대}" in first
    assert "박나래" in third


@pytest.mark.parametrize("form", [Format.BIBTEX, Format.RIS, Format.CSL_JSON])
def test_a_set_is_what_the_filters_leave(archive: Archive, form: Format) -> None:
    text = exported(archive, form, Filters(section="소재", words="탄소"))
    assert "amenews3" in text
    assert "amenews1" not in text
    nothing = exported(archive, form, Filters(words="없는말"))
    assert nothing == ("[]\n" if form is Format.CSL_JSON else "")


@pytest.mark.parametrize("form", [Format.BIBTEX, Format.RIS, Format.CSL_JSON])
def test_no_name_has_an_address_or_an_office(archive: Archive, form: Format) -> None:
    text = exported(archive, form)
    assert "@example" not in text
    assert "기자" not in text


SENTENCES = [
    (
        1,
        Style.CHICAGO,
        "홍길동, and 김철수. “R&D 30% {확대}, “수소” \\소재_A #1.” "
        "신소재경제신문, January 1, 2020. @.",
    ),
    (2, Style.CHICAGO, "“수소 충전소 문 열어.” 신소재경제신문, n.d. @."),
    (
        3,
        Style.CHICAGO,
        "이가온, 박나래, and 최다솜. “탄소섬유 증설?” 신소재경제신문, January 3, 2020. @.",
    ),
    (
        1,
        Style.MLA,
        "홍길동, and 김철수. “R&D 30% {확대}, “수소” \\소재_A #1.” 신소재경제신문, 1 Jan. 2020, @.",
    ),
    (2, Style.MLA, "“수소 충전소 문 열어.” 신소재경제신문, @. Accessed 4 July 2026."),
    (3, Style.MLA, "이가온, et al. “탄소섬유 증설?” 신소재경제신문, 3 Jan. 2020, @."),
    (
        1,
        Style.KOREAN,
        "홍길동·김철수, 「R&D 30% {확대}, “수소” \\소재_A #1」, 『신소재경제신문』, 2020.1.1, @"
        " (검색일: 2026.7.4).",
    ),
    (2, Style.KOREAN, "「수소 충전소 문 열어」, 『신소재경제신문』, @ (검색일: 2026.7.4)."),
    (3, Style.APA, "이가온, 박나래, & 최다솜. (2020, January 3). 탄소섬유 증설? 신소재경제신문. @"),
]


@pytest.mark.parametrize(("idx", "style", "expected"), SENTENCES)
def test_each_style_prints_its_own_sentence(
    archive: Archive, idx: int, style: Style, expected: str
) -> None:
    assert cite(stored(archive, idx), PAPER, style) == expected.replace("@", URL.format(idx))


@pytest.mark.parametrize(
    ("style", "told"),
    [
        (Style.CHICAGO, "Accessed July 4, 2026. http"),
        (Style.MLA, "Accessed 4 July 2026."),
        (Style.APA, "Retrieved July 4, 2026, from http"),
    ],
)
def test_of_a_withdrawn_article_the_day_of_reading_is_told(
    path: Path, archive: Archive, style: Style, told: str
) -> None:
    withdraw(path, 3, at=datetime(2026, 8, 1, tzinfo=UTC))
    assert told in cite(stored(archive, 3), PAPER, style)


def stored(archive: Archive, idx: int) -> StoredArticle:
    found = archive.article(idx)
    assert found
    return found
