"""Elements that hold a picture with its caption: figures, and boxes and tables in their place."""

from __future__ import annotations

from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.pages import tables

_CAPTION_NAMES = frozenset({"img_caption", "fr-img-caption", "fr-inner", "caption", "cap"})


def is_picture_group(node: Element, tag: str) -> bool:
    identity, names = node.get("id"), node.get("class")
    if identity and identity.lower().startswith("img_caption"):
        return True
    if names and _is_caption_name(names):
        return True
    if tag in ("figure", "figcaption"):
        return tag == "figcaption" or next(node.iter("img"), None) is not None
    return tag == "table" and tables.holds_pictures(node)


@lru_cache(maxsize=1024)
def _is_caption_name(names: str) -> bool:
    tokens = names.lower().split()
    return any(
        token in _CAPTION_NAMES or token.endswith(("-caption", "_caption")) for token in tokens
    )
