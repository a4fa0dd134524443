"""HTML and SVG as trees: text is escaped in one place."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

__all__ = ["Content", "Element", "el", "fill", "html", "whole"]

Content = Element | str | Iterable["Content"] | None

_CONTROL = {code: None for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def el(tag: str, /, *content: Content, **attributes: str | float | None) -> Element:
    """An element. ``class_`` is ``class``, ``data_tip`` is ``data-tip``; ``None`` is left out.

    >>> html(el("p", "1 < 2", class_="note"))
    '<p class="note">1 &lt; 2</p>'
    """
    element = Element(tag)
    for key, value in attributes.items():
        if value is not None:
            element.set(key.rstrip("_").replace("_", "-"), _text(value))
    fill(element, content)
    return element


def fill(element: Element, content: Content) -> None:
    """Append to an element."""
    if content is None:
        return
    if isinstance(content, Element):
        element.append(content)
    elif isinstance(content, str):
        text = _text(content)
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text
    else:
        for each in content:
            fill(element, each)


def html(element: Element) -> str:
    """The element as HTML."""
    return tostring(element, encoding="unicode", method="html")


def whole(number: int) -> str:
    """A number with thousands separators."""
    return f"{number:,}"


def _text(value: str | float) -> str:
    if isinstance(value, float):
        # A tenth of a pixel is enough, and keeps the page small.
        return f"{value:.1f}".removesuffix(".0")
    return str(value).translate(_CONTROL)
