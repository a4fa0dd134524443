"""How to cite an article: APA, BibTeX, or the link that the paper asks for.

Under every article the paper asks those who quote it elsewhere to name the
article's permalink as the source; every form here ends in it.
"""

from __future__ import annotations

from enum import StrEnum

from newscrawler.archive.reader import StoredArticle

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Not ``strftime``: the reader's locale must not change a citation."""

# BibTeX counts braces even behind a backslash, so a lone one must not appear at all.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
        "\n": " ",
    }
)
_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


class Style(StrEnum):
    APA = "apa"
    BIBTEX = "bibtex"
    LINK = "link"


def cite(article: StoredArticle, paper: str, style: Style) -> str:
    """The citation; ``paper`` is the newspaper's own name."""
    if style is Style.APA:
        return apa(article, paper)
    if style is Style.BIBTEX:
        return bibtex(article, paper)
    return link(article)


def link(article: StoredArticle) -> str:
    """The permalink as the paper prints it."""
    return article.url


def apa(article: StoredArticle, paper: str) -> str:
    """A reference in the style of the APA's Publication Manual, 7th edition, 10.1.16.

    Names in Hangul stay in their order. Without a reporter the title comes
    first; for a withdrawn article the day is told on which it was last read.
    """
    authors = _enumerated([reporter.name for reporter in article.reporters])
    published = article.published_at
    day = (
        f"({published.year}, {_MONTHS[published.month - 1]} {published.day})"
        if published
        else "(n.d.)"
    )
    title = _sentence(" ".join(article.title.split()))
    head = f"{_sentence(authors)} {day}. {title}" if authors else f"{title} {day}."
    source = article.url
    if article.removed_at:
        seen = article.last_fetched_at
        source = f"Retrieved {_MONTHS[seen.month - 1]} {seen.day}, {seen.year}, from {source}"
    return f"{head} {paper}. {source}"


def bibtex(article: StoredArticle, paper: str) -> str:
    """An ``@article`` entry for BibTeX or biblatex, whatever signs are in the title."""
    published = article.published_at
    fields = {
        # Inner braces keep a name or a title as it is: no initials, no lower case.
        "author": " and ".join(f"{{{_tex(reporter.name)}}}" for reporter in article.reporters),
        "title": f"{{{_tex(article.title)}}}",
        "journal": _tex(paper),
        "year": published and str(published.year),
        "month": published and str(published.month),
        "date": published and f"{published:%Y-%m-%d}",
        "url": article.url.translate(_URL),
        "urldate": f"{article.last_fetched_at:%Y-%m-%d}",
        "langid": "korean",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{article.site}{article.idx},", *lines, "}"])


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) or not text else f"{text}."


def _enumerated(names: list[str]) -> str:
    return " & ".join([", ".join(names[:-1]) + ",", names[-1]]) if names[1:] else "".join(names)
