"""What is no part of the text: junk inside the body, and what ends it.

Unclosed tags make the furniture after an article nest inside its body, so the
end is recognised by name or by words, in document order, wherever it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element as Element

_JUNK_TAGS = frozenset(
    {
        "script", "style", "noscript", "iframe", "object", "embed", "applet", "button",
        "acronym", "input", "select", "textarea", "template", "head", "meta", "link",
        "title", "svg", "canvas", "audio", "video", "map", "option", "param", "xml",
    }
)  # fmt: skip
_JUNK_CLASSES = frozenset({"adsbygoogle", "snsWrap", "subj", "blind", "sr-only", "sound_only"})
_ENDS = frozenset(
    {
        "likeContentWrap", "relatedNews", "keywords", "writerProfile", "replyWrite",
        "replyList", "replyWrap", "advertisers",
    }
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SOURCE_NOTE = "다른 곳에 퍼가실 때는"
_RIGHTS = re.compile(r"^\W*(?:저작권자|copyrights?\b|ⓒ|©)", re.IGNORECASE)
_NO_REPRINT = re.compile(r"무단\s*(?:전재|복제|배포)")


def is_junk(element: Element, is_plain: bool = False) -> bool:
    """Whether an element and all in it are no text of the article.

    A plain element has no attributes, so there is less to ask.
    """
    tag = element.tag
    if tag in _JUNK_TAGS or not isinstance(tag, str):
        return True
    if is_plain and tag != "form":
        return False
    names = element.get("class")
    if names and _names_junk(tag, names):
        return True
    style = element.get("style")
    if style and _hides(style):
        return True
    if tag == "form":
        return next(element.iter("input", "textarea", "select"), None) is not None and (
            next(element.iter("p"), None) is None
        )
    identity = element.get("id")
    return bool(identity) and "banner" in identity.lower()


# A paper writes the same few classes and styles on all its pages.
@lru_cache(maxsize=1024)
def _names_junk(tag: str, names: str) -> bool:
    if "banner" in names.lower():
        return True
    tokens = names.split()
    if tag == "table" and "pdf-box" in tokens:
        return True
    return not _JUNK_CLASSES.isdisjoint(tokens)


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    return _HIDDEN.search(style) is not None


def ends_body(element: Element, is_plain: bool = False) -> bool:
    """Whether the article's text is over where this element begins; see :func:`is_junk`."""
    if is_plain:
        return element.tag == "a" and _is_edit_link(element)
    names = element.get("class")
    if names and not _ENDS.isdisjoint(names.split()):
        return True
    if element.get("id") in _ENDS:
        return True
    return element.tag == "a" and _is_edit_link(element)


def _is_edit_link(element: Element) -> bool:
    return (element.text or "").strip() == "기사수정"


def words_end_body(text: str) -> bool:
    """Whether a stretch of text is the note below an article, not a part of it."""
    stripped = text.lstrip()
    if stripped.startswith(_SOURCE_NOTE):
        return True
    return len(text) < 200 and bool(_RIGHTS.match(stripped)) and bool(_NO_REPRINT.search(text))
