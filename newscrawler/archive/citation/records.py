"""Citations as records for reference managers: BibTeX, RIS, CSL JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from newscrawler.archive.citation.names import authors
from newscrawler.archive.reader import StoredArticle

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
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def bibtex(article: StoredArticle, paper: str) -> str:
    """An ``@article`` entry for BibTeX or biblatex; special characters in it are escaped."""
    published = article.published_at
    fields = {
        # Inner braces keep a name or a title as it is: no initials, no lower case.
        "author": " and ".join(f"{{{_tex(name)}}}" for name in authors(article)),
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
    return "\n".join([f"@article{{{_key(article)},", *lines, "}"])


def ris(article: StoredArticle, paper: str) -> str:
    """A record of type NEWS; the tags are those that EndNote and Zotero read for it."""
    return "\r\n".join(f"{tag}  - {_line(value)}" for tag, value in _ris(article, paper))


def _ris(article: StoredArticle, paper: str) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "ID", _key(article)
    yield from (("AU", name) for name in authors(article))
    yield "TI", article.title
    yield "T2", paper
    if published := article.published_at:
        yield "PY", f"{published:%Y}"
        yield "DA", f"{published:%Y/%m/%d}"
    if section := article.section or article.section_code:
        yield "SE", section
    yield from (("KW", keyword) for keyword in article.keywords)
    yield "LA", "ko"
    yield "UR", article.url
    yield "Y2", f"{article.last_fetched_at:%Y/%m/%d}"
    yield "ER", ""


def csl_json(article: StoredArticle, paper: str) -> str:
    """One item of type ``article-newspaper`` (citation-style-language/schema, csl-data.json)."""
    return json.dumps(csl_item(article, paper), ensure_ascii=False)


def csl_item(article: StoredArticle, paper: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _key(article),
        "type": "article-newspaper",
        "title": _line(article.title),
        "author": [{"literal": name} for name in authors(article)],
        "container-title": paper,
        "issued": article.published_at and _date(article.published_at),
        "accessed": _date(article.last_fetched_at),
        "section": article.section or article.section_code,
        "keyword": ", ".join(article.keywords),
        "language": "ko",
        "URL": article.url,
    }
    return {name: value for name, value in item.items() if value}


def _key(article: StoredArticle) -> str:
    return f"{article.site}{article.idx}"


def _date(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)
