"""Where a small page without a message sends its reader: ``meta refresh``, or a script."""

from __future__ import annotations

from newscrawler.pages import classify, dom, encoding, scripts

SMALL = 4096
"""Bytes up to which a page can be nothing but a way to elsewhere."""


def target(body: bytes, content_type: str | None = None) -> str | None:
    """The address that the page goes to as soon as it is loaded, as it stands there.

    A page that speaks before it leaves has said what it means; one that sets a cookie asks who is
    a robot.
    """
    if len(body) > SMALL:
        return None
    page = dom.parse(encoding.decode(body, content_type).text)
    if page.root is None:
        return None
    loaded = scripts.on_load(page.root)
    if any(scripts.spoken(script) or "document.cookie" in script for script in loaded):
        return None
    targets = (classify.refresh(page.root, 0), *map(scripts.sent, loaded))
    return next(filter(None, targets), None)
