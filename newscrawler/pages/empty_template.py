"""What a page with an article's template means if it has no article."""

from __future__ import annotations

import re

from newscrawler.items import Verdict
from newscrawler.pages import visible_text
from newscrawler.pages.article import Content
from newscrawler.pages.dom import Page
from newscrawler.pages.head import Head
from newscrawler.pages.messages import LONGEST, NOUN, by_words
from newscrawler.pages.statuses import Classification

_OF_THE_ARTICLE = re.compile(rf"^\W*(?:(?:본|이|해당|요청하신)\s*)?(?:삭제된\s*)?{NOUN}")
_PROSE = re.compile(r"(?<!니)다\W*$")
"""The end of a sentence of an article; a notice to readers ends politely, in ``-니다``."""
_OF_ITSELF = re.compile(rf"^\W*(?:본|이|해당|요청하신)\s*{NOUN}")
_NOTICE = 100
"""Up to this many characters the only paragraph of a body may be a notice."""


def in_template(page: Page, head: Head, content: Content) -> Classification | None:
    """What a page with an article's template says, if it has no article; else ``None``."""
    text = " ".join(content.paragraphs)
    is_short = len(content.paragraphs) <= 1 and len(text) <= _NOTICE
    notice = text if is_short and not (content.title and _is_prose(text)) else None
    if notice is not None and not content.pictures and not content.embeds:
        verdict = by_words(notice) if notice else None
        if content.login and (not notice or verdict is Verdict.RESTRICTED):
            return Classification(Verdict.RESTRICTED, "the body is a link to the login page")
        if verdict is Verdict.RESTRICTED and "로그인" in notice:
            return Classification(verdict, f"body: {notice}")
        if verdict is Verdict.REMOVED and _OF_THE_ARTICLE.match(notice):
            return Classification(verdict, f"body: {notice}")
        if verdict is not None and not content.title:
            return Classification(verdict, f"body: {notice}")
    if content.title:
        return (
            Classification(Verdict.UNKNOWN, "a headline without a text")
            if content.is_empty
            else None
        )
    if not content.is_empty:
        return Classification(Verdict.UNKNOWN, "a text without a headline")
    for chunk in visible_text.chunks(page.root):
        if len(chunk) <= LONGEST and by_words(chunk) in (Verdict.BLOCKED, Verdict.TEMPORARY):
            return Classification(Verdict.TEMPORARY, f"an empty template below: {chunk[:100]}")
    # The epoch is what PHP prints for a date that is not there.
    if (published := head.dates.published) is not None and published.year > 1970:
        return Classification(Verdict.UNKNOWN, "a date without headline and text")
    return Classification(Verdict.MISSING, "the template of an article with nothing in it")


def _is_prose(text: str) -> bool:
    return _PROSE.search(text) is not None and not _OF_ITSELF.match(text)
