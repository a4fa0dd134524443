"""What a page's scripts do at once when it loads: ``alert``, and redirects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element as Element

from newscrawler.pages import characters
from newscrawler.pages.dom import squeeze

_SCRIPT = 5000
"""Maximum characters of a script that shows the message of a page."""
_ALERT = re.compile(r"\b(?:alert|swal|Swal\.fire)\s*\(")
"""A browser's own box for a message, and SweetAlert's."""
_LITERAL = r"""(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)"""
_PIECE = re.compile(rf"\s*(?:{_LITERAL}|(?P<name>[A-Za-z_$][\w$]*))\s*(?P<next>[+)]?)", re.S)
"""A piece of what is shown: text, or a variable with it."""
_ASSIGNED = re.compile(rf"(?<![\w$.])(?P<variable>[A-Za-z_$][\w$]*)\s*\+?=\s*{_LITERAL}", re.S)
_MOST = 3
UNREAD = "…"
"""Instead of a part of a message that the script computes."""
_GO = re.compile(
    r"""(?:location(?:\.href)?\s*=(?!=)\s*|location\.(?:replace|assign)\s*\(\s*)(["'])(?P<target>[^"'\n]{0,500})\1"""
)
_LEAVING = re.compile(r"\bhistory\.(?:back|go)\b|\blocation\b|\bwindow\.close\b")
_WHEN_LOADED = re.compile(
    r"""(?:\bonload\s*=|\b(?:ready|setTimeout)\s*\(|(?<![\w$)])\$?\(|["'](?:load|DOMContentLoaded)["']\s*,)\s*"""
    r"""(?:function\s*\(\s*[$\w]*\s*\)|\(\s*\)\s*=>)\s*\{"""
)
"""The head of a function that runs when the page is loaded, or at once."""
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\\\w\"'])//[^\n]*", re.S)
_UNICODE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_ESCAPE = re.compile(r"\\(.)", re.S)
_STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")


def on_load(root: Element) -> list[str]:
    """The code that runs when the page loads, without comments and long scripts."""
    scripts = [node.text for node in root.iter("script") if node.text]
    scripts += [node.get("onload") for node in root.iter("body") if node.get("onload")]
    return [_COMMENT.sub("", script) for script in scripts if len(script) <= _SCRIPT]


def _at_top(script: str, position: int) -> bool:
    """Whether a statement runs when the page loads: it is in no other function."""
    before = _STRING.sub("", _WHEN_LOADED.sub("", script[:position]))
    return before.count("{") <= before.count("}")


def spoken(script: str) -> str | None:
    """The first message that a script shows when the page loads; see :func:`messages`."""
    return next(messages(script), None)


def messages(script: str) -> Iterator[str]:
    """The messages that a script shows when the page loads, at most three, with ``UNREAD`` for
    what is not written in it."""
    at_top = (call for call in _ALERT.finditer(script) if _at_top(script, call.start()))
    for call in islice(at_top, _MOST):
        text = characters.joined(_UNICODE.sub(_character, _shown(script, call)))
        text = _ESCAPE.sub(lambda escape: " " if escape[1] in "nrt\n" else escape[1], text)
        if line := squeeze(text):
            yield line


def _shown(script: str, call: re.Match[str]) -> str:
    """What an ``alert`` is given: texts and variables with a text, joined by ``+``."""
    texts: dict[str, str] = {}
    for assigned in _ASSIGNED.finditer(script, 0, call.start()):
        name = assigned["variable"]
        is_added = assigned[0].removeprefix(name).lstrip().startswith("+")
        texts[name] = (texts.get(name, UNREAD) if is_added else "") + assigned["text"]
    shown: list[str] = []
    position = call.end()
    while piece := _PIECE.match(script, position):
        known = piece["text"] if piece["name"] is None else texts.get(piece["name"], UNREAD)
        shown.append(known)
        position = piece.end()
        if piece["next"] == ")":
            return "".join(shown)
        if piece["next"] != "+":
            break
    return "".join(shown) + UNREAD


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2] or escape[3], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def leaves(script: str) -> bool:
    """Whether a script goes back, or to another page, when the page loads."""
    return any(_at_top(script, match.start()) for match in _LEAVING.finditer(script))


def sent(script: str) -> str | None:
    """The address that a script opens when the page loads."""
    for match in _GO.finditer(script):
        if _at_top(script, match.start()):
            return match["target"]
    return None
