"""Names of people and papers for a bibliography."""

from __future__ import annotations

import re
from functools import lru_cache

from newscrawler import sites
from newscrawler.archive.reader import StoredArticle
from newscrawler.exceptions import SiteError

_EMAIL = re.compile(r"[(<\[]?\s*\S+@\S+")
_OFFICE = re.compile(
    r"\s*(?:선임|수석|전문|객원|인턴|시민|명예|사진|수습|대)?\s*(?:기자|특파원)님?\s*$"
)
"""Titles after a reporter's name in a byline."""


def authors(article: StoredArticle) -> list[str]:
    """The reporters' names in the order of the byline; no e-mail address, no 기자.

    Names in Hangul stay unsplit and in their order: no style inverts them.
    """
    names = (_OFFICE.sub("", _EMAIL.sub("", reporter.name)) for reporter in article.reporters)
    return [name for each in names if (name := " ".join(each.split()))]


@lru_cache
def paper(site: str) -> str:
    """The newspaper's own name; without its site file, the short one."""
    try:
        return sites.load(site).title
    except SiteError:
        return site
