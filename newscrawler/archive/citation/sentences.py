"""Citations as sentences for a list of references."""

from __future__ import annotations

from datetime import date

from newscrawler.archive.citation.names import authors
from newscrawler.archive.reader import StoredArticle

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
"""Not ``strftime``: the reader's locale must not change a citation."""

_MLA_MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov."),
    "Dec.",
)


def apa(article: StoredArticle, paper: str) -> str:
    """A reference in the style of the APA's Publication Manual, 7th edition, 10.1.16.

    Without a reporter the title comes first; a withdrawn article has the date of its last
    retrieval.
    """
    names = authors(article)
    listed = " & ".join([", ".join(names[:-1]) + ",", names[-1]] if names[1:] else names)
    published = article.published_at
    day = f"({published.year}, {_month_day(published)})" if published else "(n.d.)"
    title = _sentence(_title(article))
    head = f"{_sentence(listed)} {day}. {title}" if listed else f"{title} {day}."
    return f"{head} {paper}. {_retrieved(article, 'Retrieved', 'from ')}{article.url}"


def chicago(article: StoredArticle, paper: str) -> str:
    """An entry of a bibliography by the Chicago Manual of Style, 17th edition, 14.191."""
    names = authors(article)
    listed = f"{', '.join(names[:-1])}, and {names[-1]}" if names[1:] else "".join(names)
    published = article.published_at
    day = f"{_month_day(published)}, {published.year}" if published else "n.d."
    head = f"{_sentence(listed)} " if listed else ""
    accessed = _retrieved(article, "Accessed")
    return (
        f"{head}“{_sentence(_title(article))}” {paper}, {_sentence(day)} {accessed}{article.url}."
    )


def mla(article: StoredArticle, paper: str) -> str:
    """An entry of a list of works cited by the MLA Handbook, 9th edition."""
    names = authors(article)
    others = {0: "", 1: "", 2: f", and {names[-1]}" if names else ""}.get(len(names), ", et al.")
    head = f"{_sentence(names[0] + others)} " if names else ""
    published = article.published_at
    day = (
        f"{published.day} {_MLA_MONTHS[published.month - 1]} {published.year}, "
        if published
        else ""
    )
    seen = article.last_fetched_at
    accessed = f" Accessed {seen.day} {_MLA_MONTHS[seen.month - 1]} {seen.year}."
    shown = accessed if article.removed_at or not published else ""
    return f"{head}“{_sentence(_title(article))}” {paper}, {day}{article.url}.{shown}"


def korean(article: StoredArticle, paper: str) -> str:
    """An entry as Korean journals print it: 「글」, 『신문』, 2026.7.1, and when it was read."""
    head = "·".join(authors(article))
    day = f", {_dots(article.published_at)}" if article.published_at else ""
    return (
        f"{head}{', ' if head else ''}「{_title(article)}」, 『{paper}』{day}, {article.url}"
        f" (검색일: {_dots(article.last_fetched_at)})."
    )


def _dots(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _month_day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _retrieved(article: StoredArticle, word: str, of: str = "") -> str:
    """The date of retrieval, for an article that the paper has withdrawn since."""
    if not article.removed_at:
        return ""
    seen = article.last_fetched_at
    return f"{word} {_month_day(seen)}, {seen.year}{f', {of}' if of else '. '}"


def _title(article: StoredArticle) -> str:
    return " ".join(article.title.split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) or not text else f"{text}."
