"""Elements that hold a picture with its caption: figures, and boxes and tables in their place."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.pages import boilerplate, tables

_PHOTO_NAME = re.compile(
    r"^(?:photo|image|img|pic(?:ture)?)s?(?:$|[-_]?(?:box|wrap|area|frame|block)$)"
)
_CAPTION = 120
"""Maximum characters in a box that is named after its picture; one with more holds the text, and
one with two sentences too."""
_BOXES = frozenset({"div", "section", "span", "p"})
_CAPTION_NAMES = frozenset({"img_caption", "fr-img-caption", "fr-inner", "caption", "cap"})


def is_picture_group(node: Element, tag: str) -> bool:
    identity, names = node.get("id"), node.get("class")
    if identity and identity.lower().startswith("img_caption"):
        return True
    says = _names(names) if names else None
    if says == "caption":
        return True
    if says == "picture" and tag in _BOXES and boilerplate.is_head_sized(node):
        return _holds_a_caption(node)
    if tag in ("figure", "figcaption"):
        return tag == "figcaption" or next(node.iter("img"), None) is not None
    return tag == "table" and tables.holds_pictures(node)


def _holds_a_caption(box: Element) -> bool:
    """Whether a small box has a picture and a text as long as a caption."""
    if next(box.iter("img"), None) is None or not 0 < boilerplate.words_in(box) <= _CAPTION:
        return False
    return boilerplate.sentences_in("".join(map(str, box.itertext()))) <= 1


@lru_cache(maxsize=1024)
def _names(names: str) -> str | None:
    """What class names say of a box: ``caption``, ``picture`` or nothing."""
    tokens = names.lower().split()
    if any(token in _CAPTION_NAMES or token.endswith(("-caption", "_caption")) for token in tokens):
        return "caption"
    return "picture" if any(map(_PHOTO_NAME.match, tokens)) else None
