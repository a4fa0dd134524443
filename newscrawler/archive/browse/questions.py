"""Queries of the cookbook in the browser view, with forms for their parameters.

``number`` is its number in ``docs/cookbook.md``; a test compares the results of both.
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.humanize.language import mark


@dataclass(frozen=True, slots=True)
class Question:
    slug: str
    """In the address."""
    title: str
    sql: str
    """``:name`` becomes a field of a form."""
    number: int | None = None


PARAMETERS = {
    "words": mark("Words"),
    "first_day": mark("from"),
    "last_day": mark("to"),
    "reporter": mark("reporter"),
}
"""The labels of the form fields."""

_FOUND = "(SELECT rowid FROM pairs_not_words WHERE pairs_not_words MATCH search_for(:words))"

QUESTIONS = (
    Question(
        "search",
        mark("Search, the best first"),
        "SELECT a.site, a.idx, substr(a.published_at, 1, 10) AS day, a.title,\n"
        "  search_snippet(:words, a.body) AS snippet\n"
        "FROM pairs_not_words JOIN articles AS a ON a.id = pairs_not_words.rowid\n"
        "WHERE pairs_not_words MATCH search_for(:words)\n"
        "ORDER BY pairs_not_words.rank LIMIT 100",
    ),
    Question(
        "per_year",
        mark("How much was written on something, year by year?"),
        "SELECT substr(published_at, 1, 4) AS year, count(*) AS articles\n"
        f"FROM articles\nWHERE id IN {_FOUND}\n"
        "  AND published_at IS NOT NULL\n"
        "GROUP BY year ORDER BY year",
        1,
    ),
    Question(
        "between",
        mark("What was written on something between two days?"),
        "SELECT idx, substr(published_at, 1, 10) AS day, title\n"
        f"FROM articles\nWHERE id IN {_FOUND}\n"
        "  AND published_at >= :first_day AND published_at < date(:last_day, '+1 day')\n"
        "ORDER BY published_at",
        2,
    ),
    Question(
        "who_wrote",
        mark("Who wrote most on it?"),
        "SELECT r.name, count(*) AS articles\n"
        f"FROM article_reporters AS r\nWHERE r.article_id IN {_FOUND}\n"
        "GROUP BY r.name ORDER BY articles DESC, r.name LIMIT 10",
        3,
    ),
    Question(
        "one_reporter",
        mark("What has one reporter written, newest first?"),
        "SELECT a.idx, a.title\n"
        "FROM articles AS a JOIN article_reporters AS r ON r.article_id = a.id\n"
        "WHERE r.name = :reporter ORDER BY a.published_at DESC, a.id DESC",
        9,
    ),
    Question(
        "keywords",
        mark("Which keywords does the paper use most?"),
        "SELECT keyword, sum(articles) AS articles\n"
        "FROM keywords_per_year GROUP BY keyword ORDER BY articles DESC, keyword LIMIT 20",
        10,
    ),
    Question(
        "hours",
        mark("At which hour of the day does it publish?"),
        "SELECT substr(published_at, 12, 2) AS hour, count(*) AS articles\n"
        "FROM articles WHERE published_at IS NOT NULL GROUP BY hour ORDER BY hour",
        11,
    ),
    Question(
        "length",
        mark("Do its articles grow longer?"),
        "SELECT substr(published_at, 1, 4) AS year, sum(length(body)) / count(*)"
        " AS mean_characters\n"
        "FROM articles WHERE published_at IS NOT NULL GROUP BY year ORDER BY year",
        12,
    ),
    Question(
        "late_edits",
        mark("Which articles were edited after publication, and how late?"),
        "SELECT idx, revision, days_after FROM edits ORDER BY days_after DESC, idx LIMIT 20",
        13,
    ),
    Question(
        "headlines",
        mark("Which headlines were changed, from what to what?"),
        "SELECT idx, title_before, title_after FROM edits WHERE title_changed"
        " ORDER BY idx, revision",
        14,
    ),
    Question(
        "twice",
        mark("What was published twice?"),
        "SELECT idx, earlier_idx, kind, similarity\nFROM reprints ORDER BY idx, earlier_idx",
        15,
    ),
    Question(
        "holes",
        mark("Which numbers hold nothing, and why?"),
        "SELECT first_idx, last_idx, state, reason\n"
        "FROM gaps ORDER BY numbers DESC, first_idx LIMIT 20",
        18,
    ),
    Question(
        "withdrawn",
        mark("What has the paper withdrawn?"),
        "SELECT idx, title, substr(removed_at, 1, 10) AS noticed\n"
        "FROM articles WHERE removed_at IS NOT NULL ORDER BY idx",
        19,
    ),
    Question(
        "sources",
        mark("How do I cite all articles on a subject?"),
        "SELECT coalesce(byline, '') || ' (' || substr(published_at, 1, 10) || '). ' || title"
        " || '. ' || url\n  AS source\n"
        f"FROM articles\nWHERE id IN {_FOUND}\n"
        "  AND published_at IS NOT NULL\n"
        "ORDER BY published_at",
        20,
    ),
)
