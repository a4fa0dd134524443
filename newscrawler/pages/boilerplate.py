"""What is no part of the text: junk inside the body, and what ends it.

Unclosed tags make the furniture after an article nest inside its body, so the
end is recognised by name or by words, in document order, wherever it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element as Element

UNSEEN = frozenset(
    {
        "script", "style", "noscript", "applet", "template", "head", "meta", "link", "title",
        "svg", "canvas", "map", "param", "xml", "select", "option", "textarea", "input",
    }
)  # fmt: skip
"""Tags whose words no reader sees as text."""
EMBEDS = frozenset({"iframe", "object", "embed", "audio", "video", "frame"})
"""Tags that show something from elsewhere: a video, as a rule."""
VOID = frozenset({"embed", "source", "track", "wbr", "bgsound", "keygen"})
"""Tags without content that libxml2 takes for open: what it hangs into them stands behind them."""
_JUNK_TAGS = (UNSEEN | EMBEDS | {"button", "acronym"}) - VOID
_JUNK_NAME = re.compile(
    r"""
    banner | adsby | ^(?:blind|sr-only|sound_only|pageControl)$ | ^sns(?:$|[-_A-Z])
    | (?:^|[-_]) (?: ads? | adv | adbox | advert\w* | sponsor\w* | btn | buttons? ) (?:$|[-_\d])
    | (?:^|[-_]) share (?:$|[-_]?(?:bar|box|wrap|area|btn|list)$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HEAD_NAMES = frozenset(
    {"titleWrap", "registModifyDate", "else-area", "info-text", "article-head-nav", "subj"}
)
"""Boxes of an article's head; a template may print them inside the body too."""
_HEAD_BOX = 300
"""Characters up to which such a box is one: an unclosed one swallows the text."""
_HEAD_NODES = 300
"""Nodes up to which it is one: of those that are never closed each holds all that follow it."""
_SUBTITLE_NAME = re.compile(r"^(?:subj|sub[-_]?(?:tit(?:le)?|subject|head(?:line)?)\d?)$", re.I)
END = "replyWrite"
"""A class that ends a body, on a page or put there (``omit``)."""
_ENDS = frozenset(
    {
        END, "likeContentWrap", "relatedNews", "keywords", "writerProfile",
        "replyList", "replyWrap", "advertisers",
    }
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ENTRY_FIELDS = frozenset({"text", "password", "search", "email", "tel", "url", "number", ""})
_LABELS = 40
"""Characters up to which the words of a form with fields to fill in are its labels."""


def is_junk(element: Element, is_plain: bool = False) -> bool:
    """Whether an element and all in it are no text of the article.

    A plain element has no attributes, so there is less to ask.
    """
    tag = element.tag
    if tag in _JUNK_TAGS or not isinstance(tag, str):
        return True
    if tag == "form":
        return _is_to_fill_in(element)
    if is_plain:
        return False
    names = element.get("class")
    if names and _names_junk(names):
        return True
    style = element.get("style")
    if style and _hides(style):
        return True
    identity = element.get("id")
    return bool(identity) and _names_junk(identity)


# A paper writes the same few classes and styles on all its pages.
@lru_cache(maxsize=1024)
def _names_junk(names: str) -> bool:
    return any(map(_JUNK_NAME.search, names.split()))


def is_head_box(element: Element) -> bool:
    """Whether an element is a box of the article's head, wherever it stands."""
    names = element.get("class")
    if not names or _HEAD_NAMES.isdisjoint(names.split()):
        return False
    return is_head_sized(element)


def is_head_sized(element: Element) -> bool:
    """Whether an element is small enough for a line of the head: no unclosed box with text."""
    words = 0
    for count, node in enumerate(element.iter()):
        if node.text and isinstance(node.tag, str):
            words += len(node.text.strip())
        if node.tail and node is not element:
            words += len(node.tail.strip())
        if words > _HEAD_BOX or count > _HEAD_NODES:
            return False
    return True


def words_in(element: Element) -> int:
    """Characters of text in an element, without the white space around each piece."""
    return sum(len(text.strip()) for text in element.itertext())


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    return _HIDDEN.search(style) is not None


@lru_cache(maxsize=1024)
def may_be_of_the_head(names: str) -> bool:
    """Whether class names are those of a box of the head or of a subtitle."""
    return names_subtitle(names) or not _HEAD_NAMES.isdisjoint(names.split())


@lru_cache(maxsize=1024)
def names_subtitle(names: str) -> bool:
    """Whether one of these class names says that the element is a subtitle."""
    return any(map(_SUBTITLE_NAME.match, names.split()))


def _is_to_fill_in(form: Element) -> bool:
    """Whether a form is for readers to fill in, and not an editor's wrapping of text."""
    has_fields = any(
        field.tag != "input" or (field.get("type") or "").lower() in _ENTRY_FIELDS
        for field in form.iter("input", "textarea", "select")
    )
    return has_fields and words_in(form) <= _LABELS


def ends_body(element: Element, is_plain: bool = False) -> bool:
    """Whether the article's text is over where this element begins; see :func:`is_junk`."""
    if is_plain:
        return False
    names = element.get("class")
    if names and not _ENDS.isdisjoint(names.split()):
        return True
    return element.get("id") in _ENDS


# -- lines of the page that are no text of the article

_NOTE = re.compile(r"고유\s*링크\s*주소를?\s*출처|퍼\s*가실\s*때|링크\s*주소를\s*출처")
_CONSTANT = re.compile(r"고유\s*링크\s*주소를?\s*출처")
"""The words of the note that are the same on all papers of the family."""
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+")
_CLOSING = frozenset({"기자프로필", "나도 한마디", "기자 프로필"})
EDIT_LINK = "기사수정"
_RIGHTS = re.compile(r"^\W*(?:저작권자|copyrights?\b|ⓒ|©)", re.IGNORECASE)
_NO_REPRINT = re.compile(r"무단\s*(?:전재|복제|배포)")
COUNT = re.compile(r"(?:추천|좋아요|공감)?\s*\d{1,7}")


def is_note(line: str) -> bool:
    """Whether a line reads like the note below an article; an address must follow it."""
    return ("출처" in line or "퍼" in line) and len(line) < 200 and bool(_NOTE.search(line))


def is_whole_note(line: str) -> bool:
    """Whether a line is the note without doubt, though no address follows."""
    return _CONSTANT.search(line) is not None


def is_address(line: str) -> bool:
    return _ADDRESS.match(line) is not None


def is_closing(line: str) -> bool:
    """Whether a line is a heading that the template writes below every article."""
    return line in _CLOSING


def is_rights_line(line: str) -> bool:
    """Whether a line says whose text (or picture) it is and that nobody may print it."""
    return (
        "무단" in line
        and len(line) < 200
        and bool(_RIGHTS.match(line))
        and bool(_NO_REPRINT.search(line))
    )
