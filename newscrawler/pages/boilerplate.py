"""What is not part of the text: boilerplate inside the body, and what follows the text.

Unclosed tags put the boilerplate after an article inside its body, so the end of the text is found
by names or by words, in document order, at any depth.
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
"""Tags whose content is not visible as text."""
EMBEDS = frozenset({"iframe", "object", "embed", "audio", "video", "frame"})
"""Tags for embedded content, usually a video."""
VOID = frozenset({"embed", "source", "track", "wbr", "bgsound", "keygen"})
"""Void tags that libxml2 treats as open: their children really follow them."""
_JUNK_TAGS = (
    UNSEEN | EMBEDS | {"button", "acronym", "dialog", "amp-ad", "amp-embed", "amp-sticky-ad"}
) - VOID
_JUNK_NAME = re.compile(
    r"""
    banner | adsby | adsense | ^(?:blind|sr-only|sound_only|pageControl)$
    | ^sns (?: $ | [-_] | (?-i:[A-Z]) | (?:wrap|box|bar|area|list|btn|share)$ )
    | (?:^|[-_]) (?: ads? | adv | adbox | advert\w* | sponsor\w* | btn | buttons? ) (?:$|[-_\d])
    | (?:^|[-_]) share (?:$|[-_]?(?:bar|box|wrap|area|btn|list)$)
    | (?:^|[-_]) relat(?:ed|ion|ive) (?:$|[-_]?(?:news|articles?|bar|box|wrap|area|list)$)
    | (?:^|[-_]) (?: subscri(?:be|ption) | donat(?:e|ion) ) (?:$|[-_]?(?:box|wrap|area)$)
    | (?:^|[-_]) support [-_]? (?:box|wrap|area) $
    | (?:^|[-_]) ai [-_]? summary
    | ^ad[-_]?(?:link|text|area|zone|wrap|unit|slot|view)s?$
    | ^(?:taboola|dable|outbrain|mgid|instagram-media|disqus|fb-comments|swiper-(?:page|pagi|butt))
    | ^(?:print[-_]?only|only[-_]?print)$
    | (?:^|[-_]) paginat(?:ion|or) $
    """,
    re.IGNORECASE | re.VERBOSE,
)
WRITER = "else-area"
"""The class of the writer's box, which may hold more lines of the head."""
_HEAD_NAMES = frozenset(
    {"titleWrap", "registModifyDate", WRITER, "info-text", "article-head-nav", "subj"}
)
"""Boxes of an article's head; some templates print them inside the body."""
_HEAD_BOX = 300
"""A box with more characters is not one: an unclosed box contains the text."""
_HEAD_NODES = 300
"""A box with more nodes is not one: unclosed boxes contain everything after them."""
_SUBTITLE_NAME = re.compile(r"^(?:subj|sub[-_]?(?:tit(?:le)?|subject|head(?:line)?)\d?)$", re.I)
END = "replyWrite"
"""A class that ends a body, in the page or added by ``omit``."""
_ENDS = frozenset(
    {
        END, "likeContentWrap", "relatedNews", "keywords", "writerProfile",
        "replyList", "replyWrap", "advertisers",
    }
)  # fmt: skip
BELOW_NOTE = frozenset({"relatedNews", "keywords", "writerProfile"})
"""Those of them that a template prints below the source note; above it, they are in the text."""
ABOVE_NOTE = "likeContentWrap"
"""The first box below a text, directly above the note."""
_HIDDEN = re.compile(
    r"(?:^|[;/])\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4,}(?:\.\d+)?(?:px|pt|em))",
    re.IGNORECASE,
)
"""Styles that show nothing, or show it outside of the window."""
_NO_HEIGHT = re.compile(r"(?:^|[;/])\s*(?:max-)?height\s*:\s*0(?:px)?\s*(?:!|;|$)", re.IGNORECASE)
_NO_SIZE = re.compile(r"(?:^|[;/])\s*font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:!|;|$)", re.I)
"""Letters without a size; the elements inside may have a size of their own."""
_ENTRY_FIELDS = frozenset({"text", "password", "search", "email", "tel", "url", "number", ""})
_CHOICES = frozenset({"radio", "checkbox"})
_SENDERS = frozenset({"submit", "image", "button"})
_BUTTON = 12
"""Maximum characters of a button's label."""
_LABELS = 40
"""Up to this many characters, the text of a form with input fields is its labels."""


def is_junk(element: Element, is_plain: bool = False) -> bool:
    """Whether an element, with its content, is not text of the article.

    A plain element has no attributes, so fewer checks are needed.
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
    if is_hidden(element):
        return True
    identity = element.get("id")
    return bool(identity) and _names_junk(identity)


# A paper writes the same few classes and styles on all its pages.
@lru_cache(maxsize=1024)
def _names_junk(names: str) -> bool:
    return any(map(_JUNK_NAME.search, names.split()))


def is_head_box(element: Element) -> bool:
    """Whether an element is a box of the article's head, in any place."""
    names = element.get("class")
    if not names or _HEAD_NAMES.isdisjoint(names.split()):
        return False
    return is_head_sized(element)


def is_head_sized(element: Element) -> bool:
    """Whether an element is small enough for a line of the head: not an unclosed box with text."""
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


def has_words(element: Element, least: int, *without: str) -> bool:
    """Whether an element has at least so many characters of text outside of these tags."""
    words = words_in(element)
    return words >= least and words - sum(map(words_in, element.iter(*without))) >= least


def is_all_links(element: Element) -> bool:
    """Whether an element has text, and all of it is in links."""
    linked = sum(map(words_in, element.iter("a")))
    return linked > 0 and words_in(element) <= linked


def is_hidden(element: Element) -> bool:
    """Whether the page hides an element by its own attributes."""
    style = element.get("style")
    if style and (_hides(style) or (len(element) == 0 and _has_no_size(style))):
        return True
    return element.get("hidden") is not None


def is_in_hidden(element: Element) -> bool:
    """Whether the page hides an element, or one around it."""
    return is_hidden(element) or any(map(is_hidden, element.iterancestors()))


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    return _HIDDEN.search(style) is not None or _has_no_height(style)


def _has_no_height(style: str) -> bool:
    """Whether a box shows nothing because it is cut at a height of 0; a video's box has its height
    from its padding."""
    is_cut = _NO_HEIGHT.search(style) is not None and "hidden" in style.lower()
    return is_cut and "padding" not in style.lower()


@lru_cache(maxsize=1024)
def _has_no_size(style: str) -> bool:
    return _NO_SIZE.search(style) is not None


@lru_cache(maxsize=1024)
def may_be_of_the_head(names: str) -> bool:
    """Whether class names are those of a box of the head or of a subtitle."""
    return names_subtitle(names) or not _HEAD_NAMES.isdisjoint(names.split())


@lru_cache(maxsize=1024)
def names_subtitle(names: str) -> bool:
    """Whether one of these class names marks a subtitle."""
    return any(map(_SUBTITLE_NAME.match, names.split()))


def _is_to_fill_in(form: Element) -> bool:
    """Whether a form has input fields for readers, and is not only around text."""
    if words_in(form) > _LABELS:
        return False
    types = {
        (field.get("type") or "").lower() if field.tag == "input" else str(field.tag)
        for field in form.iter("input", "textarea", "select", "button")
    }
    if not types.isdisjoint(_ENTRY_FIELDS | {"textarea", "select"}):
        return True
    return not types.isdisjoint(_CHOICES) and not types.isdisjoint(_SENDERS)


def ends_body(element: Element, is_plain: bool = False) -> bool:
    """Whether the article's text ends where this element begins; see :func:`is_junk`."""
    if is_plain:
        return False
    names = element.get("class")
    if names and not _ENDS.isdisjoint(names.split()):
        return True
    return element.get("id") in _ENDS


def may_be_in_text(element: Element) -> bool:
    """Whether an element that ends a text is of a kind that an editor also puts inside it."""
    return not BELOW_NOTE.isdisjoint(names_of(element))


def names_of(element: Element) -> list[str]:
    """The classes and the id of an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".split()


# -- lines of the page that are no text of the article

_NOTE = re.compile(r"고유\s*링크\s*주소를?\s*출처|퍼\s*가실\s*때|링크\s*주소를\s*출처")
_CONSTANT = re.compile(r"고유\s*링크\s*주소를?\s*출처")
"""The words of the note that are the same in all papers."""
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+")
_CLOSING = frozenset({"기자프로필", "나도 한마디", "기자 프로필"})
EDIT_LINK = "기사수정"
_LINKS = frozenset({EDIT_LINK, "기사 메일전송"})
_ENLARGE = re.compile(r"(?:(?:사진|이미지)\s*)?(?:크게|확대|원본)\s*(?:해서\s*)?보기")
_RIGHTS = re.compile(r"^\W*(?:저작권자|copyrights?\b|ⓒ|©)", re.IGNORECASE)
_NO_REPRINT = re.compile(
    r"무단\s*(?:전재|복제|배포|사용|도용)|all\s+rights?\s+reserved", re.IGNORECASE
)
COUNT = re.compile(r"(?:추천|좋아요|공감)?\s*\d{1,7}")


_SENTENCE = re.compile(r"[가-힣](?:다|요|까)[.!?”\"’'）)]")


def has_sentence(text: str) -> bool:
    """Whether a text has a sentence of prose, unlike a label or a heading."""
    return _SENTENCE.search(text) is not None


def sentences_in(text: str) -> int:
    """How many sentences of prose a text has."""
    return sum(1 for _ in _SENTENCE.finditer(text))


def is_own_link(line: str) -> bool:
    """Whether a line is a link of the template, which is no text wherever it stands."""
    return line in _LINKS or (len(line) <= _BUTTON and _ENLARGE.fullmatch(line) is not None)


def is_note(line: str) -> bool:
    """Whether a line may be the note below an article; an address must follow it."""
    return ("출처" in line or "퍼" in line) and len(line) < 200 and bool(_NOTE.search(line))


def is_whole_note(line: str) -> bool:
    """Whether a line is certainly the note, even without an address."""
    return _CONSTANT.search(line) is not None


def is_address(line: str) -> bool:
    return _ADDRESS.match(line) is not None


def is_closing(line: str) -> bool:
    """Whether a line is a heading that the template prints below every article."""
    return line in _CLOSING


def is_rights_line(line: str) -> bool:
    """Whether a line is a copyright line of a text (or picture)."""
    return len(line) < 200 and bool(_RIGHTS.match(line)) and bool(_NO_REPRINT.search(line))
