"""Datasette's metadata for the archive: titles, descriptions, facets, queries."""

from __future__ import annotations

from typing import Any

from newscrawler.archive.browse.questions import QUESTIONS
from newscrawler.humanize.language import mark, tr
from newscrawler.store.descriptions import TABLES

_ABOUT = mark(
    "Search, browse and ask in SQL; nothing can be changed here. Words find what contains them,"
    " also within longer words; -word leaves out, OR joins, quotes keep together."
)

FOR_READERS = (
    "article_list",
    "article_text",
    "revisions",
    "edits",
    "reprints",
    "gaps",
    "coverage_by_month",
    "articles_per_month",
    "articles_per_section",
    "articles_per_reporter",
    "keywords_per_year",
)
"""Tables and views about the paper, the most used first."""

_HIDDEN = {"dictionaries", "gap_fingerprints", "revision_texts", "section_walks", "sketches"}
"""The archive's internal tables."""

_SEARCHED = {
    # Datasette's search box then asks for escape_fts(words), which the plugin makes ours.
    "article_list": {"fts_table": "pairs_not_words", "fts_pk": "article_id"},
    "articles": {"fts_table": "pairs_not_words", "fts_pk": "id"},
}

_SHOWN: dict[str, dict[str, Any]] = {
    "article_list": {"facets": ["section", "is_reprint", "is_removed"], "sort_desc": "day"},
    "articles": {"label_column": "title", "facets": ["section", "layout"], "sort_desc": "idx"},
    "article_reporters": {"facets": ["name"]},
    "article_keywords": {"facets": ["keyword"]},
    "ledger": {"facets": ["state", "http_status"]},
    "captures": {"facets": ["verdict", "http_status"]},
    "runs": {"facets": ["outcome"], "sort_desc": "id"},
    "edits": {"facets": ["title_changed", "body_changed"]},
    "reprints": {"facets": ["kind"]},
    "gaps": {"facets": ["state"], "sort": "first_idx"},
    "coverage_by_month": {"sort": "first_idx"},
}


def metadata(database: str, paper: str, language: str) -> dict[str, Any]:
    """Datasette's metadata for an archive of ``paper`` with the name ``database``.

    Its texts are in the current language; ``language`` is the language of the server.
    """
    tables = {
        name: {
            "description": tr(description.about),
            "columns": {column: tr(text) for column, text in description.columns.items()},
            "hidden": name in _HIDDEN,
            **_SEARCHED.get(name, {}),
            **_SHOWN.get(name, {}),
        }
        for name, description in TABLES.items()
    }
    queries = {
        question.slug: {"title": tr(question.title), "sql": question.sql} for question in QUESTIONS
    }
    return {
        "title": paper + tr(": the archive"),
        "description": tr(_ABOUT),
        "plugins": {"newscrawler": {"language": language}},
        "databases": {
            database: {
                "title": paper,
                "description": tr(_ABOUT),
                "tables": tables,
                "queries": queries,
            }
        },
    }
